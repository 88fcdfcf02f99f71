"""What a worker does for the database once a day, so that nobody has to think of it."""

import logging

from django.db import DatabaseError, connection

logger = logging.getLogger("archive.worker")
EVERY_SECONDS = 24 * 3600.0


def look_after_database() -> None:
    """SQLite: fresh statistics where they are out of date, and the write-ahead log folded back into the file.

    That is what SQLite's own documentation recommends for connections that stay open ("PRAGMA optimize"). A server
    looks after itself.
    """
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except DatabaseError as error:
        logger.warning("the database could not be looked after; tomorrow again: %s", error)

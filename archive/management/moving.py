"""Moves an archive from one database to another (SQLite → PostgreSQL and back), table by table, and proves both equal.

Rows keep their keys, so addresses, permalinks and the index stay right. A table that was moved whole is known by its
count and hash and not moved again; one that was interrupted goes on after its last row.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

import environ
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from archive.errors import ArchiveError

OLD, NEW = "move_from", "move_to"
BATCH = 2_000
_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
_LOGGED_OUT = {"sessions.session"}
"""Who is signed in signs in again: a session must not live on in two places."""


@dataclass(frozen=True, slots=True)
class Table:
    """What of a table stands in a database."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One table after the move."""

    name: str
    rows: int
    was_there: bool
    """It was equal already, and nothing was written."""


@contextmanager
def databases(old: str, new: str) -> Iterator[None]:
    """Both databases by their URLs under the aliases `OLD` and `NEW`. Raises `ArchiveError` for a URL that is none."""
    for alias, url in ((OLD, old), (NEW, new)):
        try:
            configuration = environ.Env.db_url_config(url)
        except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
            raise ArchiveError(f"{url.partition('@')[2] or url} names no database: {error}") from error
        if configuration.get("ENGINE") not in _ENGINES:
            raise ArchiveError(
                f"{url.partition('://')[0]!r} is no kind of database; use sqlite:///FILE or postgres://…"
            )
        connections.databases[alias] = connections.configure_settings({"default": configuration})["default"]
    try:
        yield
    finally:
        for alias in (OLD, NEW):
            connections[alias].close()
            del connections[alias]
            del connections.databases[alias]


def move() -> Iterator[Moved]:
    """Bring the new database's tables to what the old one's are, yielding each when it has been proved equal.

    Raises `ArchiveError` when the new database holds other rows than the old one has, or when a table does not come out
    equal.
    """
    call_command("migrate", database=NEW, verbosity=0)
    for model in _in_order():
        before = fingerprint(OLD, model)
        if fingerprint(NEW, model) == before:
            yield Moved(model._meta.label_lower, before.rows, was_there=True)
            continue
        _copy(model)
        after = fingerprint(NEW, model)
        if after != before:
            raise ArchiveError(
                f"{model._meta.label} did not come out equal ({before.rows} rows in the old database, {after.rows} in "
                "the new). Was one of them written to meanwhile? Stop site and worker, and move again."
            )
        yield Moved(model._meta.label_lower, before.rows, was_there=False)


def _in_order() -> list[type[models.Model]]:
    """All models, each after those that its rows point to."""
    waiting = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in _LOGGED_OUT
    ]
    ordered: list[type[models.Model]] = []
    while waiting:
        ready = [model for model in waiting if not (_pointed_to(model) - {model}) & set(waiting)]
        if not ready:
            names = ", ".join(model._meta.label for model in waiting)
            raise ArchiveError(f"These tables point to one another in a circle, so none can be moved first: {names}.")
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return ordered


def _pointed_to(model: type[models.Model]) -> set[type[models.Model]]:
    return {cast(type[models.Model], field.remote_field.model) for field in _columns(model) if field.remote_field}


def _columns(model: type[models.Model]) -> list[Any]:
    return list(model._meta.local_concrete_fields)


def fingerprint(alias: str, model: type[models.Model]) -> Table:
    """How many rows a table has, and the SHA-256 of all of them in the order of their keys."""
    digest, count = hashlib.sha256(), 0
    for row in _rows(alias, model):
        digest.update(json.dumps([_plain(value) for value in row], sort_keys=True).encode("utf-8", "surrogatepass"))
        count += 1
    return Table(count, digest.hexdigest())


def _rows(alias: str, model: type[models.Model], after: Any = None) -> Iterator[tuple[Any, ...]]:
    rows = model._base_manager.using(alias).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    names = [field.attname for field in _columns(model)]
    return rows.values_list(*names).iterator(chunk_size=BATCH)


def _plain(value: Any) -> Any:
    """A value as both databases give it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, memoryview | bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, dict | list | str | int | float | bool | None):
        return value
    return str(value)


def _copy(model: type[models.Model]) -> None:
    """Rows that the new table does not have yet. What `migrate` itself put there is replaced."""
    target, table = connections[NEW], model._base_manager.using(NEW)
    if model._meta.app_label in ("contenttypes", "auth"):
        table.all().delete()
    last = table.order_by("-pk").values_list("pk", flat=True).first()
    points_to_itself = model in _pointed_to(model)
    if points_to_itself and last is not None:
        # Its rows may point forwards, so they come in one transaction or not at all.
        raise ArchiveError(f"{model._meta.label} in the new database has rows of its own; move into an empty database.")
    if points_to_itself:
        with transaction.atomic(using=NEW):
            for batch in _batches(_rows(OLD, model), BATCH):
                _write(target, model, batch)
    else:
        for batch in _batches(_rows(OLD, model, last), BATCH):
            with transaction.atomic(using=NEW):
                _write(target, model, batch)
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _batches(rows: Iterator[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, size)):
        yield batch


def _write(target: BaseDatabaseWrapper, model: type[models.Model], rows: Sequence[tuple[Any, ...]]) -> None:
    """As the columns' fields prepare their values, past `save`, which would touch dates of change."""
    fields = _columns(model)
    ready = [[field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)] for row in rows]
    quote = target.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    into = f"{quote(model._meta.db_table)} ({columns})"
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", ready)  # noqa: S608 -- names of our own models

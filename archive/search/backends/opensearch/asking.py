"""Every call to the cluster: what it may fail of, and what that means to the archive."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import OpenSearchException, TransportError

from archive.errors import IndexUnavailable

logger = logging.getLogger(__name__)


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turns whatever the client raises into `IndexUnavailable`, in a sentence; `what` ends "could not …"."""
    try:
        yield
    except Unreachable as error:
        raise IndexUnavailable(
            f"The search cluster could not {what}: no node answered. Browsing goes on; searching will when it is back."
        ) from error
    except TransportError as error:
        logger.error("The search cluster could not %s: %s", what, error)
        raise IndexUnavailable(
            f"The search cluster could not {what} (status {error.status_code}). Browsing goes on; see its health."
        ) from error
    except OpenSearchException as error:
        logger.error("The search cluster could not %s: %s", what, error)
        raise IndexUnavailable(f"The search cluster could not {what} ({type(error).__name__}).") from error

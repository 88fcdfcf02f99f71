"""Which backend answers: `SEARCH_URL` says."""

from functools import lru_cache

from django.conf import settings

from archive.errors import ArchiveError
from archive.search.backends.base import SearchBackend


@lru_cache(maxsize=4)
def _backend(url: str, data_dir: str) -> SearchBackend:
    if url.startswith("whoosh:"):
        from archive.search.backends.whoosh.backend import WhooshBackend

        return WhooshBackend(f"{data_dir}/index")
    if url.startswith(("opensearch://", "opensearchs://")):
        try:
            from archive.search.backends.opensearch.backend import OpenSearchBackend
        except ModuleNotFoundError as error:
            raise ArchiveError(
                f"SEARCH_URL names a cluster, and {error.name} is missing: pip install -r requirements-cluster.txt"
            ) from error
        return OpenSearchBackend(url)
    raise ArchiveError(
        f"SEARCH_URL={url.split(':', maxsplit=1)[0]}:… names no search backend; use 'whoosh:' or 'opensearch://…'."
    )


def get_backend() -> SearchBackend:
    """The process's backend for the present settings. Raises `ArchiveError` for an unknown SEARCH_URL."""
    return _backend(settings.SEARCH_URL, str(settings.DATA_DIR))

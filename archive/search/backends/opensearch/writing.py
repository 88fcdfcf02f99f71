"""Sending documents: in bulk, each with its version, patiently while the cluster is busy."""

import json
import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any

from archive.errors import DocumentsRefused, IndexUnavailable
from archive.search.backends.opensearch.asking import Busy, Cluster
from archive.search.backends.opensearch.mapping import COMMIT, COMMIT_ID, fields_of_document
from archive.search.documents import IndexDocument

logger = logging.getLogger(__name__)

_MAX_BYTES, _MAX_ACTIONS = 8_000_000, 1_000
PAUSES = (0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 15.0, 15.0)
_BUSY = {429, 502, 503, 504}
_LATE = 409
"""A newer version is there already: exactly what versions are for."""

_SHOWN = 300
"""Characters of what the cluster says about a document it refuses."""

Action = tuple[str, str]
"""(what to do, as a line of JSON; the document, as one more line or "")."""


def index_action(document: IndexDocument, version: int) -> Action:
    """Add or replace an article."""
    return _line("index", document.id, version), json.dumps(fields_of_document(document), ensure_ascii=True)


def delete_action(article_id: int, version: int) -> Action:
    """Take an article out."""
    return _line("delete", article_id, version), ""


def commit_action(commit: int) -> Action:
    """Number the state of the index that this commit makes."""
    return _line("index", COMMIT_ID, commit), json.dumps({COMMIT: commit})


def _line(verb: str, key: int | str, version: int) -> str:
    return json.dumps({verb: {"_id": str(key), "version": version, "version_type": "external_gte"}})


class Swapped(Exception):
    """The name does not mean an index (any more): its alias has moved since it was looked up."""


def send(cluster: Cluster, alias: str, actions: Iterable[Action]) -> dict[int, str]:
    """Do all of it; returns why the cluster refuses documents, by article id: the rest is done then all the same.

    Raises `Swapped`, and `IndexUnavailable` when the cluster stays too busy. Repeating it all is harmless.
    """
    refused: dict[int, str] = {}
    for batch in _batches(actions):
        left = batch
        for pause in (*PAUSES, None):
            try:
                left = _send_once(cluster, alias, left, refused)
            except Busy:
                if pause is None:
                    raise
            if not left:
                break
            if pause is None:
                raise IndexUnavailable(
                    f"The search cluster is too busy: it refused {len(left)} documents {len(PAUSES) + 1} times; "
                    "they stay queued."
                )
            time.sleep(pause)
    return refused


def complain(refused: dict[int, str]) -> None:
    """Raises `DocumentsRefused` if there are any."""
    if refused:
        raise DocumentsRefused(refused)


def _batches(actions: Iterable[Action]) -> Iterator[list[Action]]:
    batch: list[Action] = []
    size = 0
    for action in actions:
        length = len(action[0]) + len(action[1]) + 2
        if batch and (size + length > _MAX_BYTES or len(batch) >= _MAX_ACTIONS):
            yield batch
            batch, size = [], 0
        batch.append(action)
        size += length
    if batch:
        yield batch


def _send_once(cluster: Cluster, alias: str, batch: list[Action], refused: dict[int, str]) -> list[Action]:
    """What the cluster was too busy for."""
    body = "".join(f"{line}\n{document}\n" if document else f"{line}\n" for line, document in batch)
    answer: dict[str, Any] = cluster.write_once(
        "take documents", cluster.client.bulk, body=body, index=alias, require_alias="true"
    )
    if not answer["errors"]:
        return []
    busy = []
    for action, item in zip(batch, answer["items"], strict=True):
        ((_, result),) = item.items()
        status, error = result["status"], result.get("error")
        if status in _BUSY:
            busy.append(action)
        elif status == 404 and error:
            raise Swapped
        elif status >= 400 and status != _LATE and error:
            logger.error("The search cluster refused document %s: %s", result["_id"], error)
            if result["_id"] == COMMIT_ID:
                raise IndexUnavailable(f"The search cluster refused a commit (status {status}).")
            refused[int(result["_id"])] = _reason(status, error)
    return busy


def _reason(status: int, error: dict[str, Any]) -> str:
    cause = error.get("caused_by") or {}
    said = f"{error.get('type')}: {error.get('reason')} {cause.get('reason') or ''}".strip()[:_SHOWN]
    is_mapping = error.get("type") in ("mapper_parsing_exception", "strict_dynamic_mapping_exception")
    hint = " The index is made for another version: run manage.py reindex." if is_mapping else ""
    return f"status {status}, {said}.{hint}"

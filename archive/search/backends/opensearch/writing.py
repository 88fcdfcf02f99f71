"""Sending documents: in bulk, each with its version, patiently while the cluster is busy."""

import json
import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any

from opensearchpy import OpenSearch

from archive.errors import IndexUnavailable
from archive.search.backends.opensearch.asking import asking
from archive.search.backends.opensearch.mapping import COMMIT, COMMIT_ID, fields_of_document
from archive.search.documents import IndexDocument

logger = logging.getLogger(__name__)

_MAX_BYTES, _MAX_ACTIONS = 8_000_000, 1_000
_ATTEMPTS, _FIRST_PAUSE, _LONGEST_PAUSE = 9, 0.2, 15.0
_BUSY = {429, 502, 503, 504}
_LATE = 409
"""A newer version is there already: exactly what versions are for."""

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


def send(client: OpenSearch, index: str, actions: Iterable[Action]) -> int:
    """Do all of it, and return how many actions were not late.

    Raises `IndexUnavailable` when the cluster refuses for good or stays too busy. Repeating it all is harmless.
    """
    done = 0
    for batch in _batches(actions):
        left = batch
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE))
            left, late = _send_once(client, index, left)
            done -= late
            if not left:
                break
        else:
            raise IndexUnavailable(
                f"The search cluster is too busy: it refused {len(left)} documents {_ATTEMPTS} times; they stay queued."
            )
        done += len(batch)
    return done


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


def _send_once(client: OpenSearch, index: str, batch: list[Action]) -> tuple[list[Action], int]:
    """(what the cluster was too busy for, how many were late)."""
    body = "".join(f"{line}\n{document}\n" if document else f"{line}\n" for line, document in batch)
    with asking("take documents"):
        answer: dict[str, Any] = client.bulk(body=body, index=index)
    if not answer["errors"]:
        return [], 0
    busy, late = [], 0
    for action, item in zip(batch, answer["items"], strict=True):
        ((_, result),) = item.items()
        status = result["status"]
        if status in _BUSY:
            busy.append(action)
        elif status == _LATE:
            late += 1
        elif status >= 400 and not (status == 404 and action[1] == ""):
            logger.error("The search cluster refused document %s: %s", result["_id"], result.get("error"))
            raise IndexUnavailable(f"The search cluster refused document {result['_id']} (status {status}).")
    return busy, late

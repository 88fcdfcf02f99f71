"""How the title's weights come about: pages whose title is known, choice of one line among the candidates, logistic.

Needs numpy and the real data beside the project; nothing else of the archive imports it.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from archive.choices import ContentKind
from archive.ingest.cleaning.chain import BEFORE_MODEL
from archive.ingest.cleaning.folding import plain
from archive.ingest.cleaning.html_lines import parse
from archive.ingest.cleaning.line_training import FOLDS, Matrix, folds_of, site_of
from archive.ingest.cleaning.line_training import data_hash as line_data_hash
from archive.ingest.cleaning.metadata import page_metadata
from archive.ingest.cleaning.page import NO_HINTS, Page
from archive.ingest.cleaning.title import NO_TITLE, STEP, candidates
from archive.ingest.records import Locator, RawRecord

L2 = 1.5
_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class TitledPage:
    """A page before its title is sought: the signs of each candidate, and which of them are the title (none: empty)."""

    site: str
    signs: tuple[Mapping[str, float], ...]
    texts: tuple[str, ...]
    right: frozenset[int]


def titled_pages(data: Path) -> list[TitledPage]:
    """Pages of which the title is known, by gold or by the page's own HTML, and stands on a line, or that have none."""
    pages = ((titles, _page(site, lines, titles)) for site, lines, titles in _known(data))
    return [page for titles, page in pages if page.right or not titles]


def data_hash(data: Path) -> str:
    """SHA-256 over the files that the pages come from, in order."""
    digest = hashlib.sha256(line_data_hash(data).encode())
    for path in sorted((data / "html-articles" / "html").glob("*.html.gz")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _known(data: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    with gzip.open(data / "flattened-html" / "dev.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            titles = [row["gold_title"]] if row["gold_title"] else _said(data, row["id"])
            if titles:
                yield site_of(row["source"]), row["raw"].splitlines(), titles
    folder = data / "flattened"
    sites = {row["id"]: row["site"] for row in map(json.loads, (folder / "manifest.jsonl").open(encoding="utf-8"))}
    for path in sorted((folder / "expected").glob("*.json")):
        title = json.loads(path.read_text("utf-8"))["title"]
        lines = (folder / "raw" / f"{path.stem}.txt").read_text("utf-8").splitlines()
        yield site_of(sites[path.stem]), lines, [title] if title else []


def _said(data: Path, name: str) -> list[str]:
    """What the page's own HTML says its titles are, where the data have that."""
    path = data / "html-articles" / "html" / f"{name}.html.gz"
    if not path.is_file():
        return []
    html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    found = page_metadata(parse(html), RawRecord(Locator(1), ContentKind.HTML_PAGE, html))
    return [title for title in (found.title, *found.alternative_titles) if title]


def _page(site: str, lines: Sequence[str], titles: Sequence[str]) -> TitledPage:
    page = Page(lines, NO_HINTS)
    for step in BEFORE_MODEL[: BEFORE_MODEL.index(STEP)]:
        step.run(page)
    found = candidates(page)
    wanted = [_folded(title) for title in titles]
    found_in = [_folded(page.lines[index].text) for index, _ in found]
    best = min((wanted.index(text) for text in found_in if text in wanted), default=-1)
    right = frozenset(at for at, text in enumerate(found_in) if best >= 0 and text == wanted[best])
    texts = tuple(page.lines[index].text for index, _ in found)
    return TitledPage(site, tuple(signs for _, signs in found), texts, right)


def _folded(text: str) -> str:
    return plain(text).casefold()


def fit(pages: Iterable[TitledPage]) -> dict[str, float]:
    """Weights of the signs, by which the title beats the other candidates and "no title" (whose score is NO_TITLE)."""
    pages = [page for page in pages if page.signs]
    names = sorted({name for page in pages for signs in page.signs for name in signs})
    index = {name: number for number, name in enumerate(names)}
    tables = []
    for page in pages:
        table = np.zeros((len(page.signs) + 1, len(names)))
        for row, signs in enumerate(page.signs):
            for name, value in signs.items():
                table[row, index[name]] = value
        tables.append((table, sorted(page.right) or [len(page.signs)]))
    weights = np.zeros(len(names))
    speed, step = np.zeros(len(names)), 0.5 / max(len(tables), 1)
    for _ in range(_ROUNDS):  # gradient ascent with momentum: a few dozen weights need nothing better
        slope = -L2 * weights
        for table, right in tables:
            shares = _shares(table, weights)
            among = shares[right] / shares[right].sum()
            slope += among @ table[right] - shares @ table
        speed = 0.9 * speed + step * slope
        weights = weights + speed
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}


def _shares(table: Matrix, weights: Matrix) -> Matrix:
    scores = table @ weights
    scores[-1] = NO_TITLE
    powers: Matrix = np.exp(scores - scores.max())
    shares: Matrix = powers / powers.sum()
    return shares


def chosen(page: TitledPage, weights: Mapping[str, float]) -> int:
    """The candidate that these weights choose; -1 for none."""
    best, at = NO_TITLE, -1
    for number, signs in enumerate(page.signs):
        score = sum(weights.get(name, 0.0) * value for name, value in signs.items())
        if score > best:
            best, at = score, number
    return at


def is_right(page: TitledPage, weights: Mapping[str, float]) -> bool:
    at = chosen(page, weights)
    return at in page.right if page.right else at < 0


def cross_validated_titles(pages: Sequence[TitledPage]) -> list[bool]:
    """For every page whether its title (or that it has none) is told by weights that saw no page of its site."""
    fold_of = folds_of(page.site for page in pages)
    weights = [fit(page for page in pages if fold_of[page.site] != fold) for fold in range(FOLDS)]
    return [is_right(page, weights[fold_of[page.site]]) for page in pages]

"""How much of real HTML pages cleaning gets right, beside plain trafilatura on the same pages in the same run."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
import trafilatura

from archive.choices import ContentKind
from archive.errors import RecordError
from archive.ingest.cleaning import clean
from archive.ingest.records import CleanArticle, Locator, RawRecord
from tests.quality.floors import assert_floor, data_hash
from tests.quality.html_pages import Page, extraction_benchmark, fundus
from tests.quality.shingles import f1_of_means, precision_recall, same_title

pytestmark = pytest.mark.quality


@cache
def cleaned(page: Page) -> CleanArticle:
    """What the product makes of a page: once for its body, and again for its title, date and authors."""
    try:
        return clean(RawRecord(Locator(1), ContentKind.HTML_PAGE, page.html, url=page.url))
    except RecordError:
        return CleanArticle()


def measure_bodies(name: str, pages: Iterable[Page], data: str) -> None:
    rows = []
    for page in pages:
        ours = precision_recall(page.body, "\n".join(cleaned(page).paragraphs))
        plain = precision_recall(page.body, trafilatura.extract(page.html, include_comments=False) or "")
        rows.append((page, ours, plain))
    # No rule was trained, but rules were written with these pages in view: halves by site show what luck does.
    sites = sorted({page.site for page, _, _ in rows})
    halves = [[row for row in rows if sites.index(row[0].site) % 2 == half] for half in (0, 1)]
    f1_ours = f1_of_means([ours for _, ours, _ in rows])
    f1_plain = f1_of_means([plain for _, _, plain in rows])
    print(f"\n{name}: {len(rows)} pages of {len(sites)} sites, F1 {f1_ours:.4f}; trafilatura {f1_plain:.4f}")
    for half in halves:
        ours, plain = f1_of_means([row[1] for row in half]), f1_of_means([row[2] for row in half])
        print(f"   half by site: {len(half)} pages, F1 {ours:.4f}; trafilatura {plain:.4f}")
    damaged = sum(ours[1] < 0.9 for _, ours, _ in rows) / len(rows)
    print(f"   pages with recall under .90: {damaged:.3f}; where we are worse than trafilatura:")
    for page, ours, plain in sorted(rows, key=lambda row: sum(row[1]) - sum(row[2]))[:10]:
        if sum(ours) < sum(plain) - 0.005:
            print(
                f"   P {ours[0]:.3f} R {ours[1]:.3f} (P {plain[0]:.3f} R {plain[1]:.3f}) {page.site} {page.name[:40]}"
            )
    assert f1_ours > f1_plain
    assert_floor(f"html_{name}_f1", f1_ours, data)
    assert_floor(f"html_{name}_undamaged", 1 - damaged, data)


def test_bodies_of_the_extraction_benchmark(shared_data: Path) -> None:
    data = data_hash((shared_data / "html-articles").rglob("*.*"))
    measure_bodies("aeb", extraction_benchmark(shared_data), data)


def test_bodies_of_fundus_pages(shared_data: Path) -> None:
    measure_bodies("fundus", fundus(shared_data), data_hash((shared_data / "fundus").rglob("*.*")))


def test_titles_dates_and_authors_of_fundus_pages(shared_data: Path) -> None:
    pages = list(fundus(shared_data))
    titles = dates = alternatives = right = found = wanted = 0
    plain_titles = plain_dates = plain_right = plain_found = 0
    for page in pages:
        article = cleaned(page)
        plain = trafilatura.extract_metadata(page.html)
        plain_titles += same_title(page.title, (plain and plain.title) or "")
        plain_dates += ((plain and plain.date) or "")[:10] == page.date
        plain_names = {name.strip().casefold() for name in ((plain and plain.author) or "").split(";") if name.strip()}
        titles += same_title(page.title, article.title)
        alternatives += any(same_title(page.title, title) for title in (article.title, *article.alternative_titles))
        date = article.published.value if article.published else None
        dates += (date.date().isoformat() if date else "") == page.date
        gold = {name.casefold() for name in page.authors}
        names = {name.casefold() for name in article.byline}
        right, found, wanted = right + len(gold & names), found + len(names), wanted + len(gold)
        plain_right, plain_found = plain_right + len(gold & plain_names), plain_found + len(plain_names)
    data = data_hash((shared_data / "fundus").rglob("*.*"))
    print(f"\ntitle or one of its alternatives right: {alternatives / len(pages):.4f}")
    plain_f1 = 2 * plain_right / (plain_found + wanted)
    print(
        f"trafilatura: title {plain_titles / len(pages):.4f}, day {plain_dates / len(pages):.4f}, authors {plain_f1:.4f}"
    )
    assert_floor("html_title", titles / len(pages), data)
    assert_floor("html_date", dates / len(pages), data)
    assert_floor("html_author_f1", 2 * right / (found + wanted), data)

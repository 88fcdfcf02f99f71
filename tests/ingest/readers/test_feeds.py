"""Each entry of a feed is shown at its own bytes, whatever is quoted within entries, and none is lost in silence."""

from pathlib import Path

import pytest

from tests.ingest.readers.contract import bad, good, read

HEAD, TAIL = '<?xml version="1.0"?><rss version="2.0"><channel><title>Ouse Times</title>\n', "</channel></rss>\n"
QUOTED = {
    "CDATA": "<![CDATA[<p>Feeds wrap each story in an <item >, an <item> or an <entry>.</p></item>]]>",
    "a comment": "The bridge is open.<!-- was: <item ><title>Closed</title></item> -->",
}


def item(number: int, text: str) -> str:
    return f"<item><guid>{number}</guid><title>Story {number}</title><description>{text}</description></item>\n"


def feed(tmp_path: Path, *texts: str) -> Path:
    path = tmp_path / "feed.xml"
    path.write_text(HEAD + "".join(item(number, text) for number, text in enumerate(texts)) + TAIL)
    return path


@pytest.mark.parametrize("quoted", QUOTED)
def test_tags_in_cdata_and_comments_are_no_entries(tmp_path: Path, quoted: str) -> None:
    path = feed(tmp_path, "The bridge is shut.", QUOTED[quoted], "The ferry has gone.")
    data, records = path.read_bytes(), good(read(path))
    assert [record.external_id for record in records] == ["0", "1", "2"]
    for record in records:
        place = record.locator
        assert place.offset is not None
        assert place.length is not None
        shown = data[place.offset : place.offset + place.length]
        assert shown.startswith(f"<item><guid>{record.external_id}</guid>".encode())
        assert shown.endswith(b"</description></item>")


@pytest.mark.parametrize("last", ["The ferry has gone.", "<![CDATA[<p>The ferry has gone.</p>]]>"])
def test_an_entry_that_an_unclosed_cdata_swallows_is_rejected_and_no_proof_is_claimed(
    tmp_path: Path, last: str
) -> None:
    records = read(feed(tmp_path, "The bridge is shut.", "<![CDATA[<p>It opens in May.</p>", last))
    assert len(records) == 3
    assert [(record.code, record.locator.offset) for record in bad(records)] == [("broken-xml", None)]
    assert all(record.locator.offset is None for record in good(records))

"""Fields of structured records, under the names and in the shapes in which people's dumps really have them."""

import json
from pathlib import Path
from typing import Any

import pytest

from archive.choices import ContentKind
from archive.ingest.readers import open_dump
from archive.ingest.records import RawRecord
from tests.ingest.readers.contract import bad, good, read

BODY = "The old bridge reopened on Monday after engineers had checked every pier of it, and the mayor cut a ribbon."


def record(tmp_path: Path, value: dict[str, Any], **options: object) -> RawRecord:
    path = tmp_path / "dump.jsonl"
    path.write_text(json.dumps(value) + "\n", "utf-8")
    (found,) = good(read(path, **options))
    return found


def table(tmp_path: Path, text: str, name: str = "dump.csv") -> list[RawRecord]:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return good(read(path))


def test_names_are_compared_without_case_blanks_and_punctuation(tmp_path: Path) -> None:
    found = record(tmp_path, {"Article ID": 7, "HEADLINE": "A", "publishedAt": "2020-01-01", "Article-Text": BODY})
    assert (found.external_id, found.title, found.published, found.text) == ("7", "A", "2020-01-01", BODY)


def test_the_first_name_that_says_something_wins(tmp_path: Path) -> None:
    found = record(tmp_path, {"headline": "Second", "title": " ", "body": None, "text": BODY, "content": "Other"})
    assert (found.title, found.text) == ("Second", BODY)


def test_a_mapping_names_a_field_and_takes_the_place_of_the_known_names(tmp_path: Path) -> None:
    found = record(
        tmp_path, {"title": "Slug", "Schlagzeile": "Brücke offen", "text": BODY}, field_map={"title": "schlagzeile"}
    )
    assert found.title == "Brücke offen"


def test_a_whole_page_in_a_field_is_still_a_structured_record(tmp_path: Path) -> None:
    page = f"<!doctype html><html><head><title>T</title></head><body><p>{BODY}</p></body></html>"
    for body in (page, f"Share\n\nAdvertisement\n\n{BODY}\n\nMost read\n"):
        found = record(tmp_path, {"title": "A", "body": body})
        assert found.kind == ContentKind.FIELDS
        assert found.text == body


@pytest.mark.parametrize(
    ("value", "byline"),
    [
        ("Ann Lee", ("Ann Lee",)),
        (["Ann Lee", "Bo Chu"], ("Ann Lee", "Bo Chu")),
        ([{"name": "Ann Lee"}, {"name": "Bo Chu"}], ("Ann Lee", "Bo Chu")),
        ({"original": "By Ann Lee"}, ("By Ann Lee",)),
        ("['Ann Lee', \"Bo O'Hara\"]", ("Ann Lee", "Bo O'Hara")),
        ("[]", ()),
        (None, ()),
    ],
)
def test_authors_come_in_many_shapes(tmp_path: Path, value: object, byline: tuple[str, ...]) -> None:
    assert record(tmp_path, {"title": "A", "authors": value}).byline == byline


def test_a_source_may_be_an_object_and_tags_a_text(tmp_path: Path) -> None:
    found = record(
        tmp_path, {"title": "A", "source": {"id": None, "name": "Leeds Courier"}, "tags": "bridges; Leeds, roads"}
    )
    assert found.source == "Leeds Courier"
    assert found.tags == ("bridges", "Leeds", "roads")


def test_fields_that_are_wrapped_in_an_object_are_found(tmp_path: Path) -> None:
    elastic = record(
        tmp_path,
        {"_index": "news", "_id": "x1", "_source": {"title": "A", "body": BODY, "url": "https://example.org/a"}},
    )
    assert (elastic.title, elastic.text, elastic.external_id) == ("A", BODY, "x1")
    api = record(
        tmp_path,
        {
            "id": "uk/1",
            "webTitle": "B",
            "webPublicationDate": "2020-01-01T00:00:00Z",
            "fields": {"bodyText": BODY, "byline": "Ann Lee"},
        },
    )
    assert (api.title, api.published, api.byline) == ("B", "2020-01-01T00:00:00Z", ("Ann Lee",))


def test_a_field_of_unknown_name_is_taken_by_a_telling_word_if_it_is_prose(tmp_path: Path) -> None:
    found = record(
        tmp_path, {"news_title": "A", "content_original": BODY, "bias_text": "left", "date_of_story": "2020"}
    )
    assert (found.title, found.text, found.published) == ("A", BODY, "2020")
    assert record(tmp_path, {"title": "A", "bias_text": "left"}).text == ""
    list_of_headlines = record(
        tmp_path, {"publish_date": 20010102, "headline_category": "city", "headline_text": "Bridge reopens"}
    )
    assert list_of_headlines.title == "Bridge reopens"
    other = record(
        tmp_path, {"text": BODY, "updated_at": "2020", "crawl_date": "2020", "title_length": 9, "headline_no": "7"}
    )
    assert (other.title, other.published) == ("", "")


def test_a_ticker_in_a_headline_is_no_markup(tmp_path: Path) -> None:
    assert record(tmp_path, {"title": "Standard Oil <SRD> &amp; <b>others</b>"}).title == "Standard Oil <SRD> & others"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_tables_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [("title", "body", "date"), ("A", f'"{BODY}"', "2020-01-01")]
    (found,) = table(tmp_path, "\n".join(delimiter.join(row) for row in rows) + "\n", "dump.dat")
    assert (found.title, found.text, found.published) == ("A", BODY, "2020-01-01")


def test_quotes_escaped_with_a_backslash_are_read_as_such(tmp_path: Path) -> None:
    (found,) = table(tmp_path, 'id,title,body\n1,"A \\"B\\", C","He said \\"yes\\", then left."\n')
    assert (found.title, found.text) == ('A "B", C', 'He said "yes", then left.')


def test_a_backslash_is_kept_where_quotes_are_doubled(tmp_path: Path) -> None:
    (found,) = table(tmp_path, 'id,title,body\n1,"A ""B"" C","In C:\\new they said ""yes"", then left."\n')
    assert found.text == 'In C:\\new they said "yes", then left.'


def test_padded_header_names_blank_rows_and_lines_inside_fields_do_no_harm(tmp_path: Path) -> None:
    found = table(tmp_path, '\ufeffid, Title ,body\r\n1,A,"First.\r\n\r\nSecond."\r\n\r\n,,\r\n2,B,Third.\r\n')
    assert [one.text for one in found] == ["First.\n\nSecond.", "Third."]
    assert [one.locator.line for one in found] == [2, 7]


def test_of_two_columns_with_one_name_the_first_that_says_something_is_taken(tmp_path: Path) -> None:
    assert [one.title for one in table(tmp_path, "title,title,body\nA,B,x\n,C,x\n")] == ["A", "C"]


def test_a_table_whose_columns_nobody_knows_says_so_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "dump.csv"
    path.write_text("kop,tekst\na,b\nc,d\n", "utf-8")
    records = read(path)
    assert open_dump(path).format == "csv"
    assert [record.code for record in bad(records)] == ["empty", "empty"]
    assert "its fields: kop, tekst" in bad(records)[0].reason


def test_a_text_with_commas_in_its_first_line_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(f"Author, editor, date, and title: a life in letters\n\n{BODY}\n", "utf-8")
    assert open_dump(path).format == "page-text"


@pytest.mark.parametrize(
    ("document", "path", "titles"),
    [
        ({"status": "ok", "articles": [{"title": "A", "url": "u"}, {"title": "B", "url": "v"}]}, "", ["A", "B"]),
        (
            {"response": {"meta": {"hits": 2}, "docs": [{"headline": {"main": "A"}}, {"headline": {"main": "B"}}]}},
            "",
            ["A", "B"],
        ),
        ({"authors": [{"name": "X", "title": "Mr"}], "title": "A", "body": BODY}, "", ["A"]),
        ({"x1": {"title": "A", "body": BODY}, "x2": {"title": "B", "body": BODY}}, "", ["A", "B"]),
        ({"a": {"deep": [{"list": 1}], "rows": [{"title": "A"}]}, "b": [{"title": "B"}]}, "a.rows", ["A"]),
        ({"title": "A", "body": BODY}, "", ["A"]),
        ([{"title": "A"}, {"title": "B"}], "", ["A", "B"]),
    ],
)
def test_records_are_found_in_a_json_document(tmp_path: Path, document: object, path: str, titles: list[str]) -> None:
    file = tmp_path / "dump.json"
    file.write_text(json.dumps(document, indent=1), "utf-8")
    records = read(file, record_path=path)
    assert [one.title for one in good(records)] == titles
    assert not bad(records)


def test_an_envelope_names_the_source_of_all_its_records(tmp_path: Path) -> None:
    file = tmp_path / "dump.json"
    file.write_text(
        json.dumps(
            {"source": {"name": "Leeds Courier"}, "items": [{"title": "A"}, {"title": "B", "source": "Other"}]},
            indent=1,
        )
    )
    assert [one.source for one in good(read(file))] == ["Leeds Courier", "Other"]

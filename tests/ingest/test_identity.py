"""Who a record is, and when two texts are the same."""

import pytest

from archive.ingest.identity import canonical_url, external_id, ingested_hash, publisher, source_slug, text_hash

BODY = ("word " * 40).strip()


def test_a_long_text_is_the_same_under_another_headline() -> None:
    assert text_hash("One", [BODY]) == text_hash("Two", [BODY])


def test_a_short_text_is_not() -> None:
    assert text_hash("One", ["Full story to follow."]) != text_hash("Two", ["Full story to follow."])


def test_39_words_are_short_and_40_are_long() -> None:
    assert text_hash("One", ["word " * 39]) != text_hash("Two", ["word " * 39])
    assert text_hash("One", ["word " * 40]) == text_hash("Two", ["word " * 40])


def test_a_headline_alone_is_told_from_the_same_words_as_a_body() -> None:
    assert text_hash("Bridge shut", []) == text_hash("Bridge  shut", [" "])
    assert text_hash("Bridge shut", []) != text_hash("", ["Bridge shut"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“It’s shut,” he said", '"It\'s shut," he said'),
        ("a – b — c", "a - b - c"),
        ("a\u00a0b\n\tc ", "a b c"),
        ("wait…", "wait..."),
        ("cafe\u0301", "caf\u00e9"),
        ("so\u00adft", "soft"),
    ],
)
def test_blanks_quotation_marks_and_dashes_are_levelled(one: str, other: str) -> None:
    assert text_hash(one, []) == text_hash(other, [])


def test_paragraph_breaks_do_not_tell_texts_apart_but_words_do() -> None:
    assert text_hash("", [BODY, "end"]) == text_hash("", [f"{BODY} end"])
    assert text_hash("", [BODY]) != text_hash("", [BODY.upper()])


def test_a_headline_or_standfirst_alone_is_a_change_of_what_was_brought() -> None:
    assert ingested_hash("a", "", [BODY]) != ingested_hash("b", "", [BODY])
    assert ingested_hash("a", "", [BODY]) != ingested_hash("a", "more", [BODY])
    assert ingested_hash("a", "b", [BODY]) != ingested_hash("a b", "", [BODY])


def test_a_lone_surrogate_can_be_hashed() -> None:
    assert text_hash("\ud800", []) != text_hash("", [])


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.COM:443/News/A?utm_source=x&id=7&fbclid=y#top", "https://example.com/News/A?id=7"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com/a?b=1&c=", "https://example.com/a?b=1&c="),
        (" https://example.com/a ", "https://example.com/a"),
        ("https://example.com", ""),
        ("https://example.com/", ""),
        ("https://example.com/?p=12", "https://example.com/?p=12"),
        ("javascript:alert(1)", ""),
        ("/relative/path", ""),
        ("https://exa[mple.com/a", ""),
        ("https://example.com:99999/a", ""),
        ("https://example.com/" + "a" * 2000, ""),
        ("", ""),
    ],
)
def test_urls_lose_what_does_not_tell_pages_apart(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_the_publisher_is_whom_the_record_names_first() -> None:
    url = "https://www.ouse.example/a"
    assert publisher("Ouse Times", default="d", url=url).slug == "ouse-times"
    assert publisher("", default="d", url=url).slug == "d"
    assert publisher("", url=url).slug == "ouse-example"
    assert publisher("", url=url, site_name="The Ouse Times").name == "The Ouse Times"
    assert publisher("").slug == "unknown"


def test_a_domain_an_address_and_a_host_with_www_are_one_publisher() -> None:
    slugs = {publisher(name).slug for name in ("bbc.co.uk", "www.BBC.co.uk", "https://www.bbc.co.uk/news")}
    assert slugs == {"bbc-co-uk"}


def test_names_without_latin_letters_have_slugs_too() -> None:
    assert source_slug("新华社") == "xinhuashe"
    assert source_slug("!!!").startswith("source-")
    assert source_slug("!!!") != source_slug("???")


def test_an_endless_id_is_stored_as_its_hash() -> None:
    assert external_id(" a7 ") == "a7"
    assert len(external_id("x" * 501)) == 64


def test_a_page_without_an_address_belongs_to_whom_it_names_itself():
    assert publisher("", site_name="The Ouse Times").slug == "the-ouse-times"

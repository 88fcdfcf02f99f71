"""Structured records: fields to an article, the body unwrapped and whole."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.choices import ContentKind, LinePlace
from archive.errors import RecordError
from archive.ingest.cleaning.structured import clean_fields
from archive.ingest.records import Locator, RawRecord

REUTERS = """Showers continued throughout the week in
the Bahia cocoa zone, alleviating the drought since early
January and improving prospects for the coming temporao,
although normal humidity levels have not been restored,
Comissaria Smith said in its weekly review.
    The dry period means the temporao will be late this year.
    Arrivals for the week ended February 22 were 155,221 bags
of 60 kilos making a cumulative total for the season of 5.93
mln against 5.81 at the same stage last year.
 Reuter
\x03"""


def fields(text="", **more):
    return RawRecord(Locator(1), ContentKind.FIELDS, text, **more)


def test_wire_copy_is_unwrapped_into_its_paragraphs():
    article = clean_fields(fields(REUTERS, title="BAHIA COCOA REVIEW", published="26-FEB-1987 15:01:01.79"))
    assert [paragraph[:20] for paragraph in article.paragraphs] == [
        "Showers continued th",
        "The dry period means",
        "Arrivals for the wee",
    ]
    assert article.paragraphs[0].endswith("in its weekly review.")
    assert "in the Bahia cocoa zone, alleviating" in article.paragraphs[0]
    assert article.published.value.isoformat() == "1987-02-26T15:01:01.790000+00:00"
    assert article.language == "en"


def test_the_sign_off_of_the_wire_is_cut_by_name():
    article = clean_fields(fields(REUTERS, title="BAHIA COCOA REVIEW"))
    assert [(line.text, line.rule) for line in article.removed] == [
        ("Reuter", "wire-sign-off"),
        ("\x03", "control-characters"),
    ]


def test_a_table_of_wire_copy_keeps_its_rows():
    article = clean_fields(
        fields("    Shr 78 cts vs one dlr\n    Net 1,413,000 vs 1,776,000\n    Assets 705.3 mln", title="X")
    )
    assert article.paragraphs == ("Shr 78 cts vs one dlr", "Net 1,413,000 vs 1,776,000", "Assets 705.3 mln")


def test_lines_of_a_poem_are_not_joined():
    poem = "The fog comes\non little cat feet.\nIt sits looking\nover harbor and city"
    assert clean_fields(fields(poem, title="Fog")).paragraphs == tuple(poem.split("\n"))


def test_long_lines_are_paragraphs_each():
    first, second = "The council met on Monday evening. " * 5, "It will meet again. " * 8
    assert clean_fields(fields(f"{first}\n{second}")).paragraphs == (first.strip(), second.strip())


def test_html_in_a_body_field_is_found_out():
    article = clean_fields(
        fields("<p>The council met on Monday &amp; voted.</p><p>It will <b>meet</b> again.</p>", title="Council")
    )
    assert article.paragraphs == ("The council met on Monday & voted.", "It will meet again.")


def test_tickers_in_angle_brackets_are_not_tags():
    text = "Phillips <P> and Ford <F> said <BP> was not interested."
    assert clean_fields(fields(text)).paragraphs == (text,)


def test_a_headline_alone_is_an_article():
    article = clean_fields(fields(title="FORD RAISES DIVIDEND"))
    assert (article.title, article.paragraphs, article.lines) == ("FORD RAISES DIVIDEND", (), ())


def test_a_record_with_neither_headline_nor_body_is_empty():
    with pytest.raises(RecordError) as caught:
        clean_fields(fields(" \n\x03", published="2019-11-20"))
    assert caught.value.code == "empty"


def test_an_unread_date_stays_for_people_to_see():
    date = clean_fields(fields("Body.", title="T", published="some time in spring")).published
    assert (date.raw, date.value, date.confidence) == ("some time in spring", None, 0.0)


def test_only_web_addresses_become_canonical():
    assert clean_fields(fields("Body.", url="javascript:alert(1)")).canonical_url == ""
    assert clean_fields(fields("Body.", url="https://example.org/a")).canonical_url == "https://example.org/a"


@given(st.text(max_size=400))
def test_every_line_is_in_one_place_whatever_the_text(text):
    try:
        article = clean_fields(fields(text, title="T"))
    except RecordError:
        return
    if "<" in text:
        return
    joined = {}
    for line in article.lines:
        joined[line.number] = joined.get(line.number, "") + line.text
    raw = [line for line in text.split("\n") if line.strip()]
    assert ["".join(part.split()) for part in joined.values()] == ["".join(line.split()) for line in raw]
    assert all(line.rule for line in article.lines if line.place == LinePlace.REMOVED)


def test_a_sign_off_that_hangs_on_the_last_sentence_is_cut_and_the_sentence_kept():
    article = clean_fields(fields("The port will reopen on Monday. REUTER", title="PORT"))
    assert article.paragraphs == ("The port will reopen on Monday.",)
    assert [(line.text, line.place) for line in article.lines] == [
        ("The port will reopen on Monday.", LinePlace.BODY),
        ("REUTER", LinePlace.REMOVED),
    ]


def test_rows_of_a_table_in_wrapped_text_stay_apart():
    table = "    The prices on Monday, as the exchange reported them at noon, were\nWheat    2.55    2.40\nCorn     1.35    1.92"
    assert clean_fields(fields(table, title="PRICES")).paragraphs[1:] == ("Wheat 2.55 2.40", "Corn 1.35 1.92")


def test_furniture_in_a_text_field_is_cut_by_the_chain():
    body = "The council met on Monday evening and voted to reopen the line.\nAdvertisement\nIt will meet again in March, the mayor said."
    article = clean_fields(fields(body, title="Council"))
    assert [line.text for line in article.removed] == ["Advertisement"]


def test_a_relative_date_field_counts_from_the_crawl():
    record = replace(fields("Body.", title="T", published="2 days ago"), crawled="2019-11-24")
    assert clean_fields(record).published.value.date().isoformat() == "2019-11-22"
    assert clean_fields(replace(record, crawled="")).published.value is None


def test_a_whole_page_in_a_body_field_is_cleaned_as_one():
    paragraphs = "".join(
        f"<p>The council met on Monday evening, and it voted {n} times to reopen the old line.</p>" for n in "abcdef"
    )
    page = f"<html><body><nav><a href='/'>Home</a></nav><article>{paragraphs}</article><footer>© 2024 Post</footer></body></html>"
    article = clean_fields(fields(page, title="Council"))
    assert (article.title, len(article.paragraphs)) == ("Council", 6)
    assert {"Home", "© 2024 Post"} == {line.text for line in article.removed}

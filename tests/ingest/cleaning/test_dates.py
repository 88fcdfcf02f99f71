"""Raw date strings as dumps and pages carry them, and what the archive reads in them."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.choices import DatePrecision
from archive.ingest.cleaning.dates import day_order, parse_date

CRAWLED = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2019-11-20", "2019-11-20T00:00:00+00:00"),
        ("2019-11-20T10:00:00Z", "2019-11-20T10:00:00+00:00"),
        ("2019-11-20 10:00:00 UTC", "2019-11-20T10:00:00+00:00"),
        ("2016-08-02T17:39:58+10:00", "2016-08-02T17:39:58+10:00"),
        ("20191120", "2019-11-20T00:00:00+00:00"),
        ("1574240520", "2019-11-20T09:02:00+00:00"),
        ("1574240520000", "2019-11-20T09:02:00+00:00"),
        ("Wed, 20 Nov 2019 10:00:00 -0500", "2019-11-20T10:00:00-05:00"),
        ("Tue Nov 19 10:48:00 EST 2019", "2019-11-19T10:48:00-05:00"),
        ("Tue Nov 19 2019 10:48:00 GMT+0200 (Central)", "2019-11-19T10:48:00+02:00"),
        ("Nov. 20, 2019 6:02 AM EST", "2019-11-20T06:02:00-05:00"),
        ("July 4, 2020 6 p.m. ET", "2020-07-04T18:00:00-04:00"),
        ("12 a.m. EST, July 4, 2020", "2020-07-04T00:00:00-05:00"),
        ("PUBLISHED: 10:48, Tue, Nov 19, 2019 | UPDATED: 11:05, Tue, Nov 19, 2019", "2019-11-19T10:48:00+00:00"),
        ("Published Aug 28, 2024 • Last updated 3 hours ago", "2024-08-28T00:00:00+00:00"),
        ("Monday 3 March 2014 15.04 GMT", "2014-03-03T15:04:00+00:00"),
        ("4th of July 2020", "2020-07-04T00:00:00+00:00"),
        ("13/11/2019", "2019-11-13T00:00:00+00:00"),
        ("12/31/19 5:00 PM", "2019-12-31T17:00:00+00:00"),
        ("3. März 2021", "2021-03-03T00:00:00+00:00"),
    ],
)
def test_a_date_is_read_in_the_forms_that_news_uses(raw, iso):
    assert parse_date(raw).value.isoformat() == iso


@pytest.mark.parametrize(
    "raw",
    [
        "26-FEB-1987 15:01:01.79",
        " 26-FEB-1987 15:01:01.79",
        "26-FEB-1987  15:01:01.79\t\t\tRM",
        "26-FEB-1987 15:01:01.79    # date added by S Finch as guesswork",
    ],
)
def test_reuters_dates_survive_leading_blanks_and_trailing_junk(raw):
    date = parse_date(raw)
    assert date.value == datetime(1987, 2, 26, 15, 1, 1, 790000, tzinfo=UTC)
    assert (date.precision, date.raw) == (DatePrecision.TIME, raw)


def test_a_clock_that_cannot_be_leaves_the_day():
    date = parse_date("31-MAR-1987 605:12:19.12")
    assert (date.value, date.precision) == (datetime(1987, 3, 31, tzinfo=UTC), DatePrecision.DAY)


@pytest.mark.parametrize(
    ("raw", "precision"),
    [
        ("2019", DatePrecision.YEAR),
        ("November 2019", DatePrecision.MONTH),
        ("2019-11", DatePrecision.MONTH),
        ("20 Nov 2019", DatePrecision.DAY),
        ("2019-11-20T00:00:00Z", DatePrecision.DAY),
        ("20 Nov 2019 10:30", DatePrecision.TIME),
    ],
)
def test_precision_says_how_much_the_string_says(raw, precision):
    assert parse_date(raw).precision == precision


@pytest.mark.parametrize("raw", ["", "   ", "hello", "May", "ago", "0000-00-00 00:00:00", "31/31/2019", "Feb 30, 2019"])
def test_no_date_is_made_of_a_string_without_one(raw):
    assert parse_date(raw) is None


@pytest.mark.parametrize("raw", ["5 days ago", "yesterday", "2h ago", "Feb 26", "3 March"])
def test_today_never_stands_in_for_a_missing_reference(raw):
    assert parse_date(raw) is None


def test_a_relative_date_counts_back_from_the_crawl():
    assert parse_date("5 days ago", reference=CRAWLED).value == datetime(2026, 5, 27, tzinfo=UTC)
    assert parse_date("an hour ago", reference=CRAWLED).value == datetime(2026, 6, 1, 11, tzinfo=UTC)
    assert parse_date("yesterday", reference=CRAWLED).value == datetime(2026, 5, 31, tzinfo=UTC)


def test_a_dateline_takes_its_year_from_the_reference_and_never_the_future():
    assert parse_date("SALVADOR, Feb 26 -", reference=CRAWLED).value == datetime(2026, 2, 26, tzinfo=UTC)
    assert parse_date("PARIS, Nov 20 -", reference=CRAWLED).value == datetime(2025, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["2099-01-01", "1970-01-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59-12:00", "0"])
def test_a_date_that_cannot_be_one_of_publication_is_refused_with_its_raw_string(raw):
    date = parse_date(raw)
    assert date is None or (date.value is None and date.raw == raw and "refused" in date.rule)


def test_a_date_after_the_crawl_is_hardly_believed():
    assert parse_date("2026-08-01", reference=CRAWLED).confidence <= 0.2


def test_an_ambiguous_order_is_decided_by_the_source_and_doubted_without_it():
    assert parse_date("03/04/2019", day_first=True).value == datetime(2019, 4, 3, tzinfo=UTC)
    assert parse_date("03/04/2019", day_first=False).value == datetime(2019, 3, 4, tzinfo=UTC)
    assert parse_date("03/04/2019").confidence < 0.5 < parse_date("03/04/2019", day_first=True).confidence


def test_the_order_that_lies_in_the_future_is_not_taken():
    assert parse_date("05/12/2026", reference=CRAWLED).value == datetime(2026, 5, 12, tzinfo=UTC)


def test_one_number_above_twelve_shows_a_sources_order():
    assert day_order(["03/04/2019", "25/04/2019"]) is True
    assert day_order(["03/04/2019", "04/25/2019"]) is False
    assert day_order(["25/04/2019", "04/25/2019"]) is None
    assert day_order(["03/04/2019"]) is None


def test_the_zone_is_kept_and_its_absence_is_said():
    assert parse_date("20 Nov 2019 10:00 +0530").has_zone
    assert not parse_date("20 Nov 2019 10:00").has_zone


@given(st.text(max_size=300))
def test_no_text_breaks_the_parser_and_every_date_is_aware(text):
    date = parse_date(text, reference=CRAWLED)
    assert date is None or date.value is None or date.value.utcoffset() is not None


@pytest.mark.parametrize("unit", ["1-", " 1", "jan ", "1:", "(", "st of ", "1 jan ", "/1"])
def test_time_does_not_grow_with_hostile_length(unit):
    parse_date(unit * 50)
    start = time.process_time()
    parse_date(unit * 50_000)
    assert time.process_time() - start < 0.25

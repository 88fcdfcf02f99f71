"""Raw bylines to names."""

import pytest

from archive.ingest.cleaning.bylines import split_byline


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("JANE DOE and JOHN ROE", ("JANE DOE", "JOHN ROE")),
        ("By Jane Doe, John Roe and Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("Jane Doe; John Roe", ("Jane Doe", "John Roe")),
        ("Vale, Jon", ("Jon Vale",)),
        ("Jane Doe, Political Editor", ("Jane Doe",)),
        ("John Smith, Jr.", ("John Smith, Jr",)),
        ("emma-mackenzie", ("Emma Mackenzie",)),
        ("ludwig-van-beethoven", ("Ludwig van Beethoven",)),
        ("https://www.example.com/author/emma-mackenzie/", ("Emma Mackenzie",)),
        ("https://www.facebook.com/examplenews", ()),
        ("jane@paper.com", ()),
        ("By", ()),
        ("View my complete profile", ()),
        ("Bradley Kuhn (http://example.org/bkuhn/)", ("Bradley Kuhn",)),
        ("Written by Rob Ewan Edited by Betsy Beyer", ("Rob Ewan",)),
        ("Rachael Link, MS, RD", ("Rachael Link",)),
        ("Sandee LaMotte, CNN", ("Sandee LaMotte",)),
        ("By BERNICE NAPACH, Reuters", ("BERNICE NAPACH",)),
        ("JANE DOE NOVEMBER 20, 2019 10:43", ("JANE DOE",)),
        (["Kevin Rebong", "Kevin R"], ("Kevin Rebong",)),
        ("admin", ()),
        ("", ()),
        (["Jane Doe", "jane doe", "John Roe"], ("Jane Doe", "John Roe")),
    ],
)
def test_a_byline_is_split_into_its_people(raw, names):
    assert split_byline(raw) == names


def test_a_pages_whole_staff_is_no_byline():
    assert split_byline([f"Person Number{n}x" for n in range(30)]) == ()

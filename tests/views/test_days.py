"""Calendars: the days with articles lead to them, the days without are seen and said, for all sources and for one."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from archive.models import Article, Source
from archive.views.calendar_grid import grid
from tests.views.makers import index, make_article


def test_gaps_are_days_between_the_first_and_the_last_and_are_said_in_words() -> None:
    days = {"1987-02-26": 1, "1987-03-02": 8, "1987-03-03": 1, "1987-03-05": 2, "1987-03-09": 3, "": 4}
    (march,) = grid(1987, 3, days)
    assert march.gaps == "1, 4 and 6–8"
    assert march.articles == 14
    assert [len(week) for week in march.weeks] == [7] * 6
    levels = {each.day.day: each.level for week in march.weeks for each in week if each and each.articles}
    assert levels == {2: 4, 3: 1, 5: 1, 9: 2}
    year = grid(1987, 0, days)
    assert [one.gaps for one in year] == ["", "27–28", "1, 4 and 6–8", *[""] * 9]
    assert [one.gaps for one in grid(1987, 0, {})] == [""] * 12
    assert len(grid(9999, 12, {"9999-12-31": 1})[0].weeks) == 5


@pytest.mark.django_db
def test_every_day_of_a_calendar_leads_to_as_many_articles_and_a_source_has_gaps_of_its_own(
    client: Client, data_dir: Path
) -> None:
    for number, day in enumerate((3, 3, 5, 9), start=1):
        make_article(number, published_at=datetime(2020, 1, day, tzinfo=UTC))
    make_article(5, published_at=datetime(2019, 12, 9, tzinfo=UTC))
    other = Source.objects.create(slug="other", name="Other Post")
    Article.objects.filter(external_id__in=["1", "4"]).update(source=other)
    index()
    assert "Nothing on 1–2, 4 and 6–8." in client.get("/dates/2020/01/").content.decode()
    own = client.get("/dates/2020/01/?source=other").content.decode()
    assert "Nothing on 4–8." in own
    cells = re.findall(r'<td class="l\d"><a href="([^"]+)" title="[^:]+: (\d+) article', own)
    assert cells == [
        ("/dates/2020/01/03/?source=other".replace("/01/03/", "/1/3/"), "1"),
        ("/dates/2020/1/9/?source=other", "1"),
    ]
    for address, count in cells:
        assert f"<b>{count} article</b> of Other Post" in client.get(address).content.decode()
    year = client.get("/dates/").content.decode()
    assert "<h1>2020</h1>" in year
    assert '<a rel="prev" href="/dates/2019/">← 2019</a>' in year
    assert client.get("/dates/?source=nobody").status_code == 404
    assert client.get("/dates/9999/12/31/").status_code == 200
    assert client.get(f"/dates/{'9' * 30}/").status_code == 404
    assert client.get(f"/dates/2020/{'9' * 30}/1/").status_code == 404


@pytest.mark.django_db
def test_an_archive_without_dates_has_no_calendar(client: Client, data_dir: Path) -> None:
    make_article(1, published_at=None)
    index()
    assert "No article has a date yet." in client.get("/dates/").content.decode()

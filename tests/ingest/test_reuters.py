"""Real dumps accounted for: what is stored agrees with a count that shares no code with the archive."""

import gzip
import re
from pathlib import Path

import pytest

from archive.models import Appearance, Article
from tests.ingest.support import counts, ingest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def test_each_reuters_story_is_an_article_or_an_appearance(shared_data: Path) -> None:
    path = shared_data / "reuters21578" / "reut2-012.sgm.gz"
    sgml = gzip.decompress(path.read_bytes()).decode("latin-1")
    stories = re.findall(r"<REUTERS .*?NEWID=\"(\d+)\">(.*?)</REUTERS>", sgml, re.DOTALL)
    wordless = {number for number, story in stories if not words(story[story.index("<TEXT") :])}
    report = ingest(path)
    assert report.counts.read == len(stories) == sgml.count("<REUTERS ")
    assert report.counts.rejected == len(wordless)
    kept = set(Article.objects.values_list("external_id", flat=True))
    kept |= set(Appearance.objects.values_list("external_id", flat=True))
    assert kept == {number for number, _ in stories} - wordless
    assert counts(report)["stored"] == Article.objects.count()
    assert counts(ingest(path)) == {"unchanged": len(kept), "rejected": len(wordless)}


def test_appearances_have_the_words_of_their_article(shared_data: Path) -> None:
    """A duplicate is one only if an independent look at both stories finds the same words."""
    path = shared_data / "reuters21578" / "reut2-000.sgm.gz"
    sgml = gzip.decompress(path.read_bytes()).decode("latin-1")
    stories = dict(re.findall(r"<REUTERS .*?NEWID=\"(\d+)\">.*?<TEXT(.*?)</TEXT>", sgml, re.DOTALL))
    ingest(path)
    pairs = Appearance.objects.values_list("external_id", "article__external_id")
    assert pairs
    for one, other in pairs:
        bodies = [words(re.sub(r"<TITLE>.*?</TITLE>", "", stories[n], flags=re.DOTALL)) for n in (one, other)]
        titles = [words(stories[n]) for n in (one, other)]
        assert bodies[0] == bodies[1], (one, other)
        assert bodies[0] or titles[0] == titles[1], (one, other)


def words(sgml: str) -> list[str]:
    """The words between the tags, without the wire's sign-off."""
    text = re.sub(r"&#\d+;|</?[A-Z]+[^>]*>|^ TYPE=\S+>", " ", sgml)
    return [word for word in re.findall(r"\w+", text.casefold()) if word != "reuter"]

"""Texts that look like furniture and are the story: each kind stays whole, alone and on a page with furniture."""

import random

import pytest

from archive.ingest.cleaning import clean_lines
from archive.ingest.records import CleanArticle
from tests.ingest.cleaning.test_golden_pairs import PAGES
from tests.ingest.cleaning.test_page_text import cleaned

FURNITURE = ("Advertisement", "Share this article", "Facebook")
TEXTS = {
    "results": """\
Cambrian Coast League: Saturday's results
By Ann Lee
Saturday's round of the Cambrian Coast League was played in heavy rain, and two matches were put off.
Aber 2 Llanrhos 1
Port Emlyn 0 Dinas 0
Trefor Rovers 3 Bontddu 2
Penllyn Athletic 1 Caergwyn Town 4
""",
    "a poem": """\
The Ferry
Gwen Parry
The boat goes out at half past nine,
it takes the nurse, the bread, the post,
and leaves behind a widening line
that ends before it leaves the coast.

I watch it from the kitchen door.
The kettle boils. The gulls come in.
What was it that I waited for?
The rain, I think. Let it begin.
""",
    "another language": """\
Fähre fällt aus
Von Anna Lehm
Die Fähre nach Ellering fällt am Dienstag aus.
Der Hafenmeister nannte als Grund einen Schaden an der Schraube, der erst am Abend behoben werden kann.
Busse fahren.
""",
    "a recipe": """\
Bara brith
Soak the fruit in tea the night before; the loaf keeps for a week in a tin and is better on the third day.
Makes one loaf
450 g mixed dried fruit
300 ml strong tea
175 g brown sugar
1 egg, beaten
450 g self-raising flour
1 tsp mixed spice
Heat the oven to 170C.
Mix all and bake for an hour and a half.
Eat it buttered.
""",
    "questions and answers": """\
Ten minutes with the harbour master
Gwilym Rees has run the harbour at Port Emlyn for nineteen years, and he retires at the end of this month.
Q: What will you miss?
A: The mornings.
Q: And the winters?
A: Not at all.
Q: Who takes over?
A: My deputy, Mari Ellis, who knows the sandbank better than I ever did, from the first of December.
""",
    "tour dates": """\
Choir announces its spring tour
The Port Emlyn Male Voice Choir will sing in six towns this spring, for the first time since the hall burnt down.
March 3 – Aber, St Mary's
March 5 – Dinas, Market Hall
March 9 – Llanrhos, Pavilion
March 12 – Trefor, Chapel
Tickets are ten crowns.
""",
    "a listicle": """\
Seven walks from the harbour
Bring boots: the paths are wet until May, and the last bus back to Port Emlyn leaves at ten past six.
1. The breakwater
Twenty minutes there and back.
2. Pen y Graig
An hour, steep.
3. The salt marsh
Two hours. Not at high tide.
4. Chapel Lane
Ten minutes.
""",
    "a table": """\
How the towns voted
The turnout was the highest since the war, and in three of the five wards the sitting member lost his seat.
Ward For Against Spoilt
Aber 1,204 960 12
Dinas 877 901 8
Llanrhos 2,310 1,450 31
Trefor 640 702 5
""",
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_of_this_kind_keeps_every_line(kind: str) -> None:
    assert cleaned(TEXTS[kind]).removed == ()


@pytest.mark.parametrize("kind", TEXTS)
def test_on_a_page_with_furniture_its_rows_and_sentences_stay(kind: str) -> None:
    above, *rows = [line for line in TEXTS[kind].splitlines() if line]
    article = cleaned("\n".join([FURNITURE[0], above, *rows, *FURNITURE[1:]]))
    lost = {line.text for line in article.removed} - set(FURNITURE)
    # A headline of two words, and lines that could stand anywhere.
    assert lost <= {above, "Makes one loaf", "Tickets are ten crowns."}


def second_pass(article: CleanArticle) -> CleanArticle:
    return clean_lines([article.title, "", *(each for paragraph in article.paragraphs for each in (paragraph, ""))])


def test_a_second_pass_over_the_page_of_any_rule_changes_nothing() -> None:
    for cut, _, left, _ in PAGES.values():
        for once in (clean_lines(cut), clean_lines(left)):
            again = second_pass(once)
            assert (again.title, again.paragraphs, again.removed) == (once.title, once.paragraphs, ())


def test_a_second_pass_over_any_page_removes_nothing() -> None:
    """Lines of one page put anywhere into another: what stands first then may be a date line, but none goes."""
    draw = random.Random(5)
    pairs = list(PAGES.values())
    for _ in range(80):
        lines, more = list(draw.choice(pairs)[0]), draw.choice(pairs)[0]
        for line in more[:12]:
            if line not in lines:
                lines.insert(draw.randrange(1, len(lines) + 1), line)
        assert second_pass(clean_lines(lines)).removed == ()

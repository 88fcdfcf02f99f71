"""Pages that are not in English: no rule was made for them, so they keep their text and lose plain furniture at most."""

import pytest

from archive.choices import ContentKind
from archive.ingest.cleaning import clean
from archive.ingest.records import Locator, RawRecord

GERMAN = (
    "Der Hafenrat von Ellering stimmte am Montag dafür, die alte Brücke über die Elle für elf Monate zu sperren.",
    "Taucher hatten gefunden, dass zwei der fünf Pfeiler seit dem Hochwasser des letzten Winters abgesackt sind.",
    "„Wir hatten keine Wahl“, sagte der Bürgermeister.",
    "Die Fähre soll alle zwölf Minuten fahren; der Preis bleibt bis zum Ende des Jahres bei zwei Kronen.",
)
FRENCH = (
    "Le conseil du port a voté lundi la fermeture du vieux pont sur l’Elle pour onze mois.",
    "Des plongeurs ont constaté que deux des cinq piles s’étaient déplacées depuis les crues de l’hiver dernier.",
    "« Nous n’avions pas le choix », a déclaré le maire.",
)
RUSSIAN = (
    "Портовый совет проголосовал в понедельник за закрытие старого моста через Эллу на одиннадцать месяцев.",
    "Водолазы обнаружили, что две из пяти опор сдвинулись после наводнения прошлой зимой.",
    "Паром будет ходить каждые двенадцать минут, сообщил начальник порта.",
)
CHINESE = (
    "埃勒里港务委员会星期一投票决定，将埃尔河上的老桥关闭十一个月。",
    "潜水员发现，自去年冬天的洪水以来，五个桥墩中有两个发生了移动。",
    "市长说：“我们别无选择。”渡轮将每十二分钟一班，票价到年底不变。",
)
ARABIC = (
    "صوّت مجلس الميناء يوم الاثنين على إغلاق الجسر القديم فوق النهر لمدة أحد عشر شهرا.",
    "وجد الغواصون أن اثنتين من دعائم الجسر الخمس تحركتا منذ فيضانات الشتاء الماضي.",
    "وقال رئيس البلدية إن العبارة ستسير كل اثنتي عشرة دقيقة.",
)
STORIES = {
    "de": ("Alte Brücke wird gesperrt", GERMAN),
    "fr": ("Le vieux pont ferme pour onze mois", FRENCH),
    "ru": ("Старый мост закроют на одиннадцать месяцев", RUSSIAN),
    "zh": ("老桥将关闭十一个月", CHINESE),
    "ar": ("إغلاق الجسر القديم", ARABIC),
}


def page(text: str) -> RawRecord:
    return RawRecord(Locator(1), ContentKind.PAGE_TEXT, text)


@pytest.mark.parametrize("code", STORIES)
def test_a_story_in_another_language_keeps_every_paragraph_and_says_its_language(code: str) -> None:
    title, paragraphs = STORIES[code]
    article = clean(page("\n\n".join([title, *paragraphs])))
    kept = {article.title, article.standfirst, *article.paragraphs}
    assert [each for each in paragraphs if each not in kept] == []
    assert article.language == code


@pytest.mark.parametrize("code", STORIES)
def test_only_plain_furniture_is_cut_from_it(code: str) -> None:
    title, paragraphs = STORIES[code]
    lines = [title, paragraphs[0], "Advertisement", *paragraphs[1:], "Share", "Facebook"]
    article = clean(page("\n\n".join(lines)))
    assert {line.text for line in article.removed} <= {"Advertisement", "Share", "Facebook", title}
    assert {"Advertisement", "Share", "Facebook"} <= {line.text for line in article.removed}

"""In which language a text is, from the text itself before what its page declares."""

import pytest

from archive.ingest.cleaning.language import detect

ENGLISH = "The harbour council of Port Ellery voted on Monday to reopen the old ferry line to the island."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        ("Der Hafenrat stimmte am Montag dafür, die alte Fähre zur Insel wieder fahren zu lassen.", "de"),
        ("Le conseil du port a voté lundi la réouverture de l’ancienne ligne de ferry vers l’île.", "fr"),
        ("El consejo del puerto votó el lunes a favor de reabrir la antigua línea de ferry a la isla.", "es"),
        ("Портовый совет проголосовал в понедельник за открытие старой паромной линии на остров.", "ru"),
    ],
)
def test_a_sentence_says_its_language(text, language):
    assert detect(text) == language


def test_the_text_is_believed_before_the_template_around_it():
    assert (
        detect("Baraza la bandari lilipiga kura siku ya Jumatatu kufungua tena njia ya zamani ya feri.", "en-US")
        == "sw"
    )


@pytest.mark.parametrize(
    ("declared", "language"), [("en-GB", "en"), ("DE", "de"), ("", ""), ("English", ""), ("x y", "")]
)
def test_a_text_too_short_to_tell_is_in_the_declared_language(declared, language):
    assert detect("Fog", declared) == language


def test_a_table_of_wire_copy_does_not_decide():
    assert detect("Shr 39 cts vs 50 cts Net 1,545,160 vs 2,188,933 Revs 25.2 mln vs 19.5 mln", "en") == "en"

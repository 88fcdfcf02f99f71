"""Names and quotations out of clean text: recognise, correct, gather. Nothing here touches the database but `link`."""

from collections.abc import Callable, Sequence

from django.conf import settings

from archive.ingest.entities import (
    boundaries,
    bylines,
    consistency,
    datelines,
    foreign,
    headlines,
    organisations,
    people,
    places,
    recovery,
    sifting,
    titles,
)
from archive.ingest.entities.clusters import gather
from archive.ingest.entities.english import may_be_english
from archive.ingest.entities.found import Found
from archive.ingest.entities.model import ENGLISH, Labelled, is_missing, recognise
from archive.ingest.entities.page import Page
from archive.ingest.entities.speakers import attribute
from archive.ingest.records import TextNames

Step = Callable[[Page, list[Found]], list[Found]]
STEPS: tuple[Step, ...] = (
    datelines.mark,
    bylines.sign,
    organisations.by_heads,
    titles.cut_titles,
    places.from_gazetteer,
    people.by_context,
    organisations.by_evidence,
    organisations.from_brackets,
    sifting.sift,
    consistency.settle_kinds,
    recovery.recover,
    people.made_whole,
    sifting.sift,
)
"""What happens to the model's names, in this order; each step is pure and has its own tests."""


def find_names(texts: Sequence[str], *, languages: Sequence[str] | None = None) -> list[TextNames]:
    """The names and quotations of each text (title and paragraphs, separated by blank lines).

    `languages` are ISO 639-1 codes, one for each text, "" where unknown (taken for English where it can be, see
    `may_be_english`); without them all are English. Texts in a language for which the setting NAME_MODELS has no
    installed model come back as not sought. Raises ModelMissing when the English model is wanted and not installed.
    """
    told = languages if languages is not None else [ENGLISH] * len(texts)
    spoken = [language or (ENGLISH if may_be_english(text) else "") for language, text in zip(told, texts, strict=True)]
    # Where the language is not known nothing better can come later; where a model is wanting it can.
    names = [TextNames(sought=not language) for language in spoken]
    for language in dict.fromkeys(filter(None, spoken)):
        if language not in settings.NAME_MODELS or (language != ENGLISH and is_missing(language)):
            continue
        wanted = [number for number, one in enumerate(spoken) if one == language]
        english = language == ENGLISH
        read = recognise([headlines.recase(texts[n]) if english else texts[n] for n in wanted], language)
        for number, labelled in zip(wanted, read, strict=True):
            names[number] = (correct if english else foreign.gathered)(texts[number], labelled)
    return names


def correct(text: str, labelled: Sequence[Labelled]) -> TextNames:
    """The steps after the model, on one text."""
    page = Page(text)
    found = boundaries.fit(page, labelled)
    for step in STEPS:
        found = step(page, found)
    entities = gather(page, found)
    return TextNames(entities, attribute(page, entities))

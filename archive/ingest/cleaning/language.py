"""Which language a text is in, offline; what a page declares about itself is only the second witness."""

import re
from functools import lru_cache
from typing import Any

from archive.ingest.cleaning.english import is_plainly_english

_SAMPLE = 200  # accuracy no longer rises beyond: .953 at 60 characters, .964 at 200, .964 at 1,000
_TOO_FEW_LETTERS = 25
_UNSURE = 0.3  # tables of wire copy ("Shr 78 cts vs one dlr") score .05 to .2, prose .9 and more
_LETTERS = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"([a-zA-Z]{2})(?:[-_][a-zA-Z0-9-]{1,20})?$")


def detect(text: str, declared: str = "") -> str:
    """ISO 639-1 code of the language of `text`, "" where nothing says.

    `declared` ("en", "en-GB") is believed only where the text itself is too short or too odd to tell: templates
    declare English over Zulu.
    """
    if is_plainly_english(text):
        return "en"
    sample = text[:_SAMPLE]
    if len(_LETTERS.findall(sample)) >= _TOO_FEW_LETTERS:
        language, confidence = _identifier().classify(sample)
        if confidence >= _UNSURE:
            return str(language)
    match = _CODE.match(declared.strip())
    return match[1].lower() if match else ""


def guess(text: str) -> tuple[str, float]:
    """The likeliest language of a text however short, and how likely it is, 0 to 1."""
    language, confidence = _identifier().classify(text[:_SAMPLE])
    return str(language), float(confidence)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """The model, loaded when the first text asks: 0.6 s and 100 MB that other commands need not pay.

    Only languages with a two-letter code: "pcm" took short English news for itself.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])
    return identifier

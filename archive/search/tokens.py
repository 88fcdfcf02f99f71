"""A query string cut into tokens. Whatever is typed gives tokens; nothing here can fail."""

import enum
import re
from dataclasses import dataclass

MAX_CHARACTERS = 2_000
MAX_TOKENS = 200

# Every quotation mark that keyboards, word processors and foreign papers put around a phrase.
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‚‛′", "'"))

_TOKEN = re.compile(
    r"""
      (?P<open>\()
    | (?P<close>\))
    | (?P<minus>-(?=["(\w=]))
    | (?P<field>[A-Za-z]+):(?=\S)
    | (?P<exact>=)?"(?P<quoted>[^"]*)"?(?:~(?P<slop>\d{1,3}))?
    | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE,
)
_NEAR = re.compile(r"(?:near|w|adj|n)/?(?P<distance>\d{1,3})\Z", re.IGNORECASE)


class Kind(enum.Enum):
    OPEN = "("
    CLOSE = ")"
    OR = "OR"
    AND = "AND"
    NOT = "NOT"
    NEAR = "NEAR"
    FIELD = "field"
    PHRASE = "phrase"
    WORD = "word"


_BEFORE_NOT = frozenset(
    "am are be can could did do does had has have is may might must need ought shall should was were will would".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str = ""
    number: int = 0
    """Slop of a phrase, distance of NEAR."""
    is_exact: bool = False
    """A phrase as it is spelt."""


def tokens(text: str) -> tuple[list[Token], list[str]]:
    """The tokens of a query, and notes on what was left out of it."""
    notes = []
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        notes.append(f"Only the first {MAX_CHARACTERS:,} characters were searched.")
    text = text.translate(_QUOTES).translate(_APOSTROPHES).replace("\0", " ")
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        if len(found) == MAX_TOKENS:
            notes.append(f"Only the first {MAX_TOKENS} words were searched.")
            break
        token = _token(match)
        if token.kind is Kind.NOT and token.text.islower() and found and found[-1].text.lower() in _BEFORE_NOT:
            # "did not say", pasted from an article, denies; it does not ask for articles without "say".
            token = Token(Kind.WORD, token.text)
        found.append(token)
    return found, notes


def _token(match: re.Match[str]) -> Token:
    match match.lastgroup:
        case "open":
            return Token(Kind.OPEN)
        case "close":
            return Token(Kind.CLOSE)
        case "minus":
            return Token(Kind.NOT)
        case "field":
            return Token(Kind.FIELD, match["field"])
        case "exact" | "quoted" | "slop":
            if match["exact"] and len(match["quoted"].split()) == 1:
                return _word(f"={match['quoted'].strip()}")
            return Token(Kind.PHRASE, match["quoted"].strip(), int(match["slop"] or 0), bool(match["exact"]))
    return _word(match["word"])


def _word(text: str) -> Token:
    folded = text.upper()
    if folded in ("OR", "AND", "NOT"):
        return Token(Kind[folded], text)
    # "near/5" and "w/5" need their stroke or a digit: the word "near" alone is a word.
    near = _NEAR.match(text)
    if near and (("/" in text) or folded.startswith(("ADJ", "NEAR"))):
        return Token(Kind.NEAR, text, int(near["distance"]))
    return Token(Kind.WORD, text)

"""Lines that say when and by whom: date lines and bylines, told apart from sentences by their vocabulary and shape."""

import re
from functools import lru_cache

from archive.ingest.cleaning.date_words import MONTHS
from archive.ingest.cleaning.vocabulary import AGENCIES, STAFF_WORDS, STAMP_WORDS

_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"[a-z]+|\d+", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})\b")
_AGO = re.compile(
    r"\b(?:\d{1,3}|an?|few|one|two) ?(?:s|m|h|d|w|sec|min|hr|second|minute|hour|day|week|month|year)s? ago\b"
)
_EMPTY_STAMP = re.compile(  # its date was drawn by a script: "Published: | Updated:"
    r"(?:(?:first |last )?(?:published|updated|posted|modified)(?: on)?:?[ |•,-]{0,3}){1,3}\Z"
)
_NAME_WORD = r"(?:[A-Z][\w'.-]{0,24}|[A-Z]{2,20})"
_PARTICLE = r"(?:de|da|di|do|dos|del|della|der|den|van|von|la|le|el|al|bin|ibn|bint|ter|ten|zu|y|e|O')"
NAME = rf"{_NAME_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_NAME_WORD}){{1,3}}"
_ONE_NAME = re.compile(rf"{NAME}\Z")
_BY = re.compile(
    r"(?:(?i:written|words|story|text|reported|reporting|report|posted|analysis|review|opinion|interview) )?"
    r"(?i:by)(?: |: ?)(?P<names>\S.{1,180})\Z"
)
_SIGNED = re.compile(r"(?:--?|—|–) ?(\S.{2,60})\Z")
_STAFF = STAFF_WORDS | {"editorial", "newsroom", "online", "our"}
_SPLIT_NAMES = re.compile(r",? (?:and|&|with) |, | / |;")
_AFTER_HEAD = re.compile(r" [|•-] |, | in |\(|(?<=[a-z])@")
_BY_WITHIN = 14
"""Letters of a byline in which its "by" stands."""
_MOST_WORDS_BARE = 14
"""No byline without "by" is longer."""
_SMALL_AGENCIES = tuple(name for name in AGENCIES if name[0].islower())
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|contributor|producer|staff|bureau|chief|critic|"
    r"author|analyst|director|photographer|newsroom|freelance\w{0,2}|fellow|professor|lecturer|deputy|head of)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@\w{2,30}|[\w.+-]{1,40}@[\w-]{1,40}\.[\w.]{2,20}|\[email protected\]")
_VERB_AFTER = re.compile(
    r"\b(?:is|was|are|were|has|have|had|will|would|said|says|can|could|the|this|that|its|their|his|her|it)\b"
)


@lru_cache(maxsize=2048)
def is_date_line(plain: str, words: int) -> bool:
    """Whether a line says a date or "5 days ago" and nothing else but times, zones and "published" or "updated"."""
    if words > 26 or len(plain) > 160:
        return False
    key = plain.lower()
    if not (_DIGIT.search(plain) or "ago" in plain):
        return _EMPTY_STAMP.match(key) is not None
    tokens = _TOKEN.findall(key)
    month = digits = False
    for token in tokens:
        if token.isdigit():
            digits = True
        elif token in MONTHS:
            month = True
        elif token not in STAMP_WORDS:
            return False
    if not digits:
        return bool(tokens) and _AGO.search(key) is not None
    return (
        month
        or _NUMERIC_DATE.search(key) is not None
        or _AGO.search(key) is not None
        or key.startswith(("updated", "last updated"))
    )


def is_name(text: str) -> bool:
    """Whether a text is a person's name by its shape alone: two to five capitalised words, no masthead."""
    return len(text) <= 60 and not text.lower().startswith("the ") and _ONE_NAME.match(text) is not None


@lru_cache(maxsize=2048)
def byline_names(plain: str, words: int, *, near_title: bool) -> tuple[str, ...] | None:
    """The names that a byline gives, empty where it is a byline without names; None where the line is no byline.

    A bare name or "Name, Role" is a byline only near the title.
    """
    if words > 24 or len(plain) > 220:
        return None
    if "by" in plain[:_BY_WITHIN].lower() and (match := _BY.match(plain)):
        return _names_of(match["names"])
    if plain[:1] in "-—–" and (match := _SIGNED.match(plain)) and is_name(match[1]):
        return (match[1],)
    if words <= 4 and ((key := plain.lower()) in ("by", "by:") or _STAFF.issuperset(key.split())):
        return ()
    if not near_title:
        return None
    if plain[:1] in "/|":
        plain = plain.lstrip("/| ")
    if " | " in plain and all(is_name(name) and " " in name for name in plain.split(" | ")):
        return tuple(plain.split(" | "))
    if plain in AGENCIES:
        return (plain,)
    if words > _MOST_WORDS_BARE or not (plain[:1].isupper() or plain.startswith(_SMALL_AGENCIES)):
        return None
    first = _SPLIT_NAMES.split(plain, maxsplit=1)[0]
    head = _AFTER_HEAD.split(plain, maxsplit=1)[0].strip()
    if is_name(plain) and words <= 4:
        return (plain,)
    rest = plain[len(head) :]
    if is_name(head) and (_ROLE.search(rest) or _HANDLE.search(rest)) and words <= 14:
        return (head,)
    if is_name(first) and " and " in plain and words <= 8:
        names = _SPLIT_NAMES.split(plain)
        if all(is_name(name) for name in names):
            return tuple(names)
    if head in AGENCIES and words <= 6:
        return (head,)
    return None


def _names_of(text: str) -> tuple[str, ...] | None:
    """Names out of what follows "By"; None where a sentence follows."""
    text = re.split(r" \| | • | - |\(|\bBy ", text, maxsplit=1)[0].strip(" .,:;")
    text = _HANDLE.sub("", text).strip(" .,:;")
    names: list[str] = []
    parts = [part.strip() for part in _SPLIT_NAMES.split(text) if part.strip()]
    if not parts:
        return ()
    if not parts[0][:1].isupper() and parts[0][:1] not in "'\"" and not parts[0][:1].isdigit():
        return None
    for whole in parts:
        part = re.split(r" (?:in|at|for|of) ", whole, maxsplit=1)[0].strip()
        words = part.split()
        if not 1 <= len(words) <= 5 or not part[0].isupper():
            continue
        lowered = {word.lower() for word in words}
        if _VERB_AFTER.search(part.lower()) and not lowered & STAFF_WORDS:
            return None
        if names and _ROLE.search(part):
            continue
        if names and len(words) == 1:
            continue
        names.append(tidy_name(part))
    if text.endswith(("?", "!")) or (len(text.split()) > 12 and not names):
        return None
    return tuple(dict.fromkeys(names))


def tidy_name(name: str) -> str:
    """A name in capitals as names are written; others as they are."""
    name = name.strip(" .,:;|•-")
    if name.isupper() and len(name) > 5 and " " in name:
        return " ".join(word.capitalize() if word.isalpha() else word.title() for word in name.split())
    return name

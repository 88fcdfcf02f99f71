"""What one line looks like by itself, as named yes/no features: length, ending, capitals, marks, telling words."""

_TELLING = frozenset(
    """subscribe subscriber subscribers subscription newsletter newsletters inbox sign signup email e-mail free
    account login register trial member members membership donate donation support journalism privacy policy terms
    cookies consent agree comment comments commenting moderated reply share follow facebook twitter instagram youtube
    linkedin whatsapp podcast episode listen watch video videos photo photos photograph image images gallery caption
    credit getty reuters afp associated alamy courtesy copyright rights reserved republished licensing
    read reading more related latest trending popular recommended stories headlines updated published posted
    edited editor writer reporter correspondent contributor author editing reporting contributed contact click here
    download app browser website site visit page article articles story topics tags section sponsored advertisement
    advertising affiliate commission amazon buy shop price deal deals sale order shipping offer discount save
    tickets join learn discover explore browse view see find get check sent send enter submit thanks thank
    please your you we our us i my me said says told according added who was were had been he she they
    minister police president government officials court company percent million billion
    bio columnist tip tips hours ago yesterday edition archive search menu home page print
    opinion sports business politics world entertainment lifestyle weather jobs events
    recipe ingredients minutes series book film season episode album
    stock stocks shares nasdaq nyse market data quotes delayed
    born lives graduate graduated joined covers writes worked based professor university views expressed author's
    published' originally appeared first version print headline correction clarification""".split()
)
"""Words that by themselves speak for or against furniture; each is a feature, its weight is learned."""

_STOP = frozenset(
    """the a an and of to in is was for that on with as at by it from be are he his have has had but not this they
    which or were been their its who will would said she her after about more when than we you i if so there what
    into over out up no all one can could also because while where how our my them some just him then""".split()
)
_LENGTHS = (
    "no words", "1 word", "2 words", "3 words", "4-5 words", "4-5 words", "6-8 words", "6-8 words", "6-8 words",
    *["9-12 words"] * 4, *["13-18 words"] * 6, *["19-28 words"] * 10, *["29-45 words"] * 17,
)  # fmt: skip
_READ = 400
_TELLING_WORDS = 25
_AROUND_WORDS = ".,:;!?()[]\"'"
_ENDINGS = {
    ".": "ends with a stop", "?": "ends with a question mark", "!": "ends with an exclamation mark",
    '"': "ends with a quote", "'": "ends with a quote", ":": "ends with a colon", ")": "ends with a bracket",
    "]": "ends with a bracket", ",": "ends with a comma", "-": "ends with a dash",
}  # fmt: skip
_MARKS = (
    ("|", "has a bar"), ("@", "has an at sign"), ("http", "has an address"), ("www.", "has an address"),
    ("©", "has a copyright sign"), ("•", "has a bullet"), ("$", "has a currency"), ("£", "has a currency"),
    ("%", "has a percent sign"), ("#", "has a hash"), ("...", "has dots"), (">", "has an arrow"), ("/", "has a slash"),
    ('"', "has a quote"), (";", "has a semicolon"), ("(", "has a bracket"), (" - ", "has a dash"), (":", "has a colon"),
    ("?", "has a question mark"), ("!", "has an exclamation mark"), ("[", "has a square bracket"), ("…", "has dots"),
)  # fmt: skip


def length_of(words: int) -> str:
    return _LENGTHS[words] if words < len(_LENGTHS) else "46 words or more"


def ending_of(plain: str) -> str:
    return _ENDINGS.get(plain[-1:], "ends with a letter or digit")


def shape_of(plain: str, words: int) -> tuple[str, ...]:
    """The features of a line that are true of it, whatever stands around it. `plain` and `words` as in PageLine."""
    found = [length_of(words), ending_of(plain)]
    first = plain[:1]
    if first.isupper():
        found.append("starts with a capital")
    elif first.islower():
        found.append("starts with a small letter")
    elif first.isdigit():
        found.append("starts with a digit")
    elif first in "\"'":
        found.append("starts with a quote")
    else:
        found.append("starts with a mark")
    start = plain[:_READ]
    tokens = start.split()
    lowered = start.lower().split()
    if not start.replace(" ", "").isalnum() or len(plain) > _READ:
        found.extend(dict.fromkeys([name for mark, name in _MARKS if mark in plain]))
        lowered = [token.strip(_AROUND_WORDS) for token in lowered]
    elif "http" in plain:
        found.append("has an address")
    if tokens:
        count = len(tokens)
        capitals = sum(map(str.isupper, [token[0] for token in tokens]))
        found.append(_share("capitals", capitals / count) if count > 1 else "capitals n/a")
        found.append(_share("small words", sum(map(_STOP.__contains__, lowered)) / count))
        if plain.isupper():
            found.append("all in capitals")
    digits = sum(map(start.count, "0123456789"))
    if digits:
        found.append("mostly digits" if digits * 3 > len(start) else "has digits")
    commas = plain.count(",")
    if commas:
        found.append("one comma" if commas == 1 else "two commas" if commas == 2 else "three commas or more")
    stops = plain.count(". ")
    if stops:
        found.append("two sentences" if stops == 1 else "three sentences or more")
    if words <= _TELLING_WORDS:
        size = "short" if words <= 8 else "middling"
        found.extend(f"{size} line says {word}" for word in sorted(_TELLING.intersection(lowered)))
    if lowered:
        first_word = lowered[0]
        found.append(
            f"begins with {first_word}" if first_word in _TELLING or first_word in _STOP else "begins otherwise"
        )
    return tuple(found)


def _share(name: str, share: float) -> str:
    if share == 0:
        return f"{name} 0"
    if share == 1:
        return f"{name} all"
    for limit in (0.15, 0.25, 0.35, 0.5, 0.75):
        if share < limit:
            return f"{name} < {limit}"
    return f"{name} < 1"

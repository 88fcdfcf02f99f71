"""What a reader typed → `SearchQuery`. Never raises: what cannot be understood is searched as words, and said so.

The grammar, a recursive descent over `tokens.tokens`:

    either  = all { OR all }
    all     = one { [AND] one }
    one     = (NOT | -) one | near
    near    = simple { NEAR simple }
    simple  = "(" either ")" | field value | phrase | word
"""

from datetime import date

from django.utils import timezone

from archive.search import fields
from archive.search.prose import is_prose
from archive.search.query import (
    And,
    Everything,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    SearchQuery,
    TextField,
    Word,
    leaves,
)
from archive.search.tokens import Kind, Token, tokens
from archive.search.words import phrase_node, word_nodes

MAX_DEPTH = 20
MAX_NEARS = 30
"""Pairs that alternatives on both sides of a NEAR may become."""


def parse(text: str, *, today: date | None = None) -> SearchQuery:
    """The query that the text says; `today` is what "last 30 days" counts back from (default: today in UTC)."""
    found, notes = tokens(text)
    parser = _Parser(found, notes, today or timezone.now().date())
    root = parser.query()
    is_plain = is_prose(found) and all(_is_plain(leaf) for leaf in leaves(root))
    return SearchQuery(text, root, tuple(dict.fromkeys(parser.notes)), is_plain)


def _is_plain(leaf: Node) -> bool:
    match leaf:
        case Word(_, TextField.ANYWHERE, False) | Phrase(_, 0, TextField.ANYWHERE):
            return True
    return False


class _Parser:
    def __init__(self, found: list[Token], notes: list[str], today: date) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0
        self._field = TextField.ANYWHERE
        self.notes = notes
        self.today = today

    def query(self) -> Node:
        parts = []
        while self._peek() is not None:
            part = self._either()
            if part is not None:
                parts.append(part)
            if self._peek() is Kind.CLOSE:
                self._at += 1
                self.notes.append("A closing parenthesis without an opening one was ignored.")
        root = _all(parts)
        if root is None and self._tokens:
            self.notes.append("There is no word to search in this query.")
            return Nothing()
        return root or Everything()

    def _peek(self) -> Kind | None:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else None

    def _take(self, kind: Kind) -> bool:
        if self._peek() is kind:
            self._at += 1
            return True
        return False

    def _either(self) -> Node | None:
        """Alternatives; an OR with nothing on one side is left out."""
        parts = [self._all()]
        while self._take(Kind.OR):
            parts.append(self._all())
        found = [part for part in parts if part is not None]
        if len(found) < len(parts) > 1:
            self.notes.append("OR needs something on both sides; it was ignored where there was nothing.")
        return _any(found)

    def _all(self) -> Node | None:
        parts: list[Node] = []
        while (kind := self._peek()) not in (None, Kind.OR, Kind.CLOSE):
            if kind is Kind.AND:
                self._at += 1
                continue
            part = self._one()
            if part is not None:
                parts.append(part)
        return _all(parts)

    def _one(self) -> Node | None:
        negative = False
        while self._take(Kind.NOT):
            negative = not negative
        if self._peek() in (None, Kind.OR, Kind.CLOSE, Kind.AND):
            if negative:
                self.notes.append("NOT needs something after it; it was ignored.")
            return None
        part = self._near()
        return _negated(part) if negative else part

    def _near(self) -> Node | None:
        left = self._simple()
        while self._peek() is Kind.NEAR:
            operator = self._tokens[self._at]
            self._at += 1
            right = self._simple() if self._peek() in (Kind.WORD, Kind.PHRASE, Kind.OPEN, Kind.FIELD) else None
            left = self._joined(left, operator, right)
        return left

    def _joined(self, left: Node | None, operator: Token, right: Node | None) -> Node | None:
        """Both sides of a NEAR within its distance, where both are something that has a place in a text.

        Alternatives on a side are near the other side each: `oil near/5 (price OR tax)`.
        """
        lefts, rights = _placed(left), _placed(right)
        if lefts and rights and len(lefts) * len(rights) <= MAX_NEARS:
            distance = max(1, operator.number)
            return _any([Near(one, other, distance, one.field) for one in lefts for other in rights])
        self.notes.append(f"“{operator.text}” needs words or phrases on both sides; both were searched without it.")
        return _all([part for part in (left, right) if part is not None])

    def _simple(self) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case Kind.OPEN:
                return self._group()
            case Kind.FIELD:
                return self._fielded(token)
            case Kind.PHRASE:
                return phrase_node(token.text, token.number, self._field, exact=token.is_exact)
            case Kind.WORD:
                return self._words(token.text)
        # A NEAR at the start of the query, or one after another.
        return self._words(token.text)

    def _words(self, text: str) -> Node | None:
        nodes, note = word_nodes(text, self._field)
        if note:
            self.notes.append(note)
        return _all(nodes)

    def _group(self) -> Node | None:
        if self._depth >= MAX_DEPTH:
            self.notes.append(f"Parentheses more than {MAX_DEPTH} deep were ignored.")
            return None
        self._depth += 1
        inner = self._either()
        self._depth -= 1
        if not self._take(Kind.CLOSE):
            self.notes.append("A parenthesis was not closed; it was taken to end with the query.")
        return inner

    def _fielded(self, token: Token) -> Node | None:
        """`field:value`. A text field may hold a whole group; the others take one word or phrase."""
        field = fields.named(token.text)
        if field is None:
            self.notes.append(f"There is no field “{token.text}:”; it was searched as a word.")
            return self._words(token.text)
        if self._peek() not in (Kind.WORD, Kind.PHRASE, Kind.OPEN, Kind.OR, Kind.AND, Kind.NOT, Kind.NEAR):
            self.notes.append(f"“{token.text}:” needs a value right after it; it was searched as a word.")
            return self._words(token.text)
        negative = False
        while self._take(Kind.NOT):
            negative = not negative
        if self._peek() in (None, Kind.CLOSE):
            self.notes.append(f"“{token.text}:” needs a value right after it; it was searched as a word.")
            return self._words(token.text)
        inner = self._value(token, field)
        return _negated(inner) if negative else inner

    def _value(self, token: Token, field: TextField | fields.Maker) -> Node | None:
        if isinstance(field, TextField):
            outer, self._field = self._field, field
            inner = self._simple()
            self._field = outer
            return inner
        if self._take(Kind.OPEN):
            return self._values(token, field)
        value = self._tokens[self._at]
        self._at += 1
        return self._made(token, field, value.text)

    def _values(self, token: Token, field: fields.Maker) -> Node | None:
        """`person:(James Baker OR Paul Volcker)`: what stands between two ORs is one value; nothing else goes in."""
        values: list[list[str]] = [[]]
        while (kind := self._peek()) not in (None, Kind.CLOSE):
            value = self._tokens[self._at]
            self._at += 1
            if kind is Kind.OR:
                values.append([])
            elif kind in (Kind.WORD, Kind.PHRASE, Kind.AND):
                values[-1].append(value.text)
            else:
                self.notes.append(f"“{token.text}:( )” takes values with OR between them; other marks were ignored.")
        self._take(Kind.CLOSE)
        made = [self._made(token, field, " ".join(words)) for words in values if words]
        return _any([node for node in made if node is not None])

    def _made(self, token: Token, field: fields.Maker, text: str) -> Node | None:
        node = field(text, self.today)
        if node is None:
            self.notes.append(f"“{token.text}:{text}” was not understood; “{text}” was searched as words.")
            return _all([node for node in map(self._words, text.split()) if node is not None])
        return node


def _placed(side: Node | None) -> list[Word | Phrase | Prefix]:
    """The alternatives of a side of a NEAR; none where one of them has no place in a text."""
    parts = side.parts if isinstance(side, Or) else (side,)
    placed = [part for part in parts if isinstance(part, Word | Phrase | Prefix)]
    return placed if len(placed) == len(parts) else []


def _negated(part: Node | None) -> Node | None:
    return part.part if isinstance(part, Not) else part and Not(part)


def _flat(parts: list[Node], kind: type[And] | type[Or]) -> tuple[Node, ...]:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return tuple(dict.fromkeys(flat))


def _all(parts: list[Node]) -> Node | None:
    flat = _flat(parts, And)
    return And(flat) if len(flat) > 1 else (flat[0] if flat else None)


def _any(parts: list[Node]) -> Node | None:
    flat = _flat(parts, Or)
    return Or(flat) if len(flat) > 1 else (flat[0] if flat else None)

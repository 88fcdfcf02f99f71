"""A small library with every trait that a search backend must cope with; tests know its articles by their numbers."""

from datetime import UTC, date, datetime, timedelta

from archive.search.documents import IndexDocument


def document(number: int, body: str = "", **fields: object) -> IndexDocument:
    """An indexed article with plain defaults; `day` sets both its dates."""
    day = fields.pop("day", None)
    assert day is None or isinstance(day, date)
    values: dict[str, object] = {
        "content_hash": f"hash-{number}",
        "title": "",
        "byline": "",
        "said": "",
        "language": "en",
        "source": "reuters",
        "section": "",
        "people": (),
        "organisations": (),
        "places": (),
        "speakers": (),
        "flags": () if day else ("date-unknown",),
        "published_on": day,
        "published_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC) if day else None,
    }
    return IndexDocument(id=number, body=body, **{**values, **fields})  # type: ignore[arg-type]  # a test's keywords


LIBRARY = (
    document(
        1,
        "The price of crude oil rose sharply on Monday, ministers said.\n\nOPEC meets in Vienna.",
        title="Oil prices rise",
        byline="Jane Smith\n\nPeter Müller",
        said="Prices will rise further.",
        section="business",
        people=("james-baker", "paul-volcker"),
        organisations=("opec",),
        places=("vienna",),
        speakers=("james-baker",),
        day=date(1987, 3, 1),
    ),
    document(
        2,
        "Oil demand fell while gas demand held. The minister of oil denied any quota.",
        title="Gas holds, oil falls",
        section="business",
        people=("james-baker",),
        organisations=("opec", "world-bank"),
        places=("tokyo",),
        day=date(1987, 3, 15),
    ),
    document(
        3,
        "The bank raised its discount rate. Interest rates rose in Tokyo and New York.",
        title="Rates go up",
        source="times",
        section="finance",
        people=("paul-volcker",),
        organisations=("world-bank",),
        places=("tokyo", "new-york"),
        speakers=("paul-volcker",),
        said="We will fight inflation.",
        day=date(1988, 7, 4),
    ),
    document(
        4,
        "Die Universität in München öffnet. Der Minister sprach.",
        title="Universität öffnet",
        language="de",
        source="zeitung",
        places=("munich",),
        day=date(1990, 1, 31),
        flags=("versions", "changed-headline"),
    ),
    document(
        5,
        "L'économie française ralentit, déclare le ministre à Orléans.",
        title="Économie: ça ralentit",
        language="fr",
        source="journal",
        day=date(1990, 1, 1),
    ),
    document(6, "東京都の水道料金が上がる。市民は反対した。", title="水道料金", language="ja", source="shimbun"),
    document(7, "", title="Wheat exports to resume", flags=("headline-only", "date-unknown")),
    document(
        8,
        "Mr O'Brien's co-operation with the U.S. government ended. He didn't say why.",
        title="O'Brien leaves",
        source="times",
        section="business",
        day=date(1991, 12, 31),
        flags=("versions",),
    ),
    document(
        9,
        "Market talk: oil here. " + "filler word " * 30 + "The embargo came much later. Crude exports and oil prices.",
        title="A long one",
        source="times",
        day=date(1991, 12, 31),
    ),
    document(10, "Universities and banks; banking, banked. Volcer was misspelt.", title="Stems", day=date(1992, 2, 29)),
)
MANY = tuple(
    document(
        100 + number,
        "pagination " * (1 + number % 3),
        title=f"Page {number}",
        day=date(2000, 1, 1) + timedelta(days=number // 2),
    )
    for number in range(45)
)

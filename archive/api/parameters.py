"""The parameters that several addresses take, each with its limits, so that none reaches the database unbounded."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from ninja.params.functions import Path
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from archive.api.paging import CursorField, Limit
from archive.search.tokens import MAX_CHARACTERS

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII)


def _written_as(pattern: re.Pattern[str], example: str) -> BeforeValidator:
    """Only as RFC 3339 has it: pydantic would take a number for seconds since 1970."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not pattern.match(value):
            raise ValueError(f"write it as {example}")
        return value

    return BeforeValidator(check)


def _in_utc(moment: datetime) -> datetime:
    """In UTC, which the first and the last day of the calendar may be too far from the edge for."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return datetime(1, 1, 1, tzinfo=UTC) if moment.year == 1 else datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


Day = Annotated[date, _written_as(_DAY, "2024-02-29")]
Moment = Annotated[datetime, AfterValidator(_in_utc), _written_as(_MOMENT, "2024-02-29T13:30:00Z")]
# No NUL: PostgreSQL takes none in a text.
Text = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
Slug = Annotated[str, StringConstraints(max_length=120, pattern=r"^[-a-zA-Z0-9_]+$")]
Ident: Any = Path(..., ge=1, le=2**63 - 1)
KindInPath: Any = Path(...)
SlugInPath: Any = Path(..., max_length=120, pattern=r"^[-a-zA-Z0-9_]+$")
Values = Annotated[list[Text], Field(max_length=10, description="Of these values. Repeatable.")]


class Paging(Schema):
    limit: int = Limit
    cursor: str | None = CursorField


class ArticleQuestion(Paging):
    source: Slug | None = Field(None, description="Slug of a source.")
    language: Text | None = Field(None, description="Code, for example en.")
    section: Text | None = None
    published_from: Day | None = Field(None, description="First day, inclusive.")
    published_to: Day | None = Field(None, description="Last day, inclusive.")
    updated_since: Moment | None = Field(None, description="Stored or changed in the archive since then.")


class NameQuestion(Paging):
    kind: Literal["person", "organisation", "place"] | None = None
    name: Text | None = Field(None, description="A word of the name or of an alias begins so.")
    sort: Literal["count", "name"] = "count"


class SearchQuestion(Paging):
    q: str = Field("", max_length=MAX_CHARACTERS, pattern=r"^[^\x00]*$", description="As in the search box; see docs.")
    sort: Literal["relevance", "fresh", "newest", "oldest"] = "relevance"
    facets: bool = Field(False, description="Count the values of people, organisations, places, sources and more.")
    person: Values = []
    organisation: Values = []
    place: Values = []
    source: Values = []
    year: Values = []
    month: Values = []
    day: Values = []
    section: Values = []
    language: Values = []
    not_person: Values = Field([], alias="not-person", description="Of none of these values. Repeatable.")
    not_organisation: Values = Field([], alias="not-organisation", description="Of none of these values. Repeatable.")
    not_place: Values = Field([], alias="not-place", description="Of none of these values. Repeatable.")
    not_source: Values = Field([], alias="not-source", description="Of none of these values. Repeatable.")
    not_year: Values = Field([], alias="not-year", description="Of none of these values. Repeatable.")
    not_month: Values = Field([], alias="not-month", description="Of none of these values. Repeatable.")
    not_day: Values = Field([], alias="not-day", description="Of none of these values. Repeatable.")
    not_section: Values = Field([], alias="not-section", description="Of none of these values. Repeatable.")
    not_language: Values = Field([], alias="not-language", description="Of none of these values. Repeatable.")

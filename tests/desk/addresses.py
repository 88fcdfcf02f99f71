"""Every address of the site: examples of it, and what each role is answered. A new address without a row fails a test.

`{…}` in an example is filled from the archive that the test has made: `{shown}` and `{secret}` are article numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver

ROLES = ("anonymous", "reader", "nobody", "editor", "archivist", "admin")
"""`nobody` is staff without any role."""


@dataclass(frozen=True, slots=True)
class Address:
    """GET of the first example is answered with these statuses, in the order of ROLES."""

    examples: tuple[str, ...]
    statuses: tuple[int, ...]
    is_public: bool = False
    """Whether what it shows is for readers: the leak walk goes there."""


def public(*examples: str, status: int = 200) -> Address:
    return Address(examples, (status,) * len(ROLES), is_public=True)


def own(*examples: str, signed_in: int = 200) -> Address:
    """For whoever is signed in."""
    return Address(examples, (302, *(signed_in,) * 5), is_public=True)


def desk(*examples: str, nobody: int = 403, editor: int = 200, archivist: int = 200, admin: int = 200) -> Address:
    return Address(examples, (302, 302, nobody, editor, archivist, admin))


def _records(path: str, *, view: str, add: str = "", change: str = "", pk: str = "1") -> dict[str, Address]:
    """The admin's pages of one kind of rows; `view`, `add` and `change` name the least role, "" nobody's."""

    def least(role: str, status: int = 200) -> Address:
        may = ROLES.index(role) if role else len(ROLES)
        statuses = [302, 302, *(status if at >= may else 403 for at in range(2, len(ROLES)))]
        return Address((f"admin/{path}/{{}}",), tuple(statuses))

    def at(address: Address, end: str) -> Address:
        return Address((address.examples[0].format(end),), address.statuses)

    return {
        f"admin/{path}/": at(least(view), ""),
        f"admin/{path}/add/": at(least(add), "add/"),
        f"admin/{path}/<path:object_id>/history/": at(least(view), f"{pk}/history/"),
        f"admin/{path}/<path:object_id>/delete/": at(least(""), f"{pk}/delete/"),
        f"admin/{path}/<path:object_id>/change/": at(least(view), f"{pk}/change/"),
        f"admin/{path}/<path:object_id>/": at(Address((f"admin/{path}/{{}}",), (302,) * 6), f"{pk}/"),
    }


RUN, DUMP_FILE = "{run}", "{dump}"
QUERIES = (
    "",
    "q=quokka",
    "q=zyzzogeton",
    "q=zyzz*",
    "q=zyzzogetan",
    "q=zyzzogeton+quokka&sort=newest",
    "q=person:%22Zebulon+Quixley%22",
    "q=speaker:%22Zebulon+Quixley%22",
    "q=quixley",
    "q=source:hush",
    "q=section:undercroft",
    "q=%22the+zyzzogeton+sleeps%22",
    "q=said:zyzzogeton",
    "q=zyzzogeton~",
    "q=date:2031",
    "q=person:%22Ada+Vale%22",
    "q=language:cy",
    "source=hush",
    "person=zebulon-quixley",
    "year=2031",
)
EXPORTS = tuple(f"search/export.{style}?{query}" for style in ("csv", "jsonl", "bib", "ris") for query in QUERIES[:4])

ADDRESSES: dict[str, Address] = {
    "": public(""),
    "articles/<int:pk>/source/": public("articles/{shown}/source/", "articles/{secret}/source/"),
    "articles/<int:pk>/cite/": public("articles/{shown}/cite/", "articles/{secret}/cite/"),
    "articles/<int:pk>/cite.<slug:style>": public(
        "articles/{shown}/cite.bib", *(f"articles/{{secret}}/cite.{style}" for style in ("bib", "ris", "csl"))
    ),
    "articles/<int:pk>/versions/<int:number>/": public("articles/{shown}/versions/1/", "articles/{secret}/versions/1/"),
    "articles/<int:pk>/": public("articles/{shown}/", "articles/{secret}/", status=301),
    "articles/<int:pk>/<slug:slug>/": public(
        "articles/{shown}/quokka-census-1/", "articles/{shown}/quokka-census-1/?names=1", "articles/{secret}/hush/"
    ),
    "search/": public(*(f"search/?{query}" for query in QUERIES)),
    "search/pins/": Address(("search/pins/",), (405,) * 6),
    "search/pins/<slug:key>/": public("search/pins/{pin}/"),
    "search/why/": public("search/why/?q=quokka&article={shown}", "search/why/?q=zyzzogeton&article={secret}"),
    "search/complete/": public(
        "search/complete/?q=quo", *(f"search/complete/?q={typed}" for typed in ("zyzz", "zeb", "quix", "hush", "vale"))
    ),
    "search/help/": public("search/help/"),
    "search/export.<slug:style>": public(*EXPORTS),
    "people/": public("people/", "people/?filter=quix", "people/?letter=Q", "people/?sort=name", "people/?sort=rise"),
    "people/<slug:slug>/": public("people/ada-vale/", "people/ada-vale/?sort=oldest", "people/zebulon-quixley/"),
    "organisations/": public("organisations/"),
    "organisations/<slug:slug>/": public("organisations/rangers/"),
    "places/": public("places/"),
    "places/<slug:slug>/": public("places/rottnest/"),
    "sources/": public("sources/", "sources/?filter=hush"),
    "sources/<slug:slug>/": public("sources/island-post/"),
    "sections/": public("sections/", "sections/?filter=under", "sections/?sort=name"),
    "dates/": public("dates/", "dates/?source=island-post", "dates/?source=hush"),
    "dates/<int:year>/": public("dates/2020/", "dates/2031/", "dates/2020/?source=island-post"),
    "dates/<int:year>/<int:month>/": public("dates/2020/02/", "dates/2031/05/"),
    "dates/<int:year>/<int:month>/<int:day>/": public("dates/2020/02/03/", "dates/2031/05/04/"),
    "feeds/latest/": public("feeds/latest/"),
    "feeds/changed/": public("feeds/changed/"),
    "feeds/search/": public(*(f"feeds/search/?{query}" for query in QUERIES)),
    "feeds/sources/<slug:slug>/": public("feeds/sources/island-post/"),
    "feeds/people/<slug:slug>/": public("feeds/people/ada-vale/", "feeds/people/zebulon-quixley/"),
    "feeds/organisations/<slug:slug>/": public("feeds/organisations/rangers/"),
    "feeds/places/<slug:slug>/": public("feeds/places/rottnest/"),
    "dates/unknown/": Address(("dates/unknown/",), (302, 403, 403, 200, 200, 200)),
    "export.<slug:style>": public("export.csv", "export.jsonl"),
    "people/<slug:slug>/export.<slug:style>": public("people/ada-vale/export.csv", "people/zebulon-quixley/export.csv"),
    "organisations/<slug:slug>/export.<slug:style>": public("organisations/rangers/export.csv"),
    "places/<slug:slug>/export.<slug:style>": public("places/rottnest/export.csv"),
    "shared/<slug:token>/": public("shared/{token}/"),
    "shared/<slug:token>/export.<slug:style>": public("shared/{token}/export.csv"),
    "collections/": own("collections/"),
    "collections/add/": own("collections/add/"),
    "collections/<int:pk>/": Address(("collections/{collection}/",), (302, 404, 404, 404, 404, 404)),
    "collections/<int:pk>/export.<slug:style>": Address(
        ("collections/{collection}/export.csv",), (302, 404, 404, 404, 404, 404)
    ),
    "following/": own("following/"),
    "following/add/": own("following/add/"),
    "following/stop/<str:token>/": public("following/stop/x/"),
    "rules/": public("rules/"),
    "rules/new/": Address(("rules/new/",), (302, 403, 403, 403, 404, 404)),
    "rules/<slug:name>/": public("rules/advertisement/"),
    "rules/runs/<int:pk>/": Address(("rules/runs/1/",), (302, 403, 403, 403, 404, 404)),
    "takedowns/": public("takedowns/"),
    "account/sign-in/": Address(("account/sign-in/",), (200, *(302,) * 5), is_public=True),
    "account/sign-out/": Address(("account/sign-out/",), (405,) * 6),
    "account/password/": own("account/password/"),
    "theme/": Address(("theme/",), (405,) * 6),
    "robots.txt": public("robots.txt"),
    "opensearch.xml": public("opensearch.xml"),
    "healthz": public("healthz"),
    "metrics": public("metrics", status=404),
    "sitemap.xml": public("sitemap.xml"),
    "sitemap-<section>.xml": public(*(f"sitemap-{name}.xml" for name in ("articles", "names", "sources"))),
    "news-sitemap.xml": public("news-sitemap.xml"),
    "api/v1/": public("api/v1/"),
    "api/v1/openapi.json": public("api/v1/openapi.json"),
    "api/v1/articles": public("api/v1/articles", "api/v1/articles?source=hush", "api/v1/articles?limit=1"),
    "api/v1/articles/<article_id>": public("api/v1/articles/{shown}", "api/v1/articles/{secret}"),
    "api/v1/articles/<article_id>/versions": public(
        "api/v1/articles/{shown}/versions", "api/v1/articles/{secret}/versions"
    ),
    "api/v1/articles/<article_id>/entities": public(
        "api/v1/articles/{shown}/entities", "api/v1/articles/{secret}/entities"
    ),
    "api/v1/articles/<article_id>/provenance": public(
        "api/v1/articles/{shown}/provenance", "api/v1/articles/{secret}/provenance", status=404
    ),
    "api/v1/articles/<article_id>/ledger": public("api/v1/articles/{shown}/ledger", "api/v1/articles/{secret}/ledger"),
    "api/v1/search": public(*(f"api/v1/search?{query}" for query in QUERIES if query.startswith("q="))),
    "api/v1/entities": public("api/v1/entities", "api/v1/entities?q=quix"),
    "api/v1/entities/<kind>/<slug>": public(
        "api/v1/entities/person/ada-vale", "api/v1/entities/person/zebulon-quixley"
    ),
    "api/v1/entities/<kind>/<slug>/articles": public(
        "api/v1/entities/person/ada-vale/articles", "api/v1/entities/person/zebulon-quixley/articles"
    ),
    "api/v1/entities/<kind>/<slug>/quotes": public(
        "api/v1/entities/person/ada-vale/quotes", "api/v1/entities/person/zebulon-quixley/quotes"
    ),
    "api/v1/sources": public("api/v1/sources"),
    "api/v1/sources/<slug>": public("api/v1/sources/island-post"),
    "api/v1/runs": Address(("api/v1/runs",), (401, 403, 403, 200, 200, 200)),
    "api/v1/runs/<run_id>": Address(("api/v1/runs/{run}",), (401, 403, 403, 200, 200, 200)),
    # The desk.
    "admin/": desk("admin/", nobody=200),
    "admin/login/": Address(("admin/login/",), (200, 200, 302, 302, 302, 302)),
    "admin/logout/": Address(("admin/logout/",), (302, 302, 405, 405, 405, 405)),
    "admin/password_change/": Address(("admin/password_change/",), (302,) * 6),
    "admin/password_change/done/": desk("admin/password_change/done/", nobody=200),
    "admin/autocomplete/": desk("admin/autocomplete/", editor=403, archivist=403, admin=403),
    "admin/jsi18n/": desk("admin/jsi18n/", nobody=200),
    "admin/r/<path:content_type_id>/<path:object_id>/": desk(
        "admin/r/0/0/", nobody=404, editor=404, archivist=404, admin=404
    ),
    "admin/^(?P<app_label>auth|archive|django_tasks_database)/$": desk("admin/archive/", nobody=404),
    "admin/(?P<url>.*)$": Address(("admin/no-such-page",), (302, 302, 404, 404, 404, 404)),
    "admin/auth/user/<id>/password/": desk("admin/auth/user/{reader}/password/", editor=403, archivist=403),
    **_records("auth/user", view="admin", add="admin", change="admin", pk="{reader}"),
    **_records("auth/group", view="admin", add="admin", pk="{group}"),
    **_records("archive/auditentry", view="admin", pk="{audit}"),
    "admin/archive/auditentry/export.csv": desk("admin/archive/auditentry/export.csv", editor=403, archivist=403),
    **_records("archive/source", view="editor", add="archivist", pk="{source}"),
    **_records("archive/article", view="editor", pk="{shown}"),
    **_records("archive/entity", view="editor", pk="{entity}"),
    **_records("archive/dump", view="editor", pk="{dump}"),
    **_records("archive/ingestrun", view="editor", pk="{run}"),
    **_records("django_tasks_database/dbtaskresult", view="", pk="1"),
    # Django says so before it asks who may: there is no such row.
    "admin/django_tasks_database/dbtaskresult/<path:object_id>/history/": Address(
        ("admin/django_tasks_database/dbtaskresult/1/history/",), (302,) * 6
    ),
    **_records("archive/takedown", view="archivist", pk="{takedown}"),
    "admin/archive/takedown/restrict/<int:article_id>/": desk("admin/archive/takedown/restrict/{shown}/", editor=403),
    "admin/archive/takedown/<int:pk>/end/": Address(
        ("admin/archive/takedown/{takedown}/end/",), (302, 302, 405, 405, 405, 405)
    ),
    "admin/archive/ingestrun/<int:run_id>/cancel/": Address(
        ("admin/archive/ingestrun/{run}/cancel/",), (302, 302, 405, 405, 405, 405)
    ),
    "admin/archive/ingestrun/<int:run_id>/undo/": desk("admin/archive/ingestrun/{run}/undo/", editor=403),
    "admin/archive/ingestrun/upload/": desk("admin/archive/ingestrun/upload/", editor=403),
    "admin/archive/ingestrun/upload/parts/": Address(
        ("admin/archive/ingestrun/upload/parts/",), (302, 302, 405, 405, 405, 405)
    ),
    "admin/archive/ingestrun/upload/parts/<slug:key>/": Address(
        ("admin/archive/ingestrun/upload/parts/x/",), (302, 302, 405, 405, 405, 405)
    ),
    "admin/archive/ingestrun/preview/": desk("admin/archive/ingestrun/preview/", editor=403),
    "admin/archive/ingestrun/<int:run_id>/status/": desk("admin/archive/ingestrun/{run}/status/"),
    "admin/archive/ingestrun/<int:run_id>/rejections/": desk("admin/archive/ingestrun/{run}/rejections/"),
    "admin/archive/ingestrun/<int:run_id>/rejections/download/": desk(
        "admin/archive/ingestrun/{run}/rejections/download/", editor=302, archivist=302, admin=302
    ),
    "admin/archive/ingestrun/<int:run_id>/rejections/retry/": Address(
        ("admin/archive/ingestrun/{run}/rejections/retry/",), (302, 302, 405, 405, 405, 405)
    ),
    "admin/archive/ingestrun/<int:run_id>/rejections/<int:rejection_id>/": desk(
        "admin/archive/ingestrun/{run}/rejections/{rejection}/"
    ),
    "admin/state/": desk("admin/state/"),
    "admin/names/": desk("admin/names/"),
    "admin/names/pair/": desk("admin/names/pair/", editor=405, archivist=405, admin=405),
    "admin/names/unlinked/": desk("admin/names/unlinked/"),
    "admin/names/batch/": desk("admin/names/batch/"),
    "admin/names/decisions.json": desk("admin/names/decisions.json"),
    "admin/names/undo/<int:pk>/": desk("admin/names/undo/1/", editor=405, archivist=405, admin=405),
    "admin/names/<int:pk>/": desk("admin/names/{entity}/"),
}


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of the site as its pattern says it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route

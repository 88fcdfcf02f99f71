"""The archive's addresses; they are permanent."""

from django.urls import URLPattern, path

from archive import feeds
from archive.choices import EntityKind
from archive.views import (
    articles,
    browse,
    citing,
    export,
    health,
    ledger,
    names,
    pins,
    search,
    signing_in,
    theme,
    versions,
    web,
    why,
)

app_name = "archive"
urlpatterns: list[URLPattern] = [
    path("", browse.home, name="home"),
    path("articles/<int:pk>/source/", ledger.source_view, name="article-source"),
    path("articles/<int:pk>/cite.<slug:style>", citing.cite, name="cite"),
    path("articles/<int:pk>/versions/<int:number>/", versions.version, name="version"),
    path("articles/<int:pk>/", articles.article, name="article-short"),
    path("articles/<int:pk>/<slug:slug>/", articles.article, name="article"),
    path("search/", search.search_page, name="search"),
    path("search/pins/", pins.make_pin, name="make-pin"),
    path("search/pins/<slug:key>/", pins.pin, name="pin"),
    path("search/why/", why.why, name="why"),
    path("search/complete/", why.completions, name="complete"),
    path("search/help/", search.help_page, name="help"),
    path("search/export.<slug:style>", export.export, name="export"),
    path("people/", names.names, {"kind": EntityKind.PERSON}, name="people"),
    path("people/<slug:slug>/", names.name, {"kind": EntityKind.PERSON}, name="person"),
    path("organisations/", names.names, {"kind": EntityKind.ORGANISATION}, name="organisations"),
    path("organisations/<slug:slug>/", names.name, {"kind": EntityKind.ORGANISATION}, name="organisation"),
    path("places/", names.names, {"kind": EntityKind.PLACE}, name="places"),
    path("places/<slug:slug>/", names.name, {"kind": EntityKind.PLACE}, name="place"),
    path("sources/", browse.sources, name="sources"),
    path("sources/<slug:slug>/", browse.source, name="source"),
    path("dates/<int:year>/", browse.day, name="year"),
    path("dates/<int:year>/<int:month>/", browse.day, name="month"),
    path("dates/<int:year>/<int:month>/<int:day>/", browse.day, name="day"),
    path("feeds/latest/", feeds.ArticleFeed(), name="feed-latest"),
    path("feeds/changed/", feeds.ChangedFeed(), name="feed-changed"),
    path("feeds/search/", feeds.SearchFeed(), name="feed-search"),
    path("feeds/sources/<slug:slug>/", feeds.SourceFeed(), name="feed-source"),
    path("feeds/people/<slug:slug>/", feeds.NameFeed(), {"kind": EntityKind.PERSON}, name="feed-person"),
    path("feeds/organisations/<slug:slug>/", feeds.NameFeed(), {"kind": EntityKind.ORGANISATION}, name="feed-org"),
    path("feeds/places/<slug:slug>/", feeds.NameFeed(), {"kind": EntityKind.PLACE}, name="feed-place"),
    path("account/sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("account/sign-out/", signing_in.SignOut.as_view(), name="sign-out"),
    path("account/password/", signing_in.ChangePassword.as_view(), name="password"),
    path("theme/", theme.choose_theme, name="theme"),
    path("robots.txt", web.robots, name="robots"),
    path("opensearch.xml", web.opensearch, name="opensearch"),
    path("healthz", health.healthz, name="healthz"),
]

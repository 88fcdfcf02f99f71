"""An article at its own address: there, taken down (410), or not there for this reader (404)."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from archive.access import reader_of
from archive.choices import Degree, Visibility
from archive.models import Article, Source, Takedown

_NOTICED_DEGREES = (Degree.TOMBSTONE, Degree.ERASE)
NOTICED = (Visibility.TOMBSTONE, Visibility.ERASED)
"""In their place stands a notice; what is merely hidden is not even said to exist."""


class Gone(Exception):
    """The article was taken down, for good as far as readers are concerned."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"Article {article_id} was taken down.")
        self.article_id = article_id


def open_article(request: HttpRequest, pk: int, *related: str) -> Article:
    """The article, if this reader may open it, with `related` fetched beside. Raises Gone, or Http404."""
    reader = reader_of(request)
    articles = Article.objects.readable_by(reader)
    found = (articles.select_related(*related) if related else articles).filter(pk=pk).order_by("pk").first()
    if found is not None:
        return found
    noticed = Article.objects.filter(pk=pk, visibility__in=NOTICED)
    if noticed.exclude(source__in=Source.objects.hidden_from(reader)).exists():
        raise Gone(pk)
    raise Http404(f"There is no article {pk}.")


class GoneMiddleware:
    """Answers 410 (RFC 9110, 15.5.11) wherever an article's address is asked for, so that copies elsewhere go too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Gone):
            return None
        noticed = Takedown.objects.filter(article=error.article_id, degree__in=_NOTICED_DEGREES, ended_at=None)
        context = {"article_id": error.article_id, "takedown": noticed.first()}
        return render(request, "archive/gone.html", context, status=410)

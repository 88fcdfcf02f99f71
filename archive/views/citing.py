"""An article as others cite and read it: BibTeX, RIS, CSL-JSON, and schema.org JSON-LD."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import http_date
from django.utils.safestring import SafeString, mark_safe

from archive.models import Article
from archive.views.citations import citations
from archive.views.opening import open_article

_BIBTEX_SPECIAL = str.maketrans(
    {char: f"\\{char}" for char in "#$%&_{}"}
    | {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
)
# What would end a script element, or begin a comment in one, is written as JSON escapes.
_SCRIPT_SPECIAL = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def cite(request: HttpRequest, pk: int, style: str) -> HttpResponse:
    """The citation as a file that a reference manager takes: `style` is "bib", "ris" or "csl"."""
    article = open_article(request, pk, "source")
    url = request.build_absolute_uri(article.get_absolute_url())
    makers = {
        "bib": (bibtex, "application/x-bibtex"),
        "ris": (ris, "application/x-research-info-systems"),
        "csl": (csl, "application/vnd.citationstyles.csl+json"),
    }
    if style not in makers:
        raise Http404("Citations are there as .bib, .ris and .csl.")
    maker, content_type = makers[style]
    response = HttpResponse(maker(article, url), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="article-{pk}.{style}"'
    response["Last-Modified"] = http_date(article.updated_at.timestamp())
    return response


def citation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The citation in words, in three styles, and as files."""
    article = open_article(request, pk, "source")
    url = request.build_absolute_uri(article.get_absolute_url())
    context = {"article": article, "url": url, "citations": citations(article, url)}
    return render(request, "archive/citation.html", context)


def bibtex(article: Article, url: str, note: str = "") -> str:
    fields = {
        "title": article.title or str(article),
        "author": " and ".join(article.byline),
        "journal": article.source.name,
        "year": str(article.published_on.year) if article.published_on else "",
        "date": article.published_on.isoformat() if article.published_on else "",
        "note": " ".join(note.split()),
    }
    lines = [f"  {name} = {{{value.translate(_BIBTEX_SPECIAL)}}}," for name, value in fields.items() if value]
    # An address keeps its characters: \url takes them as they are.
    return "\n".join([f"@article{{newsroom-archive-{article.pk},", *lines, f"  url = {{{url}}},", "}", ""])


def ris(article: Article, url: str, note: str = "") -> str:
    """RIS, as the format's specification of 2011 has it: a tag, two blanks, a dash, a blank, the value."""
    pairs = [("TY", "NEWS"), ("TI", article.title or str(article))]
    pairs += [("AU", name) for name in article.byline]
    pairs.append(("T2", article.source.name))
    if article.published_on:
        pairs += [("PY", str(article.published_on.year)), ("DA", f"{article.published_on:%Y/%m/%d}")]
    if note:
        pairs.append(("N1", note))
    pairs += [("UR", url), ("AN", str(article.pk)), ("ER", "")]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in pairs)


def csl(article: Article, url: str) -> str:
    """CSL-JSON (citation-style-language/schema, csl-data.json): one item, names literal as the byline has them."""
    day = article.published_on
    item: dict[str, Any] = {
        "id": f"newsroom-archive-{article.pk}",
        "type": "article-newspaper",
        "title": article.title or str(article),
        "author": [{"literal": name} for name in article.byline],
        "container-title": article.source.name,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "section": article.section,
        "language": article.language,
        "URL": url,
    }
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False)


def json_ld(article: Article, url: str) -> SafeString:
    """schema.org NewsArticle, safe inside a script element."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "headline": article.title,
        "alternativeHeadline": article.standfirst,
        "author": [{"@type": "Person", "name": name} for name in article.byline],
        "datePublished": article.published_at.isoformat() if article.published_at else None,
        "publisher": {"@type": "Organization", "name": article.source.name},
        "inLanguage": article.language,
        "articleSection": article.section,
        "wordCount": article.word_count,
        "isBasedOn": article.canonical_url,
    }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    return mark_safe(text.translate(_SCRIPT_SPECIAL))  # noqa: S308 - what could end the element is escaped

"""Stored rows → the API's shapes."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from archive import models
from archive.access import reader_of
from archive.api import shapes
from archive.views.also_in import appearances_for


def source_ref(source: models.Source) -> shapes.SourceRef:
    return shapes.SourceRef(slug=source.slug, name=source.name)


def brief(request: HttpRequest, article: models.Article) -> shapes.Brief:
    """`article` with its source, or a query for each is paid."""
    return shapes.Brief(**_brief(request, article))


def whole(request: HttpRequest, article: models.Article) -> shapes.Article:
    also = appearances_for(article, reader_of(request))
    return shapes.Article(
        **_brief(request, article),
        alternative_titles=[str(one) for one in article.alternative_titles],
        tags=[str(one) for one in article.tags],
        body=article.body,
        captions=[
            shapes.Caption(text=one.get("text") or "", credit=one.get("credit") or "") for one in article.captions
        ],
        date_evidence=shapes.DateEvidence(
            raw=article.published_raw,
            rule=article.published_rule,
            confidence=article.published_confidence,
            zone=article.published_zone,
        ),
        also_in=[
            shapes.AlsoIn(
                source=source_ref(one.source),
                title=one.title,
                original_url=one.canonical_url,
                published_at=one.published_at,
            )
            for one in also
        ],
    )


def name(request: HttpRequest, entity: models.Entity) -> shapes.Name:
    return shapes.Name(
        **name_ref(request, entity).model_dump(),
        article_count=entity.article_count,
        mention_count=entity.mention_count,
    )


def name_ref(request: HttpRequest, entity: models.Entity) -> shapes.NameRef:
    url = request.build_absolute_uri(entity.get_absolute_url())
    return shapes.NameRef(kind=cast(shapes.Kind, entity.kind), slug=entity.slug, name=entity.name, url=url)


def version(request: HttpRequest, old: models.ArticleVersion) -> shapes.Version:
    return shapes.Version(
        number=old.number,
        title=old.title,
        standfirst=old.standfirst,
        byline=old.byline,
        body=old.body,
        published_at=old.published_at,
        replaced_at=old.replaced_at,
        url=request.build_absolute_uri(reverse("archive:version", args=[old.article_id, old.number])),
    )


def source(request: HttpRequest, one: Any) -> shapes.Source:
    """`one` from `SourceQuerySet.with_counts`."""
    url = request.build_absolute_uri(one.get_absolute_url())
    return shapes.Source(slug=one.slug, name=one.name, domain=one.domain, url=url, article_count=one.articles_shown)


def run(one: models.IngestRun) -> shapes.Run:
    return shapes.Run(
        id=one.pk,
        dump=one.dump.name if one.dump else None,
        sha256=one.dump.sha256 if one.dump else None,
        status=one.status,
        reason=one.reason,
        read=one.read,
        stored=one.stored,
        updated=one.updated,
        unchanged=one.unchanged,
        duplicates=one.duplicates,
        rejected=one.rejected,
        created_at=one.created_at,
        started_at=one.started_at,
        finished_at=one.finished_at,
    )


def _brief(request: HttpRequest, article: models.Article) -> dict[str, Any]:
    return {
        "id": article.pk,
        "url": request.build_absolute_uri(article.get_absolute_url()),
        "source": source_ref(article.source),
        "external_id": article.external_id,
        "original_url": article.canonical_url,
        "title": article.title,
        "standfirst": article.standfirst,
        "byline": article.byline,
        "published_at": article.published_at,
        "published_on": article.published_on,
        "date_precision": article.published_precision,
        "language": article.language,
        "section": article.section,
        "word_count": article.word_count,
        "is_headline_only": article.is_headline_only,
        "version": article.version,
        "updated_at": article.updated_at,
    }

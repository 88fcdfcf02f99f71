"""Takes an article down, as far as was decided: what readers meet, what the database keeps, and what may come again.

Everything of the database happens in one transaction with its audit row, which also notes what is left in files:
`tasks.destroy_traces` destroys that afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from archive.access import Reader
from archive.audit import record
from archive.choices import Act, Degree, TakedownReason, Visibility
from archive.errors import ArchiveError
from archive.ingest import habit_counts, serialise, tallies
from archive.ingest.account import is_rewritten
from archive.ingest.anonymising import Anonymiser
from archive.ingest.entities.link import recount, recount_named_in
from archive.ingest.families import relatives
from archive.ingest.holdings import keys_of, line_keys_of, place_of, raws_of, record_of, rejections_with
from archive.ingest.identity import ingested_hash
from archive.ingest.records import Locator
from archive.ingest.rejections import locator_of
from archive.ingest.traces import noted
from archive.models import (
    Appearance,
    Article,
    Entity,
    EntityAlias,
    Mention,
    RawRecord,
    RecleanDifference,
    Rejection,
    Takedown,
    WithheldText,
    queue_for_index,
)

_VISIBILITY = {
    Degree.DELIST: Visibility.DELISTED,
    Degree.HIDE: Visibility.HIDDEN,
    Degree.EMBARGO: Visibility.EMBARGOED,
    Degree.TOMBSTONE: Visibility.TOMBSTONE,
    Degree.ERASE: Visibility.ERASED,
}
FOR_GOOD = (Degree.ANONYMISE, Degree.ERASE)


class TakedownRefused(ArchiveError):
    """What was asked cannot be done; nothing was."""


@dataclass(frozen=True, slots=True)
class Request:
    """What staff decided. `names` are the forms of a name to remove, `until` the end of an embargo."""

    degree: Degree
    reason: TakedownReason
    notice: str = ""
    requester: str = ""
    note: str = ""
    until: datetime | None = None
    names: tuple[str, ...] = ()


def preview(article: Article, request: Request) -> list[tuple[str, str]]:
    """(where, what changes there), for the one who decides; nothing is changed."""
    _check(article, request)
    raws = raws_of(article)
    rows: list[tuple[str, str]] = [
        ("Address of the article", _at_the_address(request)),
        ("Lists, search, feeds, exports, counts, API", "gone"),
    ]
    if request.degree in (Degree.DELIST,):
        rows[0] = ("Address of the article", "still opens for who knows it")
    if request.degree == Degree.ANONYMISE:
        anonymiser = Anonymiser.of_names(request.names)
        text = "\n".join([article.title, article.standfirst, *article.byline, *article.body])
        versions = list(article.versions.all())
        hits = _count(anonymiser, [text])
        in_versions = _count(
            anonymiser, [one for each in versions for one in (each.title, each.standfirst, *each.body)]
        )
        rows = [
            ("Text", f"{hits} times replaced by “{anonymiser.replacement}”"),
            ("Earlier versions", f"{in_versions} times in {len(versions)}"),
            ("Lines removed, raw records", f"replaced in {article.cuts.count()} lines and {len(raws)} records"),
            ("Names and quotations", "sought anew in the changed text"),
            ("When a dump brings it again", "the name is taken out before anything is stored"),
            (
                "Not reached",
                "kept dumps (no reader sees them) and their files' names, backups, what readers took away",
            ),
        ]
        if anonymiser.hidden(article.external_id, article.canonical_url)[1] != article.canonical_url:
            rows.insert(1, ("Where it was published", "the address holds the name: it is shown no more"))
    if request.degree == Degree.ERASE:
        counts = (
            f"{article.versions.count()} versions, {article.cuts.count()} lines, {article.appearances.count()} copies"
        )
        dumps = len({raw.dump_id for raw in raws})
        rows += [
            ("Text, earlier versions, removed lines, names, copies", f"destroyed: {counts}"),
            ("Raw records and kept dumps", f"destroyed: {len(raws)} records; blanked in {dumps} kept dumps"),
            ("Index and database files", "written anew, so that no byte is left"),
            ("When a dump brings it again", "nothing of it is stored"),
            ("Unfinished uploads", "thrown away, everybody's: nobody can tell what is in a part"),
            ("Not reached", "backups made before, what readers took away"),
        ]
    return [*rows, *_alike(article, request.degree)]


def _alike(article: Article, degree: Degree) -> list[tuple[str, str]]:
    """The articles that are nearly the same text, which stay: whoever takes one down may mean all."""
    if degree == Degree.DELIST or not (found := relatives(article, Reader(sees_every_source=True))):
        return []
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a> ({} %)',
        ((one.article.get_absolute_url(), one.article, round(100 * one.similarity)) for one in found),
    )
    return [("Nearly the same articles", format_html("stay as they are: {}", links))]


def _at_the_address(request: Request) -> str:
    if request.degree == Degree.DELIST:
        return "still opens for who knows it"
    if request.degree in (Degree.TOMBSTONE, Degree.ERASE):
        return "410 with the notice"
    return "404, as if it were not there" + (f", until {request.until:%Y-%m-%d %H:%M} UTC" if request.until else "")


def _count(anonymiser: Anonymiser, texts: Sequence[str]) -> int:
    mark = anonymiser.replacement
    return sum(anonymiser.text(text).count(mark) - text.count(mark) for text in texts)


def _check(article: Article, request: Request) -> None:
    if article.visibility == Visibility.ERASED:
        raise TakedownRefused("This article was erased; there is nothing left to take down.")
    if request.degree == Degree.EMBARGO and (request.until is None or request.until <= timezone.now()):
        raise TakedownRefused("An embargo needs the day on which it ends, in the future.")
    if request.degree == Degree.ANONYMISE and not Anonymiser.of_names(request.names).forms:
        raise TakedownRefused("Say which name to remove, each of its forms on a line, of up to eight words.")


def take_down(article_id: int, request: Request, by: AbstractBaseUser | AnonymousUser | None) -> Takedown:
    """Do it. Raises TakedownRefused."""
    if request.degree == Degree.ERASE and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    with transaction.atomic():
        article = Article.objects.select_for_update().select_related("source").get(pk=article_id)
        _check(article, request)
        made = Takedown.objects.create(
            article=article,
            degree=request.degree,
            reason=request.reason,
            notice=request.notice,
            requester=request.requester,
            note=request.note,
            until=request.until if request.degree == Degree.EMBARGO else None,
            was=article.visibility,
            made_by_id=by.pk if by is not None and by.is_authenticated else None,
        )
        carry_out(article, made, Anonymiser.of_names(request.names))
        record(Act.TAKEDOWN, f"{request.degree} article {article.pk}", by=by, about=article, takedown=made.pk)
    return made


def carry_out(article: Article, made: Takedown, anonymiser: Anonymiser | None) -> None:
    """What a takedown that is a row already means for its article; in a transaction of the caller's."""
    if made.degree == Degree.ANONYMISE and anonymiser is not None:
        _anonymise(article, made, anonymiser)
        made.traces = noted({})
    elif made.degree == Degree.ERASE:
        made.traces = noted(_erase(article, made))
    else:
        _show_as(article, _VISIBILITY[Degree(made.degree)])
    made.save(update_fields=["traces"])


def end(takedown: Takedown, by: AbstractBaseUser | AnonymousUser | None) -> None:
    """The article is met again as before. Raises TakedownRefused for what cannot be taken back."""
    with transaction.atomic():
        takedown = Takedown.objects.select_for_update().select_related("article").get(pk=takedown.pk)
        if takedown.ended_at is not None or takedown.degree in FOR_GOOD:
            raise TakedownRefused("This was done for good, or has ended already.")
        takedown.ended_at = timezone.now()
        takedown.save(update_fields=["ended_at"])
        standing = takedown.article.takedowns.filter(ended_at=None).exclude(degree=Degree.ANONYMISE).first()
        if takedown.article.visibility != Visibility.ERASED:
            _show_as(takedown.article, _VISIBILITY[Degree(standing.degree)] if standing else Visibility.PUBLIC)
        record(Act.RESTORE, f"takedown {takedown.pk} ended", by=by, about=takedown.article, takedown=takedown.pk)


def end_embargoes() -> int:
    """Show what was hidden until now; the worker asks every minute."""
    due = list(Takedown.objects.filter(degree=Degree.EMBARGO, ended_at=None, until__lte=timezone.now()))
    for takedown in due:
        end(takedown, None)
    return len(due)


def _show_as(article: Article, visibility: Visibility) -> None:
    Article.objects.filter(pk=article.pk).update(visibility=visibility, updated_at=timezone.now())
    article.visibility = visibility
    recount_named_in([article.pk])
    queue_for_index([article.pk])


def _anonymise(article: Article, made: Takedown, anonymiser: Anonymiser) -> None:
    forms = [list(form) for form in sorted(anonymiser.forms)]
    WithheldText.objects.bulk_create(
        WithheldText(takedown=made, key=key, salt=anonymiser.salt, forms=forms, replacement=anonymiser.replacement)
        for key in sorted(keys_of(article))
    )
    raws = raws_of(article)
    for rejection, _ in rejections_with(article, raws):
        said = bytes(rejection.excerpt).decode("utf-8", "surrogateescape")
        rejection.excerpt = anonymiser.markup(said).encode("utf-8", "surrogateescape")
        rejection.reason = anonymiser.text(rejection.reason)
        rejection.save(update_fields=["excerpt", "reason"])
    keys = line_keys_of(article, raws)
    habit_counts.forget(article.source_id, [key for key in keys if anonymiser.text(key) != key])
    rewritten = is_rewritten(article)
    for name in ("title", "standfirst", "byline", "alternative_titles", "body", "captions", "section", "tags"):
        setattr(article, name, anonymiser.value(getattr(article, name)))
    _hide_address(article, anonymiser)
    if not rewritten:  # its lines stay what its text is made of, for the raw record is changed alike
        article.settled_hash = ingested_hash(article.title, article.standfirst, article.body)
    article.named_at = None
    article.save()
    for version in article.versions.all():
        for name in ("title", "standfirst", "byline", "body"):
            setattr(version, name, anonymiser.value(getattr(version, name)))
        address = version.beside.get("canonical_url", "")
        version.beside = {**anonymiser.value(version.beside), "canonical_url": anonymiser.hidden("", address)[1]}
        version.save()
    for cut in article.cuts.all():
        cut.text = anonymiser.text(cut.text)
        cut.save()
    for appearance in article.appearances.all():
        appearance.title = anonymiser.text(appearance.title)
        _hide_address(appearance, anonymiser)
        appearance.save()
    for decision in article.line_decisions.all():
        for name in ("text", "above", "below", "reason"):
            setattr(decision, name, anonymiser.text(getattr(decision, name)))
        decision.save()
    RecleanDifference.objects.filter(article=article).delete()
    for raw in raws:
        changed = serialise.dumps(anonymiser.raw(record_of(raw)))
        RawRecord.objects.filter(pk=raw.pk).update(payload=changed)
    _forget_names(article, anonymiser)
    _forget_log(article)
    queue_for_index([article.pk])


def _hide_address(holder: Article | Appearance, anonymiser: Anonymiser) -> None:
    """An address with the name in it goes; so that dumps still find the article by it, a hash of it takes its place."""
    hidden = anonymiser.hidden(holder.external_id, holder.canonical_url)
    holder.external_id, holder.canonical_url = hidden


def _forget_names(article: Article, anonymiser: Anonymiser | None = None) -> None:
    """The article names nobody now; who stands nowhere else and was never decided about is forgotten."""
    entities = set(article.mentions.exclude(entity=None).values_list("entity_id", flat=True))
    forms = set(article.mentions.values_list("text", flat=True))
    article.quotations.all().delete()
    article.assignments.all().delete()
    article.mentions.all().delete()
    recount(pk for pk in entities if pk is not None)
    orphans = Entity.objects.filter(pk__in=entities, mentions=None, quotations=None, decisions=None, merged=None)
    orphans.filter(merged_into=None).delete()
    for alias in EntityAlias.objects.filter(entity__in=entities).exclude(name=F("entity__name")):
        is_meant = alias.name in forms or (anonymiser is not None and anonymiser.text(alias.name) != alias.name)
        same = Mention.objects.filter(Q(text=alias.name) | Q(key=alias.key), entity=alias.entity_id)
        if is_meant and not same.exists():
            alias.delete()


def _forget_log(article: Article) -> None:
    """Django's own log of the admin repeats titles."""
    kind = ContentType.objects.get_for_model(Article)
    LogEntry.objects.filter(content_type=kind, object_id=str(article.pk)).update(
        object_repr=f"article {article.pk}", change_message=""
    )


def _erase(article: Article, made: Takedown) -> dict[int, list[Locator]]:
    """Destroy the rows; returns the places in kept dumps, by their keys, that are to be blanked."""
    WithheldText.objects.bulk_create(WithheldText(takedown=made, key=key) for key in sorted(keys_of(article)))
    raws = raws_of(article)
    habit_counts.forget(article.source_id, line_keys_of(article, raws))
    places: dict[int, list[Locator]] = {}
    for raw in raws:
        places.setdefault(raw.dump_id, []).append(place_of(raw))
    for rejection, dump in rejections_with(article, raws):
        places.setdefault(dump.pk, []).append(locator_of(rejection))
        Rejection.objects.filter(pk=rejection.pk).update(excerpt=b"", reason="erased by a takedown")
    Article.objects.filter(pk=article.pk).update(raw=None, run=None)
    _forget_names(article)
    tallies.count(article.cuts.all(), sign=-1)
    _delete_what_belongs_to(article)
    RawRecord.objects.filter(pk__in=[raw.pk for raw in raws]).delete()
    blank = Article(
        source=article.source, visibility=Visibility.ERASED, text_hash=f"erased-{article.pk}", version=article.version
    )
    for field in Article._meta.concrete_fields:
        if field.name not in ("id", "source", "created_at", "updated_at"):
            setattr(article, field.attname, getattr(blank, field.attname))
    article.save()
    _forget_log(article)
    queue_for_index([article.pk])
    return places


def _delete_what_belongs_to(article: Article) -> None:
    """Rows of every other table that hold anything of the article, those of later models among them."""
    for relation in Article._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        model = relation.related_model
        if model is Takedown or not isinstance(model, type) or not issubclass(model, models.Model):
            continue
        rows = model._default_manager.filter(**{relation.field.name: article.pk})
        if relation.on_delete is models.SET_NULL:
            rows.update(**{relation.field.name: None})
        else:
            rows.delete()

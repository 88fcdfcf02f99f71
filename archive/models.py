"""What the archive stores. The database is the truth; every index is derived from it (see querysets.py)."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify

from archive.audit import AuditEntry
from archive.choices import ContentKind, DatePrecision, RunStatus, Visibility
from archive.decisions import Assignment, Decision
from archive.habit_models import SourceHabits, SourceLine
from archive.ledger_models import DateDecision, LineDecision, RecleanDifference, RecleanRun, RuleTally, SourceRule
from archive.name_models import Entity, EntityAlias, Mention, Quotation
from archive.outbox import IndexTask, queue_for_index
from archive.querysets import ArticleQuerySet, SourceQuerySet
from archive.reader_models import Collection, CollectionItem, Digest, SavedSearch
from archive.search_pins import SearchPin
from archive.sketches import TextSketch
from archive.takedowns import Takedown, WithheldText
from archive.text import clean_text
from archive.work_models import WorkerProcess, WorkShare

DOUBTFUL = 0.5
"""Dates that are believed less than this are for people to look at."""


def dump_storage() -> FileSystemStorage:
    """Kept dumps lie below MEDIA_ROOT, named by their hash; nothing serves them as files."""
    return FileSystemStorage()


class Source(models.Model):
    """A publisher: who brought the article out first."""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=200, blank=True)
    field_map = models.JSONField(default=dict, blank=True, help_text="field of the archive → field name in the dump")
    only_for = models.ForeignKey(
        "auth.Group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the only readers who may see it; empty: everybody",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("archive:source", args=[self.slug])


class Dump(models.Model):
    """A file that somebody brought, known by its content."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=500)
    format = models.CharField(max_length=40, blank=True)
    size = models.PositiveBigIntegerField()
    file = models.FileField(storage=dump_storage, max_length=300, blank=True)
    is_redacted = models.BooleanField(
        default=False, help_text="records of its kept copy were blanked, or it was destroyed"
    )
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:8]})"


class IngestRun(models.Model):
    """One attempt to ingest one dump; its counts are committed together with the records they count."""

    COUNTS = ("stored", "updated", "unchanged", "duplicates", "rejected")

    dump = models.ForeignKey(Dump, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    path = models.CharField(max_length=1000, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    options = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.QUEUED)
    reason = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)
    position = models.PositiveBigIntegerField(default=0, help_text="bytes of the dump that were read so far")
    read = models.PositiveBigIntegerField(default=0)
    stored = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(read=F("stored") + F("updated") + F("unchanged") + F("duplicates") + F("rejected")),
                name="run_accounts_for_every_record",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Rejection(models.Model):
    """A record of a run that is not an article: where it stands, why, and its first bytes."""

    run = models.ForeignKey(IngestRun, on_delete=models.CASCADE, related_name="rejections")
    record = models.PositiveBigIntegerField()
    locator = models.CharField(max_length=1200)
    member = models.CharField(max_length=1000, blank=True)
    offset = models.PositiveBigIntegerField(null=True, blank=True)
    length = models.PositiveBigIntegerField(null=True, blank=True)
    code = models.CharField(max_length=40)
    reason = models.TextField()
    excerpt = models.BinaryField(default=b"")

    class Meta:
        ordering = ["run", "record", "pk"]
        indexes = [models.Index(fields=["run", "record"], name="rejection_in_order")]

    def __str__(self) -> str:
        return f"{self.locator}: {self.reason}"

    @property
    def excerpt_text(self) -> str:
        """The first bytes as a person can read them; what is not UTF-8 as \\xNN."""
        return bytes(self.excerpt)[:200].decode("utf-8", "backslashreplace")


class RawRecord(models.Model):
    """What the dump said, compressed, with its place in the dump; nothing is lost on cleaning."""

    dump = models.ForeignKey(Dump, on_delete=models.PROTECT, related_name="records")
    member = models.CharField(max_length=1000, blank=True)
    number = models.PositiveBigIntegerField()
    line = models.PositiveBigIntegerField(null=True, blank=True)
    offset = models.PositiveBigIntegerField(null=True, blank=True)
    length = models.PositiveBigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=ContentKind)
    payload = models.BinaryField(help_text="records.RawRecord, serialised by ingest/serialise.py")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dump", "number"], name="record_once_per_dump")]

    def __str__(self) -> str:
        return f"{self.dump} record {self.number}"


class Article(models.Model):
    """A cleaned article. Its id never changes; its text may, and then the old text stays as an ArticleVersion."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="articles")
    external_id = models.CharField(max_length=500, blank=True)
    id_scope = models.CharField(max_length=16, blank=True, help_text="within what the id counts, see identity.py")
    canonical_url = models.CharField(max_length=2000, blank=True)
    title = models.TextField(blank=True)
    alternative_titles = models.JSONField(default=list, blank=True)
    standfirst = models.TextField(blank=True)
    byline = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True, help_text="the day in the article's own time zone")
    published_raw = models.CharField(max_length=300, blank=True)
    published_rule = models.CharField(max_length=100, blank=True)
    published_precision = models.CharField(max_length=5, choices=DatePrecision, blank=True)
    published_confidence = models.FloatField(null=True, blank=True)
    published_zone = models.CharField(max_length=6, blank=True, help_text='"+08:00", empty where the text gave none')
    language = models.CharField(max_length=10, blank=True)
    section = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list, blank=True)
    body = models.JSONField(default=list, help_text="paragraphs, in order")
    captions = models.JSONField(default=list, blank=True, help_text='[{"text": …, "credit": …}]')
    layout = models.JSONField(
        default=list, blank=True, help_text="[raw line number, place, rule] of each kept line; cut ones are Cut rows"
    )
    word_count = models.PositiveIntegerField(default=0)
    text_hash = models.CharField(max_length=64, help_text="by which texts are the same, see ingest/identity.py")
    ingested_hash = models.CharField(
        max_length=64, blank=True, help_text="of what the last dump brought; corrections by hand leave it"
    )
    settled_hash = models.CharField(
        max_length=64, blank=True, help_text="of the text after editors' decisions about lines; empty: as ingested"
    )
    is_headline_only = models.BooleanField(default=False)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    version = models.PositiveIntegerField(default=1)
    raw = models.ForeignKey(RawRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="articles")
    run = models.ForeignKey(IngestRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    named_at = models.DateTimeField(null=True, blank=True, help_text="when names were last sought; empty: not yet")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        # Newest first, undated last; the id breaks ties so that pages never overlap.
        ordering = [F("published_at").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "id_scope", "external_id"],
                condition=~Q(external_id=""),
                name="article_external_id_once",
            ),
            models.UniqueConstraint(
                fields=["source", "canonical_url"],
                condition=Q(external_id="") & ~Q(canonical_url=""),
                name="article_url_once",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_on__isnull=True)
                | Q(published_at__isnull=False, published_on__isnull=False),
                name="article_day_goes_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["text_hash"], name="article_text_hash"),
            models.Index(fields=["-published_at", "-id"], name="article_newest"),
            models.Index(fields=["published_on"], name="article_day"),
            models.Index(fields=["id"], condition=Q(published_confidence__lt=DOUBTFUL), name="article_doubtful_date"),
            models.Index(fields=["source", "-published_at", "-id"], name="article_source_newest"),
            # Finds the few that are not public, and counts the rest without reading their texts.
            models.Index(fields=["visibility", "source", "published_on"], name="article_visibility"),
        ]
        permissions = [("take_down_article", "Can take articles down")]

    def __str__(self) -> str:
        return self.title or f"article {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("archive:article", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The words of the address; never "source" or "cite", which are addresses of other pages about it."""
        words = slugify(self.title)[:60].strip("-") or "untitled"
        return words if words not in ("source", "cite") else f"{words}-article"

    @property
    def text(self) -> str:
        """The clean text that mention offsets count in: title, then paragraphs."""
        return clean_text(self.title, self.body)


class ArticleVersion(models.Model):
    """An earlier text of an article, as it was cited; `number` counts from 1, the current one is on the article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.TextField(blank=True)
    standfirst = models.TextField(blank=True)
    byline = models.JSONField(default=list, blank=True)
    body = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)
    text_hash = models.CharField(max_length=64)
    beside = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="the article's other columns, by which a run is undone"
    )
    raw = models.ForeignKey(RawRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(IngestRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["article", "-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.article_id} version {self.number}"


class Appearance(models.Model):
    """Where else the same text appeared: another identity, kept, but not a second article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="appearances")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="appearances")
    external_id = models.CharField(max_length=500, blank=True)
    id_scope = models.CharField(max_length=16, blank=True)
    canonical_url = models.CharField(max_length=2000, blank=True)
    title = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    raw = models.ForeignKey(RawRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="appearances")
    run = models.ForeignKey(IngestRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["published_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "id_scope", "external_id"],
                condition=~Q(external_id=""),
                name="appearance_external_id_once",
            ),
            models.UniqueConstraint(
                fields=["source", "canonical_url"],
                condition=Q(external_id="") & ~Q(canonical_url=""),
                name="appearance_url_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} also in {self.source_id}"


class Cut(models.Model):
    """A raw line (or a part of one) that cleaning removed, and the rule that did it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="cuts")
    line = models.PositiveIntegerField(help_text="counts from 1 in the raw text")
    text = models.TextField()
    rule = models.CharField(max_length=40, db_index=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["article", "line", "pk"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.rule}"


# The models that live in modules of their own, so that none swells, are offered here with the rest.
__all__ = [
    "Appearance",
    "Article",
    "ArticleVersion",
    "Assignment",
    "AuditEntry",
    "Collection",
    "CollectionItem",
    "Cut",
    "DateDecision",
    "Decision",
    "Digest",
    "Dump",
    "Entity",
    "EntityAlias",
    "IndexTask",
    "IngestRun",
    "LineDecision",
    "Mention",
    "Quotation",
    "RawRecord",
    "RecleanDifference",
    "RecleanRun",
    "Rejection",
    "RuleTally",
    "SavedSearch",
    "SearchPin",
    "Source",
    "SourceHabits",
    "SourceLine",
    "SourceRule",
    "Takedown",
    "TextSketch",
    "WithheldText",
    "WorkShare",
    "WorkerProcess",
    "queue_for_index",
]

"""The names of the archive: entities, the forms they are found under, where they stand, what they said.

Beside models.py, which would swell otherwise; import them from there.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from archive.choices import EntityKind, LinkBy
from archive.querysets import EntityQuerySet


class Entity(models.Model):
    """A person, organisation or place, one row for each real-world name; merged ones point to what they became."""

    kind = models.CharField(max_length=12, choices=EntityKind)
    name = models.CharField(max_length=300)
    slug = models.SlugField(max_length=120)
    sort_name = models.CharField(max_length=300, help_text="what lists sort by: surname first for people, folded")
    article_count = models.PositiveIntegerField(default=0)
    mention_count = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    is_hidden = models.BooleanField(default=False, help_text="not a name, or taken down")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EntityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entities"
        ordering = ["kind", "sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="entity_slug_once_per_kind"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")), name="entity_not_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-article_count", "sort_name"], name="entity_most_named"),
            models.Index(fields=["kind", "sort_name"], name="entity_by_letter"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(f"archive:{self.kind}", args=[self.slug])

    @property
    def root(self) -> "Entity":
        """What the entity was merged into, as far as that goes; itself if it was not."""
        entity = self
        while entity.merged_into is not None:
            entity = entity.merged_into
        return entity


class EntityAlias(models.Model):
    """A form under which an entity is found: its own name, variants, names of entities merged into it."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="aliases")
    kind = models.CharField(max_length=12, choices=EntityKind)
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=300, help_text="normalised for matching, see ingest/entities")
    family = models.CharField(max_length=300, blank=True, db_index=True, help_text="last word of a person's key")

    class Meta:
        verbose_name_plural = "entity aliases"
        ordering = ["entity", "pk"]
        constraints = [models.UniqueConstraint(fields=["entity", "name"], name="alias_once_per_entity")]
        indexes = [models.Index(fields=["kind", "key"], name="alias_key")]

    def __str__(self) -> str:
        return self.name


class Mention(models.Model):
    """A name where it stands: code points [start, end) of `Article.text`."""

    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="mentions")
    entity = models.ForeignKey(Entity, null=True, blank=True, on_delete=models.CASCADE, related_name="mentions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    role = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=EntityKind)
    key = models.CharField(max_length=300, db_index=True, help_text="of the fullest form of the name in the article")
    link = models.CharField(max_length=8, choices=LinkBy, default=LinkBy.NAME)

    class Meta:
        ordering = ["article", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="mention_not_empty"),
            models.UniqueConstraint(fields=["article", "start", "end"], name="mention_once"),
        ]
        indexes = [models.Index(fields=["entity", "article"], name="mention_entity_article")]

    def __str__(self) -> str:
        return self.text


class Quotation(models.Model):
    """A direct quotation: code points [start, end) of `Article.text`, and who said it where that is plain.

    The speaker is always whom the article's mentions of the same kind and key mean, and moves with them.
    """

    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="quotations")
    speaker = models.ForeignKey(Entity, null=True, blank=True, on_delete=models.SET_NULL, related_name="quotations")
    speaker_kind = models.CharField(max_length=12, choices=EntityKind, blank=True)
    speaker_key = models.CharField(max_length=300, blank=True, help_text="the speaker's name, as in mentions")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["article", "start"]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="quotation_not_empty")]

    def __str__(self) -> str:
        return self.text[:80]

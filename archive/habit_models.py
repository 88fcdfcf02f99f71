"""How each source writes, learnt by counting while ingest stores: its repeated lines, its order of day and month.

A module beside models.py to keep that one short; import them from there. Counts only: which of them are enough to go
by is for `ingest/habits.py` to say.
"""

from django.db import models


class SourceHabits(models.Model):
    """What was counted over a source's articles, each once, when it was first stored."""

    source = models.OneToOneField("archive.Source", on_delete=models.CASCADE, related_name="habits", primary_key=True)
    articles = models.PositiveIntegerField(default=0)
    day_first = models.PositiveIntegerField(default=0, help_text="dates such as 24/11/2019")
    month_first = models.PositiveIntegerField(default=0, help_text="dates such as 11/24/2019")

    class Meta:
        verbose_name_plural = "source habits"

    def __str__(self) -> str:
        return f"habits of source {self.source_id}: {self.articles} articles"


class SourceLine(models.Model):
    """In how many articles of a source a line stands that could be the source's own rather than the author's."""

    source = models.ForeignKey("archive.Source", on_delete=models.CASCADE, related_name="lines")
    key = models.CharField(max_length=300, help_text="the line as rules read it")
    articles = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True, blank=True, help_text="the earliest day of an article that has it")
    last_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="source_line_once")]
        indexes = [
            models.Index(
                fields=["source", "articles"], condition=models.Q(articles__gte=3), name="source_line_repeated"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key[:60]} ({self.articles} articles of source {self.source_id})"

"""What editors decided about lines and dates, what their source rules are, and how often each rule cuts.

A module beside models.py to keep that one short; import them from there. Nothing is ever deleted by hand: undoing and
withdrawing set a mark, and every later ingest and reclean obeys what stands.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from archive.choices import DatePrecision, DateVerb, LineVerb, RunStatus
from archive.judgements import Made, Undoable


class LineDecision(Undoable):
    """One line of one article, put back into the text or taken out of it by a person.

    Found again by its content and its neighbours: the number alone would not outlive a new dump of the same page.
    """

    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="line_decisions")
    verb = models.CharField(max_length=4, choices=LineVerb)
    line = models.PositiveIntegerField(help_text="counts from 1 in the raw text, when it was decided")
    text = models.TextField()
    above = models.TextField(blank=True, help_text="the non-blank line above it, as rules read it")
    below = models.TextField(blank=True)
    rule = models.CharField(max_length=40, blank=True, help_text="the rule that this overrules, if one had decided")
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["rule", "verb"], name="line_decision_rule")]

    def __str__(self) -> str:
        return f"{self.verb} line {self.line} of article {self.article_id}"


class SourceRule(Made):
    """A line that editors cut from every article of a source, or that no rule may cut there; withdrawn by a mark."""

    source = models.ForeignKey("archive.Source", on_delete=models.CASCADE, related_name="line_rules")
    verb = models.CharField(max_length=4, choices=LineVerb)
    key = models.TextField(help_text="the line as rules read it: lower case, plain quotes and blanks")
    text = models.TextField(help_text="the line as it stood where the rule was proposed")
    reason = models.CharField(max_length=1000, blank=True)
    seen_articles = models.PositiveIntegerField(default=0, help_text="how many the preview showed that it would change")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key"], condition=Q(withdrawn_at=None), name="source_rule_once_for_a_line"
            )
        ]

    def __str__(self) -> str:
        return f"rule {self.pk} of {self.source_id}: {self.verb} “{self.text[:60]}”"


class RuleTally(models.Model):
    """By how much the cuts of a rule in a source grew or shrank at one writing; their sum is how many there are."""

    source = models.ForeignKey("archive.Source", on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=40)
    cuts = models.BigIntegerField()
    articles = models.BigIntegerField(help_text="how many articles more (or fewer) have a cut of this rule")

    class Meta:
        indexes = [models.Index(fields=["rule", "source"], name="rule_tally")]

    def __str__(self) -> str:
        return f"{self.rule} in source {self.source_id}: {self.cuts:+}"


class DateDecision(Undoable):
    """When an article was published, as a person judged; or that it is to stay undated."""

    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="date_decisions")
    verb = models.CharField(max_length=5, choices=DateVerb)
    value = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True, help_text="the day in the article's own time zone")
    precision = models.CharField(max_length=5, choices=DatePrecision, blank=True)
    raw = models.CharField(max_length=300, blank=True, help_text="the string that was accepted; empty if set by hand")
    rule = models.CharField(max_length=100, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    zone = models.CharField(max_length=6, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["article"], condition=Q(undone_at=None), name="one_date_stands")]

    def __str__(self) -> str:
        return f"article {self.article_id}: {self.verb} {self.day or ''}"


class RecleanRun(models.Model):
    """One run of `reclean`, or of a source rule over stored articles: how far it is and what it changed."""

    source = models.ForeignKey("archive.Source", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(SourceRule, null=True, blank=True, on_delete=models.CASCADE, related_name="runs")
    is_rehearsal = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.QUEUED)
    reason = models.TextField(blank=True)
    code = models.CharField(max_length=16, blank=True, help_text="the state of the cleaning code")
    total = models.PositiveBigIntegerField(default=0)
    last_article = models.PositiveBigIntegerField(default=0, help_text="articles up to this id are done")
    counts = models.JSONField(default=dict, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"reclean {self.pk}"


class RecleanDifference(models.Model):
    """One of the articles that a run changes most: kept for people to look at. It goes with its article."""

    run = models.ForeignKey(RecleanRun, on_delete=models.CASCADE, related_name="worst")
    article = models.ForeignKey("archive.Article", on_delete=models.CASCADE, related_name="+")
    words = models.PositiveIntegerField()
    newly_cut = models.JSONField(default=list)
    newly_kept = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "-words", "pk"]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.article_id}, {self.words} words"

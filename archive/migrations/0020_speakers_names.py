"""Quotations learn under which name of the article their speaker stands, so that they move with its mentions."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

BATCH = 1000


def name_speakers(apps, schema_editor):
    """The speaker's own mentions in the article say it; what moved away before is found anew by `find_names --all`."""
    Mention, Quotation = apps.get_model("archive", "Mention"), apps.get_model("archive", "Quotation")
    named = Mention.objects.filter(article=OuterRef("article"), entity=OuterRef("meant")).order_by("start")
    rows = Quotation.objects.filter(speaker__isnull=False).order_by("pk")
    rows = rows.annotate(meant=Coalesce("speaker__merged_into", "speaker")).annotate(
        named_kind=Subquery(named.values("kind")[:1]), named_key=Subquery(named.values("key")[:1])
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "meant", "named_kind", "named_key")[:BATCH]):
        Quotation.objects.bulk_update(
            [
                Quotation(pk=pk, speaker_id=meant, speaker_kind=kind, speaker_key=key)
                for pk, meant, kind, key in batch
                if key
            ],
            ["speaker", "speaker_kind", "speaker_key"],
            batch_size=100,
        )
        last = batch[-1][0]


class Migration(migrations.Migration):

    dependencies = [
        ("archive", "0019_takedown_traces"),
    ]

    operations = [
        migrations.AddField(
            model_name="quotation",
            name="speaker_kind",
            field=models.CharField(blank=True, choices=[("person", "Person"), ("organisation", "Organisation"), ("place", "Place")], max_length=12),
        ),
        migrations.AddField(
            model_name="quotation",
            name="speaker_key",
            field=models.CharField(blank=True, help_text="the speaker's name, as in mentions", max_length=300),
        ),
        migrations.RunPython(name_speakers, migrations.RunPython.noop),
    ]

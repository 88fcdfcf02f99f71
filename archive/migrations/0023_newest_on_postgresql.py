"""PostgreSQL sorts the undated first in descending order; lists want them last, so its indexes have to say so.

SQLite sorts them last by itself, and takes no such words in an index.
"""

from django.db import migrations

INDEXES = {
    "article_newest": "published_at DESC{nulls}, id DESC",
    "article_source_newest": "source_id, published_at DESC{nulls}, id DESC",
}


def _make(schema_editor, nulls):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, columns in INDEXES.items():
        schema_editor.execute(f'DROP INDEX IF EXISTS "{name}"')
        schema_editor.execute(f'CREATE INDEX "{name}" ON "archive_article" ({columns.format(nulls=nulls)})')


def forth(apps, schema_editor):
    _make(schema_editor, " NULLS LAST")


def back(apps, schema_editor):
    _make(schema_editor, "")


class Migration(migrations.Migration):
    dependencies = [("archive", "0022_refused_documents")]
    operations = [migrations.RunPython(forth, back)]

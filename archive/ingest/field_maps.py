"""The mapping of fields that a source was given once, remembered for its further dumps."""

from dataclasses import replace

from archive.ingest.identity import source_slug
from archive.ingest.options import IngestOptions
from archive.models import Source


def with_map(options: IngestOptions, *, remember: bool = False) -> IngestOptions:
    """The mapping of fields that a source was given once is used for it where none is given."""
    if not options.source:
        return options
    slug = source_slug(options.source)
    if options.field_map and not remember:
        return options
    if options.field_map:
        Source.objects.get_or_create(slug=slug, defaults={"name": options.source})
        Source.objects.filter(slug=slug).update(field_map=dict(options.field_map))
        return options
    source = Source.objects.filter(slug=slug).first()
    return replace(options, field_map=source.field_map) if source else options

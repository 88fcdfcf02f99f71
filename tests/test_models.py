"""The constraints that the database itself keeps."""

import pytest
from django.db import IntegrityError

from archive.models import IngestRun, Source


@pytest.mark.django_db
def test_a_run_cannot_lose_a_record() -> None:
    with pytest.raises(IntegrityError):
        IngestRun.objects.create(read=3, stored=1, rejected=1)


@pytest.mark.django_db
def test_a_source_slug_is_taken_once() -> None:
    Source.objects.create(slug="reuters", name="Reuters")
    with pytest.raises(IntegrityError):
        Source.objects.create(slug="reuters", name="Other")

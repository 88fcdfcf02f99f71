"""Imported once by the process that worker processes are forked from, so that each need not load everything anew."""

import django

django.setup()

from archive.ingest import prepare  # noqa: E402, F401  # needs Django's settings; imported for its own imports

"""`manage.py send_digests`: mail readers what is new to the searches that they follow; for cron."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from archive.choices import DigestStatus
from archive.digest_mail import mail_connection, send
from archive.errors import IndexUnavailable
from archive.following import due, gather
from archive.models import Digest


class Command(BaseCommand):
    help = "Mail readers what is new to the searches that they follow; twice sends nothing twice."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", action="store_true", help="send again what was interrupted while being sent")
        parser.add_argument("--json", action="store_true", help="print the counts as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        interrupted = Digest.objects.filter(status=DigestStatus.SENDING)
        if options["retry"]:
            interrupted.update(status=DigestStatus.WAITING)
        # JSON stands alone on standard output, so mails that are only written out go elsewhere.
        connection = mail_connection(self.stderr if options["json"] else self.stdout)
        counts = {"sent": 0, "waiting": 0, "interrupted": interrupted.count()}
        try:
            for searches in due(timezone.now()):
                gather(searches, timezone.now())
            for digest in Digest.objects.filter(status=DigestStatus.WAITING).select_related("owner").order_by("pk"):
                counts["sent"] += send(digest, connection)
        except IndexUnavailable as error:
            self.stderr.write(f"No digests now: {error}")
            sys.exit(1)
        waiting = Digest.objects.filter(status=DigestStatus.WAITING)
        counts["waiting"] = waiting.count()
        self._report(counts, waiting.exclude(problem="").first(), as_json=options["json"])
        if counts["waiting"] or counts["interrupted"]:
            sys.exit(1)

    def _report(self, counts: dict[str, int], refused: Digest | None, *, as_json: bool) -> None:
        if refused:
            self.stderr.write(f"The mail server refused: {refused.problem}. What waits is tried again the next time.")
        if counts["interrupted"]:
            self.stderr.write("Some were interrupted while being sent and may have arrived: --retry sends them again.")
        if as_json:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(f"{counts['sent']:,} digests sent, {counts['waiting']:,} waiting")

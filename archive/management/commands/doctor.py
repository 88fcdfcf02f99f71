"""`manage.py doctor`: looks at everything that can be wrong with an archive, and says what to do."""

from typing import Any

from django.core.management.base import BaseCommand

from archive.management.examination import State, examine


class Command(BaseCommand):
    help = "Examine settings, database, index, worker, runs, dumps and disk; exit status 1 if something is broken."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        broken = False
        for finding in examine():
            broken |= finding.state is State.BROKEN
            self.stdout.write(f"{finding.state:<7} {finding.part:<9} {finding.says}")
            if finding.do:
                self.stdout.write(f"{'':17} → {finding.do}")
        if broken:
            raise SystemExit(1)

"""Who works, and on what: the workers of all machines, their tasks, and the shares of runs that they hold."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from archive.work_models import WorkerProcess, WorkShare


class Command(BaseCommand):
    help = "List the background workers of this archive, on all machines, with what each does now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the list as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [_describe(worker) for worker in WorkerProcess.objects.all()]
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for one in found:
            tasks = ", ".join(one["tasks"]) or "nothing to do"
            shares = "".join(f"; run {share['run']} from record {share['first'] + 1:,}" for share in one["shares"])
            heard = "" if one["alive"] else " (not heard of: its work goes to others)"
            self.stdout.write(f"{one['name']}{heard}: {tasks}{shares}; heard of {one['seconds']} s ago")
        if not found:
            self.stdout.write("No worker runs. Start one: manage.py worker")


def _describe(worker: WorkerProcess) -> dict[str, Any]:
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    tasks = [task for task in running if task.worker_ids[-1:] == [worker.name]]
    return {
        "name": worker.name,
        "alive": worker.is_alive,
        "seconds": round((timezone.now() - worker.seen_at).total_seconds()),
        "tasks": [f"{task.task_name} {' '.join(map(str, task.args_kwargs['args']))}".strip() for task in tasks],
        "shares": list(WorkShare.objects.filter(holder=worker.name).values("run", "first")),
    }

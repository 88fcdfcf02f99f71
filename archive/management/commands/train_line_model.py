"""Trains the line model of cleaning on the real data beside the project and writes its weights with their proof."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.ingest.cleaning import line_training
from archive.ingest.cleaning.line_model import WEIGHTS_FILE
from archive.ingest.cleaning.measures import body_figures, line_accuracy


class Command(BaseCommand):
    help = "Train the line model; prints its scores in cross-validation by site."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the real data")
        parser.add_argument("--output", type=Path, default=WEIGHTS_FILE, help="where the weights go")

    def handle(self, *args: Any, **options: Any) -> None:
        data: Path = options["data"]
        if not (data / "flattened-html").is_dir():
            raise CommandError(f"{data} does not hold the training data; name its folder with --data", returncode=2)
        pages = line_training.through_rules(line_training.labelled_pages(data))
        results = line_training.cross_validated(pages, self.stderr.write)
        bodies = body_figures((page.body, "\n".join(body)) for page, body, _ in results if not page.read_by_hand)
        lines = line_accuracy((page.labels, kept) for page, _, kept in results if page.read_by_hand)
        scores = {
            "f1": round(bodies.f1, 4),
            "precision": round(bodies.precision, 4),
            "recall": round(bodies.recall, 4),
            "damaged": round(bodies.damaged, 4),
            "line_classes": round(lines, 4),
        }
        model = line_training.train(pages)
        stored = {
            "trained_by": "manage.py train_line_model",
            "data_sha256": line_training.data_hash(data),
            "seed": line_training.SEED,
            "pages": len(pages),
            "cross_validated_by_site": scores,
            "threshold": model.threshold,
            "bias": model.bias,
            "weights": dict(sorted(model.weights.items())),
        }
        options["output"].write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", "utf-8")
        self.stdout.write(json.dumps(scores))

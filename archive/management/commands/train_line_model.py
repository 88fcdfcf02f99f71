"""Trains the line model and the choice of titles on the real data beside the project; weights come with their proof."""

import json
from argparse import ArgumentParser
from pathlib import Path
from statistics import mean
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.ingest.cleaning import line_training, title, title_training
from archive.ingest.cleaning.line_model import WEIGHTS_FILE
from archive.ingest.cleaning.measures import body_figures, line_accuracy
from archive.ingest.cleaning.title import shipped_weights


class Command(BaseCommand):
    help = "Train the line model and the choice of titles; prints their scores in cross-validation by site."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the real data")
        parser.add_argument("--output", type=Path, default=WEIGHTS_FILE, help="where the weights go")
        parser.add_argument("--titles", type=Path, default=title.WEIGHTS_FILE, help="where the titles' weights go")

    def handle(self, *args: Any, **options: Any) -> None:
        data: Path = options["data"]
        if not (data / "flattened-html").is_dir():
            raise CommandError(f"{data} does not hold the training data; name its folder with --data", returncode=2)
        titles = _trained_titles(data)  # before the lines: what is the title is no line for the model
        _write(options["titles"], titles)
        shipped_weights.cache_clear()
        lines = self._trained_lines(data)
        _write(options["output"], lines)
        self.stdout.write(json.dumps({**lines["cross_validated_by_site"], **titles["cross_validated_by_site"]}))

    def _trained_lines(self, data: Path) -> dict[str, Any]:
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
        return {
            **_proof(line_training.data_hash(data), len(pages), scores),
            "threshold": model.threshold,
            "bias": model.bias,
            "weights": dict(sorted(model.weights.items())),
        }


def _trained_titles(data: Path) -> dict[str, Any]:
    pages = title_training.titled_pages(data)
    right = title_training.cross_validated_titles(pages)
    standing = [told for page, told in zip(pages, right, strict=True) if page.right]
    none = [told for page, told in zip(pages, right, strict=True) if not page.right]
    scores = {"title_told": round(mean(standing), 4), "no_title_told": round(mean(none), 4)}
    return {
        **_proof(title_training.data_hash(data), len(pages), scores),
        "weights": dict(sorted(title_training.fit(pages).items())),
    }


def _proof(data_sha256: str, pages: int, scores: dict[str, float]) -> dict[str, Any]:
    return {
        "trained_by": "manage.py train_line_model",
        "data_sha256": data_sha256,
        "seed": line_training.SEED,
        "pages": pages,
        "cross_validated_by_site": scores,
    }


def _write(path: Path, stored: dict[str, Any]) -> None:
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", "utf-8")

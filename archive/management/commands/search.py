"""Searches from the shell: the same answer as the search page, for people and as JSON for scripts."""

import json
from argparse import ArgumentParser, FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.errors import ArchiveError
from archive.search.query import Sort
from archive.search.run import SearchAnswer, search

FACETS = ("person", "source", "place", "organisation", "year")


class Command(BaseCommand):
    help = "Search the archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", nargs="?", help="what a reader would type")
        parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
        parser.add_argument("--limit", type=int, default=20, help="hits a page (default: %(default)s)")
        parser.add_argument("--page", type=int, default=1, help="which page, from 1 (default: %(default)s)")
        parser.add_argument(
            "--sort", choices=[sort.value for sort in Sort], default="relevance", help="order of the hits"
        )
        parser.add_argument("--facets", action="store_true", help="count people, sources, places, organisations, years")
        parser.add_argument(
            "--jsonl", type=FileType("r", encoding="utf-8"), metavar="FILE", help='lines {"id": …, "query": …}'
        )

    def handle(self, *args: Any, query: str | None, **options: Any) -> None:
        if (query is None) == (options["jsonl"] is None):
            raise CommandError("Give a query, or --jsonl FILE with one query a line.", returncode=2)
        try:
            if options["jsonl"]:
                for number, line in enumerate(options["jsonl"], start=1):
                    if line.strip():
                        self._answer_line(line, number, options)
            else:
                assert query is not None
                answer = _ask(query, options)
                self.stdout.write(json.dumps(_as_json(None, answer)) if options["json"] else _as_text(answer))
        except ArchiveError as error:
            raise CommandError(str(error)) from error

    def _answer_line(self, line: str, number: int, options: dict[str, Any]) -> None:
        try:
            asked = json.loads(line)
            identity, text = asked.get("id"), str(asked["query"])
        except (ValueError, KeyError, AttributeError) as error:
            raise CommandError(f'Line {number} is no {{"id": …, "query": …}} object: {error!r}') from error
        self.stdout.write(json.dumps(_as_json(identity, _ask(text, options))))


def _ask(text: str, options: dict[str, Any]) -> SearchAnswer:
    facets = FACETS if options["facets"] else ()
    return search(text, page=options["page"], size=options["limit"], sort=Sort(options["sort"]), facets=facets)


def _as_json(identity: Any, answer: SearchAnswer) -> dict[str, Any]:
    return {
        "id": identity,
        "query": answer.text,
        "understood_as": answer.understood_as,
        "notes": list(answer.notes),
        "total": answer.total,
        "took_ms": answer.took_ms,
        "hits": [
            {
                "id": hit.article.pk,
                "external_id": hit.article.external_id,
                "source": hit.article.source.slug,
                "title": hit.article.title,
                "url": hit.article.get_absolute_url(),
                "published_at": hit.article.published_at.isoformat() if hit.article.published_at else None,
                "score": round(hit.score, 6),
                "snippet": hit.snippet_html,
            }
            for hit in answer.hits
        ],
        "facets": {
            facet.name: [{"value": one.label, "slug": one.value, "count": one.count} for one in facet.values]
            for facet in answer.facets
        },
        "suggestion": answer.suggestion,
    }


def _as_text(answer: SearchAnswer) -> str:
    lines = [f"{answer.total:,} articles: {answer.understood_as}", *answer.notes]
    for hit in answer.hits:
        day = hit.article.published_on.isoformat() if hit.article.published_on else "undated"
        lines.append(f"{hit.article.pk:>8}  {day}  {hit.article.source.name}: {hit.article}")
    if answer.suggestion:
        lines.append(f"Did you mean: {answer.suggestion}")
    lines += [f"By itself, {one.said}: {one.total:,}" for one in answer.clauses]
    lines += [f"Found {one.said}: {one.total:,}" for one in answer.loosenings]
    return "\n".join(lines)

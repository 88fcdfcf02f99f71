"""How fast whole pages come from a big archive: search, article, person, each as a browser asks for it.

    python bench/bench_pages.py [--articles 100000] [--keep FOLDER] [--queries 200] [--seed 7]

Times are milliseconds of the processor (what the clock says on an idle machine: nothing here waits) in Django's test
client, every page warm: asked once before, then once measured.
A full run writes bench/results/pages-<articles>.json.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

BARS = {"search page": 60, "article": 15, "person": 40}
"""Milliseconds, median, at 100,000 articles."""


def mixed(seed: int, count: int, articles: int) -> list[tuple[str, dict[str, str]]]:
    """(class, parameters) of search pages, as many of each class of `questions.py`, words as a reader types them."""
    from bench.corpus import documents
    from bench.questions import questions

    classes = questions(list(documents(min(articles, 4_000))), articles, seed)
    rng = random.Random(seed)
    found = []
    for name, asked in classes.items():
        for question in asked:
            text = " ".join(question.words)
            match question.join:
                case "phrase":
                    text = f'"{text}"'
                case "prefix":
                    text += "*"
                case "fuzzy":
                    text += "~"
                case "or":
                    text = " OR ".join(question.words)
            if question.days:
                text += " date:{}..{}".format(*question.days)
            if question.keyword:
                field, value = question.keyword
                text += f' {field.value}:"{value}"' if name != "person + term" else f' person:"{person(rng)}"'
            page = question.offset // 20 + 1
            sort = {"sort": question.sort.value} if question.sort.value != "relevance" else {}
            found.append((name, {"q": text, **sort, **({"page": str(page)} if page > 1 else {})}))
    return [found[index * len(found) // count] for index in range(min(count, len(found)))]


def person(rng: random.Random) -> str:
    """One of the two hundred people most named."""
    from archive.models import Entity

    return str(rng.choice(list(Entity.objects.of_kind("person").most_named()[:200])).name)


def timed(addresses: Iterable[str]) -> list[float]:
    """Milliseconds of each page; raises when one is no page."""
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    times = []
    for address in addresses:
        for _ in range(2):
            began = time.thread_time()
            response = client.get(address)
            spent = (time.thread_time() - began) * 1000
            if response.status_code != 200:
                raise RuntimeError(f"{address} answered {response.status_code}")
        times.append(spent)
    return times


def summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "pages": len(times),
        "median ms": round(statistics.median(ordered), 2),
        "p95 ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
    }


def engine_only(asked: list[tuple[str, dict[str, str]]]) -> list[float]:
    """The same questions to the index alone: hits, seven facets, months, counts."""
    from archive.search.backends.view import view
    from archive.search.names import resolve
    from archive.search.parser import parse
    from archive.search.query import Sort
    from archive.search.widening import widened
    from archive.views.search import SHOWN_FACETS

    seen, times = view(), []
    for _, one in asked:
        root = resolve(widened(parse(one["q"]).root).root, seen).root
        for _ in range(2):
            began = time.thread_time()
            seen.search(
                root,
                sort=Sort(one.get("sort", "relevance")),
                offset=(int(one.get("page", "1")) - 1) * 20,
                facets=(*SHOWN_FACETS, "month"),
                collapse=True,
            )
            spent = (time.thread_time() - began) * 1000
        times.append(spent)
    return times


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--queries", type=int, default=200)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--keep", type=Path, help="keep and reuse the archive in this folder")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["ARCHIVE_DATA_DIR"] = str(given.keep or scratch)
        os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from archive.models import Article, Entity
        from bench.archive import build

        call_command("migrate", verbosity=0)
        build(given.articles)
        asked = mixed(given.seed, given.queries, given.articles)
        rng = random.Random(given.seed)
        articles = [Article.objects.get(pk=rng.randint(1, given.articles)) for _ in range(given.queries)]
        people = list(Entity.objects.of_kind("person").most_named()[: given.queries])
        report = {
            "engine alone": summary(engine_only(asked)),
            "search page": summary(timed("/search/?" + urlencode(one) for _, one in asked)),
            "article": summary(timed(one.get_absolute_url() for one in articles)),
            "person": summary(timed(one.get_absolute_url() for one in people)),
        }
        for name in dict.fromkeys(name for name, _ in asked):
            pages = ["/search/?" + urlencode(one) for each, one in asked if each == name]
            report[f"search page: {name}"] = summary(timed(pages))
    for name, row in report.items():
        bar = f" (bar {BARS[name]})" if name in BARS else ""
        print(f"{name}: {row['median ms']} / {row['p95 ms']} ms over {row['pages']} pages{bar}")
    target = ROOT / "bench" / "results" / f"pages-{given.articles}.json"
    target.write_text(json.dumps({"articles": given.articles, "pages": report}, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""How well names and quotations are found, beside the bare model in the same run."""

import gc
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import TypeVar

import pytest

from archive.choices import EntityKind
from archive.ingest.entities import correct, find_names, headlines
from archive.ingest.entities.found import KIND_OF_LABEL
from archive.ingest.entities.model import recognise
from archive.ingest.records import TextNames
from archive.text import name_key
from tests.quality import conll, reuters_tags
from tests.quality.floors import assert_floor, data_hash

pytestmark = pytest.mark.quality
PERSON, PLACE, ORGANISATION = EntityKind.PERSON, EntityKind.PLACE, EntityKind.ORGANISATION
Spans = set[conll.Gold]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Run:
    """Text, gold, bare model, ours of each document of testa that is not about sport, and what the steps cost."""

    documents: list[tuple[str, Spans, Spans, Spans]]
    share_of_steps: float
    """Processor time of all that is ours, as a part of the model's."""


@cache
def conll_run(folder: Path) -> Run:
    documents = list(conll.documents(folder, "testa"))
    texts = [text for text, _ in documents]
    assert find_names(texts[:1])[0].entities, "and all is loaded that is loaded once"
    recased, recasing = timed(lambda: [headlines.recase(text) for text in texts], times=2)
    labels, model = timed(lambda: list(recognise(recased)))
    ours, correcting = timed(
        lambda: [correct(text, labelled) for text, labelled in zip(texts, labels, strict=True)], times=2
    )
    rows = [
        (
            text,
            gold,
            {(one.start, one.end, KIND_OF_LABEL[one.label]) for one in labelled if one.label in KIND_OF_LABEL},
            spans(names),
        )
        for (text, gold), labelled, names in zip(documents, recognise(texts), ours, strict=True)
    ]
    return Run(rows, (recasing + correcting) / model)


def timed(work: Callable[[], list[Made]], times: int = 1) -> tuple[list[Made], float]:
    """What the work makes, and the least processor time of so many times.

    Without the collector: in a process that has run a thousand tests before, one of its rounds outlasts the steps.
    """
    least = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(times):
            begun = time.process_time()
            made = work()
            least = min(least, time.process_time() - begun)
    finally:
        gc.enable()
    return made, least


def spans(names: TextNames) -> Spans:
    return {(span.start, span.end, entity.kind) for entity in names.entities for span in entity.mentions}


def f1(pairs: Iterable[tuple[set[object], set[object]]]) -> float:
    """Of gold and found sets, counted over all of them."""
    pairs = list(pairs)
    right = sum(len(gold & found) for gold, found in pairs)
    return 2 * right / max(1, sum(len(gold) + len(found) for gold, found in pairs))


@pytest.mark.parametrize("kind", [PERSON, PLACE, ORGANISATION])
def test_names_in_newswire(shared_data: Path, kind: EntityKind) -> None:
    run = conll_run(shared_data).documents

    def of_kind(found: Spans) -> set[object]:
        return {span for span in found if span[2] is kind}

    bare = f1((of_kind(gold), of_kind(model)) for _, gold, model, _ in run)
    ours = f1((of_kind(gold), of_kind(found)) for _, gold, _, found in run)
    print(f"\nCoNLL-2003 testa, {len(run)} documents without sport: {kind} F1 {ours:.3f}; bare model {bare:.3f}")
    assert ours > bare
    assert_floor(f"names_{kind}_f1", ours, data_hash([shared_data / "conll2003" / "eng.testa.gz"]))


def test_the_people_of_a_document(shared_data: Path) -> None:
    run = conll_run(shared_data).documents

    def people(text: str, found: Spans) -> set[object]:
        return {text[start:end] for start, end, kind in found if kind is PERSON}

    bare = f1((people(text, gold), people(text, model)) for text, gold, model, _ in run)
    ours = f1((people(text, gold), people(text, found)) for text, gold, _, found in run)
    print(f"\nsets of persons by document: F1 {ours:.3f}; bare model {bare:.3f}")
    assert_floor("names_people_of_document_f1", ours, data_hash([shared_data / "conll2003" / "eng.testa.gz"]))


def test_people_and_places_that_editors_tagged(shared_data: Path, pytestconfig: pytest.Config) -> None:
    stories = list(reuters_tags.stories(shared_data, 800))
    named = find_names([story.text for story in stories])
    # The bare model's rates are printed and not judged: it reads only where they are looked at, as by `make quality`.
    is_seen = pytestconfig.getoption("capture") == "no"
    labelled = recognise([story.text for story in stories]) if is_seen else repeat([], len(stories))
    ours, bare, people = ([0, 0], [0, 0], 0)
    wanted = sum(len(story.surnames) for story in stories), sum(len(story.places) for story in stories)
    for story, names, labels in zip(stories, named, labelled, strict=True):
        people += sum(entity.kind is PERSON for entity in names.entities)
        for kind, found in ((0, PERSON), (1, PLACE)):
            keys = {
                name_key(span.text) for entity in names.entities if entity.kind is found for span in entity.mentions
            }
            plain = {
                name_key(story.text[one.start : one.end]) for one in labels if KIND_OF_LABEL.get(one.label) is found
            }
            plain = {key.removeprefix("the ") for key in plain}
            if kind == 0:
                ours[0] += sum(any(name in key.split() for key in keys) for name in story.surnames)
                bare[0] += sum(any(name in key.split() for key in plain) for name in story.surnames)
            else:
                ours[1] += sum(not keys.isdisjoint(forms) for forms in story.places)
                bare[1] += sum(not plain.isdisjoint(forms) for forms in story.places)
    rates = [part / whole for part, whole in zip(ours, wanted, strict=True)]
    plain_rates = [part / whole for part, whole in zip(bare, wanted, strict=True)]
    print(f"\nReuters tags found in {len(stories)} stories: people {rates[0]:.4f}; bare model {plain_rates[0]:.4f}")
    print(f"places {rates[1]:.4f}; bare model {plain_rates[1]:.4f}; {people / len(stories):.2f} persons a story")
    assert people / len(stories) <= 3
    data = data_hash((shared_data / "reuters21578").glob("*.gz"))
    assert_floor("names_reuters_people", rates[0], data)
    assert_floor("names_reuters_places", rates[1], data)


def test_quotations_and_who_says_them(shared_data: Path) -> None:
    """Gold was corrected by hand from what a first version found, on articles that rules were written with in view."""
    gold = [json.loads(line) for line in Path(__file__).with_name("quotes.jsonl").read_text("utf-8").splitlines()]
    texts = dev_texts(shared_data)
    articles = list(dict.fromkeys(row["article"] for row in gold))
    named = dict(zip(articles, find_names([texts[article] for article in articles]), strict=True))
    found = right = exact = 0
    for row in gold:
        text = texts[row["article"]]
        cut = hashlib.sha256(text[row["start"] : row["end"]].encode()).hexdigest()[:16]
        assert cut == row["sha256"], f"{row['article']} is not the text that was labelled"
        quotes = {quote.span.start: quote for quote in named[row["article"]].quotes}
        quote = quotes.get(row["start"])
        if quote is None:
            print(f"   not found: {row['article']} at {row['start']}")
            continue
        found += 1
        exact += quote.span.end == row["end"] and text[quote.span.start : quote.span.end] == quote.span.text
        same = name_key(quote.speaker).split()[-1:] == name_key(row["speaker"]).split()[-1:]
        right += same
        if not same:
            print(f"   {row['article']} at {row['start']}: {row['speaker']!r}, not {quote.speaker!r}")
    print(
        f"\n{len(gold)} quotations: found {found / len(gold):.3f}, speaker right {right / found:.3f}, exact {exact / found:.3f}"
    )
    assert exact == found
    data = data_hash([Path(__file__).with_name("quotes.jsonl")])
    assert_floor("names_quotes_found", found / len(gold), data)
    assert_floor("names_quotes_speaker", right / found, data)


def dev_texts(folder: Path) -> dict[str, str]:
    """The bodies of the two sets of real articles that quotations were labelled in."""
    truth = json.loads((folder / "html-articles" / "ground-truth.json").read_text("utf-8"))
    texts = {
        f"html-articles/{key[:12]}": re.sub(r"\n\s*\n+", "\n\n", page["articleBody"].strip())
        for key, page in truth.items()
    }
    for path in sorted((folder / "flattened" / "expected").glob("*.json")):
        page = json.loads(path.read_text("utf-8"))
        texts[f"flattened/{page['id']}"] = "\n\n".join([part for part in [page["title"]] if part] + page["body"])
    return texts


def test_our_steps_cost_little_beside_the_model(shared_data: Path) -> None:
    share = conll_run(shared_data).share_of_steps
    print(f"\nthe steps after the model take {share:.1%} of its own time")
    assert share <= 0.15

"""The chain: every step of cleaning page text, in the order in which the steps run, and every rule that they know."""

from archive.ingest.cleaning import (
    capitals,
    captions,
    doubles,
    header,
    inside,
    keepers,
    line_model,
    lists,
    safety,
    structure,
    threads,
    title,
)
from archive.ingest.cleaning.exact import furniture_step, read_families
from archive.ingest.cleaning.page import Page, Rule, Step

FURNITURE = furniture_step(read_families())

BEFORE_MODEL: tuple[Step, ...] = (
    inside.STEP,
    FURNITURE,
    captions.DOUBLED_STEP,
    doubles.STEP,
    title.STEP,
    doubles.AGAIN_STEP,
    captions.CREDITED_STEP,
    header.STAMP_STEP,
    header.STANDFIRST_STEP,
    lists.STEP,
    keepers.STEP,
    capitals.STEP,
    threads.STEP,
    structure.STEP,
    keepers.MARKS_STEP,
)
CHAIN: tuple[Step, ...] = (*BEFORE_MODEL, line_model.STEP)

RULES: tuple[Rule, ...] = tuple(rule for step in CHAIN for rule in step.rules)
"""Every rule whose name may stand in a ledger, in the order of the chain."""

EXACT_RULES = frozenset(rule.name for rule in FURNITURE.rules)


def run_chain(page: Page) -> None:
    """Decide lines step by step; what is still open afterwards is body."""
    for step in CHAIN:
        step.run(page)
    safety.fall_back(page, EXACT_RULES)

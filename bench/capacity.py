"""What archives of other sizes need: straight lines through bench/results/cluster-*.json, drawn on.

    python bench/capacity.py

Bytes and processor time are slopes by article; of one measured size they are taken for proportional, which says rather
too much. Prints the table of docs/scaling.md.
"""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.growth_plot import results

SIZES = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
SHARD_MB = 30_000
"""OpenSearch's own advice for search: 10 to 30 GB a shard."""
CACHED = 0.5
"""Of the index and of the database's hot part: what should lie in memory."""
HOT = 0.2
ROWS = 28
"""An article of the sample's pages: itself, its raw record, 12 cuts, 8 mentions, 3 quotations, new names and what
counts them.
"""
GB_A_CORE = 8
"""Of memory, as machines are let."""
LEAST_CORES = 8
"""Three nodes and the database with two each."""
CORE_MONTH, GB_MEMORY_MONTH, GB_DISK_MONTH = 25.0, 3.0, 0.1
"""Dollars: assumptions of about what machines and disks are let for, to be replaced by one's own."""


def line(measured: list[dict[str, Any]], value: Callable[[dict[str, Any]], float]) -> tuple[float, float]:
    """(fixed part, slope by article) by least squares; neither is negative."""
    xs = [float(one["articles"]) for one in measured]
    ys = [value(one) for one in measured]
    middle, height = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle) ** 2 for x in xs)
    if not spread:
        return 0.0, height / middle
    slope = max(0.0, sum((x - middle) * (y - height) for x, y in zip(xs, ys, strict=True)) / spread)
    return max(0.0, height - slope * middle), slope


def main() -> None:
    measured = results()
    database = line(measured, lambda one: one["database MB"])
    index = line(measured, lambda one: one["index MB with copies"])
    bulk = measured[-1]
    seconds = sum(bulk["processor s of indexing"].values()) / bulk["articles"]
    print(f"from {', '.join(str(one['articles']) for one in measured)} articles:")
    print(f"database {database[1] * 1e6:.0f} bytes an article, index with one copy {index[1] * 1e6:.0f}")
    print(f"indexing {seconds * 1000:.1f} ms of processor an article ({bulk['indexed by']})")
    print()
    print("| articles | rows | database | index, one copy | shards | memory | cores (index made in a day) | a month |")
    print("|---|---|---|---|---|---|---|---|")
    for size in SIZES:
        db, ix = database[0] + database[1] * size, index[0] + index[1] * size
        shards = max(3, math.ceil(ix / 2 / SHARD_MB))
        memory = (ix * CACHED + db * HOT) / 1000
        made_in_a_day = seconds * size / 86_400
        cores = max(LEAST_CORES, math.ceil(memory / GB_A_CORE), math.ceil(made_in_a_day))
        dollars = cores * CORE_MONTH + memory * GB_MEMORY_MONTH + (db + ix) / 1000 * GB_DISK_MONTH
        sizes = f"{gigabytes(db)} | {gigabytes(ix)} | {shards}"
        print(
            f"| {size:,} | {ROWS * size:,} | {sizes} | {memory:,.0f} GB | {cores:,} ({made_in_a_day:.1f}) "
            f"| ${round(dollars, -2):,.0f} |"
        )


def gigabytes(megabytes: float) -> str:
    return f"{megabytes / 1000:,.0f} GB" if megabytes < 1e6 else f"{megabytes / 1e6:,.1f} TB"


if __name__ == "__main__":
    main()

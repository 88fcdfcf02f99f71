"""Draws docs/growth.svg out of bench/results/cluster-*.json: how pages, disk and rates grow with the archive.

python bench/growth_plot.py
"""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 380, 260, 60, 40, 30
COLOURS = ("#1f5fa8", "#b3401f", "#3d7a3d", "#7a4f9e")

Series = tuple[str, Callable[[dict[str, Any]], float]]
PANELS: tuple[tuple[str, tuple[Series, ...]], ...] = (
    (
        "milliseconds",
        (
            ("search page, p95", lambda one: one["search page ms"]["all"]["p95"]),
            ("search page, median", lambda one: one["search page ms"]["all"]["p50"]),
            ("engine, median", lambda one: one["engine ms"]["ours"]["p50"]),
            ("bare _search, median", lambda one: one["engine ms"]["bare"]["p50"]),
        ),
    ),
    (
        "megabytes on disk",
        (
            ("index, with copies", lambda one: one["index MB with copies"]),
            ("database", lambda one: one["database MB"]),
        ),
    ),
)


def results() -> list[dict[str, Any]]:
    """All measured sizes, the smallest first."""
    found = [json.loads(path.read_text()) for path in (ROOT / "bench" / "results").glob("cluster-*.json")]
    return sorted(found, key=lambda one: one["articles"])


def panel(title: str, series: tuple[Series, ...], measured: list[dict[str, Any]], left: int) -> str:
    """One plot, both axes logarithmic."""
    sizes = [one["articles"] for one in measured]
    values = [[value(one) for one in measured] for _, value in series]
    low = math.floor(math.log10(min(map(min, values))))
    high = math.ceil(math.log10(max(map(max, values))))
    first, last = math.log10(min(sizes)), math.log10(max(sizes))

    def x(size: float) -> float:
        return left + LEFT + (math.log10(size) - first) / ((last - first) or 1) * (WIDTH - LEFT - 20)

    def y(value: float) -> float:
        return TOP + (high - math.log10(value)) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="{left + LEFT}" y="16" font-weight="bold">{title}</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path d="M{left + LEFT} {at:.1f}H{left + WIDTH - 20}" stroke="#ddd"/>')
        parts.append(f'<text x="{left + LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for size in sizes:
        parts.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{short(size)}</text>')
    for number, ((name, _), row) in enumerate(zip(series, values, strict=True)):
        colour = COLOURS[number]
        points = [f"{x(size):.1f},{y(value):.1f}" for size, value in zip(sizes, row, strict=True)]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for size, value in zip(sizes, row, strict=True):
            parts.append(f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>')
        parts.append(f'<text x="{left + LEFT}" y="{HEIGHT + 16 * number}" fill="{colour}">{name}</text>')
    return "\n".join(parts)


def short(size: int) -> str:
    return f"{size // 1_000_000} M" if size >= 1_000_000 else f"{size // 1000} k"


def main() -> None:
    measured = results()
    drawn = [panel(title, series, measured, index * WIDTH) for index, (title, series) in enumerate(PANELS)]
    height = HEIGHT + 16 * max(len(series) for _, series in PANELS)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(PANELS)} {height}" '
        'font-family="system-ui, sans-serif" font-size="12">\n<title>Growth of an archive, articles along</title>\n'
        '<rect width="100%" height="100%" fill="#fff"/>\n'
    )
    (ROOT / "docs" / "growth.svg").write_text(head + "\n".join(drawn) + "\n</svg>\n")


if __name__ == "__main__":
    main()

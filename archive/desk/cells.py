"""Cells of CSV files that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""

from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: Any) -> Any:
    """A text that begins like a formula gets an apostrophe before it; all else as it is."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value

"""Measured quality against floors: one number per measure in floors.json, with the hash of the data it was measured on."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")


def data_hash(paths: Iterable[Path]) -> str:
    """The first 16 digits of the SHA-256 over names and contents of the files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def assert_floor(name: str, measured: float, data: str) -> None:
    """Fail where `measured` is below the floor. Another data set than the floor's is printed, not judged."""
    entry = json.loads(FLOORS.read_text("utf-8"))[name]
    print(f"{name:28} {measured:.4f}  floor {entry['floor']:.4f}")
    if entry["data"] != data:
        print(f"{name:28} measured on other data ({data}) than the floor ({entry['data']}): not judged")
        return
    assert measured >= entry["floor"], f"{name} fell to {measured:.4f}, below its floor of {entry['floor']}"

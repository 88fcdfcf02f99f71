"""Pages, files and the API over the wire: compressed for who takes it, the same bytes after unpacking."""

import gzip
from pathlib import Path

import pytest
from django.test import Client

from tests.views.makers import index, make_article

pytestmark = pytest.mark.django_db
PATHS = ("/", "/api/v1/articles", "/search/export.csv?q=quokkas", "/search/export.jsonl?q=quokkas")


@pytest.mark.parametrize("path", PATHS)
def test_what_is_compressed_is_the_same_unpacked(client: Client, data_dir: Path, path: str) -> None:
    for number in range(1, 40):
        make_article(number)
    index()
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    whole, compressed = (b"".join(one) for one in (plain, packed))
    assert gzip.decompress(compressed) == whole
    assert len(compressed) < len(whole)
    assert packed.headers.get("X-Total-Count") == plain.headers.get("X-Total-Count")


def test_a_compressed_page_that_has_not_changed_is_not_sent_again(client: Client, data_dir: Path) -> None:
    article = make_article(1)
    asked = {"Accept-Encoding": "gzip"}
    first = client.get(article.get_absolute_url(), headers=asked)
    again = client.get(article.get_absolute_url(), headers={**asked, "If-None-Match": first["ETag"]})
    assert again.status_code == 304

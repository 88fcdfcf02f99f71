"""Logs for machines: one object a line, each with the number of the request that wrote it."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from archive.logs import RequestNumber
from tests.conftest import ROOT


@pytest.mark.django_db
def test_a_request_number_is_kept_if_it_is_one_and_otherwise_made(client: Client, data_dir: Path) -> None:
    kept = client.get("/robots.txt", headers={"X-Request-ID": "proxy-7.a_B12"})
    assert kept["X-Request-ID"] == "proxy-7.a_B12"
    for hostile in ("short", "x" * 65, "a b c d e f g h", '"}\\n{"level": "x', ""):
        made = client.get("/robots.txt", headers={"X-Request-ID": hostile})["X-Request-ID"]
        assert made != hostile
        assert len(made) == 32


@pytest.mark.django_db
def test_lines_of_a_request_carry_its_number_and_no_query_and_no_token(
    client: Client, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(RequestNumber())
    with caplog.at_level(logging.INFO, logger="archive.request"):
        client.get("/search/?q=zyzzogeton", headers={"X-Request-ID": "number-of-this"})
        client.get("/shared/secretsecret/")
    first, second = (record.__dict__ for record in caplog.records if record.name == "archive.request")
    assert (first["request_id"], first["path"], first["status"]) == ("number-of-this", "/search/", 200)
    assert second["path"] == "shared/<slug:token>/"


def test_with_json_every_line_is_an_object(tmp_path: Path) -> None:
    env = {**os.environ, "ARCHIVE_DATA_DIR": str(tmp_path), "ARCHIVE_LOG": "json"}
    program = (
        "import django; django.setup(); import logging; log = logging.getLogger('archive.request');"
        "log.info('request', extra={'path': '/a', 'ms': 1.5}); log.error('two\\nlines', exc_info=ValueError('no'))"
    )
    env["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    first, second = (json.loads(line) for line in done.stderr.splitlines() if line.startswith("{"))
    assert (first["level"], first["path"], first["ms"], first["request_id"]) == ("INFO", "/a", 1.5, "")
    assert "ValueError: no" in second["exc_info"]

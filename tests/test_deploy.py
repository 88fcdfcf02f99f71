"""What is in deploy/ parses, and says what the project says elsewhere."""

import configparser
import json
import urllib.request
from pathlib import Path

import pytest
import yaml

from archive.search.backends.opensearch.address import Address

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"


def test_compose_describes_site_database_and_search() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert {"site", "worker", "migrate", "database"} <= compose["services"].keys()
    environment = compose["services"]["site"]["environment"]
    documented = (ROOT / "docs" / "operations.md").read_text()
    assert all(f"`{name}`" in documented for name in environment)
    nodes = [name for name in compose["services"] if name.startswith("search")]
    assert Address.parse(environment["SEARCH_URL"]).hosts == tuple(f"{node}:9200" for node in nodes)
    assert compose["services"][nodes[0]]["environment"]["discovery.seed_hosts"] == ",".join(nodes)
    named = {volume.partition(":")[0] for each in compose["services"].values() for volume in each.get("volumes", [])}
    assert named == compose["volumes"].keys()
    # The image's health check asks the site, which these two are not.
    assert all(compose["services"][name]["healthcheck"] == {"disable": True} for name in ("worker", "migrate"))
    assert compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_the_image_copies_what_there_is_and_runs_as_nobody_special() -> None:
    lines = [line for line in (DEPLOY / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
    copied = [name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)
    assert lines[0].startswith("FROM python:3.1")
    assert "USER archive" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)


@pytest.mark.parametrize("section", ["Unit", "Service", "Install"])
def test_the_systemd_unit_has_its_sections(section: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    unit.read(DEPLOY / "newsroom-archive.service")
    assert unit[section]
    assert unit["Service"]["ExecStart"].endswith("manage.py serve")
    assert unit["Service"]["ExecReload"].endswith("-HUP $MAINPID")


def test_the_health_check_of_the_image_asks_under_a_name_that_the_site_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    (command,) = [json.loads(line.strip().removeprefix("CMD ")) for line in lines if "healthz" in line]
    asked: list[urllib.request.Request] = []
    monkeypatch.setattr("urllib.request.urlopen", lambda request, timeout: asked.append(request))
    monkeypatch.setenv("ALLOWED_HOSTS", ".archive.example,localhost")
    exec(command[-1], {})
    assert asked[0].get_header("Host") == "archive.example"

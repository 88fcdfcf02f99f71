"""Documentation that fails the build when it is not true: commands and their flags, settings, the map of folders."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
COMMANDS = sorted(name for name, app in get_commands().items() if app == "archive")
DJANGOS_OWN = {
    *("--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
    *("--no-color", "--force-color", "--skip-checks"),
}


def section(command: str) -> str:
    """The part of docs/operations.md that is headed by the command's name."""
    found = re.search(rf"^### `{command}[^\n]*\n(.*?)(?=^##|\Z)", OPERATIONS, re.M | re.S)
    assert found, f"docs/operations.md has no section '### `{command} …'"
    return found[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_of_a_command_is_documented_and_no_other(command: str) -> None:
    parser = load_command_class("archive", command).create_parser("manage.py", command)
    flags = {flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")}
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section(command)))
    assert documented == flags - DJANGOS_OWN


def test_no_documented_command_is_missing() -> None:
    documented = re.findall(r"^### `([a-z_]+)", OPERATIONS, re.M)
    assert sorted(documented) == COMMANDS


def test_every_setting_of_the_environment_is_documented_and_no_other() -> None:
    code = (ROOT / "newsroom/settings.py").read_text("utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.M))
    assert documented == read


def test_the_map_draws_every_folder_and_no_other() -> None:
    drawn = set(re.findall(r"^\| `([\w./-]+)/` \|", (ROOT / "docs/map.md").read_text("utf-8"), re.M))
    code = {p.parent for top in ("archive", "newsroom") for p in (ROOT / top).rglob("*.py")}
    rooms = {str(folder.relative_to(ROOT)) for folder in code if folder.name != "migrations"}
    tops = {"templates", "static", "tests", "bench", "deploy", "docs", "sample"}
    assert drawn == rooms | tops


def test_no_module_is_longer_than_400_lines() -> None:
    modules = [p for top in ("archive", "newsroom", "tests", "bench") for p in (ROOT / top).rglob("*.py")]
    long = {str(p.relative_to(ROOT)): n for p in modules if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert not {name for name in long if "migrations" not in name}

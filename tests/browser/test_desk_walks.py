"""The desk's walks (load a dump, clean up names, handle a removal request) in a browser, by mouse and by keys."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
UPLOAD = "/admin/archive/ingestrun/upload/"
SECONDS_20 = 20_000


def sign_in(page: Page, site: Site, path: str) -> None:
    page.goto(f"{site.url}{path}")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_text("Log out")).to_be_visible()


def stories(path: Path, name: str, count: int) -> Path:
    rows = [
        {"id": f"{name}-{n}", "title": f"{name} {n}", "body": f"Rangers saw {n} {name}s. " * 40} for n in range(count)
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows) + '\n{"id": "cut off\n', "utf-8")
    return path


def test_w8_a_dropped_dump_goes_on_after_a_broken_line_is_looked_at_and_ingested(
    page: Page, site: Site, tmp_path: Path
) -> None:
    dump = stories(tmp_path / "numbats.jsonl", "numbat", 12_000)
    assert dump.stat().st_size > 8 * 1024**2
    sign_in(page, site, UPLOAD)
    expect(page.get_by_text("Up to 2.0")).to_be_visible()
    sent: list[Request] = []

    def break_the_second(route: Route, request: Request) -> None:
        sent.append(request)
        # As a session that ended: the page stops, and what is here stays.
        route.fulfill(body="Sign in", content_type="text/html") if len(sent) == 2 else route.continue_()

    page.route("**/upload/parts/*/", break_the_second)
    with page.expect_response("**/upload/parts/*/"):
        page.get_by_label("Dump files").set_input_files(dump)
    expect(page.locator("[data-line]")).to_contain_text("You are signed out")
    page.unroute_all()
    page.reload()
    expect(page.get_by_role("heading", name="Unfinished uploads")).to_be_visible()
    with page.expect_request("**/upload/parts/*/") as resumed:
        page.get_by_label("Dump files").set_input_files(dump)
    assert int(resumed.value.headers["upload-offset"]) == 4 * 1024**2
    page.get_by_label("Find people").uncheck()
    page.get_by_label("… or a new source").fill("Numbat News")
    page.get_by_label("… or a new source").press("Enter")
    expect(page.get_by_role("heading", name="numbat 0")).to_be_visible(timeout=SECONDS_20)

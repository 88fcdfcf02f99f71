"""The desk's walks (load a dump, clean up names, handle a removal request) in a browser, by mouse and by keys."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.conftest import Site
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser
UPLOAD = "/admin/archive/ingestrun/upload/"
SECONDS_20 = 20_000


def sign_in(page: Page, site: Site, path: str) -> None:
    page.goto(f"{site.url}{path}")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_text("Log out").or_(page.get_by_role("button", name="Sign out ada"))).to_be_visible()


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


def test_w8_rejected_records_are_seen_byte_by_byte_and_retried_without_scripts(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, site, UPLOAD)
    page.get_by_label("Dump files").set_input_files(stories(tmp_path / "bilbies.jsonl", "bilby", 3))
    page.get_by_label("Find people").uncheck()
    page.get_by_role("button", name="Upload and look first").click()
    expect(page.get_by_role("heading", name="bilby 0")).to_be_visible()
    expect(page.get_by_text("4 records: 3 articles shown, 1 rejected")).to_be_visible()
    page.get_by_role("button", name="Ingest").click()
    run = page.url

    def done() -> bool:
        page.goto(run)
        return "Done" in page.locator("#run-status").inner_text()

    for _ in range(40):
        if done():
            break
        page.wait_for_timeout(500)
    expect(page.locator(".counts tbody")).to_have_text("430001")
    page.get_by_role("link", name="All 1 rejected records").click()
    page.locator(".rejections a").click()
    expect(page.locator(".hex")).to_contain_text("cut off")
    page.go_back()
    page.get_by_role("button", name="Retry rejected").click()
    expect(page.locator("#run-status")).to_be_visible()
    context.close()


def test_w10_a_removal_request_is_previewed_done_logged_and_taken_back_by_keys(page: Page, site: Site) -> None:
    sign_in(page, site, "/admin/login/?next=/articles/7/")
    title = page.locator("h1").inner_text()
    page.get_by_role("link", name="Restrict").press("Enter")
    page.get_by_label("Out of lists and search").press("ArrowUp")
    expect(page.get_by_label("A notice in its place; every byte")).to_be_checked()
    page.get_by_label("A notice in its place; every byte").press("ArrowUp")
    expect(page.get_by_label("A notice in its place; the text is kept")).to_be_checked()
    page.get_by_label("Reason").select_option("privacy")
    page.get_by_role("textbox", name="Notice").fill("Removed at the request of a reader.")
    page.get_by_label("Requester").fill("Somebody Private")
    page.get_by_role("button", name="Show what this changes").press("Enter")
    expect(page.locator(".changes")).to_be_visible()
    page.get_by_role("button", name="Do it").press("Enter")
    expect(page.get_by_text("Done: A notice in its place")).to_be_visible()
    takedown = page.url
    page.goto(f"{site.url}/takedowns/")
    expect(page.locator("main")).to_contain_text("Privacy")
    expect(page.locator("main")).not_to_contain_text("Somebody Private")
    gone = page.request.get(f"{site.url}/articles/7/")
    assert gone.status == 410
    assert "Removed at the request of a reader." in gone.text()
    assert title not in gone.text()
    page.goto(takedown)
    page.get_by_role("button", name="End this takedown").press("Enter")
    expect(page.get_by_text("The article is met again as before.")).to_be_visible()
    assert page.request.get(f"{site.url}/articles/7/").status == 200


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_the_desks_own_pages_are_accessible_and_fit(browser: Browser, site: Site, width: int, scheme: str) -> None:
    # axe is injected as a script, which our own policy forbids: the page under test is otherwise as it is.
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    sign_in(page, site, UPLOAD)
    for path in (UPLOAD, "/admin/state/", "/admin/archive/takedown/restrict/9/", "/admin/archive/ingestrun/1/change/"):
        page.goto(site.url + path)
        result = Axe().run(page, options=RULES)
        assert not result.violations_count, f"{path}: {result.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()

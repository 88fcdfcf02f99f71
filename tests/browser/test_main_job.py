"""The main job in a browser: search, read, look at the source, upload a dump as staff and find it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def test_a_reader_goes_from_a_search_to_a_person_to_an_article_to_its_source(page: Page, site: Site) -> None:
    page.goto(site.url)
    box = page.get_by_role("combobox", name="Search the archive")
    box.fill('person:"James Baker" debt')
    box.press("Enter")
    expect(page.locator(".understood")).to_contain_text("debt")
    expect(page.locator(".hits mark").first).to_be_visible()
    page.get_by_role("link", name="James Baker", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("James Baker")
    page.locator(".articles a").first.click()
    expect(page.locator(".prose p").first).to_be_visible()
    page.get_by_role("link", name="Source", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What was kept, what was removed")
    expect(page.locator(".ledger tbody tr").first).to_be_visible()


def test_staff_upload_a_dump_and_it_is_found_moments_later(page: Page, site: Site, tmp_path: Path) -> None:
    story = {"id": "q-1", "title": "Quokka census begins", "body": "Rangers counted four hundred quokkas on Tuesday."}
    broken = '{"id": "q-2", "title": '
    dump = tmp_path / "quokkas.jsonl"
    dump.write_text(json.dumps(story) + "\n" + broken + "\n", "utf-8")
    page.goto(f"{site.url}/admin/archive/ingestrun/upload/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Dump files").set_input_files(dump)
    page.get_by_label("… or a new source").fill("Island Post")
    page.get_by_role("button", name="Upload and ingest").click()
    expect(page.locator("#run-status")).to_contain_text("Done", timeout=60_000)
    expect(page.locator(".rejections")).to_contain_text("line 2")
    page.get_by_role("link", name="The articles of this run").click()
    expect(page.locator("#result_list")).to_contain_text("Quokka census begins")

    def found() -> bool:
        page.goto(f"{site.url}/search/?q=quokkas")
        return page.locator(".hits a", has_text="Quokka census begins").count() == 1

    for _ in range(20):
        if found():
            break
        page.wait_for_timeout(500)
    assert found()
    page.locator(".hits a").first.click()
    # Another test on this site may have brought a dump of this source before, and named it by its address.
    expect(page.locator("article header")).to_contain_text(re.compile("island.post", re.IGNORECASE))


def test_a_binary_upload_ends_as_a_rejected_run_with_a_sentence(page: Page, site: Site, tmp_path: Path) -> None:
    picture = tmp_path / "picture.jsonl"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    page.goto(f"{site.url}/admin/archive/ingestrun/upload/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Dump files").set_input_files(picture)
    page.get_by_role("button", name="Upload and ingest").click()
    expect(page.locator("#run-status")).to_contain_text("Dump rejected", timeout=60_000)
    expect(page.locator("#run-status")).to_contain_text("PNG picture")


def test_everything_is_reached_without_javascript(browser, site: Site) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/search/?q=oil")
    page.locator(".facet a").first.click()
    expect(page.locator(".chips a")).to_have_count(1)
    page.locator(".chips a").click()
    expect(page.locator(".chips a")).to_have_count(0)
    page.locator(".timeline svg a").first.click()
    expect(page.locator(".chips a")).to_have_count(1)
    page.get_by_role("button", name="dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()


def test_a_reader_walks_the_results_by_keys_and_can_turn_them_off(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/search/?q=oil")
    hits = page.locator(".hits h2 a")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(hits.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(hits.nth(0)).to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn the keys off").click()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search the archive")).not_to_be_focused()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("button", name="Turn the keys on").click()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator(".prose p").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("j/o?")
    expect(page.get_by_role("combobox", name="Search the archive")).to_have_value("j/o?")

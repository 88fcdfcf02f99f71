"""What readers keep and take away, in a browser: collections, followed searches, exports; with and without scripts."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> Any:
    """Ada's cookies: signed in once, since signing in is limited."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/account/sign-in/?next=/")
    page.get_by_label("Name", exact=True).fill("ada")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def reader(request: pytest.FixtureRequest, browser: Browser, signed_in: Any) -> Iterator[Page]:
    """Ada's browser, once with scripts and once without any."""
    context = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 1280, "height": 900}, storage_state=signed_in
    )
    yield context.new_page()
    context.close()


def rows(page: Page, link: str) -> list[list[str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    return list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))


def test_a_collection_is_made_from_ticked_results_ordered_noted_exported_and_shared(
    reader: Page, site: Site, browser: Browser, request: pytest.FixtureRequest
) -> None:
    name = f"Oil {request.node.callspec.id}"
    reader.goto(f"{site.url}/search/?q=oil&sort=newest")
    ticks = reader.locator(".pick input")
    for number in range(3):
        ticks.nth(number).check()
    titles = [reader.locator(".hit h2").nth(number).inner_text() for number in range(3)]
    reader.get_by_role("button", name="Put the ticked into a collection").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Put 3 articles")
    reader.locator("#name").fill(name)
    reader.get_by_role("button", name="Collect", exact=True).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(name)

    handle = reader.locator(".hit").nth(2)
    handle.locator("summary").click()
    handle.get_by_label("Place").fill("1")
    handle.get_by_role("button", name="Move there").click()
    expect(reader.locator(".hit h2").first).to_have_text(titles[2])
    handle = reader.locator(".hit").first
    handle.locator("summary").click()
    handle.get_by_label("Note").fill("Names the price.")
    handle.get_by_role("button", name="Keep note").click()
    expect(reader.locator(".remark")).to_have_text("Names the price.")

    reader.get_by_text("Export all 3").click()
    found = rows(reader, "csv")
    assert len(found) == 1 + 3 + 1
    assert (found[1][-1], found[-1]) == ("Names the price.", ["# complete: 3 of 3 articles"])

    reader.get_by_role("button", name="Make a link").click()
    link = reader.locator(".handle .hash").inner_text()
    stranger = browser.new_context()
    page = stranger.new_page()
    page.goto(link)
    expect(page.locator(".hit h2").first).to_have_text(titles[2])
    reader.get_by_role("button", name="Revoke the link").click()
    expect(reader.get_by_role("button", name="Make a link")).to_be_visible()
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 404
    stranger.close()


def test_a_collection_prints_as_a_list_with_addresses_and_without_forms(reader: Page, site: Site) -> None:
    reader.goto(f"{site.url}/search/?q=trade")
    reader.locator(".pick input").first.check()
    reader.get_by_role("button", name="Put the ticked into a collection").click()
    reader.locator("#name").fill("To print")
    reader.get_by_role("button", name="Collect", exact=True).click()
    reader.emulate_media(media="print")
    expect(reader.locator(".hit .address").first).to_be_visible()
    for gone in (".hit .handle", ".masthead", ".foot", ".tools"):
        expect(reader.locator(gone).first).to_be_hidden()
    reader.emulate_media(media="screen")


def test_a_search_is_followed_by_mail_and_by_feed(reader: Page, site: Site) -> None:
    reader.goto(f"{site.url}/search/?q=cocoa")
    reader.get_by_role("link", name="Follow by mail").click()
    expect(reader.locator(".understood")).to_contain_text("cocoa")
    reader.get_by_label("Mail what is new").select_option("weekly")
    reader.get_by_role("button", name="Follow", exact=True).click()
    followed = reader.locator(".follows li", has_text="cocoa").first
    expect(followed.get_by_label("By mail")).to_have_value("weekly")
    feed = followed.get_by_role("link", name="Atom").get_attribute("href")
    answer = reader.request.get(f"{site.url}{feed}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    followed.get_by_role("button", name="Give up").click()
    expect(reader.locator(".follows li", has_text="cocoa")).to_have_count(0)


def test_everything_found_is_taken_away_as_many_rows_as_the_page_says(page: Page, site: Site) -> None:
    """W7: search, narrow, export."""
    page.goto(f"{site.url}/search/?q=oil")
    page.locator(".facet", has_text="Places").locator("li a").first.click()
    total = int(page.locator(".understood b").inner_text().split()[0].replace(",", ""))
    page.get_by_text(f"Export all {total}").click()
    found = rows(page, "csv")
    assert len(found) == 1 + total + 1
    assert found[-1] == [f"# complete: {total} of {total} articles"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_the_pages_of_signed_in_readers_are_accessible_and_fit(
    browser: Browser, site: Site, signed_in: Any, scheme: Any, width: int
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True, storage_state=signed_in
    )
    page = context.new_page()
    page.goto(f"{site.url}/collections/add/?article=1&article=2")
    page.locator("#name").fill("Accessible")
    page.get_by_role("button", name="Collect", exact=True).click()
    made = page.url.removeprefix(site.url)
    if page.get_by_role("button", name="Make a link").count():
        page.get_by_role("button", name="Make a link").click()
    shared = page.locator(".handle .hash").inner_text().removeprefix(site.url)
    page.goto(f"{site.url}/following/add/?q=oil&source=reuters")
    page.get_by_role("button", name="Follow", exact=True).click()
    found = {}
    paths = ("/collections/", "/collections/add/?article=1", "/following/", "/following/add/?q=oil", "/search/?q=oil")
    for path in (*paths, made, shared, "/following/stop/x/"):
        page.goto(site.url + path)
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[path] = result.generate_snapshot()
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[f"{path} is {wide} px wide"] = ""
    context.close()
    assert not found, found

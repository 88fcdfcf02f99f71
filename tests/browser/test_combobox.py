"""The search box as a combobox: suggestions by keys and mouse, recent searches that never leave the browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser


def test_names_are_suggested_with_counts_people_first_and_chosen_by_keys(page: Page, site: Site) -> None:
    page.goto(site.url)
    box = page.get_by_role("combobox", name="Search the archive")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    page.keyboard.type("bake")
    options = page.locator(".suggestions [role=option]")
    expect(options.first).to_contain_text("Baker")
    expect(options.first).to_contain_text("person,")
    expect(options.first).to_contain_text("article")
    expect(box).to_have_attribute("aria-expanded", "true")
    kinds = [one.split(",")[0] for one in page.locator(".suggestions .what").all_inner_texts()]
    order = ["person", "organisation", "place", "source", "headline", "searched before"]
    assert kinds == sorted(kinds, key=order.index)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "none")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Baker")
    assert "/people/" in page.url


def test_enter_without_a_choice_searches_what_was_typed_and_escape_closes(page: Page, site: Site) -> None:
    page.goto(site.url)
    box = page.get_by_role("combobox", name="Search the archive")
    box.press_sequentially("bake")
    expect(page.locator(".suggestions [role=option]").first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("bake")
    box.press("Enter")
    expect(page.locator(".understood")).to_contain_text("bake")


def test_a_suggestion_is_chosen_by_mouse(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.get_by_role("combobox", name="Search the archive").press_sequentially("reuters")
    page.locator(".suggestions [role=option]").filter(has_text="source,").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reuters")
    assert page.url.endswith("/sources/reuters/")


def test_recent_searches_are_offered_and_forgotten_in_this_browser_only(page: Page, site: Site) -> None:
    page.goto(site.url)
    box = page.get_by_role("combobox", name="Search the archive")
    for query in ("quotas", '"crude oil"'):
        box.fill(query)
        box.press("Enter")
        expect(page.locator(".understood")).to_be_visible()
    page.goto(site.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    box.press("ArrowDown")
    options = page.locator(".suggestions [role=option]")
    expect(options).to_have_text(['"crude oil" searched before', "quotas searched before", "Forget these searches"])
    assert not asked
    assert "quotas" not in str(page.context.cookies())
    options.nth(1).click()
    expect(page.locator(".understood")).to_contain_text("quotas")
    page.goto(site.url)
    box.press("ArrowDown")
    options.last.click()
    box.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_is_accessible(browser: Browser, site: Site, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 900}, bypass_csp=True)  # type: ignore[arg-type]  # a literal by parametrize
    page = context.new_page()
    page.goto(site.url)
    page.get_by_role("combobox", name="Search the archive").press_sequentially("re")
    expect(page.locator(".suggestions [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    result = Axe().run(page, options=RULES)
    assert not result.violations_count, result.generate_snapshot()
    context.close()

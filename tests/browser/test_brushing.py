"""Two ends of a timeline chosen by mouse, by keys alone, and without JavaScript; each in one request."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def total(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".understood b").inner_text()))


def bars(page: Page) -> list[tuple[str, int]]:
    labels = page.locator(".timeline svg a").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    found = [re.match(r"(.*): ([\d,]+)", label) for label in labels]
    return [(one[1], int(one[2].replace(",", ""))) for one in found if one]


def documents(page: Page) -> list[str]:
    """The addresses of the documents asked for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    return asked


def test_a_drag_over_bars_narrows_the_list_to_them_in_one_request(page: Page, site: Site) -> None:
    page.goto(site.url)
    counted = bars(page)
    asked = documents(page)
    first, second = (page.locator(".timeline svg a").nth(n) for n in (0, 2))
    page.mouse.move(*middle(first))
    page.mouse.down()
    page.mouse.move(*middle(second), steps=8)
    expect(page.locator(".timeline output")).to_contain_text(counted[2][0])
    page.mouse.up()
    expect(page.locator(".chips")).to_contain_text(f"{counted[0][0]} to {counted[2][0]}")
    assert len(asked) == 1
    assert total(page) == sum(count for _, count in counted[:3])


def middle(bar) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    box = bar.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_click_on_a_bar_still_follows_its_link(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sources/reuters/")
    label, count = bars(page)[0]
    page.locator(".timeline svg a").first.click()
    expect(page.locator(".chips")).to_contain_text(label)
    assert total(page) == count


def test_two_ends_are_chosen_by_keys_alone(page: Page, site: Site) -> None:
    page.goto(site.url)
    counted = [bar for bar in bars(page) if bar[0] != "date unknown"]
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.timeline svg') !== null"):
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".timeline output")).to_contain_text(f"{counted[1][0]} to {counted[3][0]}")
    asked = documents(page)
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text(f"{counted[1][0]} to {counted[3][0]}")
    assert len(asked) == 1
    assert total(page) == sum(count for _, count in counted[1:4])


def test_the_bars_are_one_stop_of_the_tab_key(page: Page, site: Site) -> None:
    page.goto(site.url)
    stops = page.locator(".timeline svg a").evaluate_all("all => all.filter(one => one.tabIndex === 0).length")
    assert stops == 1


def test_without_javascript_two_ends_are_chosen_in_a_form_and_the_undated_by_their_bar(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url)
    counted = bars(page)
    page.get_by_text("Choose two ends").click()
    page.locator("select[name=from]").select_option(counted[1][0])
    page.locator("select[name=to]").select_option(counted[2][0])
    asked = documents(page)
    page.get_by_role("button", name="Narrow").click()
    assert len(asked) == 1
    assert total(page) == counted[1][1] + counted[2][1]
    page.goto(site.url)
    undated = dict(counted)["date unknown"]
    page.get_by_role("link", name=f"{undated} undated").click()
    assert total(page) == undated
    context.close()

"""axe-core (WCAG 2.2 A and AA) on every kind of page, in both themes, wide and narrow; and nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/search/?q=oil",
    "/search/?q=oil&page=2&sort=newest",
    "/search/?q=zzzzz+oil",
    "/search/",
    "/search/help/",
    "/search/why/?q=oil&article=1",
    "/articles/1/",
    "/articles/1/?names=1",
    "/articles/1/source/",
    "/people/",
    "/people/james-baker/",
    "/places/",
    "/organisations/",
    "/sources/",
    "/sources/reuters/",
    "/dates/1987/02/26/",
    "/dates/1987/",
    "/dates/1987/02/",
    "/dates/?source=reuters",
    "/sections/",
    "/people/?sort=name",
    "/articles/1/?q=the&sort=oldest&at=1",
    "/articles/1/cite/",
    "/search/?q=oil&from=1987-02&to=1987-03",
    "/search/?q=oil&month=1987-02",
    "/takedowns/",
    "/account/sign-in/",
    "/api/v1/",
    "/rules/",
    "/rules/?source=reuters&sort=cuts",
    "/rules/wire-sign-off/",
    "/no/such/page/",
)
# Of what passes axe would gather every element and say why, which takes as long again.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_every_page_is_accessible_and_fits(browser: Browser, site: Site, scheme: str, width: int) -> None:
    # axe is injected as a script, which our own policy forbids: the page under test is otherwise as it is.
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    found = {}
    for path in PAGES:
        page.goto(site.url + path)
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[path] = result.generate_snapshot()
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[f"{path} is {wide} px wide"] = ""
    context.close()
    assert not found, found

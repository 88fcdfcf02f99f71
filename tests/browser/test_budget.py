"""What a page costs a reader: bytes over the wire, requests that hold it up, and that nothing moves under their eyes."""

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000
PAGES = ("/", "/search/?q=oil", "/articles/1/", "/people/james-baker/", "/sources/reuters/", "/dates/1987/")
# Layout shifts that follow no act of the reader's are summed as the browser itself reports them (web.dev/cls).
WATCH = """window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_waits_for_one_file_and_stands_still(
    browser: Browser, site: Site, path: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, float] = {}
    types: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: types.update({event["requestId"]: event["type"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(site.url + path, wait_until="networkidle")
    blocking = page.evaluate(
        "performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus === 'blocking').map(one => one.name)"
    )
    shifts = page.evaluate("window.shifts")
    context.close()
    total = sum(size for request, size in sizes.items() if types.get(request) != "Image")
    print(f"{path} at {width}: {total:.0f} bytes, {len(blocking)} blocking, shift {shifts:.4f}")
    assert total <= MOST_BYTES
    assert len(blocking) <= 1, blocking
    assert shifts < 0.001  # a rounded pixel, which Chromium reports now and then on a busy machine
    assert not complaints

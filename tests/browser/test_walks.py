"""The readers' walks of the design, W1 to W7: by mouse, by the keyboard alone, and 390 px wide with JavaScript off."""

import csv
import io
import re
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
MOST_TABS = 250


class Walker:
    """Somebody who goes through the site in one way only: "mouse", "keys" or "no-js" (a phone's screen, scripts off)."""

    def __init__(self, page: Page, site: Site, way: str) -> None:
        self.page, self.site, self.way = page, site, way
        page.goto(site.url)

    def choose(self, what: Locator) -> None:
        """Click it, or go to it by the Tab key and press Enter."""
        if self.way == "keys":
            self.reach(what)
            # The locator's own press waits for the page it leads to, the keyboard's does not.
            what.press("Enter")
        else:
            what.click()

    def tick(self, box: Locator) -> None:
        if self.way == "keys":
            self.reach(box)
            self.page.keyboard.press("Space")
        else:
            box.check()

    def reach(self, what: Locator) -> None:
        handle = what.element_handle()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if handle.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"{what} is not reached by the Tab key")

    def type(self, query: str) -> None:
        if self.way == "keys":
            self.page.keyboard.press("/")
        else:
            self.page.locator(".searchbox input[name=q]").click()
        self.page.keyboard.type(query)

    def search(self, query: str) -> None:
        self.type(query)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".understood")).to_be_visible()

    def total(self) -> int:
        return int(re.sub(r"\D", "", self.page.locator(".understood b").first.inner_text().partition("article")[0]))

    def sign_in(self) -> None:
        self.page.goto(f"{self.site.url}/admin/login/?next=/")
        self.page.get_by_label("Username").fill("ada")
        self.page.get_by_label("Password").fill("a long pass phrase")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("h1")).to_contain_text("articles from")


@pytest.fixture(params=["mouse", "keys", "no-js"])
def walker(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Walker]:
    is_phone = request.param == "no-js"
    context = browser.new_context(
        viewport={"width": 390 if is_phone else 1280, "height": 900},
        java_script_enabled=not is_phone,
        accept_downloads=True,
    )
    yield Walker(context.new_page(), site, request.param)
    context.close()


def test_w1_everything_on_a_person_quickly(walker: Walker) -> None:
    page = walker.page
    if walker.way == "no-js":
        walker.search("james baker")
        walker.choose(page.locator(".pages-of").get_by_role("link", name="James Baker"))
    else:
        walker.type("james bake")
        suggestion = page.locator(".suggestions [role=option]").first
        expect(suggestion).to_contain_text("James Baker")
        expect(suggestion).to_contain_text(re.compile(r"person, \d+ article"))
        if walker.way == "keys":
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
        else:
            suggestion.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("James Baker")
    expect(page.locator("main")).to_contain_text(re.compile(r"Named in \d+ article"))
    expect(page.locator(".timeline svg a").first).to_be_visible()
    expect(page.locator(".articles li").first).to_be_visible()
    expect(page.get_by_role("heading", name="named with James Baker").first).to_be_visible()
    expect(page.locator(".timeline svg a").first).to_be_visible()


def test_w2_a_negative_is_proved_and_cited(walker: Walker) -> None:
    page = walker.page
    walker.search('"crude oil" near/10 "quokka"')
    assert walker.total() == 0
    expect(page.locator(".understood")).to_contain_text(re.compile(r"searched \d+ articles from \d+ sources, .+ – .+"))
    expect(page.locator(".understood")).to_contain_text("not yet indexed")
    expect(page.locator(".nothing")).to_contain_text("Nothing in the archive matches")
    expect(page.locator(".clauses")).to_contain_text(
        re.compile(r"“crude oil”: [1-9][\d,]* article.*quokka: 0 articles")
    )
    expect(page.locator(".looser")).to_contain_text(re.compile(r"without quokka: [1-9][\d,]* article"))
    walker.choose(page.get_by_role("button", name="Pin this result"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("A search as it answered on")
    assert re.search(r"/search/pins/[0-9a-f]+/$", page.url)


def test_w3_who_said_it_and_when_first(walker: Walker) -> None:
    page = walker.page
    text, speaker = quotation(walker.site)
    walker.search(text)
    walker.choose(page.get_by_role("link", name="oldest", exact=True))
    expect(page.locator(".sorts b")).to_have_text("oldest")
    hit = page.locator(".hit", has=page.locator(".said", has_text=speaker)).first
    expect(hit.locator(".said")).to_contain_text(f"{speaker} said it")
    walker.choose(hit.locator(".to"))
    page.wait_for_url(re.compile(r"/articles/.+#p\d+$"))
    number = page.url.rpartition("#")[2]
    paragraph = page.locator(f"#{number}")
    expect(paragraph).to_contain_text(text[:30])
    expect(paragraph).to_be_in_viewport()
    assert paragraph.evaluate("one => one.matches(':target')")


def quotation(site: Site) -> tuple[str, str]:
    """A quotation of the archive of one plain sentence, and who said it."""
    with sqlite3.connect(site.data_dir / "archive.sqlite3") as database:
        rows = database.execute(
            "select q.text, e.name from archive_quotation q join archive_entity e on e.id = q.speaker_id "
            "where length(q.text) between 50 and 120 and not e.is_hidden and e.merged_into_id is null order by q.id"
        ).fetchall()
    return next((text, name) for text, name in rows if re.fullmatch(r"[A-Za-z ,.]+", text))


def test_w4_a_background_brief(walker: Walker) -> None:
    page = walker.page
    walker.sign_in()
    walker.search("oil")
    bars = page.locator(".timeline svg a")
    labels = bars.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    counts = [int(re.sub(r"\D", "", label.rpartition(":")[2])) for label in labels]
    peak = counts.index(max(counts))
    if walker.way == "keys":
        walker.reach(page.locator(".timeline svg a[tabindex='0']"))
        page.keyboard.press("Home")
        for _ in range(peak):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
    else:
        bars.nth(peak).click()
    expect(page.locator(".chips a")).to_have_count(1)
    assert walker.total() == counts[peak]
    for number in range(8):
        walker.tick(page.locator(".hit input[type=checkbox]").nth(number))
    walker.choose(page.get_by_role("button", name="Put the ticked into a collection"))
    expect(page.locator("main li, main label").first).to_be_visible()
    name = page.locator("main input[name=new], main input[name=name]").first
    name.fill(f"Brief by {walker.way}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Brief by {walker.way}")
    page.goto(f"{walker.site.url}/collections/")
    walker.choose(page.get_by_role("link", name=f"Brief by {walker.way}"))
    expect(page.locator("main")).to_contain_text("8 articles")
    expect(page.locator(".collected .hit")).to_have_count(8)
    walker.choose(page.locator(".export summary"))
    with page.expect_download() as download:
        walker.choose(page.locator(".export").get_by_role("link", name="csv"))
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 1 + 8 + 1
    page.emulate_media(media="print")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".collected .hit").first).to_be_visible()


def test_w5_an_article_is_cited_and_its_source_proved(walker: Walker) -> None:
    page = walker.page
    walker.search('title:"fog week"')
    walker.choose(page.locator(".hit h2 a").first)
    walker.choose(page.get_by_role("link", name="Cite", exact=True))
    expect(page.locator(".citations")).to_contain_text(
        "Whitlock, Nora, and Pia Castellane. “Seven things to do in Fog Week.”"
    )
    for style in ("BibTeX", "RIS"):
        expect(page.get_by_role("link", name=style)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".citations")).to_contain_text("/articles/")
    page.emulate_media(media="screen")
    walker.choose(page.get_by_role("link", name="Source", exact=True))
    main = page.locator("main")
    expect(main).to_contain_text("ellery-post-fog-week.html")
    expect(main).to_contain_text(re.compile(r"Record\s*1\b"))
    expect(main).to_contain_text(re.compile(r"Bytes\s*0 \+ [\d,]+"))
    expect(main).to_contain_text(re.compile(r"SHA-256\s*[0-9a-f]{64}"))
    expect(page.locator(".ledger del").first).to_be_visible()


def test_w6_a_topic_is_watched(walker: Walker) -> None:
    page = walker.page
    walker.sign_in()
    walker.search("opec quotas")
    feed = page.get_by_role("link", name="Follow (Atom)")
    answer = page.request.get(walker.site.url + (feed.get_attribute("href") or ""))
    assert answer.ok
    assert "opec" in answer.text().lower()
    walker.choose(page.get_by_role("link", name="Follow by mail"))
    expect(page.locator("main")).to_contain_text("opec")
    walker.choose(page.locator("main form button").first)
    expect(page.locator(".messages")).to_contain_text("is followed")
    expect(page).to_have_url(f"{walker.site.url}/following/")
    expect(page.locator("main")).to_contain_text("opec quotas")


def test_w7_a_corpus_is_taken_away_whole(walker: Walker) -> None:
    page = walker.page
    walker.search("oil")
    walker.choose(page.locator(".facet a:not(.without)").first)
    total = walker.total()
    assert total > 0
    walker.choose(page.get_by_text(f"Export all {total}"))
    with page.expect_download() as download:
        walker.choose(page.locator(".export").get_by_role("link", name="csv"))
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert rows[-1] == [f"# complete: {total} of {total} articles"]
    assert len(rows) == 1 + total + 1

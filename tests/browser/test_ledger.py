"""The ledger in a browser: a line put back and cut, a rule for a source, dates, cleaning anew; by keys, without scripts."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, manage
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser
PIERS = "Engineers found that two of the five piers of the bridge at {0} had moved since the floods of last winter."
BUSES = "The deck can no longer carry the buses that cross it every {0} minutes, said the council's surveyor on Monday."
MARK = "The {0} is printed on recycled paper in Oddfellows Lane."


def gazette(site: Site, tmp_path: Path, name: str, count: int = 4, *, undated: bool = False, more: str = "") -> None:
    """A source of this test's own: `count` articles that all carry its printer's mark and a share button.

    With `more` the dump has one record besides, so that it is another dump of the same articles.
    """
    dump = tmp_path / f"{name}.jsonl"
    stories = [
        {
            "id": f"{name}-{n}",
            "title": f"{name} bridge story {n}",
            "url": f"https://{name.lower()}.example/2019/11/0{n + 1}/bridge",
            "published": "" if undated else f"2019-11-0{n + 1}",
            "body": "\n\n".join([PIERS.format(name), BUSES.format(n + 2), MARK.format(name), "Share"]),
        }
        for n in range(count)
    ]
    if more:
        stories.append({"id": f"{name}-more", "title": f"{name} has more", "url": "", "published": "", "body": more})
    dump.write_text("".join(json.dumps(each) + "\n" for each in stories), "utf-8")
    done = manage(site.data_dir, "ingest", str(dump), "--source", name, "--workers", "1", "--no-entities")
    assert done.returncode == 0, done.stderr


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/account/sign-in/")
    page.locator("#id_username").fill("ada")
    page.locator("#id_password").fill("a long pass phrase")
    page.locator("#id_password").press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))


def open_first(page: Page, site: Site, slug: str) -> str:
    """The source page of the newest article of a source; its address."""
    page.goto(f"{site.url}/sources/{slug}/")
    page.locator(".articles a").first.click()
    page.get_by_role("link", name="Source", exact=True).click()
    expect(page.locator(".ledger")).to_be_visible()
    return page.url


def tab_to(page: Page, found: Callable[[], bool], limit: int = 80) -> None:
    for _ in range(limit):
        page.keyboard.press("Tab")
        if found():
            return
    raise AssertionError("the keyboard does not lead there")


def is_focused(page: Page, selector: str) -> Callable[[], bool]:
    return lambda: bool(page.evaluate("s => document.activeElement.matches(s)", selector))


def until(page: Page, url: str, selector: str, text: str) -> None:
    """Load a page again and again until it says so: the worker is at it."""
    for _ in range(60):
        page.goto(url)
        if text in (page.locator(selector).first.text_content() or ""):
            return
        page.wait_for_timeout(500)
    expect(page.locator(selector).first).to_contain_text(text)


def test_staff_put_a_line_back_by_keys_alone_search_finds_it_and_it_is_undone(
    page: Page, site: Site, tmp_path: Path
) -> None:
    gazette(site, tmp_path, "Keymere")
    sign_in(page, site)
    source = open_first(page, site, "keymere")
    row = page.locator("tr.removed", has_text="Share")
    value = row.get_by_role("checkbox").get_attribute("value")
    tab_to(page, is_focused(page, f'input[value="{value}"]'))
    page.keyboard.press("Space")
    tab_to(page, is_focused(page, 'input[name="reason"]'))
    page.keyboard.type("it is a verb here")
    tab_to(page, is_focused(page, 'button[value="keep"][name="verb"]'))
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_have_text("1 line put back into the text.")
    expect(page.locator("tr", has_text="Share").locator(".why")).to_contain_text("restored by hand")
    expect(page.locator("tr", has_text="Share").locator(".decided").first).to_contain_text("it is a verb here")
    until(page, f"{site.url}/search/?q=source:keymere+share", "main", "Keymere bridge story")
    page.goto(source)
    tab_to(page, is_focused(page, 'button[name="undo"]'))
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Undone")
    expect(page.locator("tr.removed", has_text="Share")).to_be_visible()
    page.locator("h1 + p a").click()
    expect(page.locator("aside")).to_contain_text("Version 2")


def test_a_kept_line_is_taken_out_without_javascript_and_readers_see_no_form(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    gazette(site, tmp_path, "Scriptless")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site)
    source = open_first(page, site, "scriptless")
    page.get_by_role("row").filter(has_text="printed on recycled paper").get_by_role("checkbox").check()
    page.get_by_role("button", name="Take out of the text").click()
    expect(page.locator("tr.removed", has_text="printed on recycled paper")).to_contain_text("cut by hand")
    context.close()
    reader = browser.new_context()
    page = reader.new_page()
    page.goto(source)
    expect(page.locator("tr.removed", has_text="printed on recycled paper")).to_contain_text("cut by hand")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("ada")
    reader.close()


def test_a_decision_outlasts_the_same_pages_from_another_dump(page: Page, site: Site, tmp_path: Path) -> None:
    # Two articles are too few for the source to be known to repeat the line: only the decision speaks for the cut.
    gazette(site, tmp_path, "Lastwell", 2)
    sign_in(page, site)
    source = open_first(page, site, "lastwell")
    page.get_by_role("row").filter(has_text="printed on recycled paper").get_by_role("checkbox").check()
    page.get_by_role("button", name="Take out of the text").click()
    (tmp_path / "again").mkdir()
    gazette(site, tmp_path / "again", "Lastwell", 2, more="and once more")
    done = manage(site.data_dir, "reclean", "--source", "lastwell")
    assert "3 articles read: 0 changed, 0 in their account only" in done.stdout, done.stdout + done.stderr
    page.goto(source)
    expect(page.locator("tr.removed", has_text="printed on recycled paper")).to_contain_text("cut by hand")


def test_a_correction_becomes_a_rule_after_a_preview_and_is_withdrawn(page: Page, site: Site, tmp_path: Path) -> None:
    gazette(site, tmp_path, "Rulewick", 6)
    sign_in(page, site)
    source = open_first(page, site, "rulewick")
    page.get_by_role("row").filter(has_text="printed on recycled paper").get_by_role("checkbox").check()
    page.get_by_role("button", name="Take out of the text").click()
    page.get_by_role("link", name="The same in every article of Rulewick?").click()
    expect(page.locator("main")).to_contain_text("5 articles would change, 5 lines")
    expect(page.locator("section[aria-labelledby=examples] .cases > li")).to_have_count(3)
    assert source
    page.get_by_label("Why").fill("the printer's mark")
    page.get_by_role("button", name="Cut it in 5 articles, and from now on").click()
    expect(page.locator(".messages")).to_contain_text("The rule is made")
    rule = page.url
    until(page, rule, "main", "5 lines in 5 articles")
    expect(page.locator(".cuts del")).to_have_count(5)
    page.get_by_role("link", name="done").click()
    expect(page.locator(".numbers")).to_contain_text("5 of 5")
    page.goto(f"{site.url}/rules/?source=rulewick")
    expect(page.locator(".rules")).to_contain_text("from every article of Rulewick.")
    page.goto(rule)
    page.get_by_role("button", name="Withdraw the rule").click()
    until(page, rule, "main", "0 lines in 0 articles")
    page.goto(f"{site.url}/sources/rulewick/")
    page.locator(".articles a").last.click()
    expect(page.locator(".prose")).to_contain_text("printed on recycled paper")


def test_a_date_is_accepted_from_the_queue_and_the_article_says_how_it_is_known(
    page: Page, site: Site, tmp_path: Path
) -> None:
    gazette(site, tmp_path, "Undatedly", 1, undated=True)
    sign_in(page, site)
    page.goto(f"{site.url}/dates/unknown/?source=undatedly")
    expect(page.locator(".dating")).to_have_count(1)
    page.get_by_role("button", name="1 November 2019").click()
    expect(page.locator(".messages")).to_contain_text("1 November 2019, as suggested")
    expect(page.locator(".dating")).to_have_count(0)
    page.goto(f"{site.url}/sources/undatedly/")
    page.locator(".articles a").first.click()
    expect(page.locator(".evidence-of-date")).to_contain_text(
        "accepted by an editor: year, month, day", ignore_case=True
    )
    expect(page.locator("article header")).to_contain_text("1 November 2019")


def test_staff_read_the_report_of_cleaning_anew(page: Page, site: Site, tmp_path: Path) -> None:
    gazette(site, tmp_path, "Cleanham")
    done = manage(site.data_dir, "reclean", "--source", "cleanham", "--dry-run")
    assert done.returncode == 0, done.stderr
    sign_in(page, site)
    page.goto(f"{site.url}/rules/")
    page.get_by_role("link", name="Rehearsal of cleaning anew, Cleanham").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cleaning anew, rehearsed: Cleanham")
    expect(page.locator(".numbers")).to_contain_text("4 of 4")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_what_staff_see_is_accessible_and_fits(
    browser: Browser, site: Site, tmp_path: Path, scheme: str, width: int
) -> None:
    gazette(site, tmp_path, f"Access{scheme}{width}", 2, undated=True)
    slug = f"access{scheme}{width}"
    manage(site.data_dir, "reclean", "--source", slug, "--dry-run")
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    sign_in(page, site)
    source = open_first(page, site, slug)
    page.get_by_role("row").filter(has_text="printed on recycled paper").get_by_role("checkbox").check()
    problems = [_problems(page, width)]
    page.get_by_role("button", name="Take out of the text").click()
    problems.append(_problems(page, width))
    proposal = page.get_by_role("link", name="The same in every article").get_attribute("href")
    page.goto(f"{site.url}/rules/")
    run = page.get_by_role("link", name="Rehearsal of cleaning anew").first.get_attribute("href")
    runs = "/admin/archive/ingestrun/"
    desk = [runs, f"{runs}upload/", f"{runs}1/change/", f"{runs}1/rejections/", "/admin/archive/takedown/restrict/1/"]
    for path in (proposal, run, f"/dates/unknown/?source={slug}", "/dates/unknown/?show=doubtful", "/rules/", *desk):
        page.goto(f"{site.url}{path}")
        problems.append(_problems(page, width))
    assert source
    context.close()
    assert "".join(problems) == ""


def _problems(page: Page, width: int) -> str:
    result = Axe().run(page, options=RULES)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return (result.generate_snapshot() if result.violations_count else "") + (f"{wide} px" if wide > width else "")

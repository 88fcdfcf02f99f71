"""Names in a browser: a person's page, and everything a librarian can decide, by keyboard and by mouse."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import Site, manage
from tests.browser.test_accessibility import RULES

pytestmark = pytest.mark.browser
STORIES = (
    'Captain Leonard Finchley opened the lock on Monday.\n\n"We waited for years," Finchley said.',
    "Captain Leonard Finchley met the fishermen of Exeter on Tuesday.",
    "Captain Leonard Finchly landed in Exeter on Friday.",
    "President Roger Ambrose spoke in Paris on Monday.",
    "Her lawyer, Hillary Ambrose, spoke in London on Monday.",
    "Mr Ambrose said in London that he would resign.",
)


@pytest.fixture(scope="module")
def names(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site with a few stories more, about people of ours alone."""
    dump = tmp_path_factory.mktemp("names") / "harbour.jsonl"
    rows = [
        {
            "id": f"h-{n}",
            "title": f"Harbour story {n}",
            "body": text,
            "date": f"2021-05-0{n + 1}",
            "source": "Harbour Mail",
        }
        for n, text in enumerate(STORIES)
    ]
    dump.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    done = manage(site.data_dir, "ingest", str(dump), "--workers", "1")
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def staff(names: Site, browser: Browser) -> Iterator[Page]:
    """A page of one who is signed in; anything written to the console as an error fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = signed_in(context, names)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert not errors


def signed_in(context: BrowserContext, site: Site) -> Page:
    page = context.new_page()
    page.goto(f"{site.url}/admin/login/?next=/admin/names/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long pass phrase")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Probably the same")
    return page


def said(page: Page) -> Locator:
    return page.locator(".messages")


def open_name(page: Page, site: Site, address: str) -> None:
    """The workbench's page of a name, from the public one."""
    page.goto(site.url + address)
    page.get_by_role("link", name="Correct this name").click()


def test_a_reader_sees_who_a_person_is_and_goes_from_a_quotation_to_its_paragraph(page: Page, names: Site) -> None:
    page.goto(f"{names.url}/people/")
    page.get_by_role("searchbox", name="Name").fill("finchley")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Leonard Finchley", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leonard Finchley")
    expect(page.locator("main")).to_contain_text("from 1 May 2021 to 2 May 2021")
    expect(page.locator(".passage mark").first).to_be_visible()
    expect(page.locator("aside").get_by_text("Captain")).to_be_visible()
    page.get_by_role("link", name="Oldest first").click()
    expect(page.locator(".articles h3").first).to_have_text("Harbour story 0")
    page.locator(".quoted").get_by_role("link", name="Harbour story 0").click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#p2")
    expect(page.locator("#p2")).to_contain_text("We waited for years")
    page.goto(f"{names.url}/people/?sort=rise")
    expect(page.locator(".sorts b")).to_have_text("By rise")


def test_a_pair_is_judged_and_taken_back_by_keys_alone(staff: Page, names: Site) -> None:
    staff.goto(f"{names.url}/admin/names/?filter=finch")
    pair = staff.locator(".pair")
    expect(pair).to_have_count(1)
    expect(pair.locator("mark")).to_have_count(3)
    staff.keyboard.press("m")
    expect(said(staff)).to_contain_text("Leonard Finchly is now Leonard Finchley.")
    expect(staff.locator(".pair")).to_have_count(0)
    staff.goto(f"{names.url}/people/leonard-finchly/")
    expect(staff).to_have_url(f"{names.url}/people/leonard-finchley/")
    expect(staff.locator("main")).to_contain_text("3 articles")
    staff.goto(f"{names.url}/admin/names/?filter=finch")
    staff.keyboard.press("u")
    expect(said(staff)).to_contain_text("Undone")
    staff.goto(f"{names.url}/admin/names/?filter=finch")
    staff.keyboard.press("j")
    expect(staff.locator(".pair")).to_be_focused()
    staff.keyboard.press("n")
    expect(said(staff)).to_contain_text("stay two")
    staff.goto(f"{names.url}/people/leonard-finchley/")
    expect(staff.locator("main")).to_contain_text("told apart by a librarian")
    staff.goto(f"{names.url}/admin/names/")
    staff.get_by_role("button", name="Undo it").click()
    expect(said(staff)).to_contain_text("Undone")


def test_the_queue_is_walked_by_keys_and_a_pair_can_wait(staff: Page, names: Site) -> None:
    staff.goto(f"{names.url}/admin/names/")
    pairs = staff.locator(".pair")
    for key, number in (("j", 0), ("j", 1), ("k", 0), ("s", 1)):
        staff.keyboard.press(key)
        expect(pairs.nth(number)).to_be_focused()
    staff.keyboard.press("n")
    expect(said(staff)).to_contain_text("stay two")
    expect(pairs.nth(1)).to_be_focused()
    staff.locator(".last button").click()
    expect(said(staff)).to_contain_text("Undone")


def test_a_name_is_split_renamed_moved_and_hidden_by_mouse_and_everything_is_undone(staff: Page, names: Site) -> None:
    open_name(staff, names, "/people/leonard-finchley/")
    staff.get_by_role("checkbox", name="Harbour story 1").check()
    staff.get_by_label("There it means somebody else, called").fill("Leonard Finchley (elder)")
    staff.get_by_role("button", name="Split off").click()
    expect(said(staff)).to_have_text("Split.")
    expect(staff.locator(".ticks li")).to_have_count(1)
    staff.goto(f"{names.url}/people/leonard-finchley-elder/")
    expect(staff.locator("main")).to_contain_text("1 article")
    expect(staff.locator(".articles")).to_contain_text("by decision")
    open_name(staff, names, "/people/leonard-finchley/")
    staff.get_by_label("Its name").fill("Leo Finchley")
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("heading", level=1)).to_have_text("Leo Finchley")
    staff.get_by_label("Its kind").select_option("organisation")
    staff.get_by_role("button", name="Change kind").click()
    expect(said(staff)).to_have_text("Kind changed.")
    staff.goto(f"{names.url}/people/leonard-finchley/")
    expect(staff).to_have_url(f"{names.url}/organisations/leonard-finchley/")
    staff.get_by_role("link", name="Correct this name").click()
    staff.get_by_role("button", name="Tick all of this page").click()
    staff.get_by_role("button", name="Not a name there").click()
    expect(said(staff)).to_have_text("No name there any more.")
    staff.get_by_role("button", name="Not a name", exact=True).click()
    expect(said(staff)).to_have_text("It is no name any more.")
    for _ in range(5):
        staff.locator(".decisions").get_by_role("button", name="Undo").first.click()
        expect(said(staff)).to_contain_text("Undone")
    staff.goto(f"{names.url}/people/leonard-finchley/")
    expect(staff.get_by_role("heading", level=1)).to_have_text("Leonard Finchley")
    expect(staff.locator("main")).to_contain_text("2 articles")


def test_an_unlinked_surname_is_given_to_the_one_it_means_and_search_follows(staff: Page, names: Site) -> None:
    staff.goto(f"{names.url}/admin/names/unlinked/")
    group = staff.locator(".pair", has_text="“ambrose”")
    expect(group.get_by_role("checkbox")).to_be_checked()
    group.get_by_role("button", name="Hillary Ambrose").click()
    expect(said(staff)).to_have_text("It means Hillary Ambrose there.")

    def found() -> int:
        staff.goto(f'{names.url}/search/?q=person:"Hillary Ambrose"')
        return staff.locator(".hits > li").count()

    for _ in range(20):
        if found() == 2:
            break
        staff.wait_for_timeout(500)
    assert found() == 2


def test_decisions_travel_as_a_file(staff: Page, names: Site, tmp_path: Path) -> None:
    open_name(staff, names, "/people/roger-ambrose/")
    staff.get_by_label("Is the same as").fill("Hillary Ambrose")
    staff.get_by_role("button", name="Merge").click()
    expect(said(staff)).to_contain_text("Merged into")
    staff.get_by_role("link", name="Probably the same").click()
    with staff.expect_download() as download:
        staff.get_by_role("link", name="All that stand, as JSON").click()
    file = tmp_path / "decisions.json"
    download.value.save_as(file)
    assert "merge" in {row["kind"] for row in json.loads(file.read_text("utf-8"))["decisions"]}
    staff.get_by_label("Bring in such a file").set_input_files(file)
    staff.get_by_role("button", name="Bring in", exact=True).click()
    expect(said(staff)).to_contain_text("known already")
    staff.locator(".last button").click()
    expect(said(staff)).to_contain_text("Undone")


def test_many_names_are_looked_up_pasted_or_from_a_file_with_errors_by_line(
    staff: Page, names: Site, tmp_path: Path
) -> None:
    staff.goto(f"{names.url}/admin/names/batch/")
    staff.get_by_label("One name a line").fill("Leonard Finchley\n\n…\nNobody Known")
    staff.get_by_role("button", name="Look up").click()
    expect(staff.locator(".understood")).to_have_text("Of 3 lines 1 names somebody of this archive; 2 do not.")
    rows = staff.locator(".ledger tbody tr")
    expect(rows.nth(0)).to_contain_text("Leonard Finchley person, 2 articles; latest Harbour story 1")
    expect(rows.nth(1)).to_contain_text("3…no letter or digit in it")
    expect(rows.nth(2)).to_contain_text("no such name in the archive")
    file = tmp_path / "names.txt"
    file.write_text("Roger Ambrose\nHillary Ambrose\n", "utf-8")
    staff.get_by_label("One name a line").fill("")
    staff.get_by_label("or a text file").set_input_files(file)
    with staff.expect_download() as download:
        staff.get_by_role("button", name="As CSV").click()
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert lines[0].startswith("line,name,found,kind,articles")
    assert lines[1].startswith("1,Roger Ambrose,Roger Ambrose,person,1,")


def test_a_pair_is_judged_without_javascript(names: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = signed_in(context, names)
    page.goto(f"{names.url}/admin/names/?filter=finch")
    page.get_by_role("button", name="The same", exact=True).click()
    expect(said(page)).to_contain_text("is now")
    page.get_by_role("button", name="Undo it").click()
    expect(said(page)).to_contain_text("Undone")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (320, "dark")])
def test_the_workbench_is_accessible_and_fits(browser: Browser, names: Site, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = signed_in(context, names)
    page.goto(f"{names.url}/people/leonard-finchley/")
    about = page.get_by_role("link", name="Correct this name").get_attribute("href")
    found = {}
    addresses = ("/people/leonard-finchley/", "/people/?sort=rise", "/admin/names/", str(about))
    for path in (*addresses, "/admin/names/unlinked/", "/admin/names/batch/"):
        page.goto(names.url + path)
        if path.endswith("batch/"):
            page.get_by_label("One name a line").fill("Leonard Finchley\n…")
            page.get_by_role("button", name="Look up").click()
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[path] = result.generate_snapshot()
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[f"{path} is {wide} px wide"] = ""
    context.close()
    assert not found, found

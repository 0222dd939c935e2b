"""The search: what it finds, and that it leaves nothing behind."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.in_browser.browsing import ADDRESSES, LEFT_BEHIND, opened

# A tired person reads so many lines of what was found.
BEST = 3


def looks_for(page: Page, words: str) -> None:
    """Type words into the search and press Enter."""
    field = page.get_by_role("searchbox", name="What are you looking for?")
    field.fill(words)
    field.press("Enter")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("bail", "Arrest, interview and release"),
        ("epilepsy", "If you are too unwell to come"),
        ("compens", "Compensation"),
        ("  Not-Guilty? ", "The verdict and the sentence"),
        ("curtain ~ screen:*", "What can help at court"),
        ("ex follows me", "Stalking and harassment"),
        ("my husband hits me", "Domestic abuse"),
        ("court too ill", "If you are too unwell to come"),
        ("burgled", "Burglary and theft"),
        ("when will I hear", "Waiting, and how often you hear"),
        ("scared", "Are you safe now?"),
        ("lost my code", "Check your case"),
    ],
)
def test_search_finds_the_page(page: Page, words: str, title: str) -> None:
    page.goto("/search/")
    looks_for(page, words)
    best = page.locator(".hub-search li a")
    expect(best.first).to_be_visible()
    assert title in best.all_text_contents()[:BEST]
    expect(page.get_by_role("status")).to_contain_text("found.")
    assert page.url.endswith("/search/")


@pytest.mark.parametrize(
    ("words", "answer"),
    [("zzzz", "Nothing found."), ("me to my", "Nothing found."), (" ", "Type one")],
)
def test_search_says_what_to_do_when_it_finds_nothing(page: Page, words: str, answer: str) -> None:
    page.goto("/search/")
    looks_for(page, words)
    expect(page.get_by_role("status")).to_contain_text(answer)


def test_search_says_so_when_its_index_does_not_come(page: Page) -> None:
    page.route("**/search_index.json", lambda route: route.abort())
    page.goto("/search/")
    looks_for(page, "bail")
    expect(page.get_by_role("status")).to_contain_text("Search does not work just now.")
    expect(page.locator(".hub-search").get_by_role("link", name="A to Z")).to_be_visible()


def test_search_without_scripts_leads_to_the_a_to_z(browser: Browser, base: str) -> None:
    context = opened(browser, base, script=False)
    page = context.new_page()
    page.goto("/search/")
    assert page.locator("input").count() == 0
    page.get_by_role("main").get_by_role("link", name="A to Z").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A to Z")
    context.close()


def test_ten_pages_and_a_search_leave_nothing_behind(browser: Browser, base: str) -> None:
    context = opened(browser, base)
    page = context.new_page()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES[3:13]:
        page.goto(address)
    page.get_by_role("link", name="Search").click()
    assert not [url for url in asked if "lunr" in url or "search_index" in url]
    expect(page.get_by_role("searchbox")).to_have_attribute("autocomplete", "off")
    looks_for(page, "secret words")
    expect(page.get_by_role("status")).not_to_contain_text("Searching")
    page.locator(".hub-search li a").first.click()
    page.wait_for_url(lambda url: not url.endswith("/search/"))
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.locator(".hub-search li")).to_have_count(0)

    assert page.evaluate(LEFT_BEHIND) == 0
    assert not context.cookies()
    assert not [url for url in asked if not url.startswith(base) or "secret" in url or "?" in url]
    context.close()


def test_a_keyboard_alone_reaches_the_words_the_way_out_and_the_search(page: Page) -> None:
    page.goto("/get-support/by-need/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.goto("/what-happens/")
    stops = []
    for _ in range(16):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.textContent.trim()"))
        expect(page.locator(":focus")).to_be_in_viewport(ratio=1)
    order = [
        "Skip to main content",
        "Leave this site now",
        "Exit this page",
        "What happens",
        "Search",
    ]
    assert [stop for stop in stops if stop in order] == order
    page.get_by_role("link", name="Search").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "search":
            break
    page.keyboard.type("bail")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("found.")

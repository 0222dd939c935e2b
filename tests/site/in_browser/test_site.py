"""Every page of the built site in Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.site.in_browser.browsing import ADDRESSES, LEFT_BEHIND, NEUTRAL, opened

# What is sound is counted and not described: on a long page that takes longer than to look.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_sound_in_a_browser(reader: BrowserContext, site_base: str, address: str) -> None:
    page = reader.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 640})
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not said
    assert all(url.startswith(site_base) for url in asked)
    assert page.evaluate(LEFT_BEHIND) == 0
    assert not reader.cookies()

    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[data-exit]")).to_be_in_viewport(ratio=1)
    page.close()


def test_the_menu_works_without_scripts_on_a_small_screen(browser: Browser, base: str) -> None:
    context = opened(browser, base, script=False, width=320)
    page = context.new_page()
    page.goto("/")
    page.get_by_text("Menu").click()
    menu = page.get_by_role("navigation", name="Main")
    menu.get_by_role("link", name="What happens").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What happens")
    context.close()


def test_the_menu_stands_open_on_a_wide_screen(page: Page) -> None:
    page.goto("/")
    menu = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(menu).to_have_count(9)
    for entry in menu.all():
        expect(entry).to_be_visible()


def test_the_three_doors_are_seen_without_scrolling_on_a_small_phone(
    browser: Browser, base: str
) -> None:
    context = opened(browser, base, width=360)
    page = context.new_page()
    page.goto("/")
    for door in ("Check your case", "What happens, and what you are owed", "Find support"):
        link = page.get_by_role("main").get_by_role("link", name=door)
        expect(link).to_be_in_viewport(ratio=1)
    after = page.get_by_role("heading", level=2).first.bounding_box()
    assert after
    assert after["y"] >= 640
    context.close()


def test_the_first_tab_offers_to_skip_to_the_words(page: Page) -> None:
    page.goto("/what-happens/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    leave = page.get_by_role("link", name="Leave this site now")
    expect(leave).to_be_in_viewport(ratio=1)
    leave.press("Enter")
    page.wait_for_url(NEUTRAL)


def test_paper_shows_the_words_with_addresses_and_no_controls(page: Page) -> None:
    page.goto("/what-happens/no-further-action/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-exit]")).to_be_hidden()
    for nav in page.locator("nav").all():
        expect(nav).to_be_hidden()
    link = page.get_by_role("link", name="How to ask the police for a review")
    written = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert "https://www.staffordshire.police.uk" in written


@pytest.mark.parametrize("address", ["/help-at-court/measures/", "/easy-read/"])
def test_drawings_take_the_colours_that_a_person_chose(
    browser: Browser, base: str, address: str
) -> None:
    context = browser.new_context(base_url=base, forced_colors="active", color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    drawing = page.get_by_role("main").locator("svg").first
    expect(drawing).to_be_visible()
    colours = drawing.evaluate(
        "svg => [getComputedStyle(svg).color, getComputedStyle(svg.parentElement).color]"
    )
    assert colours[0] == colours[1]
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    context.close()

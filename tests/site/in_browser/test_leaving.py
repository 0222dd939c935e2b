"""The way out of each page in Chromium."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.in_browser.browsing import ADDRESSES, NEUTRAL, launched, opened
from tests.site.serving import Serving


@pytest.mark.parametrize("address", ["/", "/what-happens/", "/case"])
def test_a_click_on_exit_ends_the_session_and_shows_the_weather(
    page: Page, serving: Serving, address: str
) -> None:
    page.goto("/privacy/")
    page.goto(address)
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(NEUTRAL)
    assert ("/case/leave", "") in serving.posted
    page.go_back()
    assert page.url.endswith("/privacy/")


def test_shift_three_times_leaves_and_says_how_far_it_is(page: Page, serving: Serving) -> None:
    page.goto("/case")
    status = page.locator("[data-exit] + [aria-live]")
    page.keyboard.press("Shift")
    expect(status).to_have_text("Shift, press 2 more times to exit.")
    page.keyboard.press("Shift")
    expect(status).to_have_text("Shift, press 1 more time to exit.")
    page.keyboard.press("Shift")
    page.wait_for_url(NEUTRAL)
    assert ("/case/leave", "") in serving.posted


@pytest.mark.parametrize("combination", ["Control+Shift", "Alt+Shift", "Shift+A", "Shift+Control"])
def test_shift_together_with_another_key_never_leaves(page: Page, combination: str) -> None:
    page.goto("/case")
    page.get_by_label("Message").focus()
    for _ in range(4):
        page.keyboard.press(combination)
    page.wait_for_timeout(100)
    assert page.url.endswith("/case")
    expect(page.get_by_role("heading", name="Your information")).to_be_visible()


def test_three_slow_presses_do_not_leave(page: Page) -> None:
    page.clock.install()
    page.goto("/case")
    for _ in range(3):
        page.keyboard.press("Shift")
        page.clock.fast_forward(3000)
    assert page.url.endswith("/case")


def test_exit_works_without_scripts(browser: Browser, base: str) -> None:
    context = opened(browser, base, script=False)
    page = context.new_page()
    page.goto("/what-happens/")
    with page.expect_request("**/case/exit"):
        page.get_by_role("link", name="Exit this page").click()
    context.close()


def test_the_way_out_is_on_a_small_screen_also_with_letters_twice_the_size(
    browser: Browser, base: str
) -> None:
    large = launched(browser.browser_type, "--blink-settings=defaultFontSize=32")
    page = opened(large, base, script=False, width=320).new_page()
    for address in [*ADDRESSES, "/case"]:
        page.goto(address)
        box = page.locator("[data-exit]").bounding_box()
        assert box, address
        assert box["x"] + box["width"] <= 320, address
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
    large.close()


def test_the_keyboard_sees_where_it_is_in_the_bar(page: Page) -> None:
    page.goto("/")
    for name in ("Victim Information Hub", "Exit this page"):
        link = page.get_by_role("banner").get_by_role("link", name=name)
        page.keyboard.press("Tab")
        link.focus()
        expect(link).to_have_css("background-color", "rgb(255, 216, 77)")
        expect(link).to_have_css("color", "rgb(15, 28, 38)")
        expect(link).to_have_css("outline-color", "rgb(255, 255, 255)")

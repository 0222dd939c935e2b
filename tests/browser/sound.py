"""What holds for every page as a browser shows it: for all eyes, all hands, all screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

SMALL, WIDE, HEIGHT = 320, 1280, 800
WCAG_22_AA = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # AA since 2.2, and off unless it is asked for.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def check_page(page: Page) -> None:
    """Hold a page to everything, on a wide screen, on a small one and with letters twice as big."""
    _wait_for_all_of_it(page)
    check_accessible(page)
    page.set_viewport_size({"width": SMALL, "height": HEIGHT})
    check_accessible(page)
    check_fits(page)
    check_exit_stays(page)
    page.set_viewport_size({"width": 2 * SMALL, "height": HEIGHT})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    check_fits(page)
    check_exit_stays(page)


def _wait_for_all_of_it(page: Page) -> None:
    """A click waits until the next page begins; how it looks stands only when all is there."""
    page.wait_for_load_state("load")


def check_accessible(page: Page) -> None:
    """Find no violation of WCAG 2.2 AA."""
    # Half a megabyte of script: a page is given it once.
    if not page.evaluate("Boolean(window.axe?.run)"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", WCAG_22_AA))
    assert found.violations_count == 0, found.generate_report()


def check_fits(page: Page) -> None:
    """Nobody has to scroll sideways."""
    _wait_for_all_of_it(page)
    needed, there = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert needed <= there, f"{needed} pixels in {there}"


def check_exit_stays(page: Page) -> None:
    """The way out stays where it is while a person reads on; staff have none."""
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    exits = page.get_by_role("link", name="Exit this page")
    if page.locator("body").get_attribute("data-audience") != "staff":
        expect(exits).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")

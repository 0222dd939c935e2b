"""The running hub, a browser, and the people who use them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import expect, sync_playwright

from operate.leaving import NEUTRAL_HOST, browser_options
from operate.neutral_site import neutral_site
from tests.browser.hub import Hub, running_hub
from tests.browser.watch import Watch
from tests.emptying import empty_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

WIDE, TALL = 1280, 800
# A busy machine is slow; what never comes is said all the same.
PATIENCE_MS = 15_000


class Opens(Protocol):
    """Opens a browser of its own for a person: nothing is shared with another one's."""

    def __call__(self, *, script: bool = True) -> Page: ...


@pytest.fixture(scope="package")
def neutral() -> Iterator[str]:
    """Where a browser finds the neutral site."""
    with neutral_site(NEUTRAL_HOST) as rule:
        yield rule


# One driver at a time can run in a process, so all of these end with this folder's tests.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright, neutral: str) -> Iterator[Browser]:
    """Chromium, with its own memory for Back."""
    started = playwright.chromium.launch(**browser_options(neutral))
    yield started
    started.close()


@pytest.fixture(scope="package")
def running() -> Iterator[Hub]:
    """Both services, once for all browser tests."""
    with running_hub() as hub:
        yield hub


@pytest.fixture
def hub(running: Hub) -> Iterator[Hub]:
    """The hub with nothing in it, today; a test may move its clock and break its store."""
    empty_tables()
    yield running
    running.clock.ahead = timedelta()
    running.ledger.broken = False


@pytest.fixture
def watch(hub: Hub) -> Iterator[Watch]:
    """Hold every page to what no page may do."""
    watching = Watch((hub.public, hub.staff))
    yield watching
    assert watching.all_faults() == []


@pytest.fixture
def opens(browser: Browser, watch: Watch) -> Iterator[Opens]:
    """Open browsers of people, watched, and close them after the test."""
    contexts = []

    def opened(*, script: bool = True) -> Page:
        contexts.append(watch.over(new_context(browser, script=script)))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def worn(browser: Browser, running: Hub) -> Iterator[tuple[Page, Watch]]:
    """One browser window for all who only look: opening a new one takes longer than a look."""
    watching = Watch((running.public, running.staff))
    context = watching.over(new_context(browser))
    yield context.new_page(), watching
    context.close()


@pytest.fixture
def page(worn: tuple[Page, Watch]) -> Iterator[Page]:
    """A window in which nobody is signed in."""
    window, watching = worn
    watching.forget()
    window.context.clear_cookies()
    window.set_viewport_size({"width": WIDE, "height": TALL})
    yield window
    assert watching.all_faults() == []


def new_context(browser: Browser, *, script: bool = True) -> BrowserContext:
    """Return a browser of somebody's own."""
    context = browser.new_context(
        java_script_enabled=script,
        viewport={"width": WIDE, "height": TALL},
        ignore_https_errors=True,
        locale="en-GB",
        # So that nothing is still on its way when a test looks where it is.
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context

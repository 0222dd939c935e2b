"""A browser, the server that it asks, and a person who reads page after page."""

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.site.in_browser.browsing import case_page, launched, opened
from tests.site.serving import Serving, server_of


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file."""
    with sync_playwright() as playwright:
        started = launched(playwright.chromium)
        yield started
        started.close()


@pytest.fixture
def serving() -> Serving:
    """What this test's server shows and was sent."""
    return Serving(pages={"/case": case_page()})


@pytest.fixture
def base(serving: Serving) -> Iterator[str]:
    """The address of a server that shows the site and one case page."""
    with server_of(serving) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A browser page with scripts, on a wide screen."""
    context = opened(browser, base)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def site_base() -> Iterator[str]:
    """The address of one server for all tests that only look at the site."""
    with server_of(Serving()) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def reader(browser: Browser, site_base: str) -> Iterator[BrowserContext]:
    """Somebody who reads page after page, so that what pages leave behind would add up."""
    context = opened(browser, site_base)
    yield context
    context.close()

"""Ways of leaving a case in a browser, and what its Back button shows afterwards (D9).

The browser is a plain one: its caches are on, and nothing stands between it and the service.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from playwright.sync_api import Error as PlaywrightError

from operate.browser import chromium_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

NEUTRAL_HOST = "www.bbc.co.uk"
NEUTRAL = f"https://{NEUTRAL_HOST}/**"
BACK_PRESSES = 10
LOOKS = 3
LOOK_SECONDS = 0.02
# Shorter lines stand on many pages.
TELLING_CHARACTERS = 12
SESSION_MINUTES = 16


class NotReadError(Exception):
    """A page of the case did not open, so that there is nothing to see again; names the page."""


@dataclass(frozen=True, slots=True)
class OpenWith:
    """A case that a browser can open."""

    public: str
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way of leaving; `leave` returns when another page stands there.

    `reads` are pages of the case that are read after the first, which the lookup opens: a browser
    keeps a page that came by a form's redirect otherwise than one that came by its address.
    """

    name: str
    leave: Callable[[Page, str], None]
    script: bool = True
    reads: tuple[str, ...] = ("/case/message", "/case")


def browser_options(*rules: str) -> dict[str, Any]:
    """Return how Chromium starts: no other host than ours, and Back as people have it."""
    path = chromium_path()
    hosts = ", ".join([*rules, "MAP * ~NOTFOUND", "EXCLUDE localhost", "EXCLUDE 127.0.0.1"])
    return {
        "executable_path": str(path) if path else None,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            f"--host-resolver-rules={hosts}",
        ],
        # Playwright turns off what this measures.
        "ignore_default_args": ["--disable-back-forward-cache"],
    }


def seen_after(browser: Browser, way: Way, case: OpenWith) -> set[str]:
    """Read a case, leave it, press Back ten times; return what was seen of it then."""
    with _person(browser, way) as page:
        told = read_case(page, case, way.reads)
        way.leave(page, case.public)
        return go_back(page, told)


@contextmanager
def _person(browser: Browser, way: Way) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True, java_script_enabled=way.script)
    page = context.new_page()
    if way is SESSION_ENDS:
        page.clock.install()
    yield page
    context.close()


def read_case(page: Page, case: OpenWith, reads: tuple[str, ...]) -> set[str]:
    """Open a case and read these pages of it; return the lines that tell something.

    Raises:
        NotReadError: one of them is an error page.
    """
    page.goto(f"{case.public}/case/open")
    page.get_by_label("reference").fill(case.reference)
    page.get_by_label("code").fill(case.code)
    said_to_all = _words(page)
    page.locator("main form").get_by_role("button", name="Open").click()
    page.wait_for_url("**/case")
    told = _lines(page)
    for path in reads:
        answer = page.goto(f"{case.public}{path}")
        if answer is None or not answer.ok:
            raise NotReadError(path)
        told |= _lines(page)
    return {line for line in told if line not in said_to_all}


def _lines(page: Page) -> set[str]:
    lines = page.locator("main").inner_text().splitlines()
    return {line.strip() for line in lines if len(line.strip()) > TELLING_CHARACTERS}


def go_back(page: Page, told: set[str]) -> set[str]:
    """Press Back ten times, looking often; return every telling line that was seen."""
    seen: set[str] = set()
    history = page.context.new_cdp_session(page)
    for _ in range(BACK_PRESSES):
        if not press_back(history):
            break
        for _ in range(LOOKS):
            words = _words(page)
            seen |= {line for line in told if line in words}
            time.sleep(LOOK_SECONDS)
    return seen


def press_back(history: CDPSession) -> bool:
    """Do what the browser's own button does; return whether there was a page to go to."""
    known = history.send("Page.getNavigationHistory")
    if known["currentIndex"] == 0:
        return False
    before = known["entries"][known["currentIndex"] - 1]
    history.send("Page.navigateToHistoryEntry", {"entryId": before["id"]})
    return True


def _words(page: Page) -> str:
    try:
        return str(page.evaluate("document.documentElement.innerText"))
    except PlaywrightError:
        # The page before is just going away.
        return ""


def _click_exit(page: Page, _public: str) -> None:
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(NEUTRAL)


def _press_shift(page: Page, _public: str) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(NEUTRAL)


def _click_leave(page: Page, _public: str) -> None:
    page.get_by_role("link", name="Leave", exact=True).click()
    page.wait_for_url(NEUTRAL)


def _wait_for_the_end(page: Page, public: str) -> None:
    """End the session where it lives, then let the page's own clock find out."""
    page.wait_for_load_state("load")
    _end_session(page.context, public)
    with page.expect_navigation():
        page.clock.run_for(SESSION_MINUTES * 60_000)
    page.wait_for_load_state()


def _end_session(context: BrowserContext, public: str) -> None:
    cookie = "; ".join(f"{c.get('name')}={c.get('value')}" for c in context.cookies(public))
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    with urlopen(Request(f"{public}/case/leave", b"", headers), timeout=5):  # noqa: S310 # nosec B310
        pass


SESSION_ENDS = Way("the end of the session", _wait_for_the_end)
WAYS = (
    Way("a click on Exit this page", _click_exit),
    Way("Shift three times", _press_shift),
    Way("the Leave link", _click_leave),
    Way("Exit this page without a script", _click_exit, script=False),
    Way("the Leave link without a script", _click_leave, script=False),
    Way("Exit this page right after the lookup", _click_exit, reads=()),
    Way("Shift three times right after the lookup", _press_shift, reads=()),
    Way(
        "Exit this page right after the lookup without a script",
        _click_exit,
        script=False,
        reads=(),
    ),
    Way(
        "the Leave link right after the lookup without a script",
        _click_leave,
        script=False,
        reads=(),
    ),
    SESSION_ENDS,
)

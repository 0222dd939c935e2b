"""Every page of both services as a browser shows it, its errors included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from operate.serve import SITE
from tests.browser import (
    contact_pages,
    court_pages,
    line_pages,
    measure_pages,
    message_pages,
    needs_pages,
    partner_pages,
    public_pages,
    staff_case_pages,
    staff_list_pages,
    staff_news_pages,
    staff_promise_pages,
)
from tests.browser.people import AtDesk, Victim
from tests.browser.sound import check_page
from tests.browser.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from tests.browser.hub import Hub

PUBLIC_PAGES = [
    *public_pages.PAGES.steps,
    *needs_pages.PAGES.steps,
    *measure_pages.PAGES.steps,
    *line_pages.PAGES.steps,
    *partner_pages.PAGES.steps,
    *contact_pages.PAGES.steps,
    *message_pages.PAGES.steps,
]
STAFF_PAGES = [
    *staff_list_pages.PAGES.steps,
    *staff_case_pages.PAGES.steps,
    *staff_news_pages.PAGES.steps,
    *staff_promise_pages.PAGES.steps,
    *needs_pages.STAFF_PAGES.steps,
    *measure_pages.STAFF_PAGES.steps,
    *line_pages.STAFF_PAGES.steps,
    *court_pages.PAGES.steps,
    *partner_pages.STAFF_PAGES.steps,
    *contact_pages.STAFF_PAGES.steps,
    *message_pages.STAFF_PAGES.steps,
]


@pytest.mark.parametrize("leads_there", PUBLIC_PAGES, ids=lambda step: step.__name__)
def test_a_page_for_victims_is_for_everyone(
    hub: Hub, page: Page, leads_there: Callable[[Victim], object]
) -> None:
    victim = Victim(page, hub)
    leads_there(victim)
    check_page(victim.page)


@pytest.mark.parametrize("leads_there", STAFF_PAGES, ids=lambda step: step.__name__)
def test_a_page_for_staff_is_for_everyone(
    hub: Hub, page: Page, leads_there: Callable[[AtDesk], object]
) -> None:
    officer = AtDesk(page, hub)
    leads_there(officer)
    check_page(officer.page)


def test_no_page_of_the_site_asks_or_says_what_it_should_not(hub: Hub, page: Page) -> None:
    # What they look like is tested with the site; here they come with the service's own headers.
    for path in sorted(SITE.rglob("*.html")):
        address = path.relative_to(SITE).as_posix().removesuffix("index.html")
        answer = page.goto(f"{hub.public}/{address}")
        assert answer is not None
        assert answer.ok, address
        assert not page.context.cookies(), address


def test_the_watch_sees_what_it_is_there_for(hub: Hub, browser: Browser) -> None:
    watch = Watch((hub.public, hub.staff))
    page = watch.over(browser.new_context()).new_page()
    page.goto(f"{hub.public}/case/open")
    assert watch.all_faults() == []
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://evil.example'}))")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.evaluate("setTimeout(() => alert('hello'))")
    page.wait_for_timeout(200)
    found = " ".join(watch.all_faults())
    assert "Content Security Policy" in found
    assert "broken" in found
    assert "hello" in found
    page.context.close()

"""What a browser keeps on disk after somebody has read, typed and left (decision D9)."""

from __future__ import annotations

import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from operate.leaving import browser_options, go_back
from tests.browser.people import Victim
from tests.builders import seed_update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Playwright

    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub
    from tests.browser.watch import Watch

READ, TYPED, SENT = "Heliotrope was seen", "Ultramarine is half", "Vermilion is whole"
ELSEWHERE = "Chartreuse typed into a form that is not ours"
# A piece of our style sheet, which a browser may keep and does.
KEPT = "hub-visually-hidden"
GZIP = b"\x1f\x8b\x08"
WAIT_SECONDS = 20


def test_nothing_read_and_nothing_typed_is_on_disk_after_leaving(
    hub: Hub, playwright: Playwright, neutral: str, watch: Watch, tmp_path: Path
) -> None:
    case = hub.case()
    code = hub.code(case)
    seed_update(hub.deps, case, READ)
    context = playwright.chromium.launch_persistent_context(
        tmp_path, ignore_https_errors=True, **browser_options(neutral)
    )
    watch.over(context)
    victim = Victim(context.new_page(), hub)
    victim.goes_to("/case/open")
    victim.enters(case.reference, code)
    victim.reads(READ)
    victim.asks(SENT)
    victim.writes(TYPED)
    type_elsewhere(context)
    # By now the browser has written down what it writes down, also of our pages.
    wait_until(lambda: {ELSEWHERE, KEPT} == found_in(tmp_path, ELSEWHERE, KEPT))
    marks = (READ, TYPED, SENT, code, case.reference)
    assert found_in(tmp_path, *marks) == set()
    victim.exits()
    assert found_in(tmp_path, *marks) == set()
    context.close()
    assert found_in(tmp_path, *marks) == set()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_leaving_in_the_middle_of_a_sentence_keeps_none_of_it(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    victim = Victim(opens(script=script), hub)
    case = hub.case()
    victim.opens(case)
    victim.writes(TYPED)
    victim.exits()
    assert go_back(victim.page, {TYPED, "We are investigating"}) == set()

    victim.opens(case)
    victim.does_not_find("Your words are here")
    victim.goes_to("/case/message")
    expect(victim.main.get_by_label("Your question")).to_have_value("")


def type_elsewhere(context: BrowserContext) -> Page:
    """Type into a form without our care: this is what would be found of ours without it."""
    page = context.new_page()
    page.goto("https://www.bbc.co.uk/weather")
    page.get_by_label("Place").press_sequentially(ELSEWHERE)
    return page


def wait_until(true: Callable[[], bool]) -> None:
    """Return when it is true, which it must become."""
    ends = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < ends, "the browser writes nothing down any more: a blind test"
        time.sleep(0.25)


def found_in(folder: Path, *marks: str) -> set[str]:
    """Return which of these stand in any file, in any form in which browsers write text."""
    forms = {mark: (mark.encode(), mark.encode("utf-16-le")) for mark in marks}
    return {
        mark
        for file in folder.rglob("*")
        if file.is_file()
        for content in contents(file)
        for mark, written in forms.items()
        if any(form in content for form in written)
    }


def contents(file: Path) -> Iterator[bytes]:
    """Give a file as it is, and whatever is zipped in it."""
    whole = file.read_bytes()
    yield whole
    begins = whole.find(GZIP)
    while begins >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(whole[begins:])
        begins = whole.find(GZIP, begins + 1)

"""After leaving, Back never shows the case (decision D9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from operate.leaving import WAYS, OpenWith, Way, seen_after

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.hub import Hub

RUNS = 5


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_back_ten_times_never_shows_the_case_after(browser: Browser, hub: Hub, way: Way) -> None:
    case = hub.case()
    opened = OpenWith(hub.public, case.reference, hub.code(case))
    for _ in range(RUNS):
        assert seen_after(browser, way, opened) == set()

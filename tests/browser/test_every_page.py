"""Every page of both services as a browser shows it, its errors included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import public_pages
from tests.browser.people import Victim
from tests.browser.sound import check_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub


@pytest.mark.parametrize("leads_there", public_pages.PAGES, ids=lambda step: step.__name__)
def test_a_page_for_victims_is_for_everyone(
    hub: Hub, opens: Opens, leads_there: Callable[[Victim], object]
) -> None:
    victim = Victim(opens(), hub)
    leads_there(victim)
    check_page(victim.page)

"""Support services without a mouse: the victim lets one in and out, and it does its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreements import agreement_with
from tests.browser.partner_pages import NEW_ERA, charged, supporter
from tests.browser.people import AtDesk, Victim
from tests.browser.test_keyboard import Keyboard

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub


def test_agreeing_working_and_stopping_go_by_keyboard_alone(hub: Hub, opens: Opens) -> None:
    case = charged(hub)
    victim, juniper = Victim(opens(), hub), AtDesk(opens(), hub)
    hers, theirs = Keyboard(victim.page), Keyboard(juniper.page)

    victim.opens(case)
    victim.goes_to("/case/support")
    hers.tabs_to(victim.page.get_by_text("Let New Era see something"))
    victim.page.keyboard.press("Enter")
    for label in ("What helps you", "Your dates at court"):
        hers.tabs_to(victim.main.get_by_label(label, exact=True).first)
        victim.page.keyboard.press("Space")
    hers.tabs_to(victim.main.get_by_label("12 months").first)
    victim.page.keyboard.press("Space")
    hers.presses("button", "Let New Era see this")
    victim.reads("Saved.", "You said yes on")

    supporter(juniper)
    juniper.goes_to("/")
    theirs.presses("link", case.reference)
    juniper.reads("Flashing light", "Next date:")
    theirs.types("What should the review know?", "A screen would help.")
    theirs.presses("button", "Save")
    juniper.reads("Saved. It stands with the review before court.")
    held = agreement_with(hub.deps.threads.read(case.victim).agreements, NEW_ERA)
    assert held is not None
    assert held.view is not None
    assert held.view.text == "A screen would help."

    hers.presses("button", "Stop sharing with New Era")
    victim.reads("Stopped.")
    theirs.types("What should the review know?", " And breaks.")
    theirs.presses("button", "Save")
    juniper.heads("There is no such case for you")
    juniper.does_not_find("Flashing light", case.reference)

"""When time runs out while somebody writes, and how to have more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import Victim

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub

WORDS = "I wrote this for a quarter of an hour,\nand then some."


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_words_sent_too_late_are_there_for_the_same_person_and_nobody_else(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    case = hub.case(victims=("V1", "V2"))
    victim, other = Victim(opens(script=script), hub), Victim(opens(script=script), hub)
    victim.opens(case, "V1")
    victim.writes(WORDS)
    hub.clock.forward(minutes=16)
    victim.presses("Send")
    victim.heads("Your information is closed")
    victim.reads("Your question was not sent.")
    victim.does_not_find("quarter of an hour")

    for somebody_elses in (case, hub.case()):
        other.opens(somebody_elses, "V2" if somebody_elses is case else None)
        other.does_not_find("Your words are here")
        other.goes_to("/case/message")
        expect(other.main.get_by_label("Your question")).to_have_value("")

    victim.follows("Open your information")
    victim.enters(case.reference, hub.code(case, "V1"))
    victim.reads("Your words are here", "You have not asked anything yet.")
    victim.follows("Go on with it")
    expect(victim.main.get_by_label("Your question")).to_have_value(WORDS)
    victim.presses("Send")
    victim.heads("We have it")


def test_a_person_who_says_so_stays_signed_in(hub: Hub, opens: Opens) -> None:
    victim = Victim(opens(), hub)
    victim.page.clock.install()
    victim.opens(hub.case())
    victim.writes(WORDS)
    stay = victim.page.get_by_role("button", name="Stay signed in")

    both_clocks_forward(victim, minutes=12)
    expect(stay).to_be_hidden()
    both_clocks_forward(victim, minutes=2)
    with victim.page.expect_response("**/case/stay"):
        stay.click()
    expect(victim.page.get_by_text("You are still signed in.")).to_be_visible()

    both_clocks_forward(victim, minutes=10)
    victim.presses("Send")
    victim.heads("We have it")


def test_a_page_that_is_left_open_closes_itself(hub: Hub, opens: Opens) -> None:
    victim = Victim(opens(), hub)
    victim.page.clock.install()
    victim.opens(hub.case())
    victim.reads("We are investigating")
    both_clocks_forward(victim, minutes=16)
    victim.heads("Your information is closed")
    victim.does_not_find("We are investigating")


def both_clocks_forward(victim: Victim, *, minutes: int) -> None:
    """Let time pass for the service and for the page, once its script counts."""
    victim.page.wait_for_load_state("load")
    victim.hub.clock.forward(minutes=minutes)
    victim.page.clock.run_for(minutes * 60_000)

"""From the code that an officer gave to the answer that an officer wrote."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import AtDesk, Victim
from tests.browser.stories import asked
from tests.builders import seed_update

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub

QUESTION = "May I have my bicycle back while you are investigating?"
ANSWER = "Yes. Come to the station on any working day and ask for the property office."
PICTURE = Path(__file__).parents[2] / "docs/assets/images/case-page.png"


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_victim_asks_the_officer_answers_and_the_victim_reads_it(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    in_charge = hub.person("PC Example")
    case = hub.case(in_charge)
    seed_update(hub.deps, case, "We have spoken to people who live nearby.")
    victim, officer = Victim(opens(script=script), hub), AtDesk(opens(script=script), hub)

    victim.opens_lookup()
    victim.enters(case.reference, hub.code(case))
    victim.reads("We are investigating", "What happens next", "We have spoken to people")
    promised = victim.asks(QUESTION)
    victim.reads(promised, "Receipt", "In danger now? Call 999.")
    victim.follows("Back to your information")
    victim.reads(promised, "Not yet seen by the officer")
    take_picture(victim.page)

    asked(hub, hub.case(in_charge), "Another one, which came later")
    officer.signs_in(in_charge)
    expect(officer.page).to_have_title("Your list: 2 unread questions")
    expect(officer.first_row()).to_contain_text(promised)
    expect(officer.first_row()).to_contain_text(case.reference)
    officer.opens_first_row()
    officer.reads(QUESTION, promised)
    officer.answers(ANSWER)
    officer.reads("No question waits for an answer.", ANSWER)

    victim.page.reload()
    victim.main.get_by_role("link", name="Your question of").click()
    victim.reads(QUESTION, "PC Example answered", ANSWER)


def take_picture(page: Page) -> None:
    """Keep what the README shows, when it is asked for: a test run leaves the tree as it was."""
    if os.environ.get("HUB_SCREENSHOT"):
        page.set_viewport_size({"width": 800, "height": 1370})
        page.screenshot(path=PICTURE)
        page.set_viewport_size({"width": 1280, "height": 800})

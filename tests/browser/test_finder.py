"""What might help, as somebody uses it: with scripts and without, on paper, and out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import Victim

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub

AFRAID = "I am afraid to see them, or to be seen by them"


def finds(victim: Victim) -> None:
    """Answer two questions and come to the list."""
    victim.goes_to("/what-might-help")
    victim.chooses("An illness")
    victim.chooses(AFRAID)
    victim.presses("Show what might help")
    victim.heads("Worth asking for")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_answers_stay_when_they_are_changed_and_stand_in_no_address(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    victim = Victim(opens(script=script), hub)
    finds(victim)
    victim.follows("A screen")
    victim.presses("Change my answers")
    victim.heads("What might help")
    for label in ("An illness", AFRAID):
        expect(victim.main.get_by_label(label, exact=True)).to_be_checked()
    expect(victim.main.get_by_label("I am afraid", exact=True)).not_to_be_checked()
    assert victim.page.url == f"{hub.public}/what-might-help"


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_paper_holds_what_was_ticked_or_else_everything(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    victim = Victim(opens(script=script), hub)
    victim.opens(hub.case())
    finds(victim)
    victim.page.emulate_media(media="print")
    for name in ("A screen", "A live link", "A day that fits your health"):
        expect(victim.main.get_by_role("heading", name=name)).to_be_visible()
    victim.page.emulate_media(media="screen")
    victim.chooses("A live link")
    victim.page.emulate_media(media="print")
    expect(victim.main.get_by_role("heading", name="A live link")).to_be_visible()
    expect(victim.main.get_by_role("heading", name="A screen")).not_to_be_visible()
    expect(victim.main.get_by_role("heading", name="Also useful")).not_to_be_visible()
    expect(victim.main.get_by_role("button")).to_have_count(0)


def test_who_left_finds_the_questions_unanswered(hub: Hub, opens: Opens) -> None:
    victim = Victim(opens(), hub)
    finds(victim)
    victim.exits()
    victim.goes_to("/what-might-help")
    expect(victim.main.get_by_label(AFRAID)).not_to_be_checked()

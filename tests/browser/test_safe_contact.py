"""What a victim agreed to is what happens, and nothing else: one message, or none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.services.send import send_due
from tests.browser.contact_pages import opens_tries, tries_in_vain
from tests.browser.contact_steps import NUMBER, agree, at_ten
from tests.browser.desk_steps import Opened
from tests.browser.people import AtDesk, Victim
from tests.browser.sound import HEIGHT, SMALL, check_page
from tests.browser.staff_news_pages import record_outcome
from tests.sending import PlayedProvider

if TYPE_CHECKING:
    from chalicelib.domain.gate import Cleared
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub, Staff
    from tests.builders import SeededCase

SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
NEWS = "The film of the shop has come. We are looking at it."
EXAMPLE = "amber otter"


@SCRIPTS
def test_news_reaches_a_victim_by_one_message_in_the_words_that_they_saw(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    at_ten(hub)
    by = hub.person()
    case = hub.case(by)
    victim, desk = Victim(opens(script=script), hub), AtDesk(opens(script=script), hub)
    victim.page.set_viewport_size({"width": SMALL, "height": HEIGHT})

    victim.opens(case)
    victim.follows("How to contact me safely")
    on_the_screen = victim.main.locator(".hub-phone__message").all_inner_texts()
    victim.follows("Choose how we may reach you")
    victim.chooses("Text me")
    victim.types("Number (text message)", NUMBER)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        victim.chooses(day)
    victim.main.get_by_label("From what time on?").select_option(label="9am")
    victim.main.get_by_label("Until what time?").select_option(label="5pm")
    victim.chooses("Text message")
    victim.presses("Save")
    victim.reads("We have it. It holds from now on.", NUMBER)

    desk.is_signed_in(by)
    desk.opens(case)
    first_of_all = desk.main.inner_text().split("Needs and safe contact")[0]
    assert f"Only as agreed: text message {NUMBER}." in first_of_all
    _posts(desk, NEWS)

    message = _only(_sent(hub))
    assert message.address.replace(" ", "") in {"07700900123", "+447700900123"}
    assert message.words == on_the_screen[0].replace(EXAMPLE, message.pair)
    assert _sent(hub) == []

    victim.goes_to("/check-a-message")
    victim.types("The two check words", message.pair.title())
    victim.presses("Check")
    victim.reads("Yes. We sent this today.")
    victim.types("The two check words", EXAMPLE)
    victim.presses("Check")
    victim.reads("We did not send a message with these words today or yesterday.")
    victim.goes_to("/case")
    victim.reads(NEWS)
    if script:
        check_page(victim.page)


@SCRIPTS
def test_nothing_is_sent_to_a_victim_who_turned_safe_mode_on(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    at_ten(hub)
    by = hub.person()
    case = _agreed(hub, by)
    victim, desk = Victim(opens(script=script), hub), AtDesk(opens(script=script), hub)

    desk.is_signed_in(by)
    desk.opens(case)
    _posts(desk, NEWS)
    assert _waits(hub, case)
    victim.opens(case)
    victim.follows("Settings for this page")
    victim.presses("Turn safe mode on")
    victim.reads("Safe mode is on. It holds from now on.", "This service never sends you anything")
    assert not _waits(hub, case)
    assert _sent(hub) == []

    desk.opens(case)
    assert "Safe mode" in desk.main.inner_text().split("Needs and safe contact")[0]
    _posts(desk, "We have spoken to people who live nearby.")
    hub.clock.forward(days=1)
    assert _sent(hub) == []

    victim.opens(case)
    fold = victim.main.locator("details", has_text=NEWS)
    assert not fold.get_by_text(NEWS).is_visible()
    fold.locator("summary").click()
    assert fold.get_by_text(NEWS).is_visible()
    victim.goes_to("/case/contact")
    victim.does_not_find("There is a new message for you.")


@SCRIPTS
def test_safe_mode_is_off_once_the_victim_asked_and_an_officer_confirmed_it(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    at_ten(hub)
    by = hub.person()
    case = _agreed(hub, by, "domestic_abuse")
    victim, desk = Victim(opens(script=script), hub), AtDesk(opens(script=script), hub)

    victim.opens(case)
    victim.follows("Settings for this page")
    victim.presses("Ask for safe mode to be off")
    victim.reads("Safe mode stays on until your officer has talked with you.")
    desk.is_signed_in(by)
    desk.opens(case)
    _posts(desk, NEWS)
    assert _sent(hub) == []

    desk.main.get_by_role("link", name="Safe mode, and how they hear hard news").click()
    desk.presses("Confirm: safe mode off")
    desk.reads("Say why it may be off")
    desk.types("Why may it be off?", "They live alone now, and nobody else has the phone.")
    desk.presses("Confirm: safe mode off")
    desk.heads(f"Case {case.reference}")
    victim.page.reload()
    victim.reads("Safe mode is off.")
    # What is for messages was not asked in safe mode.
    victim.goes_to("/case/contact/change")
    victim.chooses("Text me")
    victim.types("Number (text message)", NUMBER)
    victim.chooses("Text message")
    victim.presses("Save")
    victim.reads("We have it. It holds from now on.")
    _posts_to(desk, case, "We have spoken to people who live nearby.")
    assert _only(_sent(hub)).channel == TEXT


@SCRIPTS
def test_news_that_nobody_could_tell_is_read_once_a_supervisor_let_the_page_tell_it(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    at_ten(hub)
    by = hub.person()
    boss = hub.person("Sergeant Example", "supervisor", by.team)
    found = Opened(_agreed(hub, by), by)
    victim, desk = Victim(opens(script=script), hub), AtDesk(opens(script=script), hub)

    victim.opens(found.case)
    before = victim.main.inner_text()
    desk.is_signed_in(by)
    record_outcome(desk, found, told=False)
    tries_in_vain(desk, found)
    assert _sent(hub) == []
    victim.opens(found.case)
    assert victim.main.inner_text() == before

    desk.is_signed_in(boss)
    opens_tries(desk, found.case)
    desk.follows("Let their page tell it")
    desk.types("Why does their page tell it now?", "Nobody reached them, and they asked to know.")
    desk.presses("Let their page tell it")
    desk.heads(f"Case {found.case.reference}")
    _only(_sent(hub))
    victim.page.reload()
    victim.reads("there is not enough evidence")


def _agreed(hub: Hub, by: Staff, *flags: str) -> SeededCase:
    case = hub.case(by, flags=flags)
    agree(hub, case)
    return case


def _posts_to(desk: AtDesk, case: SeededCase, words: str) -> None:
    desk.opens(case)
    _posts(desk, words)


def _posts(desk: AtDesk, words: str) -> None:
    """Post an update to everybody in the case that is open."""
    desk.chooses("Victim V1")
    desk.types("Your own words", words)
    desk.presses("Post")
    desk.reads("Posted")


def _sent(hub: Hub) -> list[Cleared]:
    """Let the sender look once; return what it handed over."""
    provider = PlayedProvider(hub.clock)
    send_due(hub.deps, {TEXT: provider, EMAIL: provider}, home=hub.public)
    return [one.message for one in provider.handed]


def _waits(hub: Hub, case: SeededCase) -> bool:
    """Return whether a message waits for the victim."""
    notice = hub.deps.threads.read(case.victim).notice
    return notice is not None and notice.is_waiting


def _only(messages: list[Cleared]) -> Cleared:
    assert len(messages) == 1, messages
    return messages[0]

"""Messages: the page on which anybody checks one, and the supervisors' page of what goes out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.notices import REFUSED
from chalicelib.services.notices import word_to_victim
from chalicelib.services.send import send_due
from tests.browser.contact_steps import agree, at_ten
from tests.browser.gallery import Gallery
from tests.sending import PlayedProvider

if TYPE_CHECKING:
    from tests.browser.hub import Hub, Staff
    from tests.browser.people import AtDesk, Victim
    from tests.builders import SeededCase

PAGES: Gallery[Victim] = Gallery()
STAFF_PAGES: Gallery[AtDesk] = Gallery()
PAIR = "amber otter"


# --- anybody


@PAGES.page
def check_a_message(v: Victim) -> None:
    v.goes_to("/is-this-really-us/")
    v.follows("check a message")
    v.heads("Check a message")
    v.does_not_find("Your information")


@PAGES.page
def check_a_message_mistyped(v: Victim) -> None:
    check_a_message(v)
    v.types("The two check words", "amber")
    v.presses("Check")
    v.reads("Type the two words that stand after")


@PAGES.page
def check_a_message_of_others(v: Victim) -> None:
    check_a_message(v)
    v.types("The two check words", PAIR)
    v.presses("Check")
    v.reads("We did not send a message with these words today or yesterday.")


@PAGES.page
def check_a_message_of_ours(v: Victim) -> None:
    v.hub.ledger.write([v.hub.deps.access.new_pair(PAIR, v.hub.clock())])
    check_a_message(v)
    v.types("The two check words", "Amber, Otter")
    v.presses("Check")
    v.reads("Yes. We sent this today.")


@PAGES.page
def check_a_message_too_often(v: Victim) -> None:
    check_a_message(v)
    for _ in range(v.hub.deps.rules.limits.word_checks_allowed + 1):
        v.types("The two check words", PAIR)
        v.presses("Check")
    v.reads("You did nothing wrong.")


# --- supervisors


def _waits(hub: Hub, by: Staff) -> SeededCase:
    """Let a message wait for the victim of a new case."""
    case = hub.case(by)
    agree(hub, case)
    read = hub.deps.cases.read(case.key)
    assert read is not None
    (victim,) = read.victims
    hub.ledger.write(word_to_victim(hub.deps, read, victim, hub.deps.threads.read(victim.key)))
    return case


def _sends(hub: Hub, outcome: str) -> None:
    provider = PlayedProvider(hub.clock, does=[outcome])
    send_due(hub.deps, {TEXT: provider, EMAIL: provider}, home=hub.public)


def _supervisor(d: AtDesk, by: Staff) -> Staff:
    boss = d.hub.person("Sergeant Example", "supervisor", by.team)
    d.is_signed_in(boss)
    return boss


@STAFF_PAGES.page
def messages_none(d: AtDesk) -> None:
    _supervisor(d, d.hub.person())
    d.goes_to("/team")
    d.follows("Messages that wait, and those that were given up")
    d.reads("Given up (0)", "Waiting (0)")


@STAFF_PAGES.page
def messages_that_wait_and_were_given_up(d: AtDesk) -> None:
    at_ten(d.hub)
    by = d.hub.person()
    case = _waits(d.hub, by)
    _sends(d.hub, REFUSED)
    _waits(d.hub, by)
    _waits(d.hub, d.hub.person())
    _supervisor(d, by)
    d.goes_to("/messages")
    d.reads("Given up (1)", case.reference, "the provider refused it", "By text message")
    d.reads("There is a new message for you. Check words:", "Somebody of another team")


@STAFF_PAGES.page
def messages_dealt_with(d: AtDesk) -> None:
    messages_that_wait_and_were_given_up(d)
    d.main.get_by_role("button", name="Dealt with").click()
    d.reads("Given up (0)")


@STAFF_PAGES.page
def messages_stopped(d: AtDesk) -> Staff:
    at_ten(d.hub)
    by = d.hub.person()
    _waits(d.hub, by)
    access = d.hub.deps.access
    d.hub.ledger.write([access.keep_brake(replace(access.brake(), stopped_at=d.hub.clock()))])
    boss = _supervisor(d, by)
    d.goes_to("/messages")
    d.reads("All sending stopped", "When sending goes on")
    return boss


@STAFF_PAGES.page
def messages_stopped_and_asked_for(d: AtDesk) -> Staff:
    boss = messages_stopped(d)
    d.presses("Ask that sending goes on")
    d.reads("You asked that sending goes on")
    return boss


@STAFF_PAGES.page
def messages_stopped_and_to_confirm(d: AtDesk) -> None:
    boss = messages_stopped_and_asked_for(d)
    d.is_signed_in(d.hub.person("Sergeant Sample", "supervisor", boss.team))
    d.goes_to("/messages")
    d.reads(f"{boss.name} asked that sending goes on")


@STAFF_PAGES.page
def messages_released(d: AtDesk) -> None:
    messages_stopped_and_to_confirm(d)
    d.presses("Confirm: let sending go on")
    d.does_not_find("All sending stopped")

"""Safe contact, safe mode and news that nobody could tell: from both sides, and what goes wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.safety import HERE, PERSON_THEN_HERE
from tests.browser.contact_steps import MAIL, NUMBER, agree, hear, hide, note, wish
from tests.browser.desk_steps import Opened, opened
from tests.browser.gallery import Gallery
from tests.browser.staff_news_pages import record_outcome
from tests.browser.stories import answered, asked
from tests.builders import seed_update

if TYPE_CHECKING:
    from tests.browser.people import AtDesk, Victim
    from tests.builders import SeededCase

PAGES: Gallery[Victim] = Gallery()
STAFF_PAGES: Gallery[AtDesk] = Gallery()
LONG = "Say that it is about the books. " * 200


# --- the victim, safe contact


@PAGES.page
def contact_nothing_chosen(v: Victim) -> SeededCase:
    case = v.hub.case()
    v.opens(case)
    v.follows("How to contact me safely")
    v.reads("What a message looks like", "There is a new message for you.")
    return case


@PAGES.page
def contact_in_safe_mode(v: Victim) -> SeededCase:
    case = v.hub.case(flags=("domestic_abuse",))
    v.opens(case)
    v.goes_to("/case/contact")
    v.reads("This service never sends you anything.")
    v.does_not_find("What a message looks like")
    return case


@PAGES.page
def contact_form(v: Victim) -> SeededCase:
    case = contact_nothing_chosen(v)
    v.follows("Choose how we may reach you")
    v.reads("Choose only what is safe for you.")
    return case


@PAGES.page
def contact_form_in_safe_mode(v: Victim) -> None:
    contact_in_safe_mode(v)
    v.follows("Choose how we may reach you")
    v.reads("This service never sends you anything.")
    v.does_not_find("Messages from this service")


@PAGES.page
def contact_form_with_everything_wrong(v: Victim) -> None:
    contact_form(v)
    v.chooses("Ring me")
    v.types("Number (phone call)", "ask my sister")
    v.chooses("Write me an e-mail")
    v.types("E-mail address", "juniper at mail")
    v.types("What may we say in a message that we leave?", LONG)
    v.chooses("E-mail")
    v.presses("Save")
    v.reads("Type a UK phone number, like 07700 900123.", "Tick at least one day.")


@PAGES.page
def contact_form_meanwhile(v: Victim) -> None:
    case = contact_form(v)
    agree(v.hub, case)
    v.types("What else should somebody know before they contact you?", "Only in the morning")
    v.presses("Save")
    v.reads("Somebody changed this while you were writing")


@PAGES.page
def contact_agreed(v: Victim) -> SeededCase:
    case = v.hub.case()
    agree(v.hub, case)
    v.opens(case)
    v.goes_to("/case/contact")
    v.reads("It counts until", NUMBER)
    return case


@PAGES.page
def contact_agreed_with_links(v: Victim) -> None:
    case = v.hub.case()
    agree(v.hub, case, ways={"email": MAIL}, notify_by="email", links=True)
    v.opens(case)
    v.goes_to("/case/contact")
    v.reads(MAIL)


@PAGES.page
def contact_still_right(v: Victim) -> None:
    contact_agreed(v)
    v.presses("Still right")
    v.reads("Thank you. It holds from now on.")


@PAGES.page
def contact_confirmed_meanwhile(v: Victim) -> None:
    case = contact_agreed(v)
    note(v.hub, case, "Only in the morning")
    v.presses("Still right")
    v.reads("Somebody changed this while you were reading")


@PAGES.page
def contact_too_old(v: Victim) -> None:
    case = v.hub.case()
    agree(v.hub, case, days_ago=91)
    v.opens(case)
    v.goes_to("/case/contact")
    v.reads("This is too old to rely on")


# --- the victim, safe mode


@PAGES.page
def safety_off(v: Victim) -> SeededCase:
    case = v.hub.case()
    v.opens(case)
    v.follows("Settings for this page")
    v.reads("Safe mode is off.")
    return case


@PAGES.page
def safety_turned_on(v: Victim) -> None:
    safety_off(v)
    v.presses("Turn safe mode on")
    v.reads("Safe mode is on. It holds from now on.")


@PAGES.page
def safety_asked_to_be_off(v: Victim) -> None:
    case = v.hub.case(flags=("domestic_abuse",))
    v.opens(case)
    v.goes_to("/case/safety")
    v.presses("Ask for safe mode to be off")
    v.reads("Safe mode stays on until your officer has talked with you.")


@PAGES.page
def safety_meanwhile(v: Victim) -> None:
    case = safety_off(v)
    wish(v.hub, case, on=True)
    v.presses("Take it off my page")
    v.reads("This changed while you had the page open")


@PAGES.page
def safety_nothing_chosen(v: Victim) -> None:
    safety_off(v)
    # What stands is marked, so only a forged form can leave it out.
    v.page.evaluate("document.querySelectorAll('[name=hears]').forEach(radio => radio.remove())")
    v.main.get_by_role("button", name="Save").click()
    v.reads("Choose one of these, then press Save.")


def _told_much(v: Victim, *flags: str) -> SeededCase:
    case = v.hub.case(flags=flags)
    seed_update(v.hub.deps, case, "We have spoken to people who live nearby.")
    asked(v.hub, case, "Did you find my bicycle?", days_ago=4)
    answered(v.hub, case, "Not yet. We are still looking.", days_ago=3)
    return case


@PAGES.page
def case_folded(v: Victim) -> SeededCase:
    case = _told_much(v, "domestic_abuse")
    v.opens(case)
    v.reads("Do not wait for this page to know if you are safe.")
    return case


@PAGES.page
def case_folded_and_opened(v: Victim) -> None:
    case_folded(v)
    for fold in v.main.locator("details").all():
        fold.locator("summary").first.click()
    v.reads("We have spoken to people who live nearby.")


@PAGES.page
def case_with_its_history_hidden(v: Victim) -> None:
    case = _told_much(v)
    hide(v.hub, case)
    v.opens(case)
    v.does_not_find("We have spoken to people who live nearby.", "Did you find my bicycle?")


@PAGES.page
def receipt_in_safe_mode(v: Victim) -> None:
    v.opens(v.hub.case(flags=("domestic_abuse",)))
    v.asks("Is he out?")
    v.reads("Do not")


# --- the desk, safe contact


def _agreed(d: AtDesk, *, days_ago: float = 0, **options: object) -> Opened:
    by = d.hub.person()
    case = d.hub.case(by, **options)
    agree(d.hub, case, days_ago=days_ago)
    d.is_signed_in(by)
    return Opened(case, by)


@STAFF_PAGES.page
def desk_case_with_contact_first(d: AtDesk) -> Opened:
    found = _agreed(d, victims=("V1", "V2"))
    d.opens(found.case)
    d.reads(NUMBER, "Here only: nothing agreed.")
    return found


@STAFF_PAGES.page
def desk_case_with_contact_too_old(d: AtDesk) -> None:
    found = _agreed(d, days_ago=91)
    d.opens(found.case)
    d.reads("Do not contact: not confirmed since")


@STAFF_PAGES.page
def desk_contact(d: AtDesk) -> Opened:
    found = _agreed(d)
    d.goes_to(f"/cases/{found.case.key}/safe-contact?victim={found.case.victim}")
    d.heads("Safe contact")
    d.reads("Ask when nobody else can hear.", "What stands now")
    return found


@STAFF_PAGES.page
def desk_contact_in_safe_mode(d: AtDesk) -> None:
    found = opened(d, flags=("domestic_abuse",))
    d.goes_to(f"/cases/{found.case.key}/safe-contact?victim={found.case.victim}")
    d.reads("Safe mode: nothing is ever sent to them from here.")


@STAFF_PAGES.page
def desk_contact_wrong(d: AtDesk) -> None:
    desk_contact(d)
    d.types("Number (phone call)", "later")
    d.presses("Write it down")
    d.reads("Type a UK phone number, like 07700 900123.")


@STAFF_PAGES.page
def desk_contact_meanwhile(d: AtDesk) -> None:
    found = desk_contact(d)
    agree(d.hub, found.case, more="Only in the morning")
    d.presses("Still right, asked today")
    d.reads("Somebody changed this meanwhile")


@STAFF_PAGES.page
def desk_contact_confirmed(d: AtDesk) -> None:
    found = desk_contact(d)
    d.presses("Still right, asked today")
    d.heads(f"Case {found.case.reference}")


@STAFF_PAGES.page
def list_with_contact(d: AtDesk) -> None:
    found = _agreed(d)
    asked(d.hub, found.case, "Will there be stairs?")
    d.goes_to("/")
    d.reads("Only as agreed", NUMBER)


# --- the desk, safe mode


@STAFF_PAGES.page
def desk_safe_mode(d: AtDesk) -> Opened:
    found = opened(d)
    d.goes_to(f"/cases/{found.case.key}/safe-mode?victim={found.case.victim}")
    d.heads("Safe mode, and how they hear hard news")
    return found


@STAFF_PAGES.page
def desk_safe_mode_turned_on(d: AtDesk) -> None:
    found = desk_safe_mode(d)
    d.presses("Turn safe mode on")
    d.heads(f"Case {found.case.reference}")
    d.reads("Safe mode")


@STAFF_PAGES.page
def desk_safe_mode_to_confirm(d: AtDesk) -> Opened:
    found = opened(d, flags=("domestic_abuse",))
    wish(d.hub, found.case, on=False)
    d.goes_to(f"/cases/{found.case.key}/safe-mode?victim={found.case.victim}")
    d.reads("Confirm that it may be off")
    return found


@STAFF_PAGES.page
def desk_safe_mode_without_reason(d: AtDesk) -> None:
    desk_safe_mode_to_confirm(d)
    d.presses("Confirm: safe mode off")
    d.reads("Say why it may be off")


@STAFF_PAGES.page
def desk_safe_mode_confirmed_off(d: AtDesk) -> None:
    found = desk_safe_mode_to_confirm(d)
    d.types("Why may it be off?", "They live alone now, and nobody else has the phone.")
    d.presses("Confirm: safe mode off")
    d.heads(f"Case {found.case.reference}")


# --- the desk, news that nobody could tell


def _untold(d: AtDesk) -> Opened:
    by = d.hub.person()
    found = Opened(d.hub.case(by), by)
    hear(d.hub, found.case, PERSON_THEN_HERE)
    d.is_signed_in(by)
    record_outcome(d, found, told=False)
    return found


def opens_tries(d: AtDesk, case: SeededCase) -> None:
    """Go from a case to the tries to tell its victim of news."""
    d.goes_to(f"/cases/{case.key}")
    d.main.get_by_role("link", name="Could not reach them").first.click()
    d.heads("Could not reach them: note the try")


@STAFF_PAGES.page
def desk_try(d: AtDesk) -> Opened:
    found = _untold(d)
    opens_tries(d, found.case)
    return found


@STAFF_PAGES.page
def desk_try_wrong(d: AtDesk) -> None:
    desk_try(d)
    d.types("At what time?", "noon")
    d.presses("Note the try")
    d.reads("Say how you tried to reach them.", "Write the time like 14:30.")


def tries_in_vain(d: AtDesk, found: Opened) -> None:
    """Ring three times on two days and reach nobody."""
    for days in (0, 0, 1):
        d.hub.clock.ahead += timedelta(days=days, minutes=5)
        d.is_signed_in(found.by)
        opens_tries(d, found.case)
        d.chooses("By phone")
        d.presses("Note the try")
        d.reads("Noted.")


def _tried(d: AtDesk) -> Opened:
    found = _untold(d)
    tries_in_vain(d, found)
    return found


@STAFF_PAGES.page
def desk_tried_often(d: AtDesk) -> None:
    found = _tried(d)
    d.reads("3 times")
    opens_tries(d, found.case)
    d.reads("Tries so far (3)")


@STAFF_PAGES.page
def desk_release(d: AtDesk) -> Opened:
    found = _tried(d)
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", found.by.team))
    opens_tries(d, found.case)
    d.follows("Let their page tell it")
    d.heads("Let their page tell it")
    d.reads("What they will read")
    return found


@STAFF_PAGES.page
def desk_release_without_reason(d: AtDesk) -> None:
    desk_release(d)
    d.presses("Let their page tell it")
    d.reads("Say why their page tells it now.")


@STAFF_PAGES.page
def desk_release_too_early(d: AtDesk) -> None:
    found = _untold(d)
    case = d.hub.deps.cases.read(found.case.key)
    assert case is not None
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", found.by.team))
    victim, news = found.case.victim, case.current.id
    d.goes_to(f"/cases/{found.case.key}/release?victim={victim}&news={news}")
    d.reads("Their page cannot tell it now")


@STAFF_PAGES.page
def desk_outcome_of_somebody_who_reads_it_here(d: AtDesk) -> None:
    by = d.hub.person()
    case = d.hub.case(by)
    hear(d.hub, case, HERE)
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/outcome")
    d.reads("page at once")

"""The minimum expectations of police and ISVAs: pages of staff, of an ISVA and of the victim."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import SCOPES, Terms, agreement_with
from chalicelib.domain.cases import TeamId
from chalicelib.domain.promises import LINE, Promise
from chalicelib.services.agree import agree
from chalicelib.services.keep_line import LineDone, keep_line
from chalicelib.services.open_case import open_case
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.services.victim_sessions import find_session
from tests.browser.desk_steps import Opened
from tests.browser.gallery import Gallery
from tests.browser.stories import ELSEWHERE, earlier, followed
from tests.builders import seed_code, seed_staff

if TYPE_CHECKING:
    from tests.browser.hub import Hub, Staff
    from tests.browser.people import AtDesk, Victim
    from tests.builders import SeededCase

PAGES: Gallery[Victim] = Gallery()
STAFF_PAGES: Gallery[AtDesk] = Gallery()
ISVA_SERVICE = "isva_service"


def with_isva(
    hub: Hub, officer: Staff | None = None, *, days_ago: float = 0
) -> tuple[SeededCase, Staff]:
    """Put a case of a sexual offence whose victim agreed to an ISVA, and return who that is."""
    isva = hub.person("Linden Example", "partner", TeamId("isva-service"))
    case = hub.case(officer, crime_type="rape", stage="with_cps")
    followed(hub, case, "every_10", days_ago=days_ago)
    deps = earlier(hub, days_ago)
    code = seed_code(deps, case)
    token = open_case(deps, reference=case.reference, code=code, address=ELSEWHERE)
    assert agreement_with(deps.threads.read(case.victim).agreements, ISVA_SERVICE) is None
    terms = Terms(frozenset(SCOPES), deps.today() + timedelta(days=180))
    agree(deps, find_session(deps, token), ISVA_SERVICE, terms, seen="")
    return case, isva


def line(hub: Hub, case: SeededCase, key: str) -> Promise:
    """Return the open promise of a line."""
    owed = hub.deps.threads.read(case.victim).owed
    return next(p for p in owed if p.kind == LINE and p.line == key and p.is_open)


def _in_charge(d: AtDesk, days_ago: float = 9) -> Opened:
    by = d.hub.person()
    case, _ = with_isva(d.hub, by, days_ago=days_ago)
    d.is_signed_in(by)
    return Opened(case, by)


@STAFF_PAGES.page
def expectations_of_a_case(d: AtDesk) -> Opened:
    found = _in_charge(d)
    d.goes_to(f"/cases/{found.case.key}")
    d.reads("Police and ISVA expectations", "Late", "They think of stopping", "Not begun yet")
    return found


@STAFF_PAGES.page
def somebody_thinks_of_stopping(d: AtDesk) -> None:
    expectations_of_a_case(d)
    d.main.get_by_role("button", name="They think of stopping").click()
    d.reads("Noted. Somebody tells them what they can choose")


@STAFF_PAGES.page
def line_to_record(d: AtDesk) -> Opened:
    by = d.hub.person()
    case = d.hub.case(by, crime_type="rape")
    followed(d.hub, case, "")
    d.is_signed_in(by)
    offer = line(d.hub, case, "offer")
    d.goes_to(f"/cases/{case.key}/line?victim={case.victim}&promise={offer.id}")
    d.heads("Record what was done")
    d.reads("Offer an ISVA", "What did they answer?")
    return Opened(case, by)


@STAFF_PAGES.page
def line_to_record_empty(d: AtDesk) -> None:
    line_to_record(d)
    d.presses("Record")
    d.reads("Say how it was done, or why it is not owed.", "Say what they answered.")


@STAFF_PAGES.page
def line_that_somebody_recorded_first(d: AtDesk) -> None:
    found = line_to_record(d)
    deps, officer = d.hub.deps, found.by.officer
    token = seed_staff(deps, officer.id, team=officer.team, name=officer.name)
    done = LineDone(deps.today(), "in person, they said yes")
    offer = line(d.hub, found.case, "offer")
    session = find_staff_session(deps, token)
    keep_line(deps, session, found.case.key, found.case.victim, offer.id, done=done)
    d.main.get_by_role("group", name="What did they answer?").get_by_label("No", exact=True).check()
    d.chooses("By phone")
    d.main.get_by_role("textbox", name="On which day?").fill("today")
    d.presses("Record")
    d.reads("Somebody was first")


@STAFF_PAGES.page
def own_line_of_an_isva(d: AtDesk) -> None:
    case, isva = with_isva(d.hub)
    d.is_signed_in(isva)
    promise = line(d.hub, case, "first_contact")
    d.goes_to(f"/support/{case.key}/line?victim={case.victim}&promise={promise.id}")
    d.heads("Record what was done")
    d.reads("Get in touch with them in the way that is safe")


@STAFF_PAGES.page
def own_line_of_an_isva_empty(d: AtDesk) -> None:
    own_line_of_an_isva(d)
    d.presses("Record")
    d.reads("Say how it was done, or why it is not owed.")


@PAGES.page
def case_with_a_support_worker(v: Victim) -> None:
    case, _ = with_isva(v.hub, days_ago=6)
    v.opens(case)
    v.reads("Your support worker gets in touch with you", "a local standard, still to be agreed")
    v.does_not_find("ISVA")

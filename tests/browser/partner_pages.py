"""What a victim lets a support service see, the officer's page of it, and the service's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import NEEDS, SCOPES, Terms, agreement_with
from chalicelib.domain.cases import Hearing, Officer, OfficerId, TeamId
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.needs import Need, Needs
from chalicelib.services.agree import agree, stop_sharing
from chalicelib.services.court_dates import court_parts
from chalicelib.services.open_case import open_case
from chalicelib.services.tasks import TaskGiven, task_parts
from chalicelib.services.victim_sessions import find_session
from tests.browser.gallery import Gallery
from tests.browser.stories import ELSEWHERE, earlier
from tests.builders import seed_code

if TYPE_CHECKING:
    from tests.browser.hub import Hub, Staff
    from tests.browser.people import AtDesk, Victim
    from tests.builders import SeededCase

PAGES: Gallery[Victim] = Gallery()
STAFF_PAGES: Gallery[AtDesk] = Gallery()
NEW_ERA, TEAM = "new_era", TeamId("new-era")
PAGE = "/case/support"
LONG = "She can only come if somebody meets her at the side door. " * 40


@dataclass(frozen=True)
class Met:
    """A case whose victim agreed, and who works for the service."""

    case: SeededCase
    by: Staff

    @property
    def path(self) -> str:
        """Return where the service reads of them."""
        return f"/support/{self.case.key}?victim={self.case.victim}"


def charged(hub: Hub, officer: Staff | None = None) -> SeededCase:
    """Put a case that goes to court soon, with a need and something that was applied for."""
    case = hub.case(
        officer, crime_type="stalking_harassment", stage="charged", outcome="charged", told=True
    )
    deps, whose = hub.deps, case.victim
    read = deps.cases.read(case.key)
    assert read is not None
    on, now = deps.today() + timedelta(days=9), deps.now()
    words = {"health_what": "Epilepsy", "health_avoid": "Flashing light, long sessions"}
    need = Need("health", words, (), now, "victim", since=1)
    step = MeasureStep("applied", deps.today(), now, "PC Example")
    after = replace(read, hearing=Hearing(on, "Example Crown Court"), next_hearing_on=on)
    deps.ledger.write(
        [
            deps.cases.desk_change(read, officer=None, at=now, hearing=after.hearing),
            deps.threads.keep_needs(whose, Needs((need,))),
            deps.threads.keep_measure(whose, Measure("screen", (step,))),
            *court_parts(deps, after, read.victims[0], deps.threads.read(whose)),
        ]
    )
    return case


def says_yes(hub: Hub, case: SeededCase, *scope: str, days_ago: float = 0, days: int = 90) -> None:
    """Let the victim agree to New Era."""
    deps = earlier(hub, days_ago)
    token = open_case(deps, reference=case.reference, code=seed_code(deps, case), address=ELSEWHERE)
    before = agreement_with(deps.threads.read(case.victim).agreements, NEW_ERA)
    terms = Terms(frozenset(scope or SCOPES), deps.today() + timedelta(days=days))
    seen = before.changed if before else ""
    agree(deps, find_session(deps, token), NEW_ERA, terms, seen=seen)


def says_no(hub: Hub, case: SeededCase) -> None:
    """Let the victim stop it."""
    deps = hub.deps
    token = open_case(deps, reference=case.reference, code=seed_code(deps, case), address=ELSEWHERE)
    stop_sharing(deps, find_session(deps, token), NEW_ERA)


# --- the victim


@PAGES.page
def nothing_shared(v: Victim) -> SeededCase:
    case = v.hub.case()
    v.opens(case)
    v.follows("People who help you")
    v.reads("You decide whether a support service may see something", "They see nothing of you")
    return case


@PAGES.page
def nothing_shared_in_safe_mode(v: Victim) -> None:
    v.opens(charged(v.hub))
    v.goes_to(PAGE)
    v.reads("Do not wait for this page", "A free and confidential support service")


@PAGES.page
def form_of_a_service(v: Victim) -> SeededCase:
    case = nothing_shared(v)
    v.main.get_by_text("Let New Era see something").click()
    return case


@PAGES.page
def form_of_a_service_empty(v: Victim) -> None:
    form_of_a_service(v)
    v.presses("Let New Era see this")
    v.reads("Tick at least one thing that they may see.", "Choose until when.")


@PAGES.page
def shared(v: Victim) -> SeededCase:
    case = form_of_a_service(v)
    form = v.main.locator("details[open]")
    form.get_by_label("What helps you", exact=True).check()
    form.get_by_label("Your dates at court", exact=True).check()
    form.get_by_label("3 months").check()
    v.presses("Let New Era see this")
    v.reads("Saved.", "You said yes", "Stop sharing with New Era")
    return case


@PAGES.page
def stopped(v: Victim) -> None:
    shared(v)
    v.presses("Stop sharing with New Era")
    v.reads("Stopped. They see nothing of you here any more.", "You stopped this")


@PAGES.page
def shared_until_yesterday(v: Victim) -> None:
    case = v.hub.case()
    says_yes(v.hub, case, days_ago=40, days=30)
    v.opens(case)
    v.goes_to(PAGE)
    v.reads("This ended on")


@PAGES.page
def changed_by_somebody_else_meanwhile(v: Victim) -> None:
    case = form_of_a_service(v)
    says_yes(v.hub, case, NEEDS)
    form = v.main.locator("details[open]")
    form.get_by_label("Your dates at court", exact=True).check()
    form.get_by_label("12 months").check()
    v.presses("Let New Era see this")
    v.reads("This changed while you had the page open.")


# --- the officer


@STAFF_PAGES.page
def page_of_the_officer(d: AtDesk) -> Met:
    by = d.hub.person()
    case = charged(d.hub, by)
    says_yes(d.hub, case, days_ago=2)
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/support?victim={case.victim}")
    d.heads("What partner agencies may see")
    return Met(case, by)


@STAFF_PAGES.page
def page_of_the_officer_empty(d: AtDesk) -> None:
    page_of_the_officer(d)
    d.main.get_by_text("They agree to it: Staffordshire").click()
    d.main.locator("details[open]").get_by_role("button", name="Note it").click()
    d.reads("Tick at least one thing", "Say how they told you.")


@STAFF_PAGES.page
def page_of_the_officer_noted(d: AtDesk) -> None:
    page_of_the_officer(d)
    d.main.get_by_text("Change or stop it: New Era").click()
    form = d.main.locator("details[open]")
    form.get_by_label("By phone").check()
    form.get_by_role("button", name="They no longer agree").click()
    d.reads("Noted. The partner agency sees nothing of them any more.")
    d.main.get_by_text("What was agreed before with New Era").click()
    d.reads("Taken back with PC Example by phone")


# --- the service


def supporter(d: AtDesk, name: str = "Juniper Example") -> Staff:
    """Sign in as somebody of New Era."""
    by = d.hub.person(name, "partner", TEAM)
    d.is_signed_in(by)
    return by


@STAFF_PAGES.page
def list_of_a_service(d: AtDesk) -> Met:
    by = supporter(d)
    case, other = charged(d.hub), d.hub.case()
    says_yes(d.hub, case)
    says_yes(d.hub, other, NEEDS)
    read = d.hub.deps.cases.read(case.key)
    assert read is not None
    owner = Officer(OfficerId(by.identity), by.name, "0000", by.team)
    given = TaskGiven("supporter", "Find out who can come with her", owner=owner)
    d.hub.deps.ledger.write(task_parts(d.hub.deps, read, read.victims[0], given))
    d.goes_to("/")
    d.heads("Your list")
    d.reads("What you are to do (1)", "Court is near", "Epilepsy", case.reference)
    return Met(case, by)


@STAFF_PAGES.page
def person_of_a_service(d: AtDesk) -> Met:
    met = list_of_a_service(d)
    d.goes_to(met.path)
    d.reads("They agreed that New Era sees", "A screen", "Flashing light", "Mark as done")
    return met


@STAFF_PAGES.page
def person_of_whom_little_was_agreed(d: AtDesk) -> None:
    supporter(d)
    case = d.hub.case()
    says_yes(d.hub, case, NEEDS)
    d.goes_to(f"/support/{case.key}?victim={case.victim}")
    d.reads("They have not told us of a need yet.", "Nothing at present.")


@STAFF_PAGES.page
def view_saved(d: AtDesk) -> None:
    person_of_a_service(d)
    d.types("What should the review know?", "A screen would help. She comes with her sister.")
    d.presses("Save")
    d.reads("Saved. It stands with the review before court.")


@STAFF_PAGES.page
def view_too_long(d: AtDesk) -> None:
    person_of_a_service(d)
    d.types("What should the review know?", LONG)
    d.presses("Save")
    d.reads("too long")


@STAFF_PAGES.page
def view_of_a_colleague_came_first(d: AtDesk) -> None:
    met = person_of_a_service(d)
    d.types("What should the review know?", "A live link would help.")
    deps = d.hub.deps
    there = agreement_with(deps.threads.read(met.case.victim).agreements, NEW_ERA)
    assert there is not None
    second = d.page.context.new_page()
    second.goto(f"{d.hub.staff}{met.path}")
    second.get_by_label("What should the review know?").fill("A screen would help.")
    second.get_by_role("button", name="Save").click()
    second.close()
    d.presses("Save")
    d.reads("A colleague wrote while you were writing", "A screen would help.")


@STAFF_PAGES.page
def task_empty(d: AtDesk) -> None:
    person_of_a_service(d)
    d.presses("Add it to my list")
    d.reads("Choose what you will do.")


@STAFF_PAGES.page
def task_taken_on(d: AtDesk) -> None:
    person_of_a_service(d)
    d.main.get_by_label("What?").select_option(label="Offer a visit to the court before the day")
    d.types("By when?", "tomorrow")
    d.presses("Add it to my list")
    d.reads("Noted. It is in your list until you mark it as done.")


@STAFF_PAGES.page
def task_done(d: AtDesk) -> None:
    person_of_a_service(d)
    d.main.get_by_role("button", name="Mark as done").first.click()
    d.reads("Marked as done.", "Nothing at present.")


@STAFF_PAGES.page
def taken_back_meanwhile(d: AtDesk) -> None:
    met = person_of_a_service(d)
    d.types("What should the review know?", "A live link would help.")
    says_no(d.hub, met.case)
    d.presses("Save")
    d.heads("There is no such case for you")
    d.reads("no longer agrees")
    d.does_not_find("Epilepsy", met.case.reference)

"""What people do on the way to court, each step as they take it in the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chalicelib.domain.cases import TeamId
from chalicelib.domain.dates import in_london
from tests.browser.people import AtDesk, Victim

if TYPE_CHECKING:
    from datetime import date

    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub, Staff
    from tests.builders import SeededCase

EPILEPSY = "Severe epileptic seizures since that night"
VIEW = "She comes if she need not pass the main door. One of us comes with her."
NEW_ERA, ISVA = "New Era", "ISVA service"
TEAMS = {NEW_ERA: TeamId("new-era"), ISVA: TeamId("isva-service")}
COURT_IN = timedelta(days=21)


@dataclass(frozen=True)
class Four:
    """The four people of a case that is charged: each at a browser of their own."""

    case: SeededCase
    victim: Victim
    officer: AtDesk
    partner: AtDesk
    supervisor: AtDesk
    juniper: Staff

    @property
    def path(self) -> str:
        """Return the address of the case on the desk."""
        return f"/cases/{self.case.key}"

    @property
    def whose(self) -> str:
        """Return how an address names the victim."""
        return f"?victim={self.case.victim}"


def four(hub: Hub, opens: Opens, *, script: bool = True, agency: str = NEW_ERA) -> Four:
    """Let everybody sign in; the victim was told of the charge."""
    by = hub.person("PC Example")
    boss = hub.person("Sergeant Board", "supervisor", by.team)
    hub.deps.ledger.write([hub.deps.cases.note_role(boss.officer.id, "supervisor")])
    juniper = hub.person("Juniper Example", "partner", TEAMS[agency])
    case = hub.case(
        by,
        crime_type="violence",
        flags=("domestic_abuse",),
        stage="charged",
        outcome="charged",
        told=True,
    )
    victim = Victim(opens(script=script), hub)
    officer, partner, supervisor = (AtDesk(opens(script=script), hub) for _ in range(3))
    for desk, person in ((officer, by), (partner, juniper), (supervisor, boss)):
        desk.is_signed_in(person)
    victim.opens(case)
    return Four(case, victim, officer, partner, supervisor, juniper)


def court_day(hub: Hub) -> date:
    """Return the day at court."""
    day = in_london(hub.clock()).date() + COURT_IN
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


# --- the victim


def tells_a_need(victim: Victim) -> None:
    """Say once what everybody has to know."""
    victim.goes_to("/case")
    victim.follows("What helps me: my needs")
    victim.follows("Health")
    victim.types("What is it?", EPILEPSY)
    victim.presses("Save")
    victim.reads("We have it.", EPILEPSY)


def answers_the_finder(victim: Victim) -> None:
    """Say what is hard, and come to the list."""
    victim.goes_to("/what-might-help")
    victim.chooses("An illness")
    victim.chooses("I am afraid to see them, or to be seen by them")
    victim.presses("Show what might help")
    victim.heads("Worth asking for")


def finds_and_adds(victim: Victim, *names: str) -> None:
    """Answer the finder, tick some of its list and add them with one press."""
    answers_the_finder(victim)
    for name in names:
        victim.chooses(name)
    victim.presses("Add what I ticked to my information")
    victim.reads("It is on this page now.", *names)


def agrees(victim: Victim, partner: str = NEW_ERA) -> None:
    """Let a partner see everything that can be agreed to, for three months."""
    victim.goes_to("/case/support")
    victim.main.locator("summary", has_text=partner).click()
    form = victim.main.locator("details[open] form")
    for box in form.get_by_role("checkbox").all():
        box.check()
    form.get_by_role("radio").nth(1).check()
    victim.presses(f"Let {partner} see this")
    expect(victim.main.get_by_role("button", name=f"Stop sharing with {partner}")).to_be_visible()


# --- the desk


def records_the_date(hub: Hub, officer: AtDesk, path: str) -> date:
    """Type the court date that the court gave them."""
    day, today = court_day(hub), in_london(hub.clock()).date()
    officer.goes_to(f"{path}/hearing")
    officer.main.get_by_role("radio").first.check()
    officer.types("On which day?", day.isoformat())
    officer.types("Which court?", "Example Crown Court")
    for box in officer.main.get_by_role("checkbox").all():
        box.check()
    officer.types("On which day did you hear of it from the court?", today.isoformat())
    officer.main.get_by_role("button", name="Record", exact=True).click()
    officer.reads("Example Crown Court")
    return day


def takes_a_step(hub: Hub, desk: AtDesk, whose: Four, step: str, of: str, **typed: str) -> None:
    """Record a step of a measure from the list of what comes next."""
    desk.goes_to(f"{whose.path}/measures{whose.whose}")
    section = desk.main.get_by_role("region", name=of, exact=True)
    link = section.get_by_role("link", name=step)
    if not link.is_visible():
        section.locator("summary").first.click()
    link.click()
    desk.heads("Record a step")
    desk.types("On which day?", in_london(hub.clock()).date().isoformat())
    for label, text in typed.items():
        desk.types(label.replace("_", " "), text)
    not_yet = desk.main.get_by_role("radio", name="Not yet")
    if not_yet.count():
        not_yet.check()
    desk.presses("Record")
    desk.heads("What helps at court")


def opens_the_person(partner: AtDesk, case: SeededCase) -> None:
    """Open from their list what somebody agreed that they may see."""
    partner.goes_to("/")
    partner.main.get_by_role("link", name=case.reference).last.click()
    partner.heads(f"Reference {case.reference}")


def closes_the_review(supervisor: AtDesk, decided: str) -> None:
    """Write down what was decided and who was there, and close the review."""
    supervisor.types("What was decided?", decided)
    supervisor.types("Who was there?", "Sergeant Board; Juniper Example, New Era")
    supervisor.presses("Close the review")
    supervisor.reads("The review is closed.", decided)


def gives_a_task(supervisor: AtDesk, what: str, owner: Staff, words: str) -> None:
    """Give somebody something to do by the usual day."""
    supervisor.main.get_by_label("What?", exact=True).select_option(label=what)
    supervisor.types("What exactly?", words)
    supervisor.main.get_by_label("Who?", exact=True).select_option(owner.identity)
    supervisor.presses("Give it")
    supervisor.reads("Given. It is in their list with its date.", words)

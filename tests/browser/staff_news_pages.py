"""News that a person tells first, codes, and who may open a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser.desk_steps import Opened, opened
from tests.browser.gallery import Gallery
from tests.builders import seed_update

if TYPE_CHECKING:
    from tests.browser.people import AtDesk

PAGES: Gallery[AtDesk] = Gallery()


@PAGES.page
def outcome_form(d: AtDesk) -> Opened:
    found = opened(d, victims=("V1", "V2"))
    d.follows("Record an outcome or other news")
    d.heads("Record an outcome or other news")
    return found


@PAGES.page
def outcome_empty(d: AtDesk) -> None:
    outcome_form(d)
    d.presses("Record")
    d.reads("Choose what happened.")


@PAGES.page
def outcome_after_somebody_else(d: AtDesk) -> None:
    found = opened(d)
    d.goes_to(f"/cases/{found.case.key}/outcome")
    seed_update(d.hub.deps, found.case, "Theirs")
    case = d.hub.deps.cases.read(found.case.key)
    assert case is not None
    d.hub.ledger.write([d.hub.deps.cases.desk_change(case, officer=None, at=d.hub.clock())])
    fill_outcome(d, told=True)
    d.reads("Somebody changed this case while you were writing", "Theirs")


@PAGES.page
def case_not_told(d: AtDesk) -> Opened:
    found = opened(d)
    record_outcome(d, found, told=False)
    d.reads("Not told yet")
    return found


@PAGES.page
def told_form(d: AtDesk) -> None:
    case_not_told(d)
    d.main.get_by_role("link", name="Record how they were told").click()
    d.heads("Record how a victim was told")


@PAGES.page
def told_empty(d: AtDesk) -> None:
    told_form(d)
    d.presses("Record")
    d.reads("say how they were told")


def record_outcome(d: AtDesk, found: Opened, *, told: bool) -> None:
    """Record that there is not enough evidence."""
    d.goes_to(f"/cases/{found.case.key}/outcome")
    fill_outcome(d, told=told)
    d.heads(f"Case {found.case.reference}")


def fill_outcome(d: AtDesk, *, told: bool, words: str = "") -> None:
    """Fill the form for an outcome of a case with one victim and send it."""
    d.chooses("By phone" if told else "Not yet")
    if told:
        d.types("was told on", "today")
    d.main.get_by_label("Outcome or news").select_option(label="Not enough evidence")
    d.types("On which day was it decided", "today")
    if words:
        d.types("Your own words", words)
        d.main.get_by_role("checkbox", name="Victim V1").check()
    d.presses("Record")


@PAGES.page
def code_form(d: AtDesk, **options: Any) -> Opened:
    found = opened(d, **options)
    d.main.get_by_role("link", name="New access code").first.click()
    d.heads("New access code")
    return found


@PAGES.page
def code_form_in_safe_mode(d: AtDesk) -> None:
    code_form(d, crime_type="stalking_harassment")
    d.presses("Make the code")
    d.reads("Ask them whether it is safe.")


@PAGES.page
def code_for_a_call_that_came_in(d: AtDesk) -> None:
    code_form(d)
    d.chooses("They rang us")
    d.presses("Make the code")
    d.reads("A call that came in is not enough")


@PAGES.page
def code_not_open(d: AtDesk) -> None:
    code_form(d, crime_type="homicide")
    d.reads("There are no codes for this kind of case")


@PAGES.page
def code_for_whom(d: AtDesk) -> None:
    found = opened(d, victims=("V1", "V2"))
    d.goes_to(f"/cases/{found.case.key}/codes/new")
    d.reads("Whose case is it to open?")


@PAGES.page
def code_made(d: AtDesk, **options: Any) -> Opened:
    found = code_form(d, **options)
    d.chooses("Face to face")
    d.chooses("The victim")
    if d.main.get_by_text("Is it safe for this person to look?").count():
        d.chooses("Yes, they said so when nobody could hear them")
        d.chooses("At work")
    d.presses("Make the code")
    d.heads("Read this code to them")
    return found


@PAGES.page
def code_active(d: AtDesk) -> None:
    code_made(d)
    d.presses("They read it back correctly: activate")
    d.reads("Active.")


@PAGES.page
def code_waits_for_a_supervisor(d: AtDesk) -> None:
    found = code_made(d, flags=("child",))
    d.presses("They read it back correctly: activate")
    d.heads(f"Case {found.case.reference}")
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", found.by.team))
    d.page.reload()
    d.follows("Confirm this code")
    d.heads("Confirm a code")


@PAGES.page
def code_gone(d: AtDesk) -> None:
    found = code_made(d)
    record = d.hub.deps.threads.read(found.case.victim).codes[0]
    d.hub.ledger.write([d.hub.deps.access.cancel_code(record.code_key)])
    d.presses("They read it back correctly: activate")
    d.heads("This code cannot be used")


@PAGES.page
def hand_over(d: AtDesk) -> None:
    found = opened(d, "supervisor")
    d.hub.person("PC Sample", team=found.by.team)
    d.follows("Hand over to another officer")
    d.presses("Hand over")
    d.heads("Hand over a case")


@PAGES.page
def named(d: AtDesk) -> None:
    by = d.hub.person()
    case = d.hub.case(by, flags=("restricted",))
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/named")
    d.presses("Let them open it")
    d.heads("Who can open this case")

"""Every page of the staff service and every state of it, by the steps that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.browser.stories import answered, asked
from tests.builders import seed_update

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.hub import Staff
    from tests.browser.people import AtDesk
    from tests.builders import SeededCase

LONG = "We are still looking at the film. " * 150


@dataclass(frozen=True)
class Opened:
    """A case that a member of staff has before them."""

    case: SeededCase
    by: Staff


def opened(d: AtDesk, role: str = "officer", **options: Any) -> Opened:
    """Open a case of one's own team."""
    by = d.hub.person(role=role)
    case = d.hub.case(d.hub.person("PC Sample", team=by.team), **options)
    d.is_signed_in(by)
    d.opens(case)
    return Opened(case, by)


def sees(d: AtDesk, path: str, role: str = "officer") -> None:
    """Open a page as somebody of this role."""
    d.is_signed_in(d.hub.person(role=role))
    d.goes_to(path)


# --- lists


def list_empty(d: AtDesk) -> None:
    sees(d, "/")
    d.reads("Nothing is waiting for you.")


def list_full(d: AtDesk) -> Staff:
    by = d.hub.person()
    late, fresh = d.hub.case(by, crime_type="stalking_harassment"), d.hub.case(by)
    asked(d.hub, late, "Where are you?", days_ago=30)
    asked(d.hub, late, "Is it today?", days_ago=7)
    asked(d.hub, fresh, "When can I come?")
    d.is_signed_in(by)
    d.goes_to("/")
    d.reads("Late", "Questions waiting")
    return by


def list_of_a_team(d: AtDesk) -> None:
    by = list_full(d)
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", by.team))
    d.goes_to("/team")
    d.reads("PC Example")


def list_of_witness_care(d: AtDesk) -> None:
    sees(d, "/", "witness_care")


def nothing_for_a_partner(d: AtDesk) -> None:
    sees(d, "/", "partner")
    d.heads("There is nothing here for you yet")


def not_found_by_reference(d: AtDesk) -> None:
    list_empty(d)
    d.types("Crime reference", "99/999999/99")
    d.presses("Find")
    d.heads("There is no such case for you")


def reference_mistyped(d: AtDesk) -> None:
    list_empty(d)
    d.types("Crime reference", "99/9")
    d.presses("Find")
    d.reads("Type the whole reference")


def case_of_another_team(d: AtDesk) -> None:
    case = d.hub.case()
    sees(d, f"/cases/{case.key}", "supervisor")
    d.reads("Why must you open it?")


def glass_without_a_reason(d: AtDesk) -> None:
    case_of_another_team(d)
    d.presses("Open for 60 minutes")
    d.reads("Say why")


def glass_waits_for_another(d: AtDesk) -> None:
    case = d.hub.case(flags=("restricted",))
    sees(d, f"/cases/{case.key}", "supervisor")
    d.types("Why must you open it?", "The court asks for it today")
    d.presses("Open for 60 minutes")
    d.reads("Your leave waits")


def glass_to_confirm(d: AtDesk) -> None:
    glass_waits_for_another(d)
    d.is_signed_in(d.hub.person("Sergeant Sample", "supervisor"))
    d.page.reload()
    d.reads("asks to open a restricted case")


def glass_seen_by_the_officer(d: AtDesk) -> None:
    in_charge = d.hub.person()
    case = d.hub.case(in_charge)
    sees(d, f"/cases/{case.key}", "supervisor")
    d.types("Why must you open it?", "The court asks for it today")
    d.presses("Open for 60 minutes")
    d.is_signed_in(in_charge)
    d.page.reload()
    d.reads("The court asks for it today")


# --- one case


def case_without_anything(d: AtDesk) -> None:
    opened(d)


def case_with_everything(d: AtDesk) -> Opened:
    by = d.hub.person()
    case = d.hub.case(
        by, victims=("V1", "V2"), crime_type="stalking_harassment", flags=("domestic_abuse",)
    )
    asked(d.hub, case, "Did you find my telephone?", days_ago=40)
    answered(d.hub, case, "Not yet. We are still looking.", days_ago=38)
    asked(d.hub, case, "Is the film of the shop there?", days_ago=20)
    asked(d.hub, case, "May I move away while this goes on?", victim="V2")
    seed_update(d.hub.deps, case, "We have spoken to people who live nearby.", "V1")
    d.hub.code(case, "V1")
    d.is_signed_in(by)
    d.opens(case)
    d.reads("Safe mode.", "Late by", "Cancel this code at once")
    return Opened(case, by)


def case_not_told(d: AtDesk) -> Opened:
    found = opened(d)
    record_outcome(d, found, told=False)
    d.reads("Not told yet")
    return found


def case_of_opposed_victims(d: AtDesk) -> None:
    opened(d, victims=("V1", "V2"), flags=("opposed_victims",))
    d.reads("Opposed victims.")


def answer_empty(d: AtDesk) -> None:
    case_with_everything(d)
    d.answers("")
    d.heads("Answer a question")


def answer_too_long(d: AtDesk) -> None:
    case_with_everything(d)
    d.answers(LONG)
    d.reads("too long")


def answer_after_somebody_else(d: AtDesk) -> None:
    found = opened(d)
    asked(d.hub, found.case, "When?")
    d.page.reload()
    answered(d.hub, found.case, "On Monday.")
    d.answers("On Tuesday.")
    d.reads("Somebody answered while you were writing", "On Monday.")


def answer_sent(d: AtDesk) -> None:
    case_with_everything(d)
    d.answers("Yes, it has come.")
    d.reads("Questions waiting (1)")


def answer_to_add(d: AtDesk) -> None:
    answer_sent(d)
    d.main.get_by_role("link", name="Add to the answer").first.click()
    d.heads("Answer a question")


def update_empty(d: AtDesk) -> None:
    case_with_everything(d)
    d.presses("Post")
    d.heads("Post an update")


def update_posted(d: AtDesk) -> None:
    opened(d)
    d.chooses("Victim V1")
    d.types("Your own words", "We have the film now.")
    d.presses("Post")
    d.reads("We have the film now.", "Back to your list")


# --- news


def outcome_form(d: AtDesk) -> Opened:
    found = opened(d, victims=("V1", "V2"))
    d.follows("Record an outcome or other news")
    d.heads("Record an outcome or other news")
    return found


def outcome_empty(d: AtDesk) -> None:
    outcome_form(d)
    d.presses("Record")
    d.reads("Choose what happened.")


def outcome_after_somebody_else(d: AtDesk) -> None:
    found = opened(d)
    d.goes_to(f"/cases/{found.case.key}/outcome")
    seed_update(d.hub.deps, found.case, "Theirs")
    case = d.hub.deps.cases.read(found.case.key)
    assert case is not None
    d.hub.ledger.write([d.hub.deps.cases.desk_change(case, officer=None, at=d.hub.clock())])
    fill_outcome(d, told=True)
    d.reads("Somebody changed this case while you were writing", "Theirs")


def told_form(d: AtDesk) -> None:
    case_not_told(d)
    d.main.get_by_role("link", name="Record how they were told").click()
    d.heads("Record how a victim was told")


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


# --- codes and people


def code_form(d: AtDesk, **options: Any) -> Opened:
    found = opened(d, **options)
    d.main.get_by_role("link", name="New access code").first.click()
    d.heads("New access code")
    return found


def code_form_in_safe_mode(d: AtDesk) -> None:
    code_form(d, crime_type="stalking_harassment")
    d.presses("Make the code")
    d.reads("Ask them whether it is safe.")


def code_for_a_call_that_came_in(d: AtDesk) -> None:
    code_form(d)
    d.chooses("They rang us")
    d.presses("Make the code")
    d.reads("A call that came in is not enough")


def code_not_open(d: AtDesk) -> None:
    code_form(d, crime_type="homicide")
    d.reads("There are no codes for this kind of case")


def code_for_whom(d: AtDesk) -> None:
    found = opened(d, victims=("V1", "V2"))
    d.goes_to(f"/cases/{found.case.key}/codes/new")
    d.reads("Whose case is it to open?")


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


def code_active(d: AtDesk) -> None:
    code_made(d)
    d.presses("They read it back correctly: activate")
    d.reads("Active.")


def code_waits_for_a_supervisor(d: AtDesk) -> None:
    found = code_made(d, flags=("child",))
    d.presses("They read it back correctly: activate")
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", found.by.team))
    d.page.reload()
    d.follows("Confirm this code")
    d.heads("Confirm a code")


def code_gone(d: AtDesk) -> None:
    found = code_made(d)
    record = d.hub.deps.threads.read(found.case.victim).codes[0]
    d.hub.ledger.write([d.hub.deps.access.cancel_code(record.code_key)])
    d.presses("They read it back correctly: activate")
    d.heads("This code cannot be used")


def hand_over(d: AtDesk) -> None:
    found = opened(d, "supervisor")
    d.hub.person("PC Sample", team=found.by.team)
    d.follows("Hand over to another officer")
    d.presses("Hand over")
    d.heads("Hand over a case")


def named(d: AtDesk) -> None:
    by = d.hub.person()
    case = d.hub.case(by, flags=("restricted",))
    d.is_signed_in(by)
    d.goes_to(f"/cases/{case.key}/named")
    d.presses("Let them open it")
    d.heads("Who can open this case")


# --- administrator


def admin(d: AtDesk) -> None:
    sees(d, "/admin", "administrator")
    d.heads("Staff, teams and absences")


def admin_forms(d: AtDesk, button: str, path: str) -> None:
    sees(d, path, "administrator")
    d.presses(button)
    d.reads("Please look at this again")


def admin_new_member(d: AtDesk) -> None:
    admin_forms(d, "Add", "/admin/staff")


def admin_new_team(d: AtDesk) -> None:
    admin_forms(d, "Add", "/admin/teams")


def admin_absence(d: AtDesk) -> None:
    admin_forms(d, "Note it", "/admin/absences")


def admin_team(d: AtDesk) -> None:
    admin(d)
    d.main.get_by_role("table").get_by_role("link").first.click()
    d.reads("Rename this team")


def admin_member(d: AtDesk) -> None:
    admin_team(d)
    d.main.get_by_role("table").get_by_role("link").first.click()
    d.reads("Take off the list")


# --- in and out, and what goes wrong


def signed_out(d: AtDesk) -> None:
    list_empty(d)
    d.page.get_by_role("button", name="Sign out").click()
    d.heads("You are signed out")


def sign_in_refused(d: AtDesk) -> None:
    d.goes_to("/")
    d.page.get_by_role("button", name="Deny").click()
    d.heads("You are not signed in")


def sign_in_without_a_place(d: AtDesk) -> None:
    d.goes_to("/")
    d.page.get_by_role("textbox").fill("nobody-here")
    d.page.get_by_role("button", name="Authorize").click()
    d.reads("this service has no place for you")


def answer_after_the_end(d: AtDesk) -> None:
    case_with_everything(d)
    d.hub.clock.forward(minutes=16)
    d.answers("I wrote for a long time")
    d.reads("I wrote for a long time")


def answer_not_stored(d: AtDesk) -> None:
    case_with_everything(d)
    d.hub.ledger.broken = True
    d.answers("Nobody can store this")
    d.hub.ledger.broken = False
    d.reads("Nobody can store this")


def form_of_another_sign_in(d: AtDesk) -> None:
    case_with_everything(d)
    d.is_signed_in(d.hub.person())
    d.answers("My words")
    d.reads("My words")


def page_of_another_role(d: AtDesk) -> None:
    sees(d, "/admin")
    d.heads("This page cannot be opened")


def not_there(d: AtDesk) -> None:
    sees(d, "/nothing/here")
    d.heads("This page does not exist")


PAGES: tuple[Callable[[AtDesk], object], ...] = (
    list_empty,
    list_full,
    list_of_a_team,
    list_of_witness_care,
    nothing_for_a_partner,
    not_found_by_reference,
    reference_mistyped,
    case_of_another_team,
    glass_without_a_reason,
    glass_waits_for_another,
    glass_to_confirm,
    glass_seen_by_the_officer,
    case_without_anything,
    case_with_everything,
    case_not_told,
    case_of_opposed_victims,
    answer_empty,
    answer_too_long,
    answer_after_somebody_else,
    answer_sent,
    answer_to_add,
    update_empty,
    update_posted,
    outcome_form,
    outcome_empty,
    outcome_after_somebody_else,
    told_form,
    told_empty,
    code_form,
    code_form_in_safe_mode,
    code_for_a_call_that_came_in,
    code_not_open,
    code_for_whom,
    code_made,
    code_active,
    code_waits_for_a_supervisor,
    code_gone,
    hand_over,
    named,
    admin,
    admin_new_member,
    admin_new_team,
    admin_absence,
    admin_team,
    admin_member,
    signed_out,
    sign_in_refused,
    sign_in_without_a_place,
    answer_after_the_end,
    answer_not_stored,
    form_of_another_sign_in,
    page_of_another_role,
    not_there,
)

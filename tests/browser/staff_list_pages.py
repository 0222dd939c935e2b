"""The lists of staff, the administrator's pages, the way in and out, and what goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.desk_steps import sees
from tests.browser.gallery import Gallery
from tests.browser.stories import asked

if TYPE_CHECKING:
    from tests.browser.hub import Staff
    from tests.browser.people import AtDesk

PAGES: Gallery[AtDesk] = Gallery()


@PAGES.page
def list_empty(d: AtDesk) -> None:
    sees(d, "/")
    d.reads("Nothing is waiting for you.")


@PAGES.page
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


@PAGES.page
def list_of_many(d: AtDesk) -> None:
    by = d.hub.person()
    case = d.hub.case(by)
    asked(d.hub, case, *(f"Question {number}" for number in range(26)))
    d.is_signed_in(by)
    d.goes_to("/")
    d.follows("Show the next ones")
    d.reads("Back to the top of the list")


@PAGES.page
def list_of_a_team(d: AtDesk) -> None:
    by = list_full(d)
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", by.team))
    d.goes_to("/team")
    d.reads("PC Example", "Late", "At risk", "By officer")


@PAGES.page
def board_group(d: AtDesk) -> None:
    list_of_a_team(d)
    d.main.get_by_role("table").first.get_by_role("link").first.click()
    d.reads("Late (", "Show all that is open")


@PAGES.page
def given_without_a_reason(d: AtDesk) -> None:
    board_group(d)
    d.follows("Tick all that are shown")
    d.main.get_by_label("Officer", exact=True).select_option(label="Sergeant Example, 0001")
    d.presses("Give to this officer")
    d.reads("Say why")


@PAGES.page
def given(d: AtDesk) -> None:
    given_without_a_reason(d)
    d.types("Why", "PC Example is in court")
    d.presses("Give to this officer")
    d.reads("in Sergeant Example’s list now")


@PAGES.page
def many_to_give(d: AtDesk) -> Staff:
    by = d.hub.person("PC Sample")
    asked(d.hub, d.hub.case(by), *(f"Question {number}" for number in range(26)), days_ago=30)
    boss = d.hub.person("Sergeant Example", "supervisor", by.team)
    d.is_signed_in(boss)
    d.goes_to("/team?show=late&all=1")
    d.main.get_by_label("Officer", exact=True).select_option(label="Sergeant Example, 0001")
    d.types("Why", "PC Sample is in court")
    d.presses("Give to this officer")
    d.heads("Give 26 promises to Sergeant Example")
    return boss


@PAGES.page
def many_mistyped(d: AtDesk) -> None:
    many_to_give(d)
    d.types("Type 26 if you are sure", "2")
    d.presses("Ask a second supervisor")
    d.reads("Type 26: so many would change hands.")


@PAGES.page
def many_asked_for_and_refused(d: AtDesk) -> None:
    boss = many_to_give(d)
    d.types("Type 26 if you are sure", "26")
    d.presses("Ask a second supervisor")
    d.reads("Nothing has moved yet")
    d.is_signed_in(d.hub.person("Inspector Sample", "supervisor"))
    d.goes_to("/team/bulk")
    d.presses("Say no")
    d.reads("Say why")
    d.types("If not, why not?", "Ask the inspector first")
    d.presses("Say no")
    d.is_signed_in(boss)
    d.goes_to("/team")
    d.reads("Inspector Sample said no")


@PAGES.page
def nothing_waits(d: AtDesk) -> None:
    sees(d, "/team/bulk", "supervisor")
    d.reads("Nothing waits.")


@PAGES.page
def list_of_witness_care(d: AtDesk) -> None:
    sees(d, "/", "witness_care")


@PAGES.page
def nothing_for_a_partner(d: AtDesk) -> None:
    sees(d, "/", "partner")
    d.reads("Ask the administrator")


@PAGES.page
def not_found_by_reference(d: AtDesk) -> None:
    list_empty(d)
    d.types("Crime reference", "99/999999/99")
    d.presses("Find")
    d.heads("There is no such case for you")


@PAGES.page
def reference_mistyped(d: AtDesk) -> None:
    list_empty(d)
    d.types("Crime reference", "99/9")
    d.presses("Find")
    d.reads("Type the whole reference")


@PAGES.page
def case_of_another_team(d: AtDesk) -> None:
    case = d.hub.case()
    sees(d, f"/cases/{case.key}", "supervisor")
    d.reads("Why must you open it?")


@PAGES.page
def glass_without_a_reason(d: AtDesk) -> None:
    case_of_another_team(d)
    d.presses("Open for 60 minutes")
    d.reads("Say why")


@PAGES.page
def glass_waits_for_another(d: AtDesk) -> None:
    case = d.hub.case(flags=("restricted",))
    sees(d, f"/cases/{case.key}", "supervisor")
    d.types("Why must you open it?", "The court asks for it today")
    d.presses("Open for 60 minutes")
    d.reads("Your leave waits")


@PAGES.page
def glass_to_confirm(d: AtDesk) -> None:
    glass_waits_for_another(d)
    d.is_signed_in(d.hub.person("Sergeant Sample", "supervisor"))
    d.page.reload()
    d.reads("asks to open a restricted case")


@PAGES.page
def glass_seen_by_the_officer(d: AtDesk) -> None:
    in_charge = d.hub.person()
    case = d.hub.case(in_charge)
    sees(d, f"/cases/{case.key}", "supervisor")
    d.types("Why must you open it?", "The court asks for it today")
    d.presses("Open for 60 minutes")
    d.heads(f"Case {case.reference}")
    d.is_signed_in(in_charge)
    d.page.reload()
    d.reads("The court asks for it today")


@PAGES.page
def admin(d: AtDesk) -> None:
    sees(d, "/admin", "administrator")
    d.heads("Staff, teams and absences")


def admin_forms(d: AtDesk, button: str, path: str) -> None:
    sees(d, path, "administrator")
    d.presses(button)
    d.reads("Please look at this again")


@PAGES.page
def admin_new_member(d: AtDesk) -> None:
    admin_forms(d, "Add", "/admin/staff")


@PAGES.page
def admin_new_team(d: AtDesk) -> None:
    admin_forms(d, "Add", "/admin/teams")


@PAGES.page
def admin_absence(d: AtDesk) -> None:
    admin_forms(d, "Note it", "/admin/absences")


@PAGES.page
def admin_team(d: AtDesk) -> None:
    admin(d)
    d.main.get_by_role("table").get_by_role("link").first.click()
    d.reads("Rename this team")


@PAGES.page
def admin_member(d: AtDesk) -> None:
    admin_team(d)
    d.main.get_by_role("table").get_by_role("link").first.click()
    d.reads("Take off the list")


@PAGES.page
def signed_out(d: AtDesk) -> None:
    list_empty(d)
    d.page.get_by_role("button", name="Sign out").click()
    d.heads("You are signed out")


@PAGES.page
def sign_in_refused(d: AtDesk) -> None:
    d.goes_to("/")
    d.page.get_by_role("button", name="Deny").click()
    d.heads("You are not signed in")


@PAGES.page
def sign_in_without_a_place(d: AtDesk) -> None:
    d.goes_to("/")
    d.page.get_by_role("textbox").fill("nobody-here")
    d.page.get_by_role("button", name="Authorize").click()
    d.reads("this service has no place for you")


@PAGES.page
def page_of_another_role(d: AtDesk) -> None:
    sees(d, "/admin")
    d.heads("This page cannot be opened")


@PAGES.page
def not_there(d: AtDesk) -> None:
    sees(d, "/nothing/here")
    d.heads("This page does not exist")

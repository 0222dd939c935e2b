"""What was promised, from both sides: late, in other hands, kept; and the press that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chalicelib.services.watch import raise_late
from tests.browser.people import AtDesk, Victim
from tests.browser.sound import check_page
from tests.browser.stories import asked, followed

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub

SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
NARROW = {"width": 320, "height": 640}


@SCRIPTS
def test_a_late_promise_goes_to_another_officer_who_keeps_it(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    slow = hub.person("PC Slow")
    quick = hub.person("PC Quick", team=slow.team)
    boss = hub.person("Sergeant Board", "supervisor", slow.team)
    hub.deps.ledger.write([hub.deps.cases.note_role(boss.officer.id, "supervisor")])
    case = hub.case(slow)
    asked(hub, case, "Did you find my bag?", days_ago=14)
    raise_late(hub.deps)
    victim, desk = Victim(opens(script=script), hub), AtDesk(opens(script=script), hub)

    victim.opens(case)
    victim.reads("We are late.", "We are sorry.", "Sergeant Board is now looking into it.")
    if script:
        check_page(victim.page)

    desk.is_signed_in(boss)
    desk.goes_to("/team?show=late")
    desk.main.get_by_role("checkbox").first.check()
    desk.main.get_by_label("Officer", exact=True).select_option(label="PC Quick, 0000")
    desk.types("Why", "PC Slow is in court this week")
    desk.presses("Give to this officer")
    desk.reads("Quick")

    desk.is_signed_in(quick)
    desk.goes_to("/")
    desk.reads("Late (1)", case.reference)
    desk.opens_first_row()
    desk.answers("Yes. It is at the station, and you can have it back.")
    desk.reads("Your answer is on their page now.")

    victim.page.reload()
    victim.does_not_find("We are late.")
    victim.reads("Kept so far (1)")
    victim.main.get_by_role("link", name="Your question of").click()
    victim.reads("PC Quick answered")


@SCRIPTS
def test_nothing_new_is_one_press_that_the_victim_reads(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    by = hub.person()
    case = hub.case(by)
    followed(hub, case, "every_10", days_ago=14)
    victim, desk = Victim(opens(script=script), hub), AtDesk(opens(script=script), hub)
    for person in (victim, desk):
        person.page.set_viewport_size(NARROW)  # type: ignore[arg-type]

    desk.signs_in(by)
    desk.main.get_by_role("button", name="Nothing new").click()
    desk.reads("Written: there is nothing new.")
    promised = desk.dates()

    victim.opens(case)
    victim.reads("There is nothing new since", "An update, even if there is nothing new")
    assert set(promised) & set(victim.dates())
    if script:
        check_page(desk.page)
        check_page(victim.page)


def test_a_victim_chooses_how_often_by_keyboard_alone(hub: Hub, opens: Opens) -> None:
    case = hub.case(hub.person())
    followed(hub, case, "", days_ago=1)
    victim = Victim(opens(), hub)
    victim.opens(case)
    victim.goes_to("/case/rhythm")
    first = victim.main.get_by_role("radio").first
    for _ in range(40):
        victim.page.keyboard.press("Tab")
        if first.evaluate("e => e === document.activeElement"):
            break
    victim.page.keyboard.press("Space")
    expect(first).to_be_checked()
    victim.page.keyboard.press("Enter")
    victim.page.wait_for_url("**/case/rhythm/chosen")
    victim.goes_to("/case")
    victim.reads("every 5 working days")

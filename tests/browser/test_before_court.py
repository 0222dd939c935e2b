"""From a need that was told once to a measure that the court allowed, with the review between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chalicelib.domain.dates import long_date
from tests.browser.court_steps import (
    EPILEPSY,
    ISVA,
    VIEW,
    agrees,
    answers_the_finder,
    closes_the_review,
    finds_and_adds,
    four,
    gives_a_task,
    opens_the_person,
    records_the_date,
    takes_a_step,
    tells_a_need,
)
from tests.browser.sound import HEIGHT, SMALL, WIDE, check_fits

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.hub import Hub
    from tests.browser.people import AtDesk, Victim

SCRIPTS = pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
# What is left of 210 mm between the margins of a printer, at 96 dots an inch.
A4_WIDTH = 718
SCREEN, LINK = "A screen", "A live link"
# Pages of a case on which somebody works: what was told once stands first on all of them.
DESK_PAGES = ("", "/event", "/outcome", "/hearing", "/plea", "/measures", "/review", "/support")


@SCRIPTS
def test_a_need_told_once_becomes_a_measure_that_the_court_allowed(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    all_four = four(hub, opens, script=script)
    victim, officer = all_four.victim, all_four.officer
    partner, supervisor = all_four.partner, all_four.supervisor

    tells_a_need(victim)
    finds_and_adds(victim, LINK, SCREEN)

    day = records_the_date(hub, officer, all_four.path)
    for page in DESK_PAGES:
        officer.goes_to(f"{all_four.path}{page}{all_four.whose}")
        stands = officer.main.inner_text()
        before_it = stands.split(EPILEPSY)[0]
        assert len(before_it) < 600, f"{page}: the need does not stand first"
    takes_a_step(
        hub,
        officer,
        all_four,
        "Asked of the prosecutor on form MG2",
        LINK,
        Form_MG2="With the letter of the hospital.",
    )

    agrees(victim)

    partner.goes_to("/")
    partner.reads(all_four.case.reference, EPILEPSY, long_date(day))
    opens_the_person(partner, all_four.case)
    partner.reads("What helps them", EPILEPSY, LINK)
    partner.types("What should the review know?", VIEW)
    partner.presses("Save")

    supervisor.goes_to("/court")
    supervisor.reads(
        all_four.case.reference, EPILEPSY, f"{LINK}: Asked of the prosecutor", "Missing"
    )
    supervisor.main.get_by_role("link", name="Review").first.click()
    supervisor.heads("Review before court")
    supervisor.reads(VIEW, "Juniper Example")
    gives_a_task(supervisor, "Find who is with them at court", all_four.juniper, "By name.")
    closes_the_review(supervisor, "The live link goes to the prosecutor today.")

    partner.goes_to("/")
    partner.reads("What you are to do (1)", "Find who is with them at court", "By name.")
    partner.main.get_by_role("link", name="Open").click()
    partner.main.get_by_role("button", name="Mark as done").click()
    partner.reads("Nothing at present.")

    takes_a_step(hub, officer, all_four, "The prosecutor applied to the court", LINK)
    takes_a_step(hub, officer, all_four, "The court allowed it", LINK)

    victim.goes_to("/case/measures")
    victim.reads("The court allowed this.", "You asked for this.")
    victim.follows("Your day")
    victim.reads(LINK, "The court allowed this.", EPILEPSY)
    victim.goes_to("/case/needs")
    victim.reads("PC Example", "Juniper Example")


@SCRIPTS
def test_what_is_no_longer_agreed_is_gone_with_the_next_press(
    hub: Hub, opens: Opens, *, script: bool
) -> None:
    all_four = four(hub, opens, script=script, agency=ISVA)
    victim, partner = all_four.victim, all_four.partner
    tells_a_need(victim)
    agrees(victim, ISVA)
    opens_the_person(partner, all_four.case)
    partner.reads(EPILEPSY)
    partner.types("What should the review know?", VIEW)

    victim.presses(f"Stop sharing with {ISVA}")
    victim.reads(f"Let {ISVA} see something")

    with partner.page.expect_response("**/view") as pressed:
        partner.presses("Save")
    assert pressed.value.status == 404
    partner.does_not_find(EPILEPSY, all_four.case.reference)
    partner.goes_to("/")
    partner.reads("People (0)", "Nobody has agreed at present.")
    partner.does_not_find(EPILEPSY, all_four.case.reference)


@dataclass(frozen=True)
class Paper:
    """A page as it is printed, and on how many sheets at most."""

    person: AtDesk | Victim
    path: str
    sheets: int
    texts: tuple[str, ...]


def test_what_people_take_with_them_prints_whole_on_a4(hub: Hub, opens: Opens) -> None:
    all_four = four(hub, opens)
    victim, officer = all_four.victim, all_four.officer
    tells_a_need(victim)
    finds_and_adds(victim, LINK, SCREEN)
    day = long_date(records_the_date(hub, officer, all_four.path))
    takes_a_step(hub, officer, all_four, "The court allowed it", LINK)

    for paper in (
        Paper(victim, "/case/court", 2, (day, LINK, "The court allowed this.", EPILEPSY)),
        Paper(officer, "/court", 1, (day, all_four.case.reference, EPILEPSY, f"{SCREEN}:")),
    ):
        paper.person.goes_to(paper.path)
        prints(paper)
    answers_the_finder(victim)
    prints(Paper(victim, "", 4, (LINK, SCREEN, "What to do next")))


def prints(paper: Paper) -> None:
    """Print on A4: everything is there, nothing to press, nothing beyond the edge of the sheet."""
    person, page = paper.person, paper.person.page
    for width in (SMALL, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        check_fits(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_WIDTH, "height": HEIGHT})
    check_fits(page)
    person.reads(*paper.texts)
    expect(person.main.get_by_role("button")).to_have_count(0)
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert 1 <= sheets <= paper.sheets, f"{sheets} sheets"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})

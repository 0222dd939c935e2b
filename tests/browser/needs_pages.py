"""Needs, said once: the pages of the victim and of the desk, and what goes wrong on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.services.keep_needs import note_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.staff_sessions import find_staff_session
from tests.browser.desk_steps import Opened
from tests.browser.gallery import Gallery
from tests.browser.stories import asked
from tests.builders import seed_staff

if TYPE_CHECKING:
    from tests.browser.hub import Hub
    from tests.browser.people import AtDesk, Victim
    from tests.builders import SeededCase

PAGES: Gallery[Victim] = Gallery()
STAFF_PAGES: Gallery[AtDesk] = Gallery()
EPILEPSY = {
    "health_what": "Severe epileptic seizures since the injury.",
    "health_helps": "Short sessions, a quiet room, my sister with me.",
    "health_avoid": "Flashing light.",
    "health_emergency": "Put something soft under my head. Ring 999 if it lasts over 5 minutes.",
}


def noted(hub: Hub, case: SeededCase, kind: str, words: dict[str, str], *chosen: str) -> None:
    """Let the officer in charge write a need down."""
    read = hub.deps.cases.read(case.key)
    assert read is not None
    officer = read.officer
    token = seed_staff(hub.deps, officer.id, team=officer.team, name=officer.name)
    session = find_staff_session(hub.deps, token)
    stands = hub.deps.threads.read(case.victim).needs.of(kind)
    told = NeedTold(kind, words, tuple(chosen), stands.since if stands else 0)
    note_need(hub.deps, session, case.key, case.victim, told)


def _known(hub: Hub, case: SeededCase) -> None:
    noted(hub, case, "health", {"health_what": "Something with my head"})
    noted(hub, case, "health", EPILEPSY)
    noted(hub, case, "communication", {}, "interpreter", "easy_read")


# --- the victim


@PAGES.page
def needs_not_told(v: Victim) -> SeededCase:
    case = v.hub.case()
    v.opens(case)
    v.follows("What helps me: my needs")
    v.heads("What helps you")
    v.reads("What you can tell us")
    return case


@PAGES.page
def need_form(v: Victim) -> SeededCase:
    case = needs_not_told(v)
    v.follows("Health")
    v.reads("Is there anything about your health that we should know?")
    return case


@PAGES.page
def need_form_empty(v: Victim) -> None:
    need_form(v)
    v.presses("Save")
    v.reads("Write something in a box, or tick something.")


@PAGES.page
def need_form_too_long(v: Victim) -> None:
    need_form(v)
    v.types("What helps?", "A friend. " * 60)
    v.presses("Save")
    v.reads("too long")


@PAGES.page
def need_form_of_communication(v: Victim) -> None:
    needs_not_told(v)
    v.follows("Communication")
    v.reads("What would help?")


@PAGES.page
def need_told(v: Victim) -> SeededCase:
    case = need_form(v)
    v.types("What is it?", EPILEPSY["health_what"])
    v.types("What should we avoid?", EPILEPSY["health_avoid"])
    v.presses("Save")
    v.reads("We have it.", "Nobody has read this yet.")
    return case


@PAGES.page
def need_changed_meanwhile(v: Victim) -> None:
    case = need_told(v)
    v.main.get_by_role("link", name="Change").first.click()
    noted(v.hub, case, "health", EPILEPSY)
    v.types("What is it?", "Epilepsy")
    v.presses("Save")
    v.reads("Somebody changed this while you were writing", "PC Example wrote this down with you")


@PAGES.page
def needs_with_an_interpreter(v: Victim) -> SeededCase:
    case = v.hub.case()
    _known(v.hub, case)
    v.opens(case)
    v.goes_to("/case/needs")
    v.reads("Which language or dialect", "What else you can tell us")
    return case


@PAGES.page
def need_taken_back(v: Victim) -> SeededCase:
    case = needs_with_an_interpreter(v)
    v.main.get_by_role("link", name="Take it back").first.click()
    v.reads("Take back what you told us")
    return case


@PAGES.page
def need_put_right_meanwhile(v: Victim) -> None:
    case = need_taken_back(v)
    noted(v.hub, case, "health", {"health_what": "Epilepsy, with a new medicine"})
    v.presses("Take it back")
    v.reads("Nothing was taken back.")


@PAGES.page
def need_withdrawn(v: Victim) -> None:
    need_taken_back(v)
    v.presses("Take it back")
    v.reads("You took it back.")


# --- the desk


def _case(d: AtDesk, *, known: bool = True) -> Opened:
    by = d.hub.person()
    case = d.hub.case(by, victims=("V1", "V2"), crime_type="stalking_harassment")
    if known:
        _known(d.hub, case)
    asked(d.hub, case, "Will there be stairs?")
    d.is_signed_in(by)
    return Opened(case, by)


@STAFF_PAGES.page
def list_with_needs(d: AtDesk) -> None:
    _case(d)
    d.goes_to("/")
    d.reads("Needs: Severe epileptic seizures")


@STAFF_PAGES.page
def case_with_needs(d: AtDesk) -> Opened:
    found = _case(d)
    d.goes_to(f"/cases/{found.case.key}")
    d.reads("Victim V1, health: Severe epileptic", "Victim V2: no need was told yet.")
    return found


@STAFF_PAGES.page
def form_with_needs_first(d: AtDesk) -> None:
    found = _case(d)
    d.goes_to(f"/cases/{found.case.key}/event")
    d.reads("Needs of Victim V1", "Read all: Health, Communication")


@STAFF_PAGES.page
def all_needs(d: AtDesk) -> Opened:
    found = case_with_needs(d)
    d.main.get_by_role("link", name="Change needs, or see who has read them").first.click()
    d.heads("Needs")
    d.reads("What it was before (1)", "nobody knows yet for which language")
    d.main.get_by_text("What it was before").click()
    return found


@STAFF_PAGES.page
def no_needs(d: AtDesk) -> None:
    found = _case(d, known=False)
    d.goes_to(f"/cases/{found.case.key}/needs")
    d.reads("No need was told yet: ask once, and write it down.")


@STAFF_PAGES.page
def need_to_write_down(d: AtDesk) -> Opened:
    found = all_needs(d)
    d.main.get_by_role("link", name="Change or withdraw").first.click()
    d.heads("Write down a need")
    d.reads("It holds no more")
    return found


@STAFF_PAGES.page
def need_written_down_empty(d: AtDesk) -> None:
    need_to_write_down(d)
    for label in ("What is it?", "What helps?", "What should we avoid?"):
        d.types(label, "")
    d.types("What should people do in an emergency?", "")
    d.presses("Write it down")
    d.reads("Write something in a box, or tick something.")


@STAFF_PAGES.page
def need_written_down_second(d: AtDesk) -> None:
    found = need_to_write_down(d)
    noted(d.hub, found.case, "health", {"health_what": "Epilepsy, with a new medicine"})
    d.types("What is it?", "Epilepsy")
    d.presses("Write it down")
    d.reads("Somebody changed this while you were writing")


@STAFF_PAGES.page
def need_written_down(d: AtDesk) -> None:
    need_to_write_down(d)
    d.types("What helps?", "Short sessions.")
    d.presses("Write it down")
    d.reads("Written down.")


@STAFF_PAGES.page
def board_with_needs(d: AtDesk) -> None:
    found = _case(d)
    d.is_signed_in(d.hub.person("Sergeant Example", "supervisor", found.by.team))
    d.goes_to("/team")
    d.reads("Needs: Severe epileptic seizures")

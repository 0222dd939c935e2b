"""Whoever works with cases says themselves when they are away and who answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.staff import StaffMember
from tests.builders import seed_case
from tests.integration.services.staff_steps import asked
from tests.integration.web.desk_steps import lines_about, new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from chalicelib.domain.staff import Absence
    from tests.integration.conftest import World
    from tests.pages import Visitor

DAYS = {"first_day": "today", "last_day": "4/12/2026"}


def _pair(world: World) -> tuple[Officer, Officer]:
    """Return two officers of one team, both on the staff list."""
    officer = new_officer("PC Goes")
    cover = new_officer("PC Stays", team=officer.team)
    for each in (officer, cover):
        member = StaffMember(each.id, each.name, each.number, each.team)
        world.deps.ledger.write([world.deps.cases.keep_member(member)])
    return officer, cover


def _desk(world: World, officer: Officer) -> Visitor:
    return world.desk(officer.id, team=officer.team, name=officer.name)


def _absences(world: World, officer: Officer) -> list[Absence]:
    return [a for a in world.deps.cases.read_force().absences if a.officer == officer.id]


def test_the_cover_sees_the_list_and_the_victim_reads_who_answers(world: World) -> None:
    officer, cover = _pair(world)
    case = seed_case(world.deps, officer=officer)
    asked(world, case)
    desk = _desk(world, officer)
    desk.get("/away")
    assert desk.post("/away", cover=cover.id, **DAYS).location == "/away?done=noted"
    page = desk.follow()
    assert "Wednesday 18 November 2026 to Friday 4 December 2026: PC Stays answers." in page.main
    assert "for PC Goes, who is away" in _desk(world, cover).get("/").main
    words = "Away until Friday 4 December 2026: PC Stays answers for them."
    assert words in world.victim(case).get("/case").main
    (absence,) = _absences(world, officer)
    assert desk.post(f"/away/{absence.id}/end").location == "/away?done=ended"
    assert not _absences(world, officer)
    assert words not in world.victim(case).get("/case").main


def test_what_does_not_do_is_said_beside_its_field_and_nothing_is_lost(world: World) -> None:
    officer, _ = _pair(world)
    desk = _desk(world, officer)
    desk.get("/away")
    page = desk.post("/away", cover=officer.id, first_day="4/12/2026", last_day="today")
    assert page.status == 400
    assert "Choose somebody else, who answers meanwhile." in page.main
    assert "Type a last day that is not before the first." in page.main
    assert page.fields("/away")["first_day"] == "4/12/2026"
    assert not _absences(world, officer)


def test_nobody_notes_or_ends_an_absence_of_somebody_else(world: World) -> None:
    officer, cover = _pair(world)
    mine = _desk(world, officer)
    mine.get("/away")
    mine.post("/away", cover=cover.id, **DAYS)
    (absence,) = _absences(world, officer)
    theirs = _desk(world, cover)
    form = theirs.get("/away").fields("/away")
    assert theirs.send(f"/away/{absence.id}/end", form).status == 404
    assert (
        theirs.send("/away", {**form, **DAYS, "officer": officer.id, "cover": officer.id}).status
        == 303
    )
    assert _absences(world, officer) == [absence]
    assert [a.last_day for a in _absences(world, cover)] == [date(2026, 12, 4)]
    assert any("noted an absence" in what for _, what, _, _ in lines_about(f"staff {cover.id}"))


def test_who_sees_no_cases_has_no_such_page(world: World) -> None:
    officer, _ = _pair(world)
    for role in ("administrator", "partner"):
        desk = world.desk(f"{officer.id}-{role}", role=role, team=officer.team)
        assert desk.get("/away").status == 403

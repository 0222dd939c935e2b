"""A minimum expectation that was missed: from contact point to contact point, then a supervisor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreements import NEEDS
from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.promises import WELCOME
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.board import open_board
from chalicelib.services.support_list import open_support_list
from chalicelib.services.watch import raise_late
from chalicelib.services.worklist import open_worklist
from tests.integration.conftest import World
from tests.integration.partner_steps import agency, has_task, supporter, with_partners
from tests.integration.services.court_steps import dated, needs_told
from tests.integration.services.following import only
from tests.integration.services.line_steps import assault, has_isva, lines, loses_isva
from tests.integration.services.staff_steps import staff
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from chalicelib.domain.promises import Promise
    from chalicelib.domain.staff import StaffSession
    from tests.builders import SeededCase

POLICE_POINT, ISVA_POINT, BOSS = "Sergeant Sorrel", "Linden Example", "Sergeant Zinnia"


@pytest.fixture
def officer(world: World) -> Officer:
    """An officer with a supervisor in a team that no other test has."""
    found = new_officer(team=f"missed-{world.deps.new_id()}")
    cases = world.deps.cases
    boss = StaffMember(OfficerId(f"boss-{found.id}"), BOSS, "0009", found.team)
    world.deps.ledger.write(
        [
            cases.keep_team(Team(found.team, found.team)),
            cases.keep_member(boss),
            cases.note_role(boss.id, "supervisor"),
        ]
    )
    return found


@pytest.fixture
def world(world: World) -> World:
    """Both services with partner agencies and contact points of this test alone."""
    own = with_partners(world)
    point = f"sorrel-{own.deps.new_id()}"
    row = agency(own, "isva")
    partners = {
        **own.deps.rules.partners,
        row.key: replace(row, contact_point=f"linden-{row.team}"),
    }
    rules = replace(
        own.deps.rules,
        force=replace(own.deps.rules.force, isva_contact_point=point),
        partners=partners,
    )
    member = StaffMember(OfficerId(point), POLICE_POINT, "0010", TeamId(f"points-{point}"))
    own.deps.ledger.write([own.deps.cases.keep_member(member)])
    parts = {
        audience: (settings, replace(deps, rules=rules))
        for audience, (settings, deps) in own.parts.items()
    }
    return World(own.clock, replace(own.deps, rules=rules), parts)


def _looks(world: World, case: SeededCase, key: str) -> list[str]:
    """Return who looked into a line so far, the first of them in front."""
    return [each.to for each in lines(world, case)[key].raised_so_far]


def _morning(world: World, days: int) -> None:
    world.clock.forward(days=days)
    raise_late(world.deps)


def test_what_an_isva_missed_goes_to_the_polices_contact_point_first(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer)
    has_isva(world, case)
    # Due on Friday 20 November: late on Monday, the next working day.
    _morning(world, 2)
    assert _looks(world, case, "first_contact") == []
    _morning(world, 3)
    assert _looks(world, case, "first_contact") == [POLICE_POINT]
    _morning(world, 4)
    assert _looks(world, case, "first_contact") == [POLICE_POINT]
    # Five working days after that Monday.
    _morning(world, 3)
    assert _looks(world, case, "first_contact") == [POLICE_POINT, BOSS]
    _morning(world, 14)
    assert _looks(world, case, "first_contact") == [POLICE_POINT, BOSS]


def test_the_polices_contact_point_has_what_isvas_missed_in_their_list(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer)
    has_isva(world, case)
    hidden = assault(world, officer=officer, flags=("restricted",))
    has_isva(world, hidden)
    point = world.deps.rules.force.isva_contact_point
    sorrel = staff(world, point, role="supervisor", name=POLICE_POINT)
    assert open_worklist(world.deps, sorrel, None).rows == ()
    _morning(world, 5)
    sorrel = staff(world, point, role="supervisor", name=POLICE_POINT)
    (row,) = open_worklist(world.deps, sorrel, None).rows
    assert (row.promise.line, row.shown) == ("first_contact", False)
    somebody = staff(world, f"other-{point}", role="supervisor")
    assert open_worklist(world.deps, somebody, None).rows == ()


def test_of_a_case_that_does_not_exist_for_the_contact_point_no_page_says_whose_it_is(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer)
    needs_told(world, case)
    has_isva(world, case)
    _morning(world, 5)
    point = world.deps.rules.force.isva_contact_point
    team = TeamId(f"points-{point}")
    seen = world.desk(point, role="supervisor", team=team, name=POLICE_POINT).get("/")
    row = world.deps.rules.expectations["first_contact"]
    assert row.does in seen.main
    assert "You were asked to look into it: ask there." in seen.main
    assert case.reference not in seen.body
    assert "Epilepsy" not in seen.body
    assert not [a for a in seen.tree.iter("a") if (a.get("href") or "").startswith("/cases/")]


def test_what_the_police_missed_goes_to_the_isvas_contact_point_first(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer, stage="with_cps")
    has_isva(world, case)
    # Due within a working day, on Thursday 19 November.
    _morning(world, 2)
    assert _looks(world, case, "wishes") == [ISVA_POINT]
    _morning(world, 7)
    assert _looks(world, case, "wishes") == [ISVA_POINT, BOSS]


def test_where_there_is_no_isva_a_supervisor_has_it_at_once(world: World, officer: Officer) -> None:
    case = assault(world, officer=officer, stage="with_cps")
    has_isva(world, case)
    loses_isva(world, case)
    _morning(world, 2)
    assert _looks(world, case, "wishes") == [BOSS]
    _morning(world, 14)
    assert _looks(world, case, "wishes") == [BOSS]


def test_what_is_owed_to_everybody_goes_to_a_supervisor_as_for_everybody(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer)
    has_isva(world, case)
    _morning(world, 2)
    assert only(world, case, WELCOME).raised_to == BOSS


def test_of_a_restricted_case_nobody_is_named(world: World, officer: Officer) -> None:
    case = assault(world, officer=officer, flags=("restricted",), stage="with_cps")
    has_isva(world, case)
    _morning(world, 5)
    assert _looks(world, case, "wishes") == ["a supervisor"]
    assert _looks(world, case, "first_contact") == ["a supervisor"]


# --- who was asked to look into something finds it


def _boss(world: World, officer: Officer, *, team: str = "") -> StaffSession:
    """Return the session of the supervisor of the officer's team, or of one by the same name."""
    identity = f"boss-{officer.id}" if not team else f"boss-{team}"
    of_team = TeamId(team) or officer.team
    return staff(world, identity, role="supervisor", team=of_team, name=BOSS)


def _looks_into(world: World, session: StaffSession) -> list[tuple[str, str]]:
    looks: tuple[Promise, ...] = open_board(world.deps, session).looks
    return [(each.reference, each.line or each.event) for each in looks]


def test_a_supervisor_has_on_the_board_what_an_isva_missed_and_they_look_into(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer)
    has_isva(world, case)
    _morning(world, 5)
    assert _looks_into(world, _boss(world, officer)) == []
    _morning(world, 7)
    assert (case.reference, "first_contact") in _looks_into(world, _boss(world, officer))
    # Another of the same name, for whom the case does not exist.
    assert _looks_into(world, _boss(world, officer, team=f"far-{officer.team}")) == []


def test_a_supervisor_has_on_the_board_what_a_partners_people_are_late_with(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer)
    has_task(world, case, supporter(world))
    _morning(world, 14)
    assert _looks_into(world, _boss(world, officer)) == [(case.reference, "talk")]
    boss = world.desk(f"boss-{officer.id}", role="supervisor", team=officer.team, name=BOSS)
    seen = boss.get("/team")
    assert "Yours to look into (1)" in seen.main
    assert "In the list of Juniper Example" in seen.main
    assert case.reference in seen.main


def test_the_isvas_contact_point_has_in_their_list_what_the_police_missed(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer, stage="with_cps")
    isva = has_isva(world, case)
    assert open_support_list(world.deps, isva).asked == ()
    _morning(world, 2)
    isva = supporter(world, agency(world, "isva"), "linden")
    found = open_support_list(world.deps, isva).asked
    assert [(each.reference, each.line) for each in found] == [(case.reference, "wishes")]
    team = TeamId(agency(world, "isva").team)
    seen = world.desk(f"linden-{team}", role="partner", team=team, name=ISVA_POINT).get("/")
    assert "Yours to look into (1)" in seen.main
    somebody = supporter(world, agency(world, "isva"), "other")
    assert open_support_list(world.deps, somebody).asked == ()
    loses_isva(world, case)
    assert open_support_list(world.deps, isva).asked == ()


def test_what_an_isva_may_not_read_goes_to_a_supervisor_at_once(
    world: World, officer: Officer
) -> None:
    case = assault(world, officer=officer, stage="charged", told=True)
    has_isva(world, case, NEEDS)
    dated(world, case, date(2026, 12, 4))
    _morning(world, 6)
    assert _looks(world, case, "meeting") == [BOSS]

"""A minimum expectation that was missed: from contact point to contact point, then a supervisor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.promises import WELCOME
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.watch import raise_late
from chalicelib.services.worklist import open_worklist
from tests.integration.conftest import World
from tests.integration.partner_steps import agency, with_partners
from tests.integration.services.following import only
from tests.integration.services.line_steps import assault, has_isva, lines, loses_isva
from tests.integration.services.staff_steps import staff
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
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
    assert (row.promise.line, row.promise.reference) == ("first_contact", case.reference)
    somebody = staff(world, f"other-{point}", role="supervisor")
    assert open_worklist(world.deps, somebody, None).rows == ()


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

"""What was given to somebody else than the officer in charge, when they can no longer do it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Officer, OfficerId, TeamId
from chalicelib.domain.errors import NotAllowedError, NotFoundError
from chalicelib.domain.promises import TASK, Promise
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.give_task import TaskWanted, give_task
from chalicelib.services.hand_over import hand_over
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.support_work import OwnTask, take_on
from chalicelib.services.tasks import TaskGiven, task_parts
from chalicelib.services.watch import raise_late
from tests.integration.partner_steps import agency, says_yes, supporter, with_partners
from tests.integration.services.court_steps import charged, dated, in_charge
from tests.integration.services.staff_steps import case_of, file_of
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def _works_here(world: World, name: str, role: str, team: str) -> Officer:
    """Put somebody who has signed in once."""
    identity = OfficerId(f"{name}-{world.deps.new_id()}")
    member = StaffMember(identity, f"{name.title()} Example", "0007", TeamId(team))
    cases = world.deps.cases
    world.deps.ledger.write([cases.keep_member(member), cases.note_role(identity, role)])
    return Officer(identity, member.name, member.number, member.team)


def _gives(world: World, case: SeededCase, to: Officer) -> None:
    read, given = case_of(world, case), TaskGiven("travel", owner=to)
    world.deps.ledger.write(task_parts(world.deps, read, read.victims[0], given))


def _task(world: World, case: SeededCase) -> Promise:
    (task,) = (promise for promise in file_of(world, case).owed if promise.kind == TASK)
    return task


def _hands_over(world: World, case: SeededCase, to: Officer) -> None:
    before = case_of(world, case).officer.id
    hand_over(world.deps, in_charge(world, case), case.key, to.id, seen_officer=before)


@pytest.mark.parametrize(
    ("role", "own_team", "goes"),
    [
        ("supervisor", True, True),
        ("officer", True, True),
        ("witness_care", False, False),
        ("partner", False, False),
    ],
)
def test_with_a_case_that_goes_to_another_team_goes_what_its_old_team_was_to_do(
    world: World, role: str, *, own_team: bool, goes: bool
) -> None:
    case, other = charged(world), new_officer()
    old = case_of(world, case).officer.team
    partner = world.deps.rules.partners["new_era"].team
    team = old if own_team else partner if role == "partner" else "care-of-given-work"
    holder = _works_here(world, role, role, team)
    _gives(world, case, holder)
    new = _works_here(world, "new", "officer", other.team)
    _hands_over(world, case, new)
    task = _task(world, case)
    assert task.owner == (new.id if goes else holder.id)
    assert task.stays is not goes


def test_within_a_team_a_supervisor_goes_on_with_what_was_given_to_them(world: World) -> None:
    case = charged(world)
    team = case_of(world, case).officer.team
    sergeant = _works_here(world, "sergeant", "supervisor", team)
    _gives(world, case, sergeant)
    _hands_over(world, case, _works_here(world, "second", "officer", team))
    assert _task(world, case).owner == sergeant.id


def test_when_a_case_leaves_court_witness_care_gives_back_what_it_was_to_do(world: World) -> None:
    case = charged(world)
    carer = _works_here(world, "willow", "witness_care", "care-of-given-work")
    _gives(world, case, carer)
    officer, version = case_of(world, case).officer, case_of(world, case).version
    post = Post("", frozenset(), "investigating")
    session = in_charge(world, case)
    post_update(world.deps, session, case.key, post, seen=version, form_key=world.deps.new_id())
    task = _task(world, case)
    assert (task.owner, task.team, task.stays) == (officer.id, officer.team, False)
    assert task.moves[-1].why == "The case is not at court any more."


def test_what_witness_care_is_late_with_goes_to_a_supervisor_of_the_case(world: World) -> None:
    case = charged(world)
    team = case_of(world, case).officer.team
    sergeant = _works_here(world, "sergeant", "supervisor", team)
    carer = _works_here(world, "willow", "witness_care", f"care-{world.deps.new_id()}")
    teams = [world.deps.cases.keep_team(Team(each, each)) for each in (team, carer.team)]
    world.deps.ledger.write(teams)
    _gives(world, case, carer)
    world.clock.forward(days=12)
    raise_late(world.deps)
    assert _task(world, case).raised_to == sergeant.name


# --- what is for the police alone


def test_no_partner_agency_is_given_what_only_the_police_can_do(world: World) -> None:
    own = with_partners(world)
    case = charged(own)
    dated(own, case)
    says_yes(own, case)
    juniper = _works_here(own, "juniper", "partner", agency(own).team)
    wanted = TaskWanted("apply", "", juniper.id, None)
    with pytest.raises(NotAllowedError):
        give_task(own.deps, in_charge(own, case), case.key, case.victim, wanted, form_key="f")
    with pytest.raises(NotFoundError):
        take_on(own.deps, supporter(own), case.key, case.victim, OwnTask("apply"), "f")


def test_nothing_is_taken_on_for_a_day_that_is_over(world: World) -> None:
    own = with_partners(world)
    case = charged(own)
    says_yes(own, case)
    gone = OwnTask("travel", "", own.deps.today() - timedelta(days=1))
    with pytest.raises(NotAllowedError):
        take_on(own.deps, supporter(own), case.key, case.victim, gone, "f")

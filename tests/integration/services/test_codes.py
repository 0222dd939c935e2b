"""A code is shown once, read back, perhaps confirmed; cancelled it lets nobody in (D4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, WAITING
from chalicelib.domain.errors import (
    FreshSignInNeededError,
    NotAllowedError,
    NotFoundError,
    NotOpenToLookupError,
)
from chalicelib.services.issue_code import (
    Check,
    CodeGoneError,
    MadeCode,
    activate_code,
    cancel_code,
    confirm_code,
    issue_code,
)
from chalicelib.services.open_case import CouldNotOpenError, open_case
from tests.builders import STOKE, seed_case
from tests.integration.services.staff_steps import audit_of, file_of, staff

if TYPE_CHECKING:
    from chalicelib.domain.staff import StaffSession
    from tests.builders import SeededCase
    from tests.integration.conftest import World

FACE_TO_FACE = Check("face to face", "the victim")


def _opens(world: World, case: SeededCase, code: str) -> bool:
    try:
        open_case(world.deps, reference=case.reference, code=code, address="192.0.2.77")
    except CouldNotOpenError:
        return False
    return True


def _issue(world: World, case: SeededCase, officer: StaffSession, **more: Any) -> MadeCode:
    return issue_code(world.deps, officer, case.key, case.victim, FACE_TO_FACE, **more)


def _activate(world: World, case: SeededCase, officer: StaffSession, made: MadeCode) -> str:
    return activate_code(world.deps, officer, case.key, case.victim, made.record.id).state


def _states(world: World, case: SeededCase) -> list[str]:
    codes = sorted(file_of(world, case).codes, key=lambda code: code.made_at)
    return [code.state for code in codes]


def test_a_code_opens_nothing_until_it_was_read_back(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    made = _issue(world, case, officer)
    assert not _opens(world, case, made.code)
    assert _activate(world, case, officer, made) == ACTIVE
    assert _activate(world, case, officer, made) == ACTIVE
    assert _opens(world, case, made.code)


def test_the_code_is_nowhere_in_what_is_stored(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    with world.watched() as calls:
        made = _issue(world, case, officer)
    assert made.code not in calls.text()
    assert case.reference not in calls.text()


def test_a_code_that_is_not_used_dies_after_fourteen_days(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    unused, used = _issue(world, case, officer), None
    _activate(world, case, officer, unused)
    used = _issue(world, case, officer)
    _activate(world, case, officer, used)
    assert _opens(world, case, used.code)
    world.clock.forward(days=14, minutes=1)
    assert not _opens(world, case, unused.code)
    assert _opens(world, case, used.code)


def test_making_another_cancels_the_one_that_was_not_read_back(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    first = _issue(world, case, officer)
    world.clock.forward(minutes=1)
    second = _issue(world, case, officer)
    assert _states(world, case) == [CANCELLED, PENDING]
    with pytest.raises(CodeGoneError):
        _activate(world, case, officer, first)
    _activate(world, case, officer, second)
    assert _opens(world, case, second.code)


def test_a_new_code_leaves_the_others_alone_unless_they_may_be_lost(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    first = _issue(world, case, officer)
    _activate(world, case, officer, first)
    world.clock.forward(minutes=1)
    _activate(world, case, officer, _issue(world, case, officer))
    assert _opens(world, case, first.code)
    world.clock.forward(minutes=1)
    _issue(world, case, officer, cancel_others=True)
    assert not _opens(world, case, first.code)
    assert _states(world, case) == [CANCELLED, CANCELLED, PENDING]


def test_cancelling_ends_what_the_code_opened_and_needs_no_fresh_sign_in(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world, fresh=False)
    visitor = world.victim(case)
    record = file_of(world, case).codes[0]
    for _ in range(2):
        cancel_code(world.deps, officer, case.key, case.victim, record.id)
    assert visitor.get("/case").status == 401
    assert file_of(world, case).codes[0].state == CANCELLED
    assert [line.what for line in audit_of(case)].count("cancelled a code") == 1


def test_a_code_whose_item_is_gone_can_still_be_marked_cancelled(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    made = _issue(world, case, officer)
    world.deps.ledger.write([world.deps.access.cancel_code(made.record.code_key)])
    cancel_code(world.deps, officer, case.key, case.victim, made.record.id)
    assert _states(world, case) == [CANCELLED]


def test_a_button_pressed_twice_at_once_activates_once_and_says_so_twice(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    made = _issue(world, case, officer)
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: _activate(world, case, officer, made), range(4)))
    assert states == [ACTIVE] * 4
    assert [line.what for line in audit_of(case)].count("activated a code") == 1


def test_a_code_cancelled_while_it_is_read_back_opens_nothing(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    made = _issue(world, case, officer)
    world.deps.ledger.write([world.deps.access.cancel_code(made.record.code_key)])
    with pytest.raises(CodeGoneError):
        _activate(world, case, officer, made)
    assert not _opens(world, case, made.code)


def test_a_code_left_unread_for_too_long_is_gone(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    made = _issue(world, case, officer)
    world.clock.forward(days=14)
    with pytest.raises(CodeGoneError):
        _activate(world, case, staff(world), made)


def test_for_a_child_a_supervisor_of_the_team_confirms(world: World) -> None:
    case, officer = seed_case(world.deps, flags=["child"]), staff(world)
    made = _issue(world, case, officer)
    assert _activate(world, case, officer, made) == WAITING
    assert not _opens(world, case, made.code)
    code = (case.key, case.victim, made.record.id)
    with pytest.raises(NotAllowedError):
        confirm_code(world.deps, officer, *code)
    with pytest.raises(NotFoundError):
        confirm_code(world.deps, staff(world, "far", role="supervisor", team=STOKE), *code)
    supervisor = staff(world, "sgt", role="supervisor", name="Sergeant Example")
    for _ in range(2):
        record = confirm_code(world.deps, supervisor, *code)
    assert (record.state, record.confirmed_by) == (ACTIVE, "Sergeant Example")
    assert _opens(world, case, made.code)


def test_a_supervisor_who_makes_a_childs_code_confirms_it_by_the_read_back(world: World) -> None:
    case = seed_case(world.deps, flags=["child"])
    supervisor = staff(world, "sgt", role="supervisor", name="Sergeant Example")
    made = _issue(world, case, supervisor)
    assert _activate(world, case, supervisor, made) == ACTIVE
    assert file_of(world, case).codes[0].confirmed_by == "Sergeant Example"


def test_a_confirmation_that_comes_after_cancelling_opens_nothing(world: World) -> None:
    case, officer = seed_case(world.deps, flags=["child"]), staff(world)
    made = _issue(world, case, officer)
    _activate(world, case, officer, made)
    cancel_code(world.deps, officer, case.key, case.victim, made.record.id)
    supervisor = staff(world, "sgt", role="supervisor")
    with pytest.raises(CodeGoneError):
        confirm_code(world.deps, supervisor, case.key, case.victim, made.record.id)
    assert not _opens(world, case, made.code)


@pytest.mark.parametrize("crime_type", ["homicide", "a type nobody knows"])
def test_there_are_no_codes_for_a_crime_type_that_is_not_open(
    world: World, crime_type: str
) -> None:
    case = seed_case(world.deps, crime_type=crime_type)
    with pytest.raises(NotOpenToLookupError):
        _issue(world, case, staff(world))
    assert not file_of(world, case).codes


def test_codes_need_a_fresh_sign_in_and_a_role(world: World) -> None:
    case = seed_case(world.deps, stage="charged", told=True)
    with pytest.raises(FreshSignInNeededError):
        _issue(world, case, staff(world, fresh=False))
    with pytest.raises(NotAllowedError):
        _issue(world, case, staff(world, "care", role="witness_care", team=STOKE))


def test_a_code_of_another_victim_or_case_does_not_exist(world: World) -> None:
    case, other, officer = seed_case(world.deps), seed_case(world.deps), staff(world)
    made = _issue(world, other, officer)
    for victim in (case.victim, other.victim):
        with pytest.raises(NotFoundError):
            activate_code(world.deps, officer, case.key, victim, made.record.id)


def test_the_audit_line_says_how_it_was_checked_and_never_the_code(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    check = Check("rang the agreed number; code word right", "the victim", "at work")
    made = issue_code(world.deps, officer, case.key, case.victim, check)
    (line,) = [line for line in audit_of(case) if line.what == "made a code"]
    assert line.who == "officer pc-example"
    assert "at work" in line.why
    assert made.code not in line.why

"""Open promises go to somebody else of the team; many of them only when two supervisors agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.errors import NotAllowedError, StaleError, StoreUnavailableError
from chalicelib.services.board import open_board
from chalicelib.services.bulk_requests import (
    ask_bulk,
    asking_id,
    confirm_bulk,
    refuse_bulk,
    withdraw_bulk,
)
from chalicelib.services.reassign import (
    CheckAgainError,
    Left,
    Problem,
    Reassignment,
    TooManyError,
    reassign,
)
from tests.builders import moved_to
from tests.integration.services.staff_steps import staff
from tests.integration.web.board_steps import (
    REASON,
    TODAY,
    forget_requests,
    ids,
    keep,
    listed,
    now,
    owe,
)
from tests.integration.web.desk_steps import lines_about, new_officer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.cases import Officer
    from chalicelib.domain.promises import Promise
    from chalicelib.domain.staff import BulkRequest, StaffSession
    from chalicelib.services.ports import Ledger, Part
    from tests.integration.conftest import World


@pytest.fixture(autouse=True)
def _no_requests(world: World) -> Iterator[None]:  # noqa: ARG001 -- the tables are there with it
    forget_requests()
    yield
    forget_requests()


def _boss(world: World, team: str | None = None, name: str = "Sergeant Boss") -> StaffSession:
    officer = new_officer(name, team)
    return staff(world, officer.id, role="supervisor", team=officer.team, name=name)


def _team(world: World, count: int = 1) -> tuple[Officer, StaffSession, list[Promise]]:
    """Return who is to get something, their supervisor, and what a colleague has."""
    one = listed(world, new_officer("PC Alder"))
    two = listed(world, new_officer("DC Birch", one.team))
    due = [owe(world, one, TODAY + timedelta(days=7)) for _ in range(count)]
    return two, _boss(world, one.team), due


def _wanted(due: Sequence[Promise], to: OfficerId, reason: str = REASON) -> Reassignment:
    return Reassignment(frozenset(ids(due)), to, reason)


def _owners(due: Sequence[Promise]) -> list[str]:
    return [now(promise).owner for promise in due]


def _audit(session: StaffSession) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Return why and the named cases of each audit line of this person, by what was done."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for _, what, why, cases in lines_about(f"staff {session.member.id}"):
        found.setdefault(what, []).append((why, cases))
    return found


def test_each_twenty_are_a_transaction_with_a_line_that_names_the_cases(world: World) -> None:
    two, boss, due = _team(world, 23)
    with world.watched() as calls:
        given = reassign(world.deps, boss, _wanted(due, two.id))
    assert (given.there, sum(given.left.values())) == (23, 0)
    assert calls.names["TransactWriteItems"] == 2
    lines = _audit(boss)[f"gave promises to {two.id}"]
    assert sorted(len(cases) for _, cases in lines) == [3, 20]
    assert frozenset().union(*(c for _, c in lines)) == {promise.case_key for promise in due}
    assert {why for why, _ in lines} == {REASON}
    assert set(_owners(due)) == {two.id}


def test_the_case_stays_with_its_officer_and_the_list_changes(world: World) -> None:
    two, boss, (promise,) = _team(world)
    reassign(world.deps, boss, _wanted([promise], two.id))
    case = world.deps.cases.read(promise.case_key)  # type: ignore[arg-type]
    assert case is not None
    assert case.officer.id == promise.owner
    page = world.deps.threads.open_of_owner(two.id, after=None, limit=10)
    assert [p.id for p in page.promises] == [promise.id]
    moved = now(promise)
    assert (moved.due_on, moved.made_at, moved.made_team) == (
        promise.due_on,
        promise.made_at,
        promise.made_team,
    )


def test_what_is_in_their_list_already_is_not_moved_again(world: World) -> None:
    two, boss, due = _team(world, 2)
    for _ in range(2):
        given = reassign(world.deps, boss, _wanted(due, two.id))
        assert (given.there, sum(given.left.values())) == (2, 0)
    assert [len(now(promise).moves) for promise in due] == [1, 1]


class _Meanwhile:
    """A ledger before whose next write something else happens."""

    def __init__(self, real: Ledger, *happens: Any) -> None:
        self._real = real
        self._happens = list(happens)

    def write(self, parts: Sequence[Part]) -> None:
        if self._happens:
            self._happens.pop(0)()
        self._real.write(parts)


def test_one_that_is_kept_at_that_very_moment_is_left_and_the_others_go(world: World) -> None:
    two, boss, due = _team(world, 3)
    ledger = _Meanwhile(world.deps.ledger, lambda: keep(world, due[1]))
    given = reassign(replace(world.deps, ledger=ledger), boss, _wanted(due, two.id))
    assert given.there == 2
    assert given.left[Left.GONE] == 1
    assert _owners(due) == [two.id, due[1].owner, two.id]
    assert now(due[1]).kept_at is not None


def test_what_is_moved_cut_short_is_finished_by_doing_it_again(world: World) -> None:
    two, boss, due = _team(world, 25)

    def fails() -> None:
        raise StoreUnavailableError

    ledger = _Meanwhile(world.deps.ledger, lambda: None, fails)
    with pytest.raises(StoreUnavailableError):
        reassign(replace(world.deps, ledger=ledger), boss, _wanted(due, two.id))
    assert sorted(set(_owners(due))) == sorted({two.id, due[0].owner})
    assert reassign(world.deps, boss, _wanted(due, two.id)).there == 25
    assert set(_owners(due)) == {two.id}


def test_a_form_that_lacks_something_reads_nothing(world: World) -> None:
    two, boss, due = _team(world)
    for wanted, problems in (
        (Reassignment(frozenset(), OfficerId(""), "  a    b "), 3),
        (_wanted(due, two.id, "x" * 501), 1),
        (_wanted(due, two.id, "too short" + " " * 40), 1),
    ):
        with world.watched() as calls, pytest.raises(CheckAgainError) as error:
            reassign(world.deps, boss, wanted)
        assert len(error.value.problems) == problems
        assert not calls.names


def test_a_case_that_went_to_another_team_is_left_for_who_hands_it_over(world: World) -> None:
    two, boss, (promise,) = _team(world)
    case = world.deps.cases.read(promise.case_key)  # type: ignore[arg-type]
    assert case is not None
    far = listed(world, new_officer("PC Far"))
    world.deps.ledger.write([world.deps.cases.desk_change(case, officer=far, at=world.clock())])
    given = reassign(world.deps, boss, _wanted([promise], two.id))
    assert (given.there, given.left[Left.SHUT]) == (0, 1)
    assert now(promise).owner == promise.owner


def test_witness_care_gets_only_what_they_may_see(world: World) -> None:
    two, boss, due = _team(world)
    world.deps.ledger.write([world.deps.cases.note_role(two.id, "witness_care")])
    given = reassign(world.deps, boss, _wanted(due, two.id))
    assert (given.there, given.left[Left.SHUT]) == (0, 1)


def test_only_supervisors_give_and_decide(world: World) -> None:
    two, boss, due = _team(world, 26)
    officer = staff(world, "pc-plain", team=boss.member.team)
    request = _ask(world, boss, two, due)
    of, asked = request.team, asking_id(request)
    for attempt in (
        lambda: reassign(world.deps, officer, _wanted(due, two.id)),
        lambda: ask_bulk(world.deps, officer, _wanted(due, two.id), 26),
        lambda: confirm_bulk(world.deps, officer, of, asked),
        lambda: refuse_bulk(world.deps, officer, of, asked, REASON),
        lambda: withdraw_bulk(world.deps, officer, of, asked),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert len(set(_owners(due))) == 1


# --- many


def _ask(world: World, boss: StaffSession, to: Officer, due: Sequence[Promise]) -> BulkRequest:
    request = ask_bulk(world.deps, boss, _wanted(due, to.id), len(due))
    assert not hasattr(request, "left")
    (kept,) = [r for r in world.deps.access.bulk_requests().requests if r.by == boss.member.id]
    assert kept == request
    return kept


def test_more_than_25_are_never_moved_by_one_person(world: World) -> None:
    two, boss, due = _team(world, 26)
    with pytest.raises(TooManyError) as error:
        reassign(world.deps, boss, _wanted(due, two.id))
    assert (error.value.count, error.value.to.id) == (26, two.id)
    for number in (-1, 0, 25, 27):
        with pytest.raises(TooManyError):
            ask_bulk(world.deps, boss, _wanted(due, two.id), number)
    assert not world.deps.access.bulk_requests().requests
    assert set(_owners(due)) == {due[0].owner}


def test_what_few_are_left_by_then_go_at_once(world: World) -> None:
    two, boss, due = _team(world, 26)
    keep(world, due[0])
    given = ask_bulk(world.deps, boss, _wanted(due, two.id), 26)
    assert (given.there, given.left[Left.GONE]) == (25, 1)  # type: ignore[union-attr]


def test_asking_and_deciding_are_in_the_audit(world: World) -> None:
    two, boss, due = _team(world, 26)
    request = _ask(world, boss, two, due)
    ((why, cases),) = _audit(boss)[f"asked to give 26 promises to {two.id}"]
    assert why == REASON
    assert cases == {promise.case_key for promise in due}
    second = _boss(world, name="Inspector Oak")
    given = confirm_bulk(world.deps, second, request.team, asking_id(request))
    assert given.there == 26
    audit = _audit(second)
    lines = audit[f"confirmed for {boss.member.id}: gave promises to {two.id}"]
    assert frozenset().union(*(c for _, c in lines)) == {promise.case_key for promise in due}
    assert f"confirmed the request of {boss.member.id}" in audit
    with pytest.raises(StaleError):
        confirm_bulk(world.deps, second, request.team, asking_id(request))


def test_what_a_second_supervisor_reads_names_nobody_of_a_restricted_case(world: World) -> None:
    two, boss, due = _team(world, 26)
    hidden = owe(
        world, listed(world, new_officer("PC Hidden", two.team)), TODAY, flags=["restricted"]
    )
    case = world.deps.cases.read(hidden.case_key)  # type: ignore[arg-type]
    assert case is not None
    for number, who in enumerate((boss.member.id, two.id)):
        part = world.deps.cases.name_person(replace(case, version=number), who, world.clock())
        world.deps.ledger.write([part])
    request = _ask(world, boss, two, [*due, hidden])
    assert len(request.chosen) == 27
    assert request.owners == "PC Alder (26)"


def test_nothing_moves_once_a_request_is_withdrawn(world: World) -> None:
    two, boss, due = _team(world, 45)
    request = _ask(world, boss, two, due)
    second = _boss(world, name="Inspector Oak")

    def withdrawn() -> None:
        withdraw_bulk(world.deps, boss, request.team, asking_id(request))

    ledger = _Meanwhile(world.deps.ledger, lambda: None, withdrawn)
    with pytest.raises(StaleError):
        confirm_bulk(replace(world.deps, ledger=ledger), second, request.team, asking_id(request))
    assert sorted(_owners(due).count(owner) for owner in {two.id, due[0].owner}) == [20, 25]


def test_a_confirmation_cut_short_goes_on_where_it_stopped(world: World) -> None:
    two, boss, due = _team(world, 45)
    request = _ask(world, boss, two, due)
    second, third = (_boss(world, name=name) for name in ("Inspector Oak", "Inspector Elm"))

    def fails() -> None:
        raise StoreUnavailableError

    ledger = _Meanwhile(world.deps.ledger, lambda: None, fails)
    with pytest.raises(StoreUnavailableError):
        confirm_bulk(replace(world.deps, ledger=ledger), second, request.team, asking_id(request))
    given = confirm_bulk(world.deps, third, request.team, asking_id(request))
    assert (given.there, sum(given.left.values())) == (45, 0)
    (kept,) = world.deps.access.bulk_requests().requests
    assert (kept.decided_by, kept.there) == ("Inspector Elm", 45)


@pytest.mark.parametrize("became", ["off the list", "of another team", "an officer"])
def test_who_could_not_ask_it_today_did_not_ask_it(world: World, became: str) -> None:
    two, boss, due = _team(world, 26)
    request = _ask(world, boss, two, due)
    member = boss.member
    if became == "off the list":
        part = world.deps.cases.keep_member(replace(member, active=False))
    elif became == "of another team":
        part = world.deps.cases.keep_member(replace(member, team=new_officer().team))
    else:
        part = world.deps.cases.note_role(member.id, "officer")
    world.deps.ledger.write([part])
    with pytest.raises(StaleError):
        confirm_bulk(world.deps, _boss(world), request.team, asking_id(request))
    assert set(_owners(due)) == {due[0].owner}


def test_who_was_to_get_them_and_left_gets_nothing(world: World) -> None:
    two, boss, due = _team(world, 26)
    request = _ask(world, boss, two, due)
    listed(world, two, active=False)
    with pytest.raises(CheckAgainError) as error:
        confirm_bulk(world.deps, _boss(world), request.team, asking_id(request))
    assert error.value.problems == {Problem.NOBODY}
    assert set(_owners(due)) == {due[0].owner}


def test_only_who_asked_withdraws_and_only_what_was_seen_is_decided(world: World) -> None:
    two, boss, due = _team(world, 26)
    request = _ask(world, boss, two, due)
    second = _boss(world)
    with pytest.raises(NotAllowedError):
        withdraw_bulk(world.deps, second, request.team, asking_id(request))
    withdraw_bulk(world.deps, boss, request.team, asking_id(request))
    world.clock.forward(seconds=1)
    again = _ask(world, boss, two, due)
    assert asking_id(again) != asking_id(request)
    for decide in (confirm_bulk, withdraw_bulk):
        with pytest.raises(StaleError):
            decide(world.deps, second, request.team, asking_id(request))
    assert set(_owners(due)) == {due[0].owner}


def test_two_teams_that_ask_at_once_both_wait(world: World) -> None:
    (two, boss, due), (far, other, theirs) = _team(world, 26), _team(world, 26)
    ledger = _Meanwhile(world.deps.ledger, lambda: _ask(world, other, far, theirs))
    ask_bulk(replace(world.deps, ledger=ledger), boss, _wanted(due, two.id), 26)
    assert {r.by for r in world.deps.access.bulk_requests().requests} == {
        boss.member.id,
        other.member.id,
    }


def test_a_request_that_is_over_makes_room(world: World) -> None:
    two, boss, due = _team(world, 26)
    _ask(world, boss, two, due)
    with pytest.raises(CheckAgainError):
        ask_bulk(world.deps, boss, _wanted(due, two.id), 26)
    world.clock.forward(hours=24)
    later = staff(world, boss.member.id, role="supervisor", team=boss.member.team)
    _ask(world, later, two, due)


def test_a_moved_promise_is_on_the_board_under_its_new_owner(world: World) -> None:
    two, boss, (promise,) = _team(world)
    move = world.deps.threads.move_promise(promise, moved_to(world.deps, two))
    world.deps.ledger.write([move])
    (row,) = open_board(world.deps, boss).rows
    assert row.owner.member is not None
    assert row.owner.member.id == two.id

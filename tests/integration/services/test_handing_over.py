"""A case goes to another officer with all that is owed; a restricted one opens for named people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Hearing, OfficerId, TeamId
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.hand_over import hand_over, move_open_promises, name_person, officer_of
from chalicelib.services.staff_case import open_staff_case
from chalicelib.stores.ledger import Ledger
from tests.builders import OFFICER, STOKE, seed_case
from tests.integration.services.staff_steps import (
    asked,
    audit_of,
    case_of,
    colleague,
    file_of,
    staff,
    victim,
)

if TYPE_CHECKING:
    from chalicelib.domain.cases import VictimKey
    from chalicelib.services.ports import VictimFile
    from tests.builders import SeededCase
    from tests.integration.conftest import World

ME = OFFICER.id


def _owners(world: World, case: SeededCase) -> set[str]:
    owners: set[str] = set()
    before = None
    while True:
        file = world.deps.threads.read(case.victim, before=before)
        owners |= {thread.promise.owner for thread in file.threads}
        if not file.has_older:
            return owners
        before = file.threads[-1].number


def test_the_new_officer_has_the_case_and_what_is_owed(world: World) -> None:
    case, new = seed_case(world.deps, victims=("V1", "V2")), colleague(world, "new-one")
    asked(world, case)
    hand_over(world.deps, staff(world), case.key, new, seen_officer=ME)
    assert case_of(world, case).officer.name == "PC New-One"
    owed = world.deps.threads.open_of_owner(new, after=None, limit=100_000).promises
    assert case.key in {promise.case_key for promise in owed}
    assert "handed over" in [line.what for line in audit_of(case)]


def test_more_than_one_transaction_moves_them_all(world: World) -> None:
    case, new = seed_case(world.deps), colleague(world, "new-two")
    asked(world, case, times=45)
    hand_over(world.deps, staff(world), case.key, new, seen_officer=ME)
    assert _owners(world, case) == {new}


def test_a_hand_over_cut_short_is_finished_by_running_it_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, new = seed_case(world.deps), colleague(world, "new-three")
    asked(world, case, times=25)
    officer, write, calls = staff(world), Ledger.write, []

    def fail_third(self: Ledger, parts: Any) -> None:
        calls.append(parts)
        if len(calls) == 3:
            raise StoreUnavailableError
        write(self, parts)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "write", fail_third)
        with pytest.raises(StoreUnavailableError):
            hand_over(world.deps, officer, case.key, new, seen_officer=ME)
    assert _owners(world, case) == {ME, new}
    hand_over(world.deps, staff(world, new), case.key, new, seen_officer=new)
    assert _owners(world, case) == {new}


@dataclass
class AsOfBefore:
    """Reads a victim's partition as it was, and writes to it as it is."""

    real: Any
    was: VictimFile

    def read(self, victim: VictimKey, *, before: int | None = None) -> VictimFile:  # noqa: ARG002 -- the form of a store
        return self.was

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def test_what_is_kept_while_the_rest_moves_is_left_where_it_is(world: World) -> None:
    case, new = seed_case(world.deps), colleague(world, "new-four")
    asked(world, case, times=3)
    before = file_of(world, case)
    kept = before.threads[1].promise
    member = world.deps.cases.read_force().member(new)
    assert member is not None
    world.deps.ledger.write(
        [
            world.deps.threads.keep_promise(
                kept, world.clock(), how="here", recorded_at=world.clock()
            )
        ]
    )
    racing = replace(world.deps, threads=AsOfBefore(world.deps.threads, before))
    move_open_promises(racing, case_of(world, case), officer_of(member), by="Test")
    owners = [thread.promise.owner for thread in file_of(world, case).threads]
    assert owners == [new, ME, new]
    assert move_open_promises(world.deps, case_of(world, case), officer_of(member), by="Test") == 0


def test_a_question_that_races_with_a_hand_over_is_never_left_with_the_old_officer(
    world: World,
) -> None:
    case, new, officer = seed_case(world.deps), colleague(world, "new-five"), staff(world)
    session = victim(world, case)

    def asks(number: int) -> None:
        ask_officer(world.deps, session, "Is there news?", f"question {number}")

    def hands_over(_: int) -> None:
        hand_over(world.deps, officer, case.key, new, seen_officer=ME)

    jobs = [asks, hands_over, asks, asks]
    with ThreadPoolExecutor(len(jobs)) as pool:
        list(pool.map(lambda job: job[1](job[0]), enumerate(jobs)))
    assert len(file_of(world, case).threads) == 3
    assert _owners(world, case) == {new}


def test_of_two_hand_overs_at_once_one_holds(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    ids = [colleague(world, f"rival-{n}") for n in range(4)]

    def hands_over(to: OfficerId) -> str:
        try:
            hand_over(world.deps, officer, case.key, to, seen_officer=ME)
        except StaleError:
            return "stale"
        return to

    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(hands_over, ids))
    (won,) = [end for end in ends if end != "stale"]
    assert case_of(world, case).officer.id == won


def test_a_colleague_who_is_not_in_charge_cannot_hand_a_case_over(world: World) -> None:
    case, new = seed_case(world.deps), colleague(world, "new-six")
    with pytest.raises(NotAllowedError):
        hand_over(world.deps, staff(world, "pc-second"), case.key, new, seen_officer=ME)
    supervisor = staff(world, "sgt", role="supervisor")
    hand_over(world.deps, supervisor, case.key, new, seen_officer=ME)
    assert case_of(world, case).officer.id == new


def test_nobody_who_left_or_never_was_here_gets_a_case(world: World) -> None:
    case, gone = seed_case(world.deps), colleague(world, "gone", active=False)
    for to in (gone, OfficerId("nobody")):
        with pytest.raises(NotFoundError):
            hand_over(world.deps, staff(world), case.key, to, seen_officer=ME)


def test_a_case_handed_to_another_team_is_no_longer_there_for_the_first(world: World) -> None:
    case, new = seed_case(world.deps), colleague(world, "new-seven", team=STOKE)
    officer = staff(world)
    hand_over(world.deps, officer, case.key, new, seen_officer=ME)
    with pytest.raises(NotFoundError):
        open_staff_case(world.deps, officer, case.key)


def test_a_court_date_goes_to_the_list_of_the_new_team(world: World) -> None:
    case, new = seed_case(world.deps), colleague(world, "new-eight", team=TeamId("court-team"))
    day = date(2026, 12, 1)
    there = world.deps.cases.read(case.key)
    assert there is not None
    hearing = world.deps.cases.desk_change(
        there, officer=None, at=world.clock(), hearing=Hearing(day, "Example Crown Court")
    )
    world.deps.ledger.write([hearing])
    hand_over(world.deps, staff(world), case.key, new, seen_officer=ME)
    listed = world.deps.threads.next_court(TeamId("court-team"), day, day)
    assert [(court.victim, court.on) for court in listed] == [(case.victim, day)]


def test_a_restricted_case_opens_for_whom_its_officer_names(world: World) -> None:
    case = seed_case(world.deps, flags=["restricted"])
    second = staff(world, "pc-second")
    with pytest.raises(NotFoundError):
        open_staff_case(world.deps, second, case.key)
    for _ in range(2):
        name_person(world.deps, staff(world), case.key, second.member.id, seen=0)
    assert open_staff_case(world.deps, second, case.key).case.version == 1
    with pytest.raises(NotAllowedError):
        name_person(world.deps, second, case.key, second.member.id, seen=1)
    (line,) = [line for line in audit_of(case) if line.what == "let a person open"]
    assert line.why == "named pc-second"


def test_a_supervisor_who_is_named_may_name_others(world: World) -> None:
    case = seed_case(world.deps, flags=["restricted"])
    supervisor = staff(world, "sgt", role="supervisor")
    third = colleague(world, "third")
    with pytest.raises(NotFoundError):
        name_person(world.deps, supervisor, case.key, third, seen=0)
    name_person(world.deps, staff(world), case.key, supervisor.member.id, seen=0)
    with pytest.raises(StaleError):
        name_person(world.deps, supervisor, case.key, third, seen=0)
    name_person(world.deps, supervisor, case.key, third, seen=1)
    assert case_of(world, case).named == {"sgt", "third"}


def test_of_two_names_given_at_once_none_is_lost_in_silence(world: World) -> None:
    case, officer = seed_case(world.deps, flags=["restricted"]), staff(world)
    ids = [colleague(world, f"named-{n}") for n in range(3)]

    def names(who: OfficerId) -> str:
        try:
            name_person(world.deps, officer, case.key, who, seen=0)
        except StaleError:
            return "stale"
        return who

    with ThreadPoolExecutor(3) as pool:
        ends = list(pool.map(names, ids))
    assert case_of(world, case).named == {end for end in ends if end != "stale"}


def test_nobody_is_named_for_a_case_that_is_not_restricted(world: World) -> None:
    case = seed_case(world.deps)
    with pytest.raises(NotAllowedError):
        name_person(world.deps, staff(world), case.key, colleague(world, "third"), seen=0)

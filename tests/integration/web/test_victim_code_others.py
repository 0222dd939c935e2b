"""Changing the code ends every code of the same person, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.access import new_code
from chalicelib.domain.codes import ACTIVE, CodeRecord
from chalicelib.services.open_case import code_key
from tests.builders import seed_case, seed_code
from tests.integration.web.code_steps import make, new_on, open_with, opened, opens
from tests.integration.web.victim_steps import OvertakenLedger, ledger_is

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def _codes(world: World, case: SeededCase) -> tuple[CodeRecord, ...]:
    return world.deps.threads.read(case.victims["A"]).codes


def _record_for(world: World, case: SeededCase, code: str, for_whom: str) -> None:
    """Note that a code is for somebody else than the victim."""
    key = code_key(world.deps, code, case.reference)
    record = next(r for r in _codes(world, case) if r.code_key == key)
    noted = world.deps.threads.keep_code_record(
        case.victims["A"], replace(record, for_whom=for_whom)
    )
    world.deps.ledger.write([noted])


def test_every_other_code_of_the_same_person_ends_and_those_of_others_go_on(
    world: World,
) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    victim, old = opened(world, case, "A")
    second, parents = seed_code(world.deps, case, "A"), seed_code(world.deps, case, "A")
    _record_for(world, case, parents, "parent or guardian: mother")
    of_b = seed_code(world.deps, case, "B")
    watcher = open_with(world, case, second)
    code = new_on(make(victim, old))
    assert "neither does any other code that was made for you" in victim.get("/case/code").main
    assert opens(world, case, second)
    victim.get("/case/code/confirm")
    with world.watched() as calls:
        victim.post("/case/code/confirm", code=code)
    assert (calls.dynamodb, calls.names["TransactWriteItems"]) == (4, 1)
    assert watcher.get("/case").status == 401
    assert [opens(world, case, each) for each in (old, second, code, parents, of_b)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    ended = {r.code_key for r in _codes(world, case) if r.cancelled_at == world.clock()}
    assert ended == {code_key(world.deps, each, case.reference) for each in (old, second)}


def test_a_parents_change_ends_the_parents_codes_and_not_the_victims(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    parent, old = opened(world, case, "A")
    _record_for(world, case, old, "parent or guardian: mother")
    own = seed_code(world.deps, case, "A")
    code = new_on(make(parent, old))
    parent.post("/case/code/confirm", code=code)
    assert [opens(world, case, each) for each in (old, code, own)] == [False, True, True]


def test_another_code_that_is_gone_or_was_never_used_in_time_stops_no_change(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    victim, old = opened(world, case, "A")
    deps, since = world.deps, world.clock()
    keys = [
        code_key(deps, seed_code(deps, case, "A"), case.reference),
        code_key(deps, new_code(deps.random_below), case.reference),
    ]
    deps.ledger.write([deps.access.cancel_code(keys[0])])
    gone = CodeRecord("gone", keys[1], ACTIVE, "the victim", "face to face", "pc-example", since)
    deps.ledger.write([deps.threads.keep_code_record(case.victims["A"], gone)])
    code = new_on(make(victim, old))
    assert victim.post("/case/code/confirm", code=code).location == "/case/code/changed"
    assert {r.code_key for r in _codes(world, case) if r.state == ACTIVE} >= set(keys)


def test_another_code_that_an_officer_cancels_at_the_same_moment_stops_no_change(
    world: World,
) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    victim, old = opened(world, case, "A")
    second = code_key(world.deps, seed_code(world.deps, case, "A"), case.reference)
    seen = make(victim, old)
    ledger = OvertakenLedger(world, second)
    with ledger_is(world, ledger, victim):
        answer = victim.post("/case/code/confirm", code=new_on(seen))
    assert ledger.writes == 2
    assert answer.location == "/case/code/changed"
    assert not opens(world, case, old)

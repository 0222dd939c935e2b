"""Changing the code: only who knows the present one can, and nobody is ever locked out by it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.access import CODE_LETTERS, new_code
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, CodeItem, CodeRecord
from chalicelib.domain.spelling import NATO
from chalicelib.services.change_code import BY_VICTIM
from chalicelib.services.open_case import code_key
from tests.builders import seed_case, seed_code
from tests.integration.web.code_steps import make, new_on, open_with, opened, opens
from tests.integration.web.victim_steps import store_is_silent
from tests.pages import Visitor

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen


def test_the_new_code_is_shown_once_in_groups_and_words_and_holds_after_it_was_typed_back(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    victim.get("/case/code")
    with world.watched() as calls:
        seen = victim.post("/case/code", code=old)
    assert (seen.status, calls.dynamodb) == (200, 4)
    assert calls.names["TransactWriteItems"] == 1
    code = new_on(seen)
    assert len(code) == 16
    assert set(code) <= set(CODE_LETTERS)
    assert " ".join(NATO[letter] for letter in code[:4]) in seen.main
    assert code not in victim.get("/case/code/confirm").body.replace(" ", "")
    with world.watched() as calls:
        confirmed = victim.post("/case/code/confirm", code=code.lower())
    assert confirmed.location == "/case/code/changed"
    assert calls.dynamodb == 4
    assert calls.names["TransactWriteItems"] == 1
    assert "Only you know it now." in victim.follow().main
    assert victim.get("/case").status == 200
    assert opens(world, case, code)
    assert not opens(world, case, old)


def test_until_it_was_typed_back_the_present_code_works_and_the_new_one_does_not(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    code = new_on(make(victim, old))
    assert opens(world, case, old)
    assert not opens(world, case, code)
    assert victim.get("/case/code/changed").location == "/case/code"


def test_who_does_not_know_the_present_code_cannot_change_it(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    victim, _ = opened(world, case, "A")
    other = seed_code(world.deps, case, "B")
    second_of_a = seed_code(world.deps, case, "A")
    wrong = new_code(world.deps.random_below)
    for typed in (wrong, other, second_of_a, "", "BCDF", "x" * 10_000):
        seen = make(victim, typed)
        assert seen.status == 400
        assert "It is not the one that opened your information." in seen.main
        assert "hub-code" not in seen.body
    assert seen.fields("/case/code")["code"] == "x" * 10_000
    assert not [r for r in world.deps.threads.read(case.victims["A"]).codes if r.state == PENDING]


def test_a_mistyped_new_code_can_be_tried_again_and_is_not_shown_again(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    code = new_on(make(victim, old))
    for typed in (old, code[:-1] + ("B" if code[-1] != "B" else "C"), ""):
        seen = victim.post("/case/code/confirm", code=typed)
        assert seen.status == 400
        assert "It is not your new one" in seen.main
        assert "hub-code" not in seen.body
    assert opens(world, case, old)
    assert victim.post("/case/code/confirm", code=code).location == "/case/code/changed"


def test_starting_again_makes_another_code_and_the_first_one_never_holds(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    first = new_on(make(victim, old))
    assert "You made a new code and have not typed it back yet." in victim.get("/case/code").main
    world.clock.forward(minutes=1)
    second = new_on(make(victim, old))
    victim.get("/case/code/confirm")
    assert victim.post("/case/code/confirm", code=first).status == 400
    assert victim.post("/case/code/confirm", code=second).status == 303
    assert not opens(world, case, first)
    assert opens(world, case, second)


def test_making_codes_again_and_again_adds_one_record(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    before = len(world.deps.threads.read(case.victim).codes)
    for _ in range(3):
        world.clock.forward(seconds=20)
        make(victim, old)
    assert len(world.deps.threads.read(case.victim).codes) == before + 1


def test_the_records_say_who_changed_it_and_for_whom_and_never_the_code(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    code = new_on(make(victim, old))
    victim.post("/case/code/confirm", code=code)
    records = sorted(world.deps.threads.read(case.victim).codes, key=lambda r: r.state)
    assert [(r.state, r.made_by, r.for_whom) for r in records] == [
        (ACTIVE, BY_VICTIM, "the victim"),
        (CANCELLED, "pc-example", "the victim"),
    ]
    assert records[0].code_key == code_key(world.deps, code, case.reference)
    assert records[1].cancelled_at == world.clock()
    assert code not in repr(records)


def test_every_other_browser_with_the_old_code_is_out_at_once(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    watcher = open_with(world, case, old)
    assert watcher.get("/case").status == 200
    code = new_on(make(victim, old))
    assert watcher.get("/case").status == 200
    victim.post("/case/code/confirm", code=code)
    assert watcher.get("/case").status == 401
    assert victim.get("/case").status == 200


def test_a_code_can_be_changed_twice_in_one_session(world: World) -> None:
    case = seed_case(world.deps)
    victim, code = opened(world, case)
    for _ in range(2):
        world.clock.forward(minutes=1)
        earlier, code = code, new_on(make(victim, code))
        # The present one, typed where the new one belongs, confirms nothing.
        assert victim.post("/case/code/confirm", code=earlier).status == 400
        assert victim.post("/case/code/confirm", code=code).status == 303
        assert not opens(world, case, earlier)
    assert opens(world, case, code)


def test_confirming_twice_leads_to_the_same_page(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    seen = make(victim, old)
    fields = {**seen.fields("/case/code/confirm"), "code": new_on(seen)}
    answers = [victim.send("/case/code/confirm", fields) for _ in range(3)]
    assert [a.location for a in answers] == ["/case/code/changed"] * 3


def test_confirming_many_times_at_once_leads_to_the_same_page(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    seen = make(victim, old)
    fields = {**seen.fields("/case/code/confirm"), "code": new_on(seen)}
    _ = world.public.parts

    def post(_: int) -> Seen:
        return Visitor(world.public, dict(victim.cookies)).send("/case/code/confirm", fields)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(8)))
    assert {(a.status, a.headers.get("location")) for a in answers} == {(303, "/case/code/changed")}
    assert victim.get("/case").status == 200


def test_a_new_code_that_was_never_typed_back_dies(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    code = new_on(make(victim, old))
    world.clock.forward(hours=2)
    again = open_with(world, case, old)
    again.get("/case/code")
    assert again.get("/case/code/confirm").location == "/case/code"
    fields = {**again.get("/case/code").fields("/case/code"), "code": code}
    assert again.send("/case/code/confirm", fields).location == "/case/code"
    assert not opens(world, case, code)
    assert opens(world, case, old)


def test_nothing_waits_where_no_new_code_was_made(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    assert victim.get("/case/code/confirm").location == "/case/code"
    fields = {**victim.get("/case/code").fields("/case/code"), "code": old}
    assert victim.send("/case/code/confirm", fields).location == "/case/code"


def test_a_code_that_an_officer_is_about_to_give_cannot_be_confirmed_here(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    given = new_code(world.deps.random_below)
    key = code_key(world.deps, given, case.reference)
    until = world.clock.moment.replace(month=12)
    item = CodeItem(key, case.key, case.victim, PENDING, until, None)
    record = CodeRecord(
        "r", key, PENDING, "the victim", "face to face", "pc-example", world.clock()
    )
    deps = world.deps
    deps.ledger.write(
        [deps.access.new_code(item), deps.threads.keep_code_record(case.victim, record)]
    )
    fields = {**victim.get("/case/code").fields("/case/code"), "code": given}
    assert victim.send("/case/code/confirm", fields).location == "/case/code"
    make(victim, old)
    assert victim.post("/case/code/confirm", code=given).status == 400
    found = deps.access.code(key)
    assert found is not None
    assert found.state == PENDING


def test_a_code_cancelled_meanwhile_ends_the_session_and_changes_nothing(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    seen = make(victim, old)
    code = new_on(seen)
    key = code_key(world.deps, old, case.reference)
    world.deps.ledger.write([world.deps.access.cancel_code(key)])
    assert victim.post("/case/code/confirm", code=code).status == 401
    assert not opens(world, case, code)
    assert not opens(world, case, old)


def test_a_new_code_that_was_cancelled_is_made_anew(world: World) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    code = new_on(make(victim, old))
    key = code_key(world.deps, code, case.reference)
    world.deps.ledger.write([world.deps.access.cancel_code(key)])
    assert victim.post("/case/code/confirm", code=code).location == "/case/code"
    assert opens(world, case, old)


def test_a_code_without_a_record_can_be_changed_too(world: World) -> None:
    case = seed_case(world.deps)
    old = new_code(world.deps.random_below)
    key = code_key(world.deps, old, case.reference)
    item = CodeItem(key, case.key, case.victim, ACTIVE, None, None)
    world.deps.ledger.write([world.deps.access.new_code(item)])
    victim = open_with(world, case, old)
    code = new_on(make(victim, old))
    assert victim.post("/case/code/confirm", code=code).location == "/case/code/changed"
    assert [r.state for r in world.deps.threads.read(case.victim).codes] == [ACTIVE]


@pytest.mark.parametrize("path", ["/case/code", "/case/code/confirm"])
def test_when_the_store_is_silent_the_present_code_still_works(world: World, path: str) -> None:
    case = seed_case(world.deps)
    victim, old = opened(world, case)
    seen = make(victim, old)
    fields = {**seen.fields("/case/code/confirm"), "code": new_on(seen)}
    if path == "/case/code":
        fields["code"] = old
    with store_is_silent(world, victim):
        silent = victim.send(path, fields)
    assert silent.status == 503
    assert "hub-code" not in silent.body
    assert opens(world, case, old)

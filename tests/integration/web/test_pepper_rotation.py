"""The pepper of the access codes is changed and nobody notices (D4, D5)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.clients.aws import new_client
from chalicelib.clients.keys import KeyRing
from chalicelib.domain.access import new_code
from chalicelib.domain.codes import ACTIVE, CANCELLED, PENDING, CodeItem
from chalicelib.domain.errors import KeysUnavailableError
from chalicelib.services.issue_code import cancel_code
from chalicelib.services.open_case import code_key, code_keys
from chalicelib.settings import PUBLIC
from operate.cloud import PEPPER_ALIAS
from operate.stand_in import REGION
from tests.builders import seed_case, seed_code
from tests.fakes_keys import FakeKMS
from tests.integration.conftest import World
from tests.integration.services.staff_steps import staff
from tests.integration.web.code_steps import make, new_on, open_with, opened, opens
from tests.integration.web.gateway_steps import built_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.codes import CodeRecord
    from operate.stand_in import StandIn
    from tests.builders import SeededCase
    from tests.pages import Seen

NEW_ALIAS = f"{PEPPER_ALIAS}-2"
BOTH, OLD_ONLY, NEW_ONLY = (NEW_ALIAS, PEPPER_ALIAS), (PEPPER_ALIAS,), (NEW_ALIAS,)
FAILURES = [
    "unknown reference",
    "misfit reference",
    "wrong code",
    "cancelled, of the old pepper",
    "cancelled, of the new pepper",
    "not read back, of the old pepper",
    "expired, of the new pepper",
    "of the old pepper, in another case",
]


@pytest.fixture(autouse=True, scope="module")
def _new_pepper(stand_in: StandIn) -> None:
    """Make the second key, as the data stack would; other tests leave it alone."""
    kms = new_client("kms", region=REGION, endpoint=stand_in.endpoint)
    key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    kms.create_alias(AliasName=NEW_ALIAS, TargetKeyId=key["KeyMetadata"]["KeyId"])


def with_peppers(world: World, peppers: tuple[str, ...], kms: FakeKMS | None = None) -> World:
    """Return the same hub after a deployment whose setting names these peppers."""
    newest, *earlier = peppers
    now: Any = world.deps.keys
    keys = KeyRing(kms or now._kms, newest, now._secrets, earlier_pepper_key_ids=earlier)  # noqa: SLF001
    parts = {
        audience: (settings, replace(deps, keys=keys))
        for audience, (settings, deps) in world.parts.items()
    }
    return World(clock=world.clock, deps=replace(world.deps, keys=keys), parts=parts)


def _record(world: World, case: SeededCase, code: str) -> CodeRecord:
    """Return the record of a code, whichever pepper it was made under."""
    keys = code_keys(world.deps, code, case.reference)
    return next(r for r in world.deps.threads.read(case.victim).codes if r.code_key in keys)


def test_a_code_from_before_opens_afterwards_and_a_session_from_before_stays(world: World) -> None:
    case = seed_case(world.deps)
    victim, code = opened(world, case)
    after = with_peppers(world, BOTH)
    victim.app = after.public
    assert victim.get("/case").status == 200
    assert opens(after, case, code)
    assert victim.get("/case").status == 200


def test_a_deployment_whose_setting_names_both_opens_codes_of_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, deps = world.parts[PUBLIC]
    told = replace(settings, pepper_key_id=NEW_ALIAS, earlier_pepper_key_ids=OLD_ONLY)
    keys = built_by(told, monkeypatch).keys
    after = World(world.clock, deps, {PUBLIC: (told, replace(deps, keys=keys))})
    case = seed_case(world.deps)
    assert opens(after, case, seed_code(world.deps, case))
    assert opens(after, case, seed_code(replace(deps, keys=keys), case))


def test_a_code_made_afterwards_opens_with_the_new_pepper_and_not_with_the_old(
    world: World,
) -> None:
    after = with_peppers(world, BOTH)
    case = seed_case(world.deps)
    code = seed_code(after.deps, case)
    assert opens(after, case, code)
    assert opens(with_peppers(world, NEW_ONLY), case, code)
    assert not opens(with_peppers(world, OLD_ONLY), case, code)


def test_when_the_old_pepper_is_taken_out_its_codes_open_nothing_any_more(world: World) -> None:
    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    assert not opens(with_peppers(world, NEW_ONLY), case, code)


def test_an_officer_cancels_codes_of_either_pepper_and_their_sessions_end_at_once(
    world: World,
) -> None:
    after = with_peppers(world, BOTH)
    for made_with in (world, after):
        case = seed_case(world.deps)
        code = seed_code(made_with.deps, case)
        victim = open_with(after, case, code)
        assert victim.get("/case").status == 200
        record = _record(after, case, code)
        cancel_code(after.deps, staff(after), case.key, case.victim, record.id)
        assert victim.get("/case").status == 401
        assert not opens(after, case, code)


def test_changing_a_code_from_before_makes_one_under_the_new_pepper(world: World) -> None:
    case = seed_case(world.deps)
    code = seed_code(world.deps, case)
    after = with_peppers(world, BOTH)
    victim = open_with(after, case, code)
    fresh = new_on(make(victim, code))
    assert victim.post("/case/code/confirm", code=fresh).status == 303
    assert victim.get("/case").status == 200
    assert not opens(after, case, code)
    assert opens(with_peppers(world, NEW_ONLY), case, fresh)


def test_a_code_made_before_can_be_typed_back_afterwards_and_the_form_sent_twice(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim, code = opened(world, case)
    fresh = new_on(make(victim, code))
    after = with_peppers(world, BOTH)
    victim.app = after.public
    for _ in range(2):
        victim.get("/case/code/confirm")
        token = {"csrf_token": after.deps.keys.csrf_token(victim.cookies["hub"])}
        assert victim.send("/case/code/confirm", {**token, "code": fresh}).status == 303
    assert opens(after, case, fresh)
    assert not opens(after, case, code)


def test_another_persons_code_of_the_old_pepper_changes_nothing(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    others = seed_code(world.deps, case, "B")
    after = with_peppers(world, BOTH)
    victim = open_with(after, case, seed_code(after.deps, case, "A"))
    assert make(victim, others).status == 400
    assert not [r for r in world.deps.threads.read(case.victims["A"]).codes if r.state == PENDING]


def _failing(before: World, after: World, case: SeededCase, how: str) -> tuple[str, str]:
    """Return a reference and a code that do not open anything, for this reason."""
    code = new_code(after.deps.random_below)
    if how in {"unknown reference", "misfit reference"}:
        return {"unknown reference": "99/999999/99"}.get(how, "my burglary"), code
    if how == "of the old pepper, in another case":
        return case.reference, seed_code(before.deps, seed_case(before.deps))
    if how == "wrong code":
        return case.reference, code
    made_with = before if "old pepper" in how else after
    state = {"cancelled": CANCELLED, "not read back": PENDING, "expired": ACTIVE}
    key = code_key(made_with.deps, code, case.reference)
    dies = after.clock()
    item = CodeItem(key, case.key, case.victim, state[how.partition(",")[0]], dies, used_at=None)
    after.deps.ledger.write([after.deps.access.new_code(item)])
    return case.reference, code


def _look_up(world: World, address: str, reference: str, code: str) -> tuple[Seen, dict[str, int]]:
    visitor = world.visitor()
    visitor.address = address
    visitor.get("/case/open")
    with world.watched() as calls:
        seen = visitor.post("/case/open", reference=reference, code=code)
    return seen, dict(calls.names)


def _as_seen(seen: Seen, *typed: str) -> tuple[object, ...]:
    """Return all of an answer that does not repeat what was typed, or belong to the browser."""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", seen.body)
    for text in typed:
        body = body.replace(text, "")
    return (seen.status, list(seen.headers.items()), seen.cookies, body)


def test_with_two_peppers_all_failures_look_alike_and_take_the_same_calls(world: World) -> None:
    after = with_peppers(world, BOTH)
    case = seed_case(world.deps)
    answers, calls = [], []
    for number, how in enumerate(FAILURES):
        typed = _failing(world, after, case, how)
        seen, made = _look_up(after, f"198.51.100.{number + 100}", *typed)
        answers.append(_as_seen(seen, *typed))
        calls.append(made)
    assert answers == answers[:1] * len(answers)
    assert calls == [{"GenerateMac": 2, "GetItem": 2, "UpdateItem": 1}] * len(calls)


def test_a_right_code_of_either_pepper_asks_for_the_same_as_a_wrong_one_before_it_opens(
    world: World,
) -> None:
    after = with_peppers(world, BOTH)
    for number, made_with in enumerate((world, after)):
        case = seed_case(world.deps)
        code = seed_code(made_with.deps, case)
        seen, made = _look_up(after, f"198.51.100.{number + 120}", case.reference, code)
        assert seen.status == 303
        assert made == {"GenerateMac": 2, "GetItem": 2, "TransactWriteItems": 1}


@pytest.mark.parametrize("refused", BOTH)
def test_when_one_of_the_peppers_is_out_of_reach_nobody_gets_in_and_all_look_alike(
    world: World, refused: str
) -> None:
    after = with_peppers(world, BOTH)
    case = seed_case(world.deps)
    codes = [seed_code(world.deps, case), seed_code(after.deps, case)]
    codes.append(new_code(world.deps.random_below))
    silent = with_peppers(world, BOTH, FakeKMS(refused={refused}))
    with pytest.raises(KeysUnavailableError):
        code_keys(silent.deps, codes[0], case.reference)
    answers = list(_answers(silent, case, codes))
    assert answers[0][0] == 503
    assert answers == answers[:1] * len(answers)


def _answers(world: World, case: SeededCase, codes: Iterable[str]) -> Iterable[tuple[object, ...]]:
    for code in codes:
        visitor = world.visitor()
        visitor.get("/case/open")
        seen = visitor.post("/case/open", reference=case.reference, code=code)
        yield _as_seen(seen, case.reference, code)

"""What somebody of the staff tries who wants to see or do more than is theirs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Officer, OfficerId
from chalicelib.domain.codes import PENDING
from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.settings import STAFF
from chalicelib.wiring import create_app
from tests.builders import OFFICER, STAFFORD, STOKE, moved_to, seed_case, seed_code
from tests.integration.partner_steps import (
    has_need,
    has_task,
    says_yes,
    supporter,
    with_partners,
)
from tests.integration.services.staff_steps import asked, audit_of, case_of, colleague, file_of
from tests.integration.web.desk_steps import lines_about, new_officer
from tests.integration.web.hostile_steps import new_target, stored, token_of
from tests.integration.web.victim_steps import SilentLedger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.services.ports import Ledger, Part
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Visitor

REASON = "The victim rang and is afraid tonight"


# --- nothing without a line in the audit


@contextmanager
def _writes(world: World, desk: Visitor, ledger: Ledger) -> Iterator[None]:
    settings, deps = world.parts[STAFF]
    other = replace(deps, ledger=ledger)
    desk.app = create_app(STAFF, lambda: (settings, other))
    yield
    desk.app = world.staff


def test_no_page_about_a_case_is_shown_when_its_line_cannot_be_written(world: World) -> None:
    target = new_target(world, "restricted", "child")
    desk = world.desk(role="supervisor")
    with _writes(world, desk, SilentLedger()):
        for address in target.pages:
            seen = desk.get(address)
            assert seen.status == 503, address
            for words in (target.case.reference, "Victim V1", "Words of", "No further action"):
                assert words not in seen.body, (address, words)


def test_no_page_of_a_partner_is_shown_when_its_line_cannot_be_written(world: World) -> None:
    world = with_partners(world)
    case, session = seed_case(world.deps), supporter(world)
    has_need(world, case, "Words of a need")
    says_yes(world, case)
    task, me = has_task(world, case, session), session.member
    desk = world.desk(me.id, role="partner", team=me.team, name=me.name)
    token, before = token_of(desk), stored(case)
    here = f"/support/{case.key}"
    forms = {
        "view": {"text": "Words"},
        "task": {"task": "talk", "form_key": "k"},
        "done": {"promise": task.id},
    }
    with _writes(world, desk, SilentLedger()):
        for address in ("/", f"{here}?victim={case.victim}"):
            seen = desk.get(address)
            assert seen.status == 503, address
            for words in (case.reference, "Words of a need", "PC Example"):
                assert words not in seen.body, (address, words)
        for form, fields in forms.items():
            sent = desk.send(f"{here}/{form}", {**token, "victim": case.victim, **fields})
            assert sent.status == 503, form
            assert stored(case) == before, form


def test_no_form_changes_anything_when_its_line_cannot_be_written(world: World) -> None:
    target = new_target(world, "restricted", "child")
    desk = world.desk(role="supervisor")
    token, before = token_of(desk), stored(target.case)
    with _writes(world, desk, SilentLedger()):
        for form, fields in target.forms.items():
            path = f"/cases/{target.case.key}/{form}"
            assert desk.send(path, {**token, **fields}).status in (303, 503), form
            assert stored(target.case) == before, form


def test_what_is_moved_to_finish_a_hand_over_has_its_line(world: World) -> None:
    case, robin = seed_case(world.deps), colleague(world, "robin")
    asked(world, case)
    promise = file_of(world, case).threads[0].promise
    elsewhere = Officer(robin, "PC Robin", "0007", STAFFORD)
    world.deps.ledger.write(
        [world.deps.threads.move_promise(promise, moved_to(world.deps, elsewhere))]
    )
    desk = world.desk()
    fields = {**token_of(desk), "officer": OFFICER.id, "from": OFFICER.id}
    assert desk.send(f"/cases/{case.key}/hand-over", fields).status == 303
    assert file_of(world, case).threads[0].promise.owner == OFFICER.id
    assert "moved what is owed" in {line.what for line in audit_of(case)}


class _LostReplies:
    """A store that writes and never says so."""

    def __init__(self, real: Ledger) -> None:
        self._real = real

    def write(self, parts: Sequence[Part]) -> None:
        self._real.write(parts)
        raise StoreUnavailableError


@pytest.mark.parametrize("flags", [(), ("restricted",)])
def test_a_hand_over_that_was_stored_is_not_said_to_be_of_no_case(
    world: World, flags: tuple[str, ...]
) -> None:
    case, robin = seed_case(world.deps, flags=flags), colleague(world, "robin-3", team=STOKE)
    desk = world.desk()
    fields = {**token_of(desk), "officer": robin, "from": OFFICER.id}
    with _writes(world, desk, _LostReplies(world.deps.ledger)):
        sent = desk.send(f"/cases/{case.key}/hand-over", fields)
    assert (sent.status, sent.location.partition("?")[0]) == (303, "/")
    assert case_of(world, case).officer.id == robin


# --- who is out


def test_who_is_taken_off_the_list_changes_nothing_with_a_form_that_is_open(world: World) -> None:
    target = new_target(world, "child")
    desk = world.desk("pc-leaves")
    token, before = token_of(desk), stored(target.case)
    world.deps.ledger.write(
        [world.deps.access.end_sessions_of(OfficerId("pc-leaves"), world.clock())]
    )
    for form, fields in target.forms.items():
        sent = desk.send(f"/cases/{target.case.key}/{form}", {**token, **fields})
        # 303 where the case is as the form wants it already: nothing is shown, nothing written.
        assert sent.status in (303, 401, 403), form
        assert target.case.reference not in sent.body, form
        assert stored(target.case) == before, form


@pytest.mark.parametrize(
    ("role", "team"),
    [("officer", STOKE), ("supervisor", STOKE), ("witness_care", STAFFORD), ("partner", STAFFORD)],
)
def test_a_case_of_others_can_be_neither_read_nor_changed_by_any_address(
    world: World, role: str, team: str
) -> None:
    target = new_target(world, "child")
    desk = world.desk(f"else-{role}", role=role, team=team)
    token, before = token_of(desk), stored(target.case)
    for address in target.pages:
        seen = desk.get(address)
        assert seen.status in (403, 404), address
        assert target.case.reference not in seen.body
    for form, fields in target.forms.items():
        sent = desk.send(f"/cases/{target.case.key}/{form}", {**token, **fields})
        assert sent.status in (403, 404), form
    assert stored(target.case) == before


def test_a_restricted_case_is_not_reached_by_a_colleague_of_the_team(world: World) -> None:
    target = new_target(world, "restricted", "child")
    for role in ("officer", "supervisor"):
        desk = world.desk(f"near-{role}", role=role)
        token, before = token_of(desk), stored(target.case)
        assert all(desk.get(address).status in (403, 404) for address in target.pages)
        for form, fields in target.forms.items():
            sent = desk.send(f"/cases/{target.case.key}/{form}", {**token, **fields})
            assert sent.status in (403, 404), form
        assert stored(target.case) == before


def test_what_is_of_one_case_is_not_reached_through_another(world: World) -> None:
    target = new_target(world, "child")
    own = seed_case(world.deps, flags=["child"], officer=replace(OFFICER, team=STOKE))
    desk = world.desk("else-1", role="supervisor", team=STOKE)
    token, before = token_of(desk), stored(target.case)
    for form, fields in target.forms.items():
        if "victim" in fields:
            sent = desk.send(f"/cases/{own.key}/{form}", {**token, **fields})
            assert sent.status == 404, form
    for page in target.pages:
        if target.case.victim in page or target.code in page:
            seen = desk.get(page.replace(target.case.key, own.key))
            assert seen.status == 404 or own.reference in seen.body, page
            assert target.case.reference not in seen.body
            assert target.case.victim not in seen.main
    assert stored(target.case) == before


def test_a_code_that_a_victim_makes_is_theirs_alone_to_make_open(world: World) -> None:
    case = seed_case(world.deps)
    present = seed_code(world.deps, case)
    victim = world.visitor()
    victim.get("/case/open")
    victim.post("/case/open", reference=case.reference, code=present)
    victim.get("/case/code")
    assert victim.post("/case/code", code=present).status == 200
    (made,) = (code for code in file_of(world, case).codes if code.state == PENDING)
    desk = world.desk()
    path = f"/cases/{case.key}/codes/{made.id}"
    fields = {**token_of(desk), "victim": case.victim}
    assert desk.send(f"{path}/activate", fields).status == 404
    # An officer ends any code, also this one.
    assert desk.send(f"{path}/cancel", fields).status == 303
    assert PENDING not in {code.state for code in file_of(world, case).codes}


# --- broken glass


def _asks(world: World, case: SeededCase, name: str) -> Visitor:
    """Let a supervisor of a team of their own ask for leave to open a restricted case."""
    boss = new_officer(name)
    desk = world.desk(boss.id, role="supervisor", team=boss.team, name=name)
    sent = desk.send(f"/cases/{case.key}/break-glass", {**token_of(desk), "reason": REASON})
    assert sent.status == 303
    return desk


def test_nobody_gets_the_leave_that_was_meant_for_another(world: World) -> None:
    case = seed_case(world.deps, flags=["restricted"])
    path = f"/cases/{case.key}/confirm-leave"
    _asks(world, case, "Sergeant Birch")
    second = world.desk("inspector", role="supervisor", team=STOKE)
    assert "Sergeant Birch asks" in second.get(path).main
    other = _asks(world, case, "Sergeant Yew")
    assert second.post(path).status == 409
    assert not case_of(world, case).glass_breaks
    assert other.get(f"/cases/{case.key}").status == 404
    assert "Sergeant Yew asks" in second.get(path).main
    assert second.post(path).status == 303


@pytest.mark.parametrize("flag", ["restricted", "hate"])
def test_leave_for_an_hour_cannot_be_made_leave_for_good(world: World, flag: str) -> None:
    case, robin = seed_case(world.deps, flags=[flag]), colleague(world, "robin")
    desk = _asks(world, case, "Sergeant Birch")
    if flag == "restricted":
        second = world.desk("inspector", role="supervisor", team=STOKE)
        second.get(f"/cases/{case.key}/confirm-leave")
        second.post(f"/cases/{case.key}/confirm-leave")
    page = desk.get(f"/cases/{case.key}")
    assert page.status == 200
    for form in ("hand-over", "named"):
        assert f"/cases/{case.key}/{form}" not in page.body
        assert desk.get(f"/cases/{case.key}/{form}").status == 403
        fields = {**token_of(desk), "officer": robin, "from": OFFICER.id, "version": "0"}
        assert desk.send(f"/cases/{case.key}/{form}", fields).status == 403
    assert case_of(world, case).officer.id == OFFICER.id
    assert not case_of(world, case).named


@pytest.mark.parametrize("key", ["force", "import", "staff%20pc-example", "x" * 3000])
def test_only_keys_of_cases_get_into_the_audit_through_an_address(world: World, key: str) -> None:
    desk = world.desk("sgt", role="supervisor")
    token = token_of(desk)
    sent = desk.send(f"/cases/{key}/break-glass", {**token, "reason": REASON})
    assert sent.status == 404
    assert desk.get(f"/cases/{key}/confirm-leave").status == 404
    lines = [
        line for about in ("force", "import", "staff pc-example") for line in lines_about(about)
    ]
    assert not [line for line in lines if REASON in line]

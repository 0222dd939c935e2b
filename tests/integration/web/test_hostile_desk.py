"""What somebody of the staff tries who wants to see or do more than is theirs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Officer, OfficerId
from chalicelib.services.issue_code import Check, issue_code
from chalicelib.settings import STAFF
from chalicelib.stores.tables import CasesTable, ThreadsTable
from chalicelib.wiring import create_app
from tests.builders import OFFICER, STAFFORD, STOKE, seed_case, seed_update
from tests.integration.services.staff_steps import asked, audit_of, case_of, colleague, file_of
from tests.integration.services.staff_steps import staff as staff_session
from tests.integration.web.desk_steps import lines_about, new_officer
from tests.integration.web.victim_steps import SilentLedger, record_outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Visitor

REASON = "The victim rang and is afraid tonight"


@dataclass(frozen=True)
class Target:
    """A case with a question, untold news and a code; `forms` are what can be sent about it."""

    case: SeededCase
    code: str
    entry: str

    @property
    def pages(self) -> list[str]:
        """Return every address that shows something of the case."""
        case, victim = f"/cases/{self.case.key}", self.case.victim
        return [
            case,
            f"{case}?older={victim}.9",
            f"{case}/answer?victim={victim}&thread=1",
            f"{case}/outcome",
            f"{case}/told?victim={victim}",
            f"{case}/codes/new?victim={victim}",
            f"{case}/codes/new",
            f"{case}/codes/{self.code}/confirm",
            f"{case}/hand-over",
            f"{case}/named",
        ]

    @property
    def forms(self) -> dict[str, dict[str, str]]:
        """Return every form that changes something, filled in so that it would."""
        victim = self.case.victim
        code = f"codes/{self.code}"
        check = {"checked": "face_to_face", "for_whom": "victim", "safe": "yes", "place": "paper"}
        who = {"officer": "robin", "from": OFFICER.id, "version": "0"}
        told = {f"how_{victim}": "phone", f"on_{victim}": "today"}
        words = {"form_key": "k", "version": "0", "to": victim, "text": "Words"}
        news = {"news": "outcome:no_suspect_found", "since": "today"}
        return {
            "answer": {"victim": victim, "thread": "1", "behind": "0", "answer": "Words"},
            "update": {**words, "choice": "none"},
            "outcome": {**words, **news, **told},
            "told": {"victim": victim, "entry": self.entry, **told},
            "codes/new": {"victim": victim, **check},
            f"{code}/activate": {"victim": victim},
            f"{code}/confirm": {"victim": victim},
            f"{code}/cancel": {"victim": victim},
            "hand-over": who,
            "named": who,
        }


def _target(world: World, *flags: str) -> Target:
    colleague(world, "robin")
    case = seed_case(world.deps, flags=flags)
    seed_update(world.deps, case, "Words of an update")
    asked(world, case, "Words of a question")
    check = Check("face to face", "the victim")
    made = issue_code(world.deps, staff_session(world), case.key, case.victim, check)
    entry = record_outcome(world, case, "no_suspect_found")
    return Target(case, made.record.id, entry.id)


def _stored(case: SeededCase) -> list[str]:
    items = [*CasesTable.query(case.key), *ThreadsTable.query(case.victim)]
    return [repr(item.serialize()) for item in items]


def _token(desk: Visitor) -> dict[str, str]:
    desk.get("/")
    assert desk.seen is not None
    return {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]}


# --- nothing without a line in the audit


@contextmanager
def _no_line_can_be_written(world: World, desk: Visitor) -> Iterator[None]:
    settings, deps = world.parts[STAFF]
    silent = replace(deps, ledger=SilentLedger())
    desk.app = create_app(STAFF, lambda: (settings, silent))
    yield
    desk.app = world.staff


def test_no_page_about_a_case_is_shown_when_its_line_cannot_be_written(world: World) -> None:
    target = _target(world, "restricted", "child")
    desk = world.desk(role="supervisor")
    with _no_line_can_be_written(world, desk):
        for address in target.pages:
            seen = desk.get(address)
            assert seen.status == 503, address
            for words in (target.case.reference, "Victim V1", "Words of", "No further action"):
                assert words not in seen.body, (address, words)


def test_no_form_changes_anything_when_its_line_cannot_be_written(world: World) -> None:
    target = _target(world, "restricted", "child")
    desk = world.desk(role="supervisor")
    token, before = _token(desk), _stored(target.case)
    with _no_line_can_be_written(world, desk):
        for form, fields in target.forms.items():
            path = f"/cases/{target.case.key}/{form}"
            assert desk.send(path, {**token, **fields}).status in (303, 503), form
            assert _stored(target.case) == before, form


def test_what_is_moved_to_finish_a_hand_over_has_its_line(world: World) -> None:
    case, robin = seed_case(world.deps), colleague(world, "robin")
    asked(world, case)
    promise = file_of(world, case).threads[0].promise
    elsewhere = Officer(robin, "PC Robin", "0007", STAFFORD)
    world.deps.ledger.write([world.deps.threads.move_promise(promise, elsewhere)])
    desk = world.desk()
    fields = {**_token(desk), "officer": OFFICER.id, "from": OFFICER.id}
    assert desk.send(f"/cases/{case.key}/hand-over", fields).status == 303
    assert file_of(world, case).threads[0].promise.owner == OFFICER.id
    assert "moved what is owed" in {line.what for line in audit_of(case)}


# --- who is out


def test_who_is_taken_off_the_list_changes_nothing_with_a_form_that_is_open(world: World) -> None:
    target = _target(world, "child")
    desk = world.desk("pc-leaves")
    token, before = _token(desk), _stored(target.case)
    world.deps.ledger.write(
        [world.deps.access.end_sessions_of(OfficerId("pc-leaves"), world.clock())]
    )
    for form, fields in target.forms.items():
        sent = desk.send(f"/cases/{target.case.key}/{form}", {**token, **fields})
        # 303 where the case is as the form wants it already: nothing is shown, nothing written.
        assert sent.status in (303, 401, 403), form
        assert target.case.reference not in sent.body, form
        assert _stored(target.case) == before, form


@pytest.mark.parametrize(
    ("role", "team"),
    [("officer", STOKE), ("supervisor", STOKE), ("witness_care", STAFFORD), ("partner", STAFFORD)],
)
def test_a_case_of_others_can_be_neither_read_nor_changed_by_any_address(
    world: World, role: str, team: str
) -> None:
    target = _target(world, "child")
    desk = world.desk(f"else-{role}", role=role, team=team)
    token, before = _token(desk), _stored(target.case)
    for address in target.pages:
        seen = desk.get(address)
        assert seen.status in (403, 404), address
        assert target.case.reference not in seen.body
    for form, fields in target.forms.items():
        sent = desk.send(f"/cases/{target.case.key}/{form}", {**token, **fields})
        assert sent.status in (403, 404), form
    assert _stored(target.case) == before


def test_a_restricted_case_is_not_reached_by_a_colleague_of_the_team(world: World) -> None:
    target = _target(world, "restricted", "child")
    for role in ("officer", "supervisor"):
        desk = world.desk(f"near-{role}", role=role)
        token, before = _token(desk), _stored(target.case)
        assert all(desk.get(address).status in (403, 404) for address in target.pages)
        for form, fields in target.forms.items():
            sent = desk.send(f"/cases/{target.case.key}/{form}", {**token, **fields})
            assert sent.status in (403, 404), form
        assert _stored(target.case) == before


def test_what_is_of_one_case_is_not_reached_through_another(world: World) -> None:
    target = _target(world, "child")
    own = seed_case(world.deps, flags=["child"], officer=replace(OFFICER, team=STOKE))
    desk = world.desk("else-1", role="supervisor", team=STOKE)
    token, before = _token(desk), _stored(target.case)
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
    assert _stored(target.case) == before


# --- broken glass


def _asks(world: World, case: SeededCase, name: str) -> Visitor:
    """Let a supervisor of a team of their own ask for leave to open a restricted case."""
    boss = new_officer(name)
    desk = world.desk(boss.id, role="supervisor", team=boss.team, name=name)
    sent = desk.send(f"/cases/{case.key}/break-glass", {**_token(desk), "reason": REASON})
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
        fields = {**_token(desk), "officer": robin, "from": OFFICER.id, "version": "0"}
        assert desk.send(f"/cases/{case.key}/{form}", fields).status == 403
    assert case_of(world, case).officer.id == OFFICER.id
    assert not case_of(world, case).named


@pytest.mark.parametrize("key", ["force", "import", "staff%20pc-example", "x" * 3000])
def test_only_keys_of_cases_get_into_the_audit_through_an_address(world: World, key: str) -> None:
    desk = world.desk("sgt", role="supervisor")
    token = _token(desk)
    sent = desk.send(f"/cases/{key}/break-glass", {**token, "reason": REASON})
    assert sent.status == 404
    assert desk.get(f"/cases/{key}/confirm-leave").status == 404
    lines = [
        line for about in ("force", "import", "staff pc-example") for line in lines_about(about)
    ]
    assert not [line for line in lines if REASON in line]

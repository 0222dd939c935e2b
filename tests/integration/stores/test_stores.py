"""What the stores promise: pages by key, conditions that hold, expired items that are not used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.cases import FROM_DESK, Officer, OfficerId, StageEntry, TeamId, Told
from chalicelib.domain.messages import Draft, Message
from chalicelib.domain.promises import UPDATE
from chalicelib.domain.staff import Absence, BrokenGlass
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.ports import ConflictError
from chalicelib.services.victim_sessions import find_session
from chalicelib.stores.tables import AuditTable, CasesTable, ThreadsTable
from tests.builders import STOKE, SeededCase, moved_to, seed_case

if TYPE_CHECKING:
    from tests.integration.conftest import World


def _ask(world: World, case: SeededCase, *texts: str) -> None:
    session = find_session(world.deps, world.victim(case).cookies["hub"])
    for number, text in enumerate(texts):
        world.clock.forward(seconds=1)
        ask_officer(world.deps, session, text, f"{case.key}-{number}")


def _officer(name: str) -> Officer:
    return Officer(OfficerId(name), f"PC {name}", "0009", TeamId(f"team-{name}"))


def test_threads_come_newest_first_and_older_ones_by_key(world: World) -> None:
    case = seed_case(world.deps)
    _ask(world, case, *[f"question {n}" for n in range(1, 24)])
    newest = world.deps.threads.read(case.victim)
    assert [thread.number for thread in newest.threads] == list(range(23, 3, -1))
    assert newest.has_older
    older = world.deps.threads.read(case.victim, before=4)
    assert [thread.question.text for thread in older.threads] == [
        "question 3",
        "question 2",
        "question 1",
    ]
    assert not older.has_older


def test_a_page_of_threads_is_one_request_however_many_there_are(world: World) -> None:
    case = seed_case(world.deps)
    _ask(world, case, *[f"question {n}" for n in range(1, 31)])
    for before in (None, 31, 2):
        with world.watched() as calls:
            world.deps.threads.read(case.victim, before=before)
        assert calls.names == {"Query": 1}


def test_a_page_is_one_request_with_years_of_what_was_owed_beside_the_threads(world: World) -> None:
    case = seed_case(world.deps)
    _ask(world, case, *[f"question {n}" for n in range(1, 31)])
    (asked, *_) = world.deps.threads.read(case.victim).threads
    parts = [
        world.deps.threads.new_promise(
            replace(asked.promise, place="", id=f"update-{n}", kind=UPDATE, subject=f"{n}")
        )
        for n in range(300)
    ]
    for start in range(0, len(parts), 50):
        world.deps.ledger.write(parts[start : start + 50])
    with world.watched() as calls:
        file = world.deps.threads.read(case.victim)
    assert calls.names == {"Query": 1}
    assert (len(file.owed), len(file.threads), file.has_older) == (300, 20, True)


def test_an_answer_takes_the_next_place_and_two_at_once_do_not_share_it(world: World) -> None:
    case = seed_case(world.deps)
    _ask(world, case, "When?")
    (thread,) = world.deps.threads.read(case.victim).threads
    answer = Message("Soon.", world.clock(), by_victim=False, officer_name="PC Example")
    world.deps.ledger.write(
        [
            world.deps.threads.new_answer(case.victim, thread, answer),
            world.deps.threads.keep_promise(
                thread.promise, world.clock(), how="here", recorded_at=world.clock()
            ),
        ]
    )
    with pytest.raises(ConflictError) as conflict:
        world.deps.ledger.write([world.deps.threads.new_answer(case.victim, thread, answer)])
    assert conflict.value.failed == {"answer"}
    (answered,) = world.deps.threads.read(case.victim).threads
    assert [message.text for message in answered.answers] == ["Soon."]
    assert answered.promise.kept_at == world.clock()


def test_a_kept_promise_leaves_both_lists_and_is_not_kept_twice(world: World) -> None:
    officer = _officer("lists")
    case = seed_case(world.deps, officer=officer)
    _ask(world, case, "one", "two")
    promise = world.deps.threads.read(case.victim).threads[0].promise
    world.deps.ledger.write(
        [
            world.deps.threads.keep_promise(
                promise, world.clock(), how="here", recorded_at=world.clock()
            )
        ]
    )
    for page in (
        world.deps.threads.open_of_owner(officer.id, after=None, limit=9),
        world.deps.threads.open_of_team(officer.team, after=None, limit=9),
    ):
        assert [row.subject for row in page.promises] == ["1"]
    with pytest.raises(ConflictError):
        world.deps.ledger.write(
            [
                world.deps.threads.keep_promise(
                    promise, world.clock(), how="here", recorded_at=world.clock()
                )
            ]
        )


def test_a_promise_that_does_not_exist_is_not_made_by_keeping_it(world: World) -> None:
    case = seed_case(world.deps)
    _ask(world, case, "one")
    promise = world.deps.threads.read(case.victim).threads[0].promise
    ghost = replace(promise, subject="77", place="")
    with pytest.raises(ConflictError):
        world.deps.ledger.write(
            [
                world.deps.threads.keep_promise(
                    ghost, world.clock(), how="here", recorded_at=world.clock()
                )
            ]
        )


def test_the_list_is_in_order_of_due_date_and_pages_by_key(world: World) -> None:
    officer = _officer("pages")
    for day in (3, 1, 2):
        case = seed_case(world.deps, officer=officer)
        world.clock.moment = world.clock.moment.replace(day=day)
        _ask(world, case, f"asked on day {day}")
    first = world.deps.threads.open_of_owner(officer.id, after=None, limit=2)
    second = world.deps.threads.open_of_owner(officer.id, after=first.next_after, limit=2)
    due = [promise.due_on for promise in (*first.promises, *second.promises)]
    assert due == sorted(due)
    assert len(due) == 3
    assert second.next_after is None


def test_a_cursor_that_is_not_ours_begins_at_the_start(world: World) -> None:
    officer = _officer("cursor")
    _ask(world, seed_case(world.deps, officer=officer), "one")
    for cursor in ("%%%", "bm90IGpzb24=", "WzFd"):
        page = world.deps.threads.open_of_owner(officer.id, after=cursor, limit=5)
        assert len(page.promises) == 1


def test_moving_a_promise_moves_it_between_lists(world: World) -> None:
    old, new = _officer("old"), _officer("new")
    case = seed_case(world.deps, officer=old)
    _ask(world, case, "one")
    promise = world.deps.threads.read(case.victim).threads[0].promise
    world.deps.ledger.write([world.deps.threads.move_promise(promise, moved_to(world.deps, new))])
    assert not world.deps.threads.open_of_owner(old.id, after=None, limit=5).promises
    (moved,) = world.deps.threads.open_of_owner(new.id, after=None, limit=5).promises
    assert (moved.owner, moved.team, moved.due_on) == (new.id, new.team, promise.due_on)


def test_of_two_changes_of_one_version_one_wins(world: World) -> None:
    seeded = seed_case(world.deps)
    case = world.deps.cases.read(seeded.key)
    assert case is not None
    officer = Officer(OfficerId("dc-other"), "DC Other", "0002", STOKE)
    world.deps.ledger.write([world.deps.cases.desk_change(case, officer=officer, at=world.clock())])
    with pytest.raises(ConflictError) as conflict:
        world.deps.ledger.write(
            [world.deps.cases.desk_change(case, officer=None, at=world.clock())]
        )
    assert conflict.value.failed == {"case"}
    now = world.deps.cases.read(seeded.key)
    assert now is not None
    assert (now.officer, now.version) == (officer, 1)


def test_telling_is_noted_once_for_each_victim(world: World) -> None:
    seeded = seed_case(world.deps, victims=("A", "B"))
    world.clock.forward(seconds=1)
    entry = StageEntry(
        "e2", "no_further_action", world.deps.today(), world.clock(), FROM_DESK, "no_suspect"
    )
    world.deps.ledger.write([world.deps.cases.new_entry(seeded.key, entry)])
    told = Told(world.deps.today(), "by phone")
    part = world.deps.cases.told(seeded.key, entry, seeded.victims["A"], told)
    world.deps.ledger.write([part])
    with pytest.raises(ConflictError):
        world.deps.ledger.write([part])
    case = world.deps.cases.read(seeded.key)
    assert case is not None
    assert case.current.told == {seeded.victims["A"]: told}


def test_an_audit_line_can_only_be_added(world: World) -> None:
    line = AuditLine("same-id", "about", "who", "what", world.clock(), "why", ("case",))
    world.deps.ledger.write([world.deps.audit.line(line)])
    with pytest.raises(ConflictError):
        world.deps.ledger.write([world.deps.audit.line(replace(line, what="something else"))])
    (stored,) = AuditTable.query("about")
    assert (stored.what, stored.why, stored.cases) == ("what", "why", {"case"})


def test_nothing_is_written_when_one_part_fails(world: World) -> None:
    case = seed_case(world.deps)
    before = len(list(ThreadsTable.query(case.victim)))
    draft = world.deps.threads.keep_draft(case.victim, Draft("words", world.clock()))
    with pytest.raises(ConflictError) as conflict:
        world.deps.ledger.write([world.deps.access.code_is_active("no such code"), draft])
    assert conflict.value.failed == {"code"}
    assert len(list(ThreadsTable.query(case.victim))) == before


def test_a_cancelled_code_that_never_was_is_not_made_by_cancelling(world: World) -> None:
    with pytest.raises(ConflictError):
        world.deps.ledger.write([world.deps.access.cancel_code("no such code")])
    assert world.deps.access.code("no such code") is None


def test_a_sign_in_comes_back_once_and_not_too_late(world: World) -> None:
    until = world.clock() + timedelta(minutes=10)
    world.deps.access.keep_sign_in("state-1", {"nonce": "n"}, until)
    assert world.deps.access.take_sign_in("state-1", world.clock()) == {"nonce": "n"}
    assert world.deps.access.take_sign_in("state-1", world.clock()) is None
    world.deps.access.keep_sign_in("state-2", {"nonce": "n"}, until)
    assert world.deps.access.take_sign_in("state-2", until) is None


def test_leave_to_open_is_read_back(world: World) -> None:
    case = seed_case(world.deps)
    until = world.clock() + timedelta(minutes=60)
    by = OfficerId("sergeant")
    glass = BrokenGlass(by, "Sergeant Example", STOKE, case.key, "a good reason", until)
    world.deps.ledger.write([world.deps.access.keep_broken_glass(glass)])
    assert world.deps.access.broken_glass(by, case.key) == glass
    assert world.deps.access.broken_glass(OfficerId("other"), case.key) is None


def test_absences_are_kept_and_ended(world: World) -> None:
    absence = Absence(
        "a1", OfficerId("away"), date(2026, 11, 20), date(2026, 11, 30), OfficerId("cover")
    )
    world.deps.ledger.write([world.deps.cases.keep_absence(absence)])
    assert absence in world.deps.cases.read_force().absences
    world.deps.ledger.write([world.deps.cases.end_absence("a1")])
    assert absence not in world.deps.cases.read_force().absences


def test_a_case_without_its_file_does_not_exist(world: World) -> None:
    entry = StageEntry("e", "recorded", world.deps.today(), world.clock(), FROM_DESK)
    key = world.deps.keys.case_key("77/777777/77")  # type: ignore[arg-type]
    world.deps.ledger.write([world.deps.cases.new_entry(key, entry)])
    assert world.deps.cases.read(key) is None
    assert list(CasesTable.query(key))

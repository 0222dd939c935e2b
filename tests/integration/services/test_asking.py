"""A question is stored once, belongs together, and the truth is told when the store is not sure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import TransactWriteError

from chalicelib.domain.errors import (
    QuestionsClosedError,
    SessionEndedError,
    StoreUnavailableError,
)
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.victim_sessions import find_session
from chalicelib.stores.tables import AuditTable, CasesTable, ThreadsTable
from tests.builders import OFFICER, SeededCase, seed_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pynamodb.connection import Connection

    from chalicelib.domain.sessions import VictimSession
    from tests.integration.conftest import World


def _session(world: World, case: SeededCase) -> VictimSession:
    return find_session(world.deps, world.victim(case).cookies["hub"])


def _kinds(victim: str) -> list[str]:
    return sorted(row.sk.split("#")[0] + ":" + type(row).__name__ for row in _rows(victim))


def _rows(victim: str) -> list[Any]:
    return list(ThreadsTable.query(victim))


@contextmanager
def _transactions(replacement: Callable[..., Any]) -> Iterator[None]:
    connection: Connection = CasesTable._get_connection().connection  # noqa: SLF001
    original = connection.transact_write_items
    connection.transact_write_items = lambda **kw: replacement(original, **kw)  # type: ignore[method-assign]
    try:
        yield
    finally:
        del connection.transact_write_items


def _timeout() -> TransactWriteError:
    return TransactWriteError("lost", ReadTimeoutError(endpoint_url="https://dynamodb.example"))


def test_question_promise_word_and_form_key_are_stored_together(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    lines = len(list(AuditTable.query(case.key)))
    with world.watched() as calls:
        receipt = ask_officer(world.deps, session, "When will I hear?", "key-1")
    assert receipt.thread == 1
    assert calls.names["TransactWriteItems"] == 1
    assert _kinds(case.victim) == [
        "form:FormItem",
        "thread:MessageItem",
        "thread:PromiseItem",
        "victim:CodeRecordItem",
        "victim:DoorItem",
        "victim:VisitItem",
    ]
    assert len(list(AuditTable.query(case.key))) == lines + 1
    rows = world.deps.threads.open_of_owner(OFFICER.id, after=None, limit=900).promises
    assert [row for row in rows if row.victim == case.victim]


def test_20_parallel_posts_of_one_form_store_one_question(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(ask_officer, world.deps, session, "Once", "key-2") for _ in range(20)]
        receipts = {each.result() for each in asked}
    assert len(receipts) == 1
    assert _kinds(case.victim).count("thread:MessageItem") == 1


def test_different_questions_at_the_same_moment_are_all_stored(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(ask_officer, world.deps, session, f"q{n}", f"k{n}") for n in range(3)]
        receipts = {each.result().thread for each in asked}
    assert receipts == {1, 2, 3}


def test_a_reply_lost_after_the_write_stores_one_and_acknowledges(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    lost: list[int] = []

    def lose_first(original: Callable[..., Any], **kw: Any) -> Any:
        answer = original(**kw)
        if not lost:
            lost.append(1)
            raise _timeout()
        return answer

    with _transactions(lose_first):
        receipt = ask_officer(world.deps, session, "Lost on the way back", "key-3")
    assert receipt.thread == 1
    assert _kinds(case.victim).count("thread:MessageItem") == 1


def test_when_every_reply_is_lost_the_form_key_tells_that_it_was_stored(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)

    def lose_all(original: Callable[..., Any], **kw: Any) -> Any:
        original(**kw)
        raise _timeout()

    with _transactions(lose_all):
        assert ask_officer(world.deps, session, "Stored all the same", "key-4").thread == 1
    assert _kinds(case.victim).count("thread:MessageItem") == 1


def test_when_nothing_was_stored_it_says_so_and_the_next_try_stores_once(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)

    def refuse(_: Callable[..., Any], **__: Any) -> Any:
        raise _timeout()

    with _transactions(refuse), pytest.raises(StoreUnavailableError):
        ask_officer(world.deps, session, "Not now", "key-5")
    assert "thread:MessageItem" not in _kinds(case.victim)
    assert ask_officer(world.deps, session, "Not now", "key-5").thread == 1


def test_nothing_is_stored_after_the_door_was_closed(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    door = open_page_door(world, session)
    closed = replace(door, closed_on=world.deps.today())
    world.deps.ledger.write([world.deps.threads.moved_door(case.victim, door, closed)])
    with pytest.raises(QuestionsClosedError):
        ask_officer(world.deps, session, "Too late", "key-6")
    assert "thread:MessageItem" not in _kinds(case.victim)


def open_page_door(world: World, session: VictimSession) -> Any:
    return world.deps.threads.read(session.victim).door


def test_a_form_stored_before_the_door_closed_is_still_acknowledged(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    ask_officer(world.deps, session, "Just in time", "key-7")
    door = open_page_door(world, session)
    closed = replace(door, closed_on=world.deps.today())
    world.deps.ledger.write([world.deps.threads.moved_door(case.victim, door, closed)])
    assert ask_officer(world.deps, session, "Just in time", "key-7").thread == 1


def test_a_door_closed_between_reading_and_writing_lets_nothing_through(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    raced: list[int] = []

    def close_first(original: Callable[..., Any], **kw: Any) -> Any:
        if not raced:
            raced.append(1)
            door = open_page_door(world, session)
            closed = replace(door, closed_on=world.deps.today())
            world.deps.ledger.write([world.deps.threads.moved_door(case.victim, door, closed)])
        return original(**kw)

    with _transactions(close_first), pytest.raises(QuestionsClosedError):
        ask_officer(world.deps, session, "In the race", "key-8")
    assert "thread:MessageItem" not in _kinds(case.victim)


def test_a_code_cancelled_meanwhile_stores_nothing(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    world.deps.ledger.write([world.deps.access.cancel_code(session.code_key)])
    with pytest.raises(SessionEndedError):
        ask_officer(world.deps, session, "Who am I?", "key-9")
    assert "thread:MessageItem" not in _kinds(case.victim)


def test_another_victims_form_key_means_nothing(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    session_a = find_session(world.deps, world.victim(case, "A").cookies["hub"])
    session_b = find_session(world.deps, world.victim(case, "B").cookies["hub"])
    ask_officer(world.deps, session_a, "from A", "shared-key")
    assert ask_officer(world.deps, session_b, "from B", "shared-key").thread == 1
    texts = [row.text for row in _rows(case.victims["B"]) if hasattr(row, "text")]
    assert texts == ["from B"]


def test_the_same_form_with_other_words_is_another_question(world: World) -> None:
    case = seed_case(world.deps)
    session = _session(world, case)
    assert ask_officer(world.deps, session, "First", "key-11").thread == 1
    assert ask_officer(world.deps, session, "Second, other words", "key-11").thread == 2
    assert ask_officer(world.deps, session, "First", "key-11").thread == 1


def test_words_kept_in_another_tab_stay_when_an_older_form_is_sent(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    before = victim.get("/case/message").fields("/case/message")
    victim.send("/case/message", {**before, "message": "Long words for later", "keep": "yes"})
    victim.send("/case/message", {**before, "message": "A short question"})
    kept = world.deps.threads.read(case.victim).draft
    assert kept is not None
    assert kept.text == "Long words for later"
    with_draft = victim.get("/case/message").fields("/case/message")
    victim.send("/case/message", {**with_draft, "message": "Long words, now changed"})
    assert world.deps.threads.read(case.victim).draft is None


def test_words_of_two_tabs_are_both_kept_when_the_session_ends(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    fields = victim.get("/case/message").fields("/case/message")
    world.clock.forward(minutes=16)
    for words in ("Words of tab one", "Words of tab two", "Words of tab one"):
        answer = victim.send("/case/message", {**fields, "message": words})
        assert answer.status == 401
    kept = world.deps.threads.read(case.victim).draft
    assert kept is not None
    assert kept.text == "Words of tab one\n\nWords of tab two"

"""What every kind of stores does alike with doors, questions, answers, forms and drafts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.cases import (
    OfficerId,
)
from chalicelib.domain.codes import ACTIVE, PENDING, CodeRecord
from chalicelib.domain.messages import Door, Draft, FormReceipt, Message
from chalicelib.domain.notices import to_officer
from chalicelib.domain.safety import ON, Safety
from tests.builders import STOKE
from tests.integration.stores.contract_steps import conflict, draft, new_name, question

if TYPE_CHECKING:
    from tests.seeding import Hub


def test_a_door_that_was_never_moved_is_the_first_one(hub: Hub) -> None:
    assert hub.deps.threads.read(hub.seed().victim).door == Door()


def test_a_door_comes_back_one_version_on(hub: Hub) -> None:
    case = hub.seed()
    door = Door(0, 3, date(2026, 11, 1), STOKE, "every_5", date(2026, 11, 2), "victim")
    hub.write(hub.deps.threads.moved_door(case.victim, Door(), door))
    assert hub.deps.threads.read(case.victim).door == replace(door, version=1)
    hub.write(hub.deps.threads.moved_door(case.victim, replace(door, version=1), Door()))
    assert hub.deps.threads.read(case.victim).door == Door(version=2)


def test_of_two_who_move_a_door_one_wins(hub: Hub) -> None:
    case = hub.seed()
    for seen in (Door(), Door(version=1)):
        hub.write(hub.deps.threads.moved_door(case.victim, seen, Door(threads=7)))
        assert conflict(hub, hub.deps.threads.moved_door(case.victim, seen, Door())) == {"door"}
    assert hub.deps.threads.read(case.victim).door == Door(version=2, threads=7)


def test_questions_come_newest_first_page_by_page(hub: Hub) -> None:
    case = hub.seed()
    for number in range(1, 24):
        question(hub, case, number, f"question {number}")
    newest = hub.deps.threads.read(case.victim)
    assert [thread.number for thread in newest.threads] == list(range(23, 3, -1))
    assert newest.has_older
    older = hub.deps.threads.read(case.victim, before=4)
    assert [t.question.text for t in older.threads] == ["question 3", "question 2", "question 1"]
    assert not older.has_older


def test_an_older_page_holds_questions_what_was_chosen_for_pages_and_nothing_else(hub: Hub) -> None:
    case = hub.seed()
    for number in (1, 2, 3):
        question(hub, case, number)
    hub.promise(case)
    hub.write(
        hub.deps.threads.moved_door(case.victim, Door(), Door(threads=1)),
        draft(hub, case),
        hub.deps.threads.keep_safety(case.victim, Safety(wish=ON)),
        hub.deps.threads.visited(case.victim, hub.clock()),
    )
    file = hub.deps.threads.read(case.victim, before=2)
    assert [thread.number for thread in file.threads] == [1]
    assert file.safety == Safety(wish=ON, version=1)
    assert file.visited_at is None
    assert (file.door, file.owed, file.codes, file.draft) == (Door(), (), (), None)


def test_the_promise_of_an_answer_stands_with_its_question(hub: Hub) -> None:
    case = hub.seed()
    thread = question(hub, case, 1)
    file = hub.deps.threads.read(case.victim)
    assert file.owed == ()
    (stored,) = file.threads
    assert stored == replace(thread, promise=replace(thread.promise, version=1))


def test_answers_stand_in_order_and_never_in_one_place(hub: Hub) -> None:
    case = hub.seed()
    question(hub, case, 1)
    words = [Message(text, hub.clock(), False, "PC Example") for text in ("one", "two", "three")]  # noqa: FBT003 -- as the message has it
    for answer in words:
        (thread,) = hub.deps.threads.read(case.victim).threads
        part = hub.deps.threads.new_answer(case.victim, thread, answer)
        hub.write(part)
        assert conflict(hub, part) == {"answer"}
    (thread,) = hub.deps.threads.read(case.victim).threads
    assert list(thread.answers) == words


def test_a_form_is_stored_once(hub: Hub) -> None:
    case, form = hub.seed(), new_name()
    part = hub.deps.threads.new_form(case.victim, form, FormReceipt(4), hub.clock())
    hub.write(hub.deps.threads.form_is_unused(case.victim, form), draft(hub, case))
    assert hub.deps.threads.read_form(case.victim, form) is None
    hub.write(part)
    assert hub.deps.threads.read_form(case.victim, form) == FormReceipt(4)
    assert conflict(hub, part) == {"form"}
    assert conflict(hub, hub.deps.threads.form_is_unused(case.victim, form)) == {"form"}


def test_a_draft_takes_the_place_of_another_and_can_be_dropped_twice(hub: Hub) -> None:
    case = hub.seed()
    hub.write(draft(hub, case))
    second = Draft("others", hub.clock())
    hub.write(hub.deps.threads.keep_draft(case.victim, second))
    assert hub.deps.threads.read(case.victim).draft == second
    for _ in range(2):
        hub.write(hub.deps.threads.drop_draft(case.victim))
    assert hub.deps.threads.read(case.victim).draft is None


def test_what_staff_see_of_a_code_is_replaced_and_kept_apart(hub: Hub) -> None:
    case, now = hub.seed(), hub.clock()
    first = CodeRecord("c1", "k1", PENDING, "the victim", "by phone", "pc", now)
    second = CodeRecord("c2", "k2", ACTIVE, "a parent", "face to face", "pc", now, "sgt", now)
    hub.write(
        hub.deps.threads.keep_code_record(case.victim, first),
        hub.deps.threads.keep_code_record(case.victim, second),
        hub.deps.threads.want_notice(to_officer(OfficerId("pc")), None, now),
    )
    hub.write(hub.deps.threads.keep_code_record(case.victim, replace(first, state=ACTIVE)))
    codes = hub.deps.threads.read(case.victim).codes
    assert codes == (second, replace(first, state=ACTIVE))

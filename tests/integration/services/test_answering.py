"""An answer is stored once and keeps the promise; nothing that was typed is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.staff_case import open_staff_case
from chalicelib.stores.ledger import Ledger
from tests.builders import seed_case
from tests.integration.services.staff_steps import asked, audit_of, file_of, staff

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def _answer(
    case: SeededCase, text: str = "We have spoken to a neighbour.", behind: int = 0
) -> Answer:
    return Answer(case.victim, 1, behind, text)


def test_an_answer_stands_in_the_thread_and_the_promise_is_kept(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case)
    answer_message(world.deps, officer, case.key, _answer(case), "form")
    (thread,) = file_of(world, case).threads
    assert [a.text for a in thread.answers] == ["We have spoken to a neighbour."]
    assert thread.answers[0].officer_name == "PC Example"
    assert thread.promise.kept_at == world.clock()
    still_open = world.deps.threads.open_of_owner(officer.member.id, after=None, limit=100_000)
    assert case.key not in {promise.case_key for promise in still_open.promises}
    assert "answered a question" in [line.what for line in audit_of(case)]


def test_the_same_form_sent_twice_stores_one_answer(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case)
    for _ in range(2):
        answer_message(world.deps, officer, case.key, _answer(case), "form")
    assert len(file_of(world, case).threads[0].answers) == 1


def test_ten_parallel_posts_of_one_form_store_one_answer(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case)
    with ThreadPoolExecutor(10) as pool:
        list(
            pool.map(
                lambda _: answer_message(world.deps, officer, case.key, _answer(case), "form"),
                range(10),
            )
        )
    assert len(file_of(world, case).threads[0].answers) == 1


@pytest.mark.parametrize("written", [True, False])
def test_when_the_store_does_not_answer_the_truth_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, *, written: bool
) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case)
    write = Ledger.write

    def lose(self: Ledger, parts: Any) -> None:
        if written:
            write(self, parts)
        raise StoreUnavailableError

    refused = nullcontext() if written else pytest.raises(StoreUnavailableError)
    with monkeypatch.context() as patch, refused:
        patch.setattr(Ledger, "write", lose)
        answer_message(world.deps, officer, case.key, _answer(case), "form")
    assert len(file_of(world, case).threads[0].answers) == int(written)


def test_two_officers_who_answer_at_once_lose_nothing_and_overwrite_nothing(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    first, second = staff(world), staff(world, "pc-second", name="PC Second")
    answer_message(world.deps, first, case.key, _answer(case, "First."), "form 1")
    with pytest.raises(StaleError):
        answer_message(world.deps, second, case.key, _answer(case, "Second."), "form 2")
    answer_message(world.deps, second, case.key, _answer(case, "Second.", behind=1), "form 2")
    texts = [answer.text for answer in file_of(world, case).threads[0].answers]
    assert texts == ["First.", "Second."]


def test_two_answers_that_race_never_take_the_same_place(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case)

    def answers(number: int) -> str:
        try:
            answer_message(world.deps, officer, case.key, _answer(case, f"{number}"), f"{number}")
        except StaleError:
            return "stale"
        return "stored"

    with ThreadPoolExecutor(6) as pool:
        ends = list(pool.map(answers, range(6)))
    assert sorted(ends) == ["stale"] * 5 + ["stored"]
    assert len(file_of(world, case).threads[0].answers) == 1


def test_an_old_question_behind_many_newer_ones_can_be_answered(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case, times=23)
    answer_message(world.deps, officer, case.key, _answer(case), "form")
    older = world.deps.threads.read(case.victim, before=2)
    assert len(older.threads[0].answers) == 1


def test_a_question_of_another_case_or_one_that_was_never_asked_does_not_exist(
    world: World,
) -> None:
    case, other, officer = seed_case(world.deps), seed_case(world.deps), staff(world)
    asked(world, other)
    for answer in (_answer(other), _answer(case), Answer(case.victim, 99_999, 0, "x")):
        with pytest.raises(NotFoundError):
            answer_message(world.deps, officer, case.key, answer, "form")
    assert not file_of(world, other).threads[0].answers


def test_a_role_that_does_not_answer_is_refused(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    with pytest.raises(NotAllowedError):
        answer_message(
            world.deps, staff(world, "partner", role="partner"), case.key, _answer(case), "form"
        )


def test_the_officer_in_charge_has_seen_a_question_with_the_first_look(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case)
    open_staff_case(world.deps, officer, case.key)
    first = world.clock()
    world.clock.forward(minutes=5)
    open_staff_case(world.deps, officer, case.key)
    assert file_of(world, case).threads[0].promise.seen_at == first


def test_a_colleague_who_looks_has_not_seen_it_for_the_officer(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    open_staff_case(world.deps, staff(world, "pc-second"), case.key)
    assert file_of(world, case).threads[0].promise.seen_at is None


def test_many_looks_at_once_all_open_the_case(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case, times=3)
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda _: open_staff_case(world.deps, officer, case.key), range(6)))
    assert all(len(each.open_threads()) == 3 for each in opened)
    assert all(t.promise.seen_at for t in file_of(world, case).threads)


def test_a_question_asked_after_an_answer_is_owed_one_of_its_own(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    asked(world, case)
    answer_message(world.deps, officer, case.key, _answer(case), "form")
    asked(world, case, "And now?")
    newest, oldest = file_of(world, case).threads
    assert (newest.promise.kept_at, oldest.promise.kept_at) == (None, world.clock())

"""Answers and updates on the case page: stored once, and nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import seed_case
from tests.integration.services.staff_steps import asked, case_of, file_of

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Visitor


def _open(world: World, case: SeededCase, desk: Visitor | None = None) -> Visitor:
    desk = desk or world.desk()
    assert desk.get(f"/cases/{case.key}").status == 200
    return desk


def test_an_answer_is_read_by_the_victim_and_the_officer_is_told_so(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case, "Is there news?")
    desk = _open(world, case)
    sent = desk.post(f"/cases/{case.key}/answer", answer="Yes: we have the pictures.")
    assert (sent.status, sent.location) == (303, f"/cases/{case.key}?done=answered")
    page = desk.follow()
    assert "Your answer is on their page now." in page.main
    assert "No question waits for an answer." in page.main
    thread = world.victim(case).get("/case/thread/1")
    assert "Yes: we have the pictures." in thread.main


def test_the_same_answer_sent_twice_is_stored_once_and_acknowledged_twice(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk = _open(world, case)
    assert desk.seen is not None
    path = f"/cases/{case.key}/answer"
    fields = {**desk.seen.fields(path), "answer": "Once."}
    assert [desk.send(path, fields).status for _ in range(2)] == [303, 303]
    assert len(file_of(world, case).threads[0].answers) == 1


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5001, "😀" * 5001])
def test_an_empty_or_too_long_answer_keeps_every_word(world: World, text: str) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk = _open(world, case)
    page = desk.post(f"/cases/{case.key}/answer", answer=text)
    assert page.status == 400
    assert page.fields(f"/cases/{case.key}/answer")["answer"].strip() == text.strip()
    assert desk.post(f"/cases/{case.key}/answer", answer="Fits.").status == 303


def test_an_answer_of_exactly_the_limit_fits(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    text = "é\r\n" * 2500
    assert _open(world, case).post(f"/cases/{case.key}/answer", answer=text).status == 303
    assert file_of(world, case).threads[0].answers[0].text == "é\n" * 2500


def test_whoever_answers_second_sees_both_texts_and_may_send_theirs_below(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    first, second = _open(world, case), _open(world, case, world.desk("pc-second"))
    path = f"/cases/{case.key}/answer"
    assert first.post(path, answer="The first text.").status == 303
    page = second.post(path, answer="The second text.")
    assert page.status == 409
    assert page.main.count("The first text.") == 1
    assert page.fields(path)["answer"] == "The second text."
    assert second.post(path).status == 303
    texts = [answer.text for answer in file_of(world, case).threads[0].answers]
    assert texts == ["The first text.", "The second text."]


def test_an_answer_can_be_added_to(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk = _open(world, case)
    path = f"/cases/{case.key}/answer"
    desk.post(path, answer="Yes.")
    desk.get(f"{path}?victim={case.victim}&thread=1")
    assert desk.post(path, answer="And more.").status == 303
    assert len(file_of(world, case).threads[0].answers) == 2


def test_what_was_typed_comes_back_when_the_session_is_over(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    desk = _open(world, case)
    world.clock.forward(minutes=16)
    page = desk.post(f"/cases/{case.key}/answer", answer="A long answer.")
    assert page.status == 401
    (box,) = page.tree.iter("textarea")
    assert box.text == "A long answer."
    assert box.get("readonly") is not None


# --- updates


def test_no_victim_is_ticked_beforehand_and_choosing_none_keeps_everything(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    desk, path = _open(world, case), f"/cases/{case.key}/update"
    assert desk.seen is not None
    assert "to" not in desk.seen.fields(path)
    page = desk.post(path, choice="investigating_evidence", text="More soon.")
    assert page.status == 400
    assert "Choose who reads this." in page.main
    kept = page.fields(path)
    assert (kept["choice"], kept["text"]) == ("investigating_evidence", "More soon.")
    assert desk.post(path, to=case.victims["V2"]).status == 303
    (update,) = case_of(world, case).updates
    assert update.to == {case.victims["V2"]}
    assert update.text.endswith("waiting for it.\n\nMore soon.")


def test_an_update_with_nothing_in_it_says_what_is_missing(world: World) -> None:
    case = seed_case(world.deps)
    page = _open(world, case).post(f"/cases/{case.key}/update", to=case.victim, choice="none")
    assert page.status == 400
    assert "write your own words, or choose a new stage" in page.main


def test_an_empty_update_says_at_once_everything_that_is_missing(world: World) -> None:
    case = seed_case(world.deps)
    page = _open(world, case).post(f"/cases/{case.key}/update")
    assert page.status == 400
    assert "Choose who reads this." in page.main
    assert "write your own words, or choose a new stage" in page.main


def test_an_update_that_is_too_long_keeps_every_word(world: World) -> None:
    case = seed_case(world.deps)
    path = f"/cases/{case.key}/update"
    page = _open(world, case).post(path, to=case.victim, text="x" * 5001)
    assert page.status == 400
    assert len(page.fields(path)["text"]) == 5001


def test_the_same_update_sent_twice_is_posted_once(world: World) -> None:
    case = seed_case(world.deps)
    desk, path = _open(world, case), f"/cases/{case.key}/update"
    assert desk.seen is not None
    fields = {**desk.seen.fields(path), "to": case.victim, "text": "Once."}
    assert [desk.send(path, fields).status for _ in range(2)] == [303, 303]
    assert len(case_of(world, case).updates) == 1


def test_a_new_stage_is_posted_without_words(world: World) -> None:
    case = seed_case(world.deps)
    desk = _open(world, case)
    world.clock.forward(minutes=1)
    assert desk.post(f"/cases/{case.key}/update", stage="with_cps").status == 303
    assert "With the Crown Prosecution Service, since" in desk.follow().main


def test_a_stage_that_is_told_first_is_not_offered_and_not_taken(world: World) -> None:
    case = seed_case(world.deps)
    desk, path = _open(world, case), f"/cases/{case.key}/update"
    assert desk.seen is not None
    offered = [o.get("value") for o in desk.seen.tree.iter("option")]
    assert "released_bail" not in offered
    page = desk.post(path, stage="released_bail")
    assert page.status == 400
    assert "must be told by a person first" in page.main


def test_whoever_posts_second_sees_what_the_first_stored_and_decides_again(world: World) -> None:
    case = seed_case(world.deps)
    first, second = _open(world, case), _open(world, case, world.desk("pc-second"))
    path = f"/cases/{case.key}/update"
    assert first.post(path, to=case.victim, text="From the first.").status == 303
    page = second.post(path, to=case.victim, text="From the second.")
    assert page.status == 409
    assert "From the first." in page.main
    assert page.fields(path)["text"] == "From the second."
    assert page.fields(path)["to"] == case.victim
    assert second.post(path).status == 303
    assert len(case_of(world, case).updates) == 2


def test_opposed_victims_share_only_the_stage_and_the_page_says_why(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"), flags=["opposed_victims"])
    desk, path = _open(world, case), f"/cases/{case.key}/update"
    assert desk.seen is not None
    assert "text" not in desk.seen.fields(path)
    assert "Words are not shared in this case" in desk.seen.main
    assert desk.post(path).status == 400
    page = desk.post(path, text="Smuggled.", to=case.victim, stage="with_cps")
    assert page.status == 400
    world.clock.forward(minutes=1)
    desk.get(f"/cases/{case.key}")
    assert desk.post(path, stage="with_cps").status == 303
    assert not case_of(world, case).updates

"""Words kept for later, and words typed in a session that ended: for one person only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import seed_case
from tests.integration.web.test_victim_asking import _box
from tests.integration.web.victim_steps import ask, store_is_silent

if TYPE_CHECKING:
    from tests.integration.conftest import World

CLOSED = "We closed your information after 15 minutes. Open it again and your words will be there."


def test_words_kept_for_later_come_back_in_the_box_for_a_day(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    victim.get("/case/message")
    with world.watched() as calls:
        kept = victim.post("/case/message", message="half a thought\n", keep="yes")
    assert kept.location == "/case/message/kept"
    assert calls.dynamodb == 2
    assert "kept until Thursday 19 November 2026 at 9:30am" in victim.follow().main
    again = world.victim(case)
    assert "You began a question and did not send it." in again.follow().main
    seen = again.get("/case/message")
    assert _box(seen) == "half a thought\n"
    assert "kept on Wednesday 18 November 2026 at 9:30am" in seen.main


def test_kept_words_are_gone_after_a_day_although_the_store_still_has_them(world: World) -> None:
    case = seed_case(world.deps)
    ask(world.victim(case), "half a thought", keep="yes")
    world.clock.forward(hours=24)
    victim = world.victim(case)
    assert world.deps.threads.read(case.victim).draft is not None
    assert "You began a question" not in victim.follow().main
    assert _box(victim.get("/case/message")) == ""
    assert "Nothing is kept." in victim.get("/case/message/kept").main


def test_sending_the_question_takes_the_kept_words_away(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "half a thought", keep="yes")
    ask(victim, "a whole thought")
    assert _box(victim.get("/case/message")) == ""


def test_keeping_an_empty_box_takes_the_kept_words_away(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "half a thought", keep="yes")
    ask(victim, " \n", keep="yes")
    assert "Nothing is kept." in victim.follow().main
    assert world.deps.threads.read(case.victim).draft is None


def test_words_longer_than_a_question_can_be_kept_whole(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    ask(victim, "long " * 3000, keep="yes")
    assert _box(victim.get("/case/message")) == "long " * 3000


def test_words_sent_after_the_session_ended_are_there_when_the_case_is_opened_again(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    world.clock.forward(minutes=16)
    seen = victim.send("/case/message", {**form, "message": "typed slowly"})
    assert seen.status == 401
    assert CLOSED in seen.main
    assert "typed slowly" not in seen.body
    assert "/case/open" in [a.get("href") for a in seen.tree.iter("a")]
    assert not world.deps.threads.read(case.victim).threads
    again = world.victim(case)
    assert _box(again.get("/case/message")) == "typed slowly"


def test_words_kept_in_a_session_that_ended_are_kept_too(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    world.clock.forward(minutes=130)
    seen = victim.send("/case/message", {**form, "message": "typed slowly", "keep": "yes"})
    assert CLOSED in seen.main
    assert _box(world.victim(case).get("/case/message")) == "typed slowly"


def test_words_of_an_ended_session_come_back_to_the_same_person_only(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    victim = world.victim(case, "A")
    form = victim.get("/case/message").fields("/case/message")
    world.clock.forward(minutes=16)
    victim.send("/case/message", {**form, "message": "typed slowly"})
    for other in (world.victim(case, "B"), world.victim(seed_case(world.deps))):
        for path in ("/case", "/case/message", "/case/message/kept"):
            assert "typed slowly" not in other.get(path).body


def test_words_of_a_browser_whose_code_was_cancelled_are_given_back_and_kept_nowhere(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    code = world.deps.threads.read(case.victim).codes[0]
    world.deps.ledger.write([world.deps.access.cancel_code(code.code_key)])
    seen = victim.send("/case/message", {**form, "message": "Who am <i>?"})
    assert seen.status == 401
    assert _box(seen, "f-typed") == "Who am <i>?"
    assert "copy it before you open your information again" in seen.main
    assert world.deps.threads.read(case.victim).draft is None


def test_words_that_cannot_be_kept_after_the_end_are_given_back(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    form = victim.get("/case/message").fields("/case/message")
    world.clock.forward(minutes=16)
    with store_is_silent(world, victim):
        seen = victim.send("/case/message", {**form, "message": "not lost"})
    assert seen.status == 401
    assert _box(seen, "f-typed") == "not lost"


def test_an_empty_form_after_the_end_says_only_that_it_ended(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    world.clock.forward(minutes=16)
    seen = victim.send("/case/message", {**form, "message": " "})
    assert seen.status == 401
    assert "Your information is not open in this browser." in seen.main
    assert world.deps.threads.read(case.victim).draft is None

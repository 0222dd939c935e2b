"""News comes from a person first: until then no page shows a trace of it (D10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told, Update
from chalicelib.domain.promises import OWED_TELLING, TELL, Working, promise_of
from chalicelib.rules import load_rules
from tests.builders import seed_case
from tests.integration.web.victim_steps import ask, page, record_outcome, tell

if TYPE_CHECKING:
    from chalicelib.domain.cases import StageEntry
    from tests.builders import SeededCase
    from tests.integration.conftest import World

PAGES = [
    "/case",
    "/case?older=2",
    "/case/message",
    "/case/message/1",
    "/case/message/kept",
    "/case/thread/1",
    "/case/code",
    "/case/open",
]


def _owe_telling(world: World, case: SeededCase, entry: StageEntry) -> None:
    """Put what recording an outcome puts besides: its update, its promise, the case's version."""
    deps, read = world.deps, world.deps.cases.read(case.key)
    assert read is not None
    today = deps.today()
    working = Working("nfa_police", today, 5, "our standard")
    promise = promise_of(
        kind=TELL,
        identity=deps.new_id(),
        case=read,
        victim=case.victim,
        subject=entry.id,
        owed=OWED_TELLING,
        made_at=world.clock(),
        rules=deps.rules,
        due=(today, working),
    )
    update = Update("u", "It was decided.", world.clock(), frozenset({case.victim}), entry.id)
    deps.ledger.write(
        [
            deps.threads.new_promise(promise),
            deps.cases.new_update(case.key, update),
            deps.cases.desk_change(read, officer=None, at=world.clock()),
        ]
    )


@pytest.mark.parametrize("outcome", ["not_enough_evidence", "charged", "not_guilty", "caution"])
def test_an_outcome_that_was_not_told_leaves_no_trace_in_any_page(
    world: World, outcome: str
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "What happens now?")
    before = {path: page(victim, path) for path in PAGES}
    _owe_telling(world, case, record_outcome(world, case, outcome))
    after = {path: page(victim, path) for path in PAGES}
    assert after == before
    assert ask(victim, "May I still ask?").location == "/case/message/2"


def test_a_release_that_was_not_told_leaves_no_trace_either(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "What happens now?")
    before = {path: page(victim, path) for path in PAGES}
    record_outcome(world, case, "", stage="released_bail")
    assert {path: page(victim, path) for path in PAGES} == before


def test_a_told_release_is_shown_and_questions_go_on(world: World) -> None:
    case = seed_case(world.deps)
    release = record_outcome(world, case, "", stage="released_rui")
    told = Told(world.deps.today(), "by phone")
    world.deps.ledger.write([world.deps.cases.told(case.key, release, case.victim, told)])
    victim = world.victim(case)
    seen = victim.follow()
    assert world.deps.rules.stages["released_rui"].meaning in seen.main
    assert ask(victim, "Am I safe?").status == 303


def test_the_page_counts_news_as_new_from_the_day_of_telling(world: World) -> None:
    case = seed_case(world.deps)
    entry = record_outcome(world, case, "not_enough_evidence")
    world.clock.forward(days=2)
    tell(world, case, entry)
    main = world.victim(case).follow().main
    assert "last changed on Friday 20 November 2026" in main
    assert "Since Wednesday 18 November 2026" in main


def test_after_a_decision_the_page_gives_the_reason_support_first_then_the_ways_that_are_left(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "What happens now?")
    tell(world, case, record_outcome(world, case, "not_enough_evidence"))
    seen = victim.get("/case")
    rules = world.deps.rules
    order = [
        rules.outcomes["not_enough_evidence"].label,
        rules.outcomes["not_enough_evidence"].explanation,
        rules.contacts["support"].text,
        rules.contacts["officers_team"].text,
        "You may be able to ask for a review until Thursday 18 February 2027: 3 months",
        rules.contacts["police_vrr"].text,
        "What a review does not cover",
        rules.contacts["police_vrr"].leaves_out[0],
        rules.contacts["complaint"].text,
    ]
    places = [seen.main.index(sentence) for sentence in order]
    assert places == sorted(places)
    assert "/case/message" not in [a.get("href") for a in seen.tree.iter("a")]


def test_after_charge_witness_care_answers_and_nothing_is_said_of_a_review(world: World) -> None:
    case = seed_case(world.deps)
    tell(world, case, record_outcome(world, case, "charged"))
    seen = world.victim(case).follow()
    rules = world.deps.rules
    support = seen.main.index(rules.contacts["support"].text)
    assert support < seen.main.index(rules.contacts["witness_care"].text)
    assert "ask for a review until" not in seen.main
    assert rules.contacts["officers_team"].text not in seen.main


def test_the_last_date_for_a_review_is_counted_from_the_day_of_being_told(world: World) -> None:
    case = seed_case(world.deps)
    entry = record_outcome(world, case, "not_in_public_interest_cps")
    world.clock.moment = world.clock.moment.replace(day=30)
    tell(world, case, entry)
    assert "until Sunday 28 February 2027" in world.victim(case).follow().main
    world.clock.moment = world.clock.moment.replace(year=2027, month=2, day=28)
    assert "until Sunday 28 February 2027" in world.victim(case).follow().main
    world.clock.forward(days=1)
    main = world.victim(case).follow().main
    assert "The time to ask for a review ended on Sunday 28 February 2027" in main


DECIDED = [row.key for row in load_rules().outcomes.values() if row.decided]


@pytest.mark.parametrize("outcome", DECIDED)
def test_every_decision_has_a_page_in_plain_words(world: World, outcome: str) -> None:
    row = world.deps.rules.outcomes[outcome]
    case = seed_case(world.deps, stage=row.stage, outcome=outcome, told=True)
    main = world.victim(case).follow().main
    assert row.explanation in main
    assert ("review until" in main) == (row.review != "none")
    assert "custody" not in main.lower()
    assert "prison" not in main.lower()


def test_after_a_decision_there_is_no_form_and_words_come_back(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    tell(world, case, record_outcome(world, case, "not_enough_evidence"))
    with world.watched() as calls:
        seen = victim.send("/case/message", {**form, "message": "Why <was> it stopped?"})
    assert calls.dynamodb <= 4
    assert calls.names["TransactWriteItems"] == 1
    assert seen.status == 409
    assert not seen.has_form("/case/message")
    typed = next(e for e in seen.tree.iter("textarea") if e.get("id") == "f-typed")
    assert typed.text == "Why <was> it stopped?"
    assert typed.get("readonly") is not None
    assert world.deps.rules.contacts["support"].text in seen.main
    assert not world.deps.threads.read(case.victim).threads


def test_a_form_stored_before_the_decision_is_confirmed_when_it_is_sent_again(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = {**victim.get("/case/message").fields("/case/message"), "message": "In time?"}
    assert victim.send("/case/message", form).location == "/case/message/1"
    tell(world, case, record_outcome(world, case, "not_enough_evidence"))
    assert victim.send("/case/message", form).location == "/case/message/1"


def test_the_question_form_opened_after_a_decision_shows_kept_words_and_whom_to_ask(
    world: World,
) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "half a thought", keep="yes")
    tell(world, case, record_outcome(world, case, "caution"))
    seen = victim.get("/case/message")
    assert seen.status == 200
    assert not seen.has_form("/case/message")
    assert "half a thought" in seen.main
    assert world.deps.rules.contacts["officers_team"].text in seen.main


def test_a_question_too_long_for_the_form_is_not_lost_after_a_decision(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    form = victim.get("/case/message").fields("/case/message")
    tell(world, case, record_outcome(world, case, "caution"))
    seen = victim.send("/case/message", {**form, "message": "x" * 5001})
    assert seen.status == 409
    assert "x" * 5001 in seen.body


def test_one_victim_is_told_and_the_other_still_reads_and_asks_as_before(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    told, untold = world.victim(case, "A"), world.victim(case, "B")
    before = page(untold, "/case")
    tell(world, case, record_outcome(world, case, "not_enough_evidence"), ["A"])
    assert "Not enough evidence" in told.get("/case").main
    assert page(untold, "/case") == before
    assert ask(untold, "And me?").status == 303

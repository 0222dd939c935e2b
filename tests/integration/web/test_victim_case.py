"""What a victim reads of their case, and what nobody may find there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Update
from chalicelib.rules import load_rules
from chalicelib.stores.tables import FileItem
from tests.builders import seed_case, seed_update
from tests.integration.web.victim_steps import answer, ask

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen


def _place(seen: Seen, *sentences: str) -> list[int]:
    places = [seen.main.index(sentence) for sentence in sentences]
    assert places == sorted(places), seen.main
    return places


def test_the_case_says_where_it_stands_what_comes_next_and_how_old_that_is(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    seen = victim.follow()
    assert seen.status == 200
    stage = world.deps.rules.stages["investigating"]
    _place(
        seen,
        "Your information",
        "What you can expect",
        stage.label,
        "Since Monday 2 November 2026",
        stage.meaning,
        stage.next_step,
        "you are here",
        "This page was last changed on Wednesday 18 November 2026.",
        "PC Example, number 0001",
    )


@pytest.mark.parametrize("stage", [s.key for s in load_rules().stages.values()])
def test_every_stage_has_a_place_on_a_short_ladder(world: World, stage: str) -> None:
    case = seed_case(world.deps, stage=stage, told=True)
    seen = world.victim(case).follow()
    ladder = next(e for e in seen.tree.iter("ol") if e.get("class") == "hub-ladder")
    steps = ["".join(step.itertext()) for step in ladder.iter("li")]
    here = [step for step in steps if "you are here" in step]
    assert len(steps) <= 5
    assert len(here) == 1
    assert world.deps.rules.stages[stage].label in here[0]


def test_before_a_decision_the_ladder_promises_no_court(world: World) -> None:
    seen = world.victim(seed_case(world.deps)).follow()
    ladder = next(e for e in seen.tree.iter("ol") if e.get("class") == "hub-ladder")
    assert "Court" not in "".join(ladder.itertext())


def test_a_page_of_a_case_needs_four_requests_and_one_transaction(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "When will I hear from you?")
    pages = ["/case", "/case?older=2", "/case/message", "/case/message/1", "/case/message/kept"]
    for path in [*pages, "/case/thread/1", "/case/code"]:
        with world.watched() as calls:
            assert victim.get(path).status == 200, path
        assert calls.dynamodb == 4, path
        assert calls.names["TransactWriteItems"] == 1, path
        assert calls.names["Scan"] == 0


def test_updates_stand_newest_first_with_their_dates(world: World) -> None:
    case = seed_case(world.deps)
    seed_update(world.deps, case, "An officer has asked for more evidence.")
    world.clock.forward(days=2)
    seed_update(world.deps, case, "The evidence has come.")
    seen = world.victim(case).follow()
    _place(
        seen,
        "Friday 20 November 2026",
        "The evidence has come.",
        "Wednesday 18 November 2026 An officer has asked for more evidence.",
    )
    assert "last changed on Friday 20 November 2026" in seen.main


def test_what_is_owed_stands_with_its_date_and_what_was_kept_is_folded(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "First?")
    answer(world, case.victim, 1, "Yes.")
    ask(victim, "Second?")
    seen = victim.get("/case")
    assert (
        "An answer to your question of Wednesday 18 November 2026, by Wednesday 25 November 2026"
        in seen.main
    )
    folds = [" ".join("".join(fold.itertext()).split()) for fold in seen.tree.iter("details")]
    assert folds[1:] == [
        (
            "Kept so far (1) An answer to your question of Wednesday 18 November 2026: due by "
            "Wednesday 25 November 2026, given on Wednesday 18 November 2026, here"
        )
    ]


def test_a_late_promise_stands_before_everything_else_with_an_apology(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "When will I hear from you?")
    world.clock.forward(days=8)
    seen = world.victim(case).follow()
    _place(
        seen,
        "Your information We are late. You should have had an answer to your question of "
        "Wednesday 18 November 2026 by Wednesday 25 November 2026. We are sorry.",
        world.deps.rules.stages["investigating"].label,
    )


def test_a_promise_is_not_late_on_its_last_day(world: World) -> None:
    case = seed_case(world.deps)
    ask(world.victim(case), "When will I hear from you?")
    world.clock.forward(days=7)
    assert "We are late" not in world.victim(case).follow().main


def test_questions_show_when_they_were_asked_seen_and_answered(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    ask(victim, "When will I hear from you?")
    before = victim.get("/case").main
    assert "Your question of Wednesday 18 November 2026 at 9:30am" in before
    assert "Not yet seen by the officer Answer due by Wednesday 25 November 2026" in before
    answer(world, case.victim, 1, "Soon.")
    after = world.victim(case).follow().main
    assert "Seen by the officer on Wednesday 18 November 2026 at 9:30am" in after
    assert "Answered on Wednesday 18 November 2026 at 9:40am" in after


def test_older_questions_are_read_by_key_and_nothing_stands_twice(world: World) -> None:
    case = seed_case(world.deps)
    victim = world.victim(case)
    for number in range(1, 24):
        ask(victim, f"Question number {number:02}")
    newest = victim.get("/case")
    assert "Question number 23" in newest.main
    assert "Question number 04" in newest.main
    assert "Question number 03" not in newest.main
    older_link = next(a.get("href") for a in newest.tree.iter("a") if a.get("rel") == "next")
    assert older_link == "/case?older=4"
    older = victim.get(older_link)
    assert [f"Question number {n:02}" in older.main for n in (4, 3, 2, 1)] == [False, *[True] * 3]
    assert not [a for a in older.tree.iter("a") if a.get("rel") == "next"]


@pytest.mark.parametrize("older", ["", "0", "-1", "x", "07", "١", "99999", "1e3", "2%200"])
def test_an_older_page_that_cannot_be_is_not_found(world: World, older: str) -> None:
    victim = world.victim(seed_case(world.deps))
    assert victim.get(f"/case?older={older}").status == 404


def test_safe_mode_says_not_to_wait_on_every_page_and_no_page_names_the_crime(
    world: World,
) -> None:
    line = world.deps.rules.force.safe_mode_line
    for crime_type, flags in [("burglary", ["domestic_abuse"]), ("no such type", [])]:
        case = seed_case(world.deps, crime_type=crime_type, flags=flags)
        victim = world.victim(case)
        ask(victim, "Is it safe?")
        for path in (
            "/case",
            "/case?older=2",
            "/case/message",
            "/case/message/1",
            "/case/message/kept",
            "/case/thread/1",
            "/case/code",
        ):
            seen = victim.get(path)
            assert line in seen.main, path
            assert "urglary" not in seen.body, path
            assert "abuse" not in seen.body.lower(), path


def test_a_case_without_safe_mode_does_not_carry_its_line(world: World) -> None:
    seen = world.victim(seed_case(world.deps)).follow()
    assert world.deps.rules.force.safe_mode_line not in seen.main
    assert "urglary" not in seen.body


def test_victims_of_one_case_see_nothing_of_each_other(world: World) -> None:
    case = seed_case(world.deps, victims=("A", "B"))
    first, second = world.victim(case, "A"), world.victim(case, "B")
    ask(first, "What did the neighbour say?")
    seed_update(world.deps, case, "For you alone.", "A")
    answer(world, case.victims["A"], 1, "Nothing yet.")
    with world.watched() as calls:
        seen = second.get("/case")
    for secret in ("neighbour", "For you alone", "Nothing yet", "Kept so far"):
        assert secret not in seen.body
    assert case.victims["A"] not in calls.text()
    for path in ("/case/thread/1", "/case/message/1"):
        with world.watched() as calls:
            assert second.get(path).status == 404
        assert case.victims["A"] not in calls.text()


def test_the_page_says_when_it_will_close(world: World) -> None:
    victim = world.victim(seed_case(world.deps))
    seen = victim.follow()
    body = next(seen.tree.iter("body"))
    assert body.get("data-session-ends-in") == "900"
    assert body.get("data-private") is not None
    world.clock.forward(minutes=14)
    victim.get("/case")
    for _ in range(8):
        world.clock.forward(minutes=12)
        seen = victim.get("/case")
    # 110 minutes after the start: two hours in all end it before the next 15 do.
    assert next(seen.tree.iter("body")).get("data-session-ends-in") == "600"


def test_the_next_date_at_court_is_shown_only_after_charge_and_while_it_lies_ahead(
    world: World,
) -> None:
    case = seed_case(world.deps, stage="court", outcome="awaiting_court", told=True)
    file = FileItem.get(case.key, "case#file")
    file.update(
        [FileItem.court.set("Example Court"), FileItem.next_hearing_on.set("2026-12-01")],
        FileItem.pk.exists(),
    )
    assert "Tuesday 1 December 2026, Example Court" in world.victim(case).follow().main
    world.clock.moment = world.clock.moment.replace(month=12, day=2)
    assert "Example Court" not in world.victim(case).follow().main


def test_an_update_for_a_day_long_past_keeps_its_own_date(world: World) -> None:
    case = seed_case(world.deps, reported_on=date(2020, 2, 29))
    posted = world.clock.moment.replace(year=2020, month=3, day=29, hour=0)
    update = Update("old", "Long ago.", posted, frozenset({case.victim}))
    world.deps.ledger.write([world.deps.cases.new_update(case.key, update)])
    main = world.victim(case).follow().main
    assert "Sunday 29 March 2020 Long ago." in main
    assert "Since Saturday 29 February 2020" in main

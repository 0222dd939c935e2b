"""The desk's pages for whom nobody reached: a try in two presses, and the supervisor's release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.safety import HERE, Safety
from chalicelib.services.record_event import EventNews
from tests.integration.services.following import in_rhythm, record
from tests.integration.services.staff_steps import case_of, file_of
from tests.integration.web.victim_steps import record_outcome

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor


def _untold(world: World) -> tuple[SeededCase, str]:
    case = in_rhythm(world)
    return case, record_outcome(world, case, "no_suspect_found").id


def _released(world: World) -> tuple[SeededCase, str]:
    case = in_rhythm(world)
    today = world.deps.today()
    return case, record(world, case, EventNews("released_no_charge", today, {case.victim: None}))


def _tries(desk: Visitor, case: SeededCase, news: str) -> Seen:
    return desk.get(f"/cases/{case.key}/tries?victim={case.victim}&news={news}")


def _send(desk: Visitor, case: SeededCase, **fields: str) -> Seen:
    return desk.post(f"/cases/{case.key}/tries", **fields)


def test_a_try_is_two_presses_choose_how_and_note_it(world: World) -> None:
    case, news = _untold(world)
    desk = world.desk()
    desk.get(f"/cases/{case.key}")
    assert _tries(desk, case, news).status == 200
    assert _send(desk, case, how="phone").status == 303
    main = desk.follow().main
    assert "Noted." in main
    assert (
        "Tried once so far, last Wednesday 18 November 2026 at 9:32am, by phone, by PC Example."
        in main
    )
    (attempt,) = file_of(world, case).reached(news).tries
    assert (attempt.at, attempt.how) == (world.clock(), "phone")


def test_the_form_of_telling_shows_the_tries_so_far(world: World) -> None:
    case, news = _untold(world)
    desk = world.desk()
    _tries(desk, case, news)
    _send(desk, case, how="video")
    page = desk.get(f"/cases/{case.key}/told?victim={case.victim}&entry={news}")
    assert "Tries so far (1)" in page.main
    assert "in a video call, by PC Example" in page.main
    assert "Wants to hear hard news from a person." in page.main


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("how", "", "Say how you tried to reach them."),
        ("on", "", "Write the day like"),
        ("on", "tomorrow", "has not come yet."),
        ("on", "2026-11-17", "is before the day on which it was recorded"),
        ("at", "", "Write the time like 14:30."),
        ("at", "noon", "Write the time like 14:30."),
        ("at", "24:10", "Write the time like 14:30."),
        ("at", "9:31", "The news was recorded at 09:32. Write that time or a later."),
        ("at", "9.59", "That time has not come yet."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_stays_typed(
    world: World, field: str, value: str, words: str
) -> None:
    case, news = _untold(world)
    desk = world.desk()
    _tries(desk, case, news)
    page = _send(desk, case, **{"how": "phone", field: value})
    assert page.status == 400
    assert words in page.main
    typed = page.fields(f"/cases/{case.key}/tries")
    expected = {"how": "phone", "on": "today", "at": "09:32", field: value}
    # An empty day or time is offered again as now.
    assert all(typed.get(name, "") == text for name, text in expected.items() if text)
    assert not file_of(world, case).reaching


def test_a_first_try_stands_in_the_list_and_leads_to_its_form(world: World) -> None:
    case, news = _released(world)
    desk = world.desk()
    main = desk.get(f"/cases/{case.key}").main
    assert "Try to reach them today, before they hear it from somebody else" in main
    assert "Note a try" in main
    assert _tries(desk, case, news).status == 200
    assert _send(desk, case, how="in_person").status == 303
    after = desk.follow().main
    assert "Note a try" not in after
    assert "kept by a first try to reach them on Wednesday 18 November 2026" in after


def test_of_news_that_is_told_there_is_nothing_to_try(world: World) -> None:
    case, news = _untold(world)
    desk = world.desk()
    _tries(desk, case, news)
    entry = case_of(world, case).current
    told = Told(world.deps.today(), "by phone")
    world.deps.ledger.write([world.deps.cases.told(case.key, entry, case.victim, told)])
    sent = _send(desk, case, how="phone")
    assert sent.location == f"/cases/{case.key}?done=first"
    assert _tries(desk, case, news).location == f"/cases/{case.key}?done=first"
    assert "Somebody was first" in desk.follow().main
    assert not file_of(world, case).reaching


def _release(desk: Visitor, case: SeededCase, news: str) -> Seen:
    return desk.get(f"/cases/{case.key}/release?victim={case.victim}&news={news}")


def test_a_supervisor_reads_what_the_page_will_say_and_gives_a_reason(world: World) -> None:
    case, news = _released(world)
    desk = world.desk("sergeant", role="supervisor")
    assert f"/cases/{case.key}/release" in _tries(desk, case, news).body
    page = _release(desk, case, news)
    words = world.deps.rules.code_limits["released_no_charge"].here
    assert words in page.main
    empty = desk.post(f"/cases/{case.key}/release", why=" ")
    assert (empty.status, case_of(world, case).updates) == (400, ())
    assert "Say why their page tells it now. The reason is kept." in empty.main
    long = desk.post(f"/cases/{case.key}/release", why="x" * 5001)
    assert long.status == 400
    assert long.fields(f"/cases/{case.key}/release")["why"] == "x" * 5001
    assert desk.post(f"/cases/{case.key}/release", why="They may be in danger.").status == 303
    main = desk.follow().main
    assert "Recorded: their page tells it now." in main
    assert "on their page, released by a supervisor" in main
    assert words in world.victim(case).follow().main


def test_what_was_not_tried_enough_cannot_be_released(world: World) -> None:
    case, news = _untold(world)
    desk = world.desk("sergeant", role="supervisor")
    assert f"/cases/{case.key}/release" not in _tries(desk, case, news).body
    page = _release(desk, case, news)
    assert not page.has_form(f"/cases/{case.key}/release")
    assert "That needs 3 tries on 2 days." in page.main
    sent = desk.post(f"/cases/{case.key}/release", victim=case.victim, news=news, why="Now.")
    assert sent.status in {403, 409}
    assert not case_of(world, case).current.told


def test_releasing_asks_for_a_fresh_sign_in_first(world: World) -> None:
    case, news = _released(world)
    desk = world.desk("sergeant", role="supervisor", fresh=False)
    assert _release(desk, case, news).location.startswith("/sign-in?fresh=1&next=")


def test_the_forms_say_how_each_victim_wants_to_hear_it(world: World) -> None:
    case = in_rhythm(world, victims=("A", "B"))
    chosen = world.deps.threads.keep_safety(case.victims["A"], Safety(hears=HERE))
    world.deps.ledger.write([chosen])
    desk = world.desk()
    for form in ("outcome", "event"):
        main = desk.get(f"/cases/{case.key}/{form}").main
        assert main.count("Chose to read hard news on their page at once.") == 1
        assert main.count("Wants to hear hard news from a person.") == 1

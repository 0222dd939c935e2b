"""Outcomes at the desk: how and when was the victim told comes first, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import seed_case
from tests.integration.services.staff_steps import case_of, file_of

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

NFA = "outcome:no_suspect_found"


def _form(world: World, case: SeededCase, desk: Visitor | None = None) -> Visitor:
    desk = desk or world.desk()
    assert desk.get(f"/cases/{case.key}/outcome").status == 200
    return desk


def _record(desk: Visitor, case: SeededCase, **fields: Any) -> Seen:
    whole = {"news": NFA, "since": "2026-11-18", f"how_{case.victim}": "not_yet", **fields}
    return desk.post(f"/cases/{case.key}/outcome", **whole)


def _told(case: SeededCase, label: str = "V1", how: str = "phone", on: str = "today") -> Any:
    victim = case.victims[label]
    return {f"how_{victim}": how, f"on_{victim}": on}


def test_the_form_asks_how_and_when_before_it_asks_what(world: World) -> None:
    page = _form(world, seed_case(world.deps)).seen
    assert page is not None
    asks = page.main.index("How and when was the victim told?")
    assert asks < page.main.index("What happened?")


def test_a_stale_sign_in_is_renewed_before_the_form_opens(world: World) -> None:
    case = seed_case(world.deps)
    desk = world.desk(fresh=False)
    for form in ("outcome", "told", "codes/new"):
        answer = desk.get(f"/cases/{case.key}/{form}")
        assert answer.status == 303
        assert answer.location == f"/sign-in?fresh=1&next=/cases/{case.key}/{form}"


def test_a_told_outcome_is_on_the_victims_page_and_the_form_is_closed(world: World) -> None:
    case = seed_case(world.deps)
    desk = _form(world, case)
    world.clock.forward(minutes=1)
    assert _record(desk, case, **_told(case)).status == 303
    assert "told by phone on Wednesday 18 November 2026" in desk.follow().main
    victim = world.victim(case)
    assert "No further action" in victim.get("/case").main
    assert not victim.get("/case/message").has_form("/case/message")


def test_an_outcome_not_yet_told_waits_and_stands_out(world: World) -> None:
    case = seed_case(world.deps)
    desk = _form(world, case)
    world.clock.forward(minutes=1)
    assert _record(desk, case).status == 303
    page = desk.follow()
    assert "Not told yet: Victim V1" in page.main
    assert "Wednesday 25 November 2026" in page.main
    assert "No further action" not in world.victim(case).get("/case").main


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("news", "", "Choose what happened."),
        ("news", "outcome:unable_to_prosecute", "Choose what happened."),
        ("news", "stage:investigating", "Choose what happened."),
        ("news", "nonsense", "Choose what happened."),
        ("since", "", "write the day like"),
        ("since", "31/02/2026", "write the day like"),
        ("since", "2026-11-19", "has not come yet"),
        ("since", "2026-11-01", "is before the report"),
        ("how", "", "say how they were told, or choose Not yet."),
        ("on", "", "write the day like"),
        ("on", "19.11.2026", "has not come yet"),
        ("on", "17/11/2026", "is before the day of the news"),
        ("text", "x" * 5001, "1 character too long"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(
    world: World, field: str, value: str, words: str
) -> None:
    case = seed_case(world.deps)
    name = f"{field}_{case.victim}" if field in ("how", "on") else field
    fields = {**_told(case), "text": "My words.", "to": case.victim, name: value}
    page = _record(_form(world, case), case, **fields)
    assert page.status == 400
    assert words in page.main
    kept = page.fields(f"/cases/{case.key}/outcome")
    assert (kept["text"], kept["to"]) == (fields["text"], case.victim)
    assert len(case_of(world, case).entries) == 1


@pytest.mark.parametrize(
    "since", ["18/11/2026", "18.11.2026", "18-11-2026", " Today ", "2026-11-18"]
)
def test_a_day_may_be_written_as_people_write_it(world: World, since: str) -> None:
    case = seed_case(world.deps)
    desk = _form(world, case)
    world.clock.forward(minutes=1)
    assert _record(desk, case, since=since).status == 303
    assert case_of(world, case).current.since.isoformat() == "2026-11-18"


def test_words_without_a_reader_are_kept_and_asked_about(world: World) -> None:
    case = seed_case(world.deps)
    page = _record(_form(world, case), case, text="For whom?")
    assert page.status == 400
    assert "Choose who reads your words." in page.main


def test_in_a_case_of_opposed_victims_words_are_refused(world: World) -> None:
    case = seed_case(world.deps, flags=["opposed_victims"])
    desk = _form(world, case)
    assert desk.seen is not None
    assert "text" not in desk.seen.fields(f"/cases/{case.key}/outcome")
    assert _record(desk, case, text="Smuggled.", to=case.victim).status == 400


def test_of_two_officers_at_once_one_wins_and_the_other_sees_both_and_decides_again(
    world: World,
) -> None:
    case = seed_case(world.deps)
    first, second = _form(world, case), _form(world, case, world.desk("pc-second"))
    world.clock.forward(minutes=1)
    words = {"text": "From the first.", "to": case.victim}
    assert _record(first, case, **_told(case), **words).status == 303
    page = _record(second, case, news="outcome:charged", text="Mine.", to=case.victim)
    assert page.status == 409
    assert "No suspect found" in page.main
    assert "From the first." in page.main
    kept = page.fields(f"/cases/{case.key}/outcome")
    assert (kept["news"], kept["text"]) == ("outcome:charged", "Mine.")
    world.clock.forward(minutes=1)
    assert second.post(f"/cases/{case.key}/outcome").status == 303
    assert case_of(world, case).current.outcome == "charged"


def test_the_same_outcome_sent_twice_is_recorded_once_and_acknowledged_twice(world: World) -> None:
    case = seed_case(world.deps)
    desk, path = _form(world, case), f"/cases/{case.key}/outcome"
    assert desk.seen is not None
    fields = {**desk.seen.fields(path), "news": NFA, "since": "today", **_told(case)}
    world.clock.forward(minutes=1)
    assert [desk.send(path, fields).status for _ in range(2)] == [303, 303]
    assert len(case_of(world, case).entries) == 2


def test_bad_news_that_is_no_outcome_is_recorded_with_the_same_form(world: World) -> None:
    case = seed_case(world.deps)
    desk = _form(world, case)
    world.clock.forward(minutes=1)
    assert _record(desk, case, news="stage:released_bail", **_told(case)).status == 303
    victim = world.victim(case)
    assert "Released on bail" in victim.get("/case").main
    assert victim.get("/case/message").has_form("/case/message")


# --- telling later


def _untold(world: World, *victims: str) -> tuple[SeededCase, Visitor]:
    case = seed_case(world.deps, victims=victims or ("V1",))
    desk = _form(world, case)
    world.clock.forward(minutes=1)
    waiting = {f"how_{victim}": "not_yet" for victim in case.victims.values()}
    assert _record(desk, case, **waiting).status == 303
    return case, desk


def test_telling_later_is_recorded_from_the_case_page(world: World) -> None:
    case, desk = _untold(world)
    page = desk.get(f"/cases/{case.key}/told?victim={case.victim}")
    assert "Only record what a person has told them." in page.main
    assert desk.post(f"/cases/{case.key}/told", **_told(case)).status == 303
    assert "Not told yet" not in desk.follow().main
    assert file_of(world, case).owed[0].kept_at == world.clock()
    assert "No further action" in world.victim(case).get("/case").main


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (("", "today"), "say how they were told."),
        (("not_yet", "today"), "say how they were told."),
        (("phone", ""), "write the day like"),
        (("phone", "17/11/2026"), "is before the day of the news"),
    ],
)
def test_a_telling_that_is_not_whole_is_asked_for_again(
    world: World, fields: tuple[str, str], words: str
) -> None:
    case, desk = _untold(world)
    desk.get(f"/cases/{case.key}/told?victim={case.victim}")
    page = desk.post(f"/cases/{case.key}/told", **_told(case, "V1", *fields))
    assert page.status == 400
    assert words in page.main


def test_where_several_wait_the_page_asks_whose_telling_it_is(world: World) -> None:
    case, desk = _untold(world, "V1", "V2")
    assert "Who was told?" in desk.get(f"/cases/{case.key}/told").main
    desk.get(f"/cases/{case.key}/told?victim={case.victims['V2']}")
    assert desk.post(f"/cases/{case.key}/told", **_told(case, "V2")).status == 303
    page = desk.follow()
    assert "Not told yet: Victim V1" in page.main
    assert "Not told yet: Victim V2" not in page.main


def _released_then_charged(world: World) -> tuple[SeededCase, Visitor]:
    """Return a case with two pieces of news of which the victim was not told."""
    case = seed_case(world.deps)
    desk = world.desk()
    for news in ("stage:released_bail", "outcome:charged"):
        _form(world, case, desk)
        world.clock.forward(minutes=1)
        assert _record(desk, case, news=news).status == 303
    return case, desk


def test_a_release_that_nobody_told_stands_on_the_case_page_beside_the_charge(
    world: World,
) -> None:
    _case, desk = _released_then_charged(world)
    main = desk.follow().main
    assert main.count("Not told yet: Victim V1") == 2
    for news in ("Released on bail", "Someone has been charged"):
        assert f"{news}. Until a person has told them" in main
        assert f"Tell them: {news}, Victim V1" in main
    assert main.count("Victim V1: not told yet") == 2
    assert "never told" not in main


def test_each_piece_of_news_has_its_own_telling(world: World) -> None:
    case, desk = _released_then_charged(world)
    release = case_of(world, case).entries[1].id
    path = f"/cases/{case.key}/told"
    choice = desk.get(f"{path}?victim={case.victim}").main
    assert "Victim V1: Released on bail" in choice
    assert "Victim V1: Someone has been charged" in choice
    form = desk.get(f"{path}?victim={case.victim}&entry={release}")
    assert "Released on bail, since" in form.main
    world.clock.forward(minutes=1)
    assert desk.post(path, **_told(case)).status == 303
    main = desk.follow().main
    assert main.count("Not told yet: Victim V1") == 1
    assert "Released on bail" in world.victim(case).get("/case").main


def test_a_telling_typed_for_news_that_was_told_meanwhile_does_not_go_to_other_news(
    world: World,
) -> None:
    case, first = _released_then_charged(world)
    second = world.desk("pc-second")
    path, release = f"/cases/{case.key}/told", case_of(world, case).entries[1].id
    for desk in (first, second):
        desk.get(f"{path}?victim={case.victim}&entry={release}")
    assert first.post(path, **_told(case, how="in_person")).status == 303
    page = second.post(path, **_told(case, how="phone"))
    assert page.status == 409
    assert not page.has_form(path)
    assert "Victim V1: Someone has been charged" in page.main


def test_a_fresh_sign_in_leads_back_to_the_telling_that_was_asked_for(world: World) -> None:
    case, _ = _released_then_charged(world)
    release = case_of(world, case).entries[1].id
    path = f"/cases/{case.key}/told?victim={case.victim}&entry={release}"
    answer = world.desk("pc-tired", fresh=False).get(path)
    assert answer.status == 303
    assert answer.location is not None
    query = parse_qs(urlsplit(answer.location).query)
    assert query["next"] == [path]


def test_two_officers_who_record_different_tellings_see_which_one_stands(world: World) -> None:
    case, first = _untold(world)
    second = world.desk("pc-second")
    path = f"/cases/{case.key}/told"
    for desk in (first, second):
        desk.get(f"{path}?victim={case.victim}")
    assert first.post(path, **_told(case, how="in_person")).status == 303
    page = second.post(path, **_told(case, how="phone"))
    assert page.status == 409
    assert "by phone on today" in page.main
    assert "told in person on" in page.main


def test_a_telling_of_nobody_or_of_no_news_does_not_exist(world: World) -> None:
    case, desk = _untold(world)
    desk.get(f"/cases/{case.key}/told?victim={case.victim}")
    for wrong in ({"victim": "nobody"}, {"entry": "none"}):
        desk.get(f"/cases/{case.key}/told?victim={case.victim}")
        assert desk.post(f"/cases/{case.key}/told", **_told(case), **wrong).status == 404


def test_when_all_are_told_the_page_says_so(world: World) -> None:
    case = seed_case(world.deps)
    assert "Everyone has been told" in world.desk().get(f"/cases/{case.key}/told").main

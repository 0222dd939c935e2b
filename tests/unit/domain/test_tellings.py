"""By when a person tells a victim of news, and what the news does to the victim's door."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.cases import (
    FROM_DESK,
    Case,
    CaseKey,
    Officer,
    OfficerId,
    StageEntry,
    TeamId,
    Victim,
    VictimKey,
)
from chalicelib.domain.messages import Door
from chalicelib.domain.promises import OUR_STANDARD, TELL
from chalicelib.domain.tellings import (
    THE_CODE,
    door_after,
    outcomes_to_record,
    stages_to_post,
    stages_to_record,
    telling_of,
    telling_working,
)
from chalicelib.rules import load_rules

RULES = load_rules()
CALENDAR = england_and_wales(time(9), time(17))
VICTIM = Victim(VictimKey("v"), "V1", enhanced_rights=False)
WEDNESDAY = date(2026, 11, 18)


def _case(crime_type: str = "burglary", *flags: str) -> Case:
    officer = Officer(OfficerId("pc"), "PC Example", "0001", TeamId("stafford"))
    return Case(
        key=CaseKey("c"),
        reference="12/345678/90",
        crime_type=crime_type,
        flags=frozenset(flags),
        reported_on=date(2026, 11, 2),
        officer=officer,
        entries=(),
        victims=(VICTIM,),
    )


def _news(stage: str, since: date = WEDNESDAY, recorded: date = WEDNESDAY) -> StageEntry:
    at = datetime.combine(recorded, time(9, 30), UTC)
    return StageEntry("e", stage, since, at, FROM_DESK)


def test_bad_news_is_told_within_five_working_days_of_the_news() -> None:
    due, working = telling_working(_news("released_bail"), VICTIM, _case(), CALENDAR, RULES)
    assert due == date(2026, 11, 25)
    assert (working.rule, working.working_days) == ("released_bail", 5)
    assert working.counted_from == WEDNESDAY


@pytest.mark.parametrize(
    ("victim", "case"),
    [
        (Victim(VictimKey("v"), "V1", enhanced_rights=True), _case()),
        (VICTIM, _case("rape")),
        (VICTIM, _case("burglary", "hate")),
        (VICTIM, _case("a type nobody knows")),
    ],
)
def test_who_has_enhanced_rights_is_told_within_one_working_day(victim: Victim, case: Case) -> None:
    due, _ = telling_working(_news("released_bail"), victim, case, CALENDAR, RULES)
    assert due == date(2026, 11, 19)


def test_a_limit_that_is_not_well_founded_is_our_standard_and_never_the_code() -> None:
    _, founded = telling_working(_news("released_bail"), VICTIM, _case(), CALENDAR, RULES)
    _, unfounded = telling_working(_news("charged"), VICTIM, _case(), CALENDAR, RULES)
    assert (founded.source, unfounded.source) == (THE_CODE, OUR_STANDARD)


def test_a_court_result_counts_from_the_day_on_which_it_was_received() -> None:
    news = _news("closed", since=date(2026, 11, 12), recorded=WEDNESDAY)
    due, working = telling_working(news, VICTIM, _case(), CALENDAR, RULES)
    assert (working.counted_from, due) == (WEDNESDAY, date(2026, 11, 19))


def test_a_stage_without_a_limit_is_told_by_our_reply_standard() -> None:
    due, working = telling_working(_news("with_cps"), VICTIM, _case(), CALENDAR, RULES)
    assert due == date(2026, 11, 25)
    assert (working.rule, working.source) == ("contact.reply", OUR_STANDARD)


def test_the_promise_to_tell_is_the_officers_and_names_the_news() -> None:
    news = _news("released_bail")
    promise = telling_of(news, VICTIM, _case(), identity="p", calendar=CALENDAR, rules=RULES)
    assert (promise.kind, promise.subject, promise.owner) == (TELL, "e", "pc")
    assert (promise.victim, promise.made_at, promise.kept_at) == ("v", news.recorded_at, None)


def test_a_decision_closes_the_door_and_opening_the_case_again_opens_it() -> None:
    case = _case()
    followed = Door(version=3, threads=2, team=case.officer.team, rhythm="every_10")
    closed = door_after(followed, WEDNESDAY, case, decided=True)
    assert closed == Door(version=3, threads=2, closed_on=WEDNESDAY, rhythm="every_10")
    assert door_after(closed, date(2026, 12, 1), case, decided=True) == closed
    assert door_after(closed, date(2026, 12, 1), case, decided=False) == followed
    assert door_after(Door(), WEDNESDAY, case, decided=False) == Door()


def test_every_stage_is_either_posted_or_recorded_and_never_both() -> None:
    posted = {stage.key for stage in stages_to_post(RULES)}
    recorded = {stage.key for stage in stages_to_record(RULES)}
    reached = {row.stage for row in outcomes_to_record(RULES)}
    assert posted | recorded | reached == set(RULES.stages)
    assert not posted & (recorded | reached)
    assert recorded == {"not_investigated", "released_bail", "released_rui", "court"}


def test_outcomes_stand_in_the_order_of_the_ladder() -> None:
    order = list(RULES.stages)
    places = [order.index(row.stage) for row in outcomes_to_record(RULES)]
    assert places == sorted(places)

"""Told first: until a person told it, no page differs by a byte from that of a hub without it.

The news is read from the rules, so that a new row is held to it as well (D10).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import FROM_DESK, StageEntry, Told, needs_telling
from chalicelib.domain.events import FROM_CHARGE, RECORDED_AS_EVENT
from chalicelib.domain.promises import TASK, TELL
from chalicelib.domain.tellings import FIRST_TRY
from chalicelib.rules import load_rules
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews
from chalicelib.services.record_outcome import News, record_telling
from chalicelib.services.watch import look_after
from tests.fakes import MORNING
from tests.integration.services.following import owed
from tests.integration.services.staff_steps import case_of, file_of, staff
from tests.integration.web.told_first_world import PAGES, Twin, twin

if TYPE_CHECKING:
    from tests.integration.web.told_first_world import Looked

RULES = load_rules()
# Its own event is made where the decision about a measure is recorded (see test_hidden_news.py).
EVENTS = [
    row.key
    for row in RULES.code_limits.values()
    if row.recorded_as == RECORDED_AS_EVENT and not row.shown
]


def _is_told_first(stage: str, outcome: str | None) -> bool:
    at = MORNING
    return needs_telling(StageEntry("e", stage, at.date(), at, FROM_DESK, outcome=outcome), RULES)


LADDER = [
    *((stage, None) for stage in RULES.stages if _is_told_first(stage, None)),
    *(
        (row.stage, row.key)
        for row in RULES.outcomes.values()
        if _is_told_first(row.stage, row.key)
    ),
]


def _is_charged_before(stage: str) -> bool:
    return RULES.stages[stage].from_charge and stage != "charged"


def _days_pass(one: Twin, subject: str = "") -> list[Looked]:
    """Return how the pages look now, then on the next days, perhaps with tries to reach them."""
    looks = [one.look()]
    for hours in (1, 23, 24):
        one.world.clock.forward(hours=hours)
        if subject:
            one.tries(subject)
    return [*looks, one.look()]


@cache
def _without_news(*, charged: bool) -> list[Looked]:
    return _days_pass(twin(charged=charged))


def _differs(found: list[Looked], *, charged: bool) -> list[tuple[int, str]]:
    """Return which pages differ from those of a hub without the news, and at which look."""
    pairs = enumerate(zip(found, _without_news(charged=charged), strict=True))
    return [
        (number, path)
        for number, (with_news, without) in pairs
        for path in with_news
        if with_news[path] != without[path]
    ]


@pytest.mark.parametrize(("stage", "outcome"), LADDER)
def test_news_of_the_ladder_leaves_no_trace_until_a_person_told_it(
    stage: str, outcome: str | None
) -> None:
    charged = _is_charged_before(stage)
    one = twin(charged=charged)
    entry = one.records(News(stage, one.world.deps.today(), outcome))
    assert entry in [promise.subject for promise in owed(one.world, one.case, TELL)]
    assert _differs(_days_pass(one, entry), charged=charged) == []
    assert len(file_of(one.world, one.case).reached(entry).tries) == 3
    told = Told(one.world.deps.today(), "by phone")
    record_telling(
        one.world.deps, staff(one.world), one.case.key, one.case.victim, told, entry_id=entry
    )
    assert one.look()["/case"] != _without_news(charged=charged)[-1]["/case"]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_leaves_no_trace_until_a_person_told_it(event: str) -> None:
    charged = RULES.code_limits[event].when == FROM_CHARGE
    one = twin(charged=charged)
    made = one.records(EventNews(event, one.world.deps.today(), {one.case.victim: None}))
    assert _differs(_days_pass(one, made), charged=charged) == []
    (promise,) = [p for p in owed(one.world, one.case, TELL) if p.subject == made]
    told = Told(one.world.deps.today(), "by phone")
    record_contact(
        one.world.deps,
        staff(one.world),
        one.case.key,
        one.case.victim,
        told,
        promise_id=promise.id,
    )
    assert one.look()["/case"] != _without_news(charged=charged)[-1]["/case"]


# --- another victim reads it at once, and the mornings come


def _mornings(one: Twin, subject: str = "") -> list[Looked]:
    """Return how the pages look as days pass on which somebody tries and jobs are done."""
    looks = [one.look()]
    for hours in (1, 23, 24 * 6, 24 * 30):
        one.world.clock.forward(hours=hours)
        if subject:
            one.tries(subject)
        look_after(one.world.deps)
        looks.append(one.look())
    return looks


@cache
def _two_without_news(*, charged: bool, flag: str) -> list[Looked]:
    return _mornings(twin(charged=charged, victims=("V1", "V2"), flags=(flag,)))


@pytest.mark.parametrize("flag", ["sexual", "opposed_victims"])
@pytest.mark.parametrize(("stage", "outcome"), LADDER)
def test_what_another_victim_reads_at_once_leaves_no_trace_on_the_page_of_who_waits(
    stage: str, outcome: str | None, flag: str
) -> None:
    charged = _is_charged_before(stage)
    one = twin(charged=charged, victims=("V1", "V2"), flags=(flag,))
    entry = one.records(News(stage, one.world.deps.today(), outcome))
    told = case_of(one.world, one.case).current.told
    assert list(told) == [one.case.victims["V2"]]
    found, without = _mornings(one, entry), _two_without_news(charged=charged, flag=flag)
    for look, before in zip(found, without, strict=True):
        assert [path for path in look if look[path] != before[path]] == []
    (telling,) = [p for p in owed(one.world, one.case, TELL) if p.subject == entry]
    assert telling.is_late(one.world.deps.today())


# --- the same day


SAME_DAY = [row.key for row in RULES.code_limits.values() if row.same_day]


def test_release_and_bail_are_news_of_the_same_day() -> None:
    assert set(SAME_DAY) == {
        "released_no_charge", "released_bail", "released_rui", "bail_changed",
        "bail_hearing_outcome", "warrant_issued", "rearrest_hearing",
    }  # fmt: skip


@pytest.mark.parametrize("event", [key for key in SAME_DAY if key in EVENTS])
def test_a_first_try_that_is_owed_and_late_leaves_no_trace(event: str) -> None:
    charged = RULES.code_limits[event].when == FROM_CHARGE
    one = twin(charged=charged)
    one.records(EventNews(event, one.world.deps.today(), {one.case.victim: None}))
    assert _differs(_days_pass(one), charged=charged) == []
    (first,) = [p for p in owed(one.world, one.case, TASK) if p.event == FIRST_TRY]
    assert first.is_late(one.world.deps.today())


def test_the_looks_are_at_pages_with_something_to_show() -> None:
    looked = _without_news(charged=True)[0]
    assert {"/case", "/case/court", "/case/measures", "/case/needs", "/case/thread/1"} <= set(PAGES)
    for path in ("/case", "/case/court", "/case/message", "/case/thread/1", "/case/measures"):
        assert looked[path][0] == 200, path
        assert "Is there news?" in looked["/case"][2]

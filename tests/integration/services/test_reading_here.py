"""Very many victims read news here at once, and the job that releases it by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Told
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.errors import NotAllowedError, StoreUnavailableError
from chalicelib.domain.promises import LINE, TELL
from chalicelib.domain.safety import HERE, OFF, PERSON, PERSON_THEN_HERE, SafeModeOff, Safety
from chalicelib.domain.tellings import CHOSEN_HERE, LIMIT
from chalicelib.services.record_event import EventNews
from chalicelib.services.record_outcome import News, record_outcome
from chalicelib.services.release_news import release_due, release_news
from tests.builders import OFFICER
from tests.integration.services.court_steps import charged, dated
from tests.integration.services.following import OnceAsBefore, in_rhythm, owed, record
from tests.integration.services.measure_steps import plead
from tests.integration.services.staff_steps import case_of, file_of, staff

if TYPE_CHECKING:
    from chalicelib.domain.cases import CaseKey, VictimKey
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)  # a Wednesday
STOPPED, NFA = "court_case_stopped", "no_suspect_found"


def _labels(count: int) -> tuple[str, ...]:
    return tuple(f"V{number}" for number in range(count))


def _choose(world: World, case: SeededCase, hears: str, **chosen: Any) -> None:
    for key in case.victims.values():
        kept = world.deps.threads.keep_safety(key, Safety(hears=hears, **chosen))
        world.deps.ledger.write([kept])


def _agree_to_messages(world: World, case: SeededCase) -> None:
    contact = SafeContact(
        ways={"text": "07700 900123"},
        days=frozenset(range(7)),
        first=time(8),
        last=time(20),
        notify_by="text",
        confirmed_at=world.clock(),
        confirmed_by="victim",
    )
    for key in case.victims.values():
        world.deps.ledger.write([world.deps.threads.keep_contact(key, contact)])


def _records(world: World, case: SeededCase, outcome: str) -> None:
    world.clock.forward(minutes=1)
    stage = world.deps.rules.outcomes[outcome].stage
    news = News(stage, world.deps.today(), outcome)
    seen = case_of(world, case).version
    record_outcome(world.deps, staff(world), case.key, news, seen=seen, form_key="news")


def _told(world: World, case: SeededCase) -> list[Told | None]:
    told = case_of(world, case).current.told
    return [told.get(key) for key in case.victims.values()]


# --- many at once


@pytest.mark.parametrize("count", [8, 12])
def test_a_court_case_that_ends_is_read_here_by_as_many_as_fit_and_owed_to_the_rest(
    world: World, count: int
) -> None:
    labels = _labels(count)
    case = charged(world, crime_type="rape", officer=OFFICER, victims=labels)
    dated(world, case)
    plead(world, case, world.deps.today())
    _agree_to_messages(world, case)
    off = SafeModeOff(world.clock(), "PC Example", "They asked.", "rape", frozenset())
    _choose(world, case, HERE, wish=OFF, off=off)
    _records(world, case, STOPPED)
    for label, told in zip(labels, _told(world, case), strict=True):
        assert told in {None, Told(world.deps.today(), CHOSEN_HERE)}
        assert bool(told) != bool(owed(world, case, TELL, label))
        for_court = {p.line for p in owed(world, case, LINE, label)}
        assert ("meeting" in for_court) != bool(told)
        assert (file_of(world, case, label).notice is not None) == bool(told)
    assert sum(told is not None for told in _told(world, case)) >= 8


def test_an_event_is_read_here_by_as_many_as_fit_and_owed_to_the_rest(world: World) -> None:
    case = in_rhythm(world, victims=_labels(20))
    _agree_to_messages(world, case)
    _choose(world, case, HERE)
    by_phone = Told(TODAY, "by phone")
    victims: dict[VictimKey, Told | None] = dict.fromkeys(case.victims.values())
    victims |= dict.fromkeys(list(victims)[8:], by_phone)
    made = record(world, case, EventNews("suspect_arrested", TODAY, victims))
    (update,) = case_of(world, case).updates
    for label, key in case.victims.items():
        (telling,) = [p for p in file_of(world, case, label).owed if p.subject == made]
        assert (telling.kept_how == CHOSEN_HERE) == (key in update.to), label
        assert telling.is_open == (not victims[key] and key not in update.to), label
    assert len(update.to) >= 4


def test_whoever_took_updates_off_their_page_is_told_of_an_event_by_a_person(world: World) -> None:
    case = in_rhythm(world)
    _choose(world, case, HERE, hides_history=True)
    news = EventNews("released_no_charge", TODAY, dict.fromkeys(case.victims.values()))
    made = record(world, case, news)
    assert [p.subject for p in owed(world, case, TELL)] == [made]
    supervisor = staff(world, "sergeant", role="supervisor")
    with pytest.raises(NotAllowedError):
        release_news(world.deps, supervisor, case.key, case.victim, made, "Their safety.")
    world.clock.forward(days=30)
    release_due(world.deps)
    assert [p.subject for p in owed(world, case, TELL)] == [made]
    assert not case_of(world, case).updates


def test_updates_taken_off_the_page_this_very_moment_are_told_by_a_person(world: World) -> None:
    case = in_rhythm(world)
    news = EventNews("released_no_charge", TODAY, dict.fromkeys(case.victims.values()))
    made, before = record(world, case, news), file_of(world, case)
    _choose(world, case, PERSON, hides_history=True)
    supervisor = staff(world, "sergeant", role="supervisor")
    # What was released already is looked for first, then what is to be written.
    threads = OnceAsBefore(OnceAsBefore(world.deps.threads, before), before)
    late: Any = replace(world.deps, threads=threads)
    with pytest.raises(NotAllowedError):
        release_news(late, supervisor, case.key, case.victim, made, "Their safety.")


# --- by itself, in the morning


class CasesWithoutOne:
    """Cases of which one cannot be read."""

    def __init__(self, store: Any, silent: CaseKey) -> None:
        self._store, self._silent = store, silent

    def read(self, key: CaseKey) -> Any:
        """Return the case, or no answer."""
        if key == self._silent:
            raise StoreUnavailableError
        return self._store.read(key)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_a_case_that_cannot_be_read_keeps_no_other_from_being_released(world: World) -> None:
    cases = [in_rhythm(world) for _ in range(3)]
    for case in cases:
        _choose(world, case, PERSON_THEN_HERE)
        _records(world, case, NFA)
    world.clock.forward(days=30)
    silent, *others = cases
    deps = replace(world.deps, cases=CasesWithoutOne(world.deps.cases, silent.key))
    with pytest.raises(StoreUnavailableError):
        release_due(deps)
    today = Told(world.deps.today(), LIMIT)
    assert [_told(world, case) for case in others] == [[today]] * 2
    assert _told(world, silent) == [None]
    release_due(world.deps)
    assert _told(world, silent) == [today]


def test_whoever_chose_here_once_their_news_waited_reads_it_when_its_day_has_passed(
    world: World,
) -> None:
    case = in_rhythm(world)
    _records(world, case, NFA)
    _choose(world, case, HERE)
    assert _told(world, case) == [None]
    world.clock.forward(days=30)
    release_due(world.deps)
    assert _told(world, case) == [Told(world.deps.today(), LIMIT)]

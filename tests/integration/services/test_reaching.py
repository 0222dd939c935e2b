"""Nobody could reach them: tries, the first on the same day, and what lets the page tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Told, needs_telling
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.errors import (
    FreshSignInNeededError,
    NotAllowedError,
    NotFoundError,
    StaleError,
)
from chalicelib.domain.notices import to_victim
from chalicelib.domain.promises import REVIEW, TASK, TELL, UPDATE
from chalicelib.domain.reaching import Try
from chalicelib.domain.safety import HERE, PERSON, PERSON_THEN_HERE, Safety
from chalicelib.domain.tellings import CHOSEN_HERE, FIRST_TRY, LIMIT, RELEASED
from chalicelib.services.keep_measures import StepGiven, keep_step
from chalicelib.services.keep_task import drop_task
from chalicelib.services.leave_case import record_left
from chalicelib.services.reach_victim import note_try
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.services.release_news import AS_CHOSEN, release_due, release_news
from tests.builders import OFFICER
from tests.integration.services.court_steps import charged
from tests.integration.services.following import in_rhythm, owed, record
from tests.integration.services.staff_steps import audit_of, case_of, file_of, staff

if TYPE_CHECKING:
    from chalicelib.domain.cases import VictimKey
    from chalicelib.domain.promises import Promise
    from chalicelib.services.ports import VictimFile
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)  # a Wednesday
BY_PHONE = Told(TODAY, "by phone")
NFA = News("no_further_action", TODAY, "no_suspect_found")
BAIL = News("released_bail", TODAY)
WHY = "Their safety needs it."


def _recorded(world: World, case: SeededCase, news: News = NFA, form: str = "news") -> str:
    world.clock.forward(minutes=1)
    seen = case_of(world, case).version
    record_outcome(world.deps, staff(world), case.key, news, seen=seen, form_key=form)
    return case_of(world, case).current.id


def _event(world: World, case: SeededCase, key: str = "released_no_charge") -> str:
    return record(world, case, EventNews(key, TODAY, dict.fromkeys(case.victims.values())))


def _tried(world: World, case: SeededCase, news: str, how: str = "phone") -> Try:
    attempt = Try(world.clock(), how, "PC Example")
    note_try(world.deps, staff(world), case.key, case.victim, news, attempt)
    return attempt


def _tried_enough(world: World, case: SeededCase, news: str) -> None:
    for _ in range(3):
        world.clock.forward(hours=12)
        _tried(world, case, news)


def _release(world: World, case: SeededCase, news: str, why: str = WHY, **options: str) -> None:
    session = staff(world, "sergeant", **{"role": "supervisor", **options})
    release_news(world.deps, session, case.key, case.victim, news, why)


def _chooses(world: World, case: SeededCase, hears: str, label: str | None = None) -> None:
    key = case.victims[label] if label else case.victim
    kept = world.deps.threads.keep_safety(key, Safety(hears=hears))
    world.deps.ledger.write([kept])


def _agrees_to_messages(world: World, case: SeededCase) -> None:
    contact = SafeContact(
        ways={"text": "07700 900123"},
        days=frozenset(range(7)),
        first=world.clock().time().replace(hour=8),
        last=world.clock().time().replace(hour=20),
        notify_by="text",
        confirmed_at=world.clock(),
        confirmed_by="victim",
    )
    world.deps.ledger.write([world.deps.threads.keep_contact(case.victim, contact)])


class OnceAsBeforeOf:
    """A store of threads that reads one victim once as they stood a moment ago."""

    def __init__(self, store: Any, before: VictimFile, victim: VictimKey) -> None:
        self._store, self._before, self._victim = store, before, victim
        self.was_asked = False

    def read(self, victim: VictimKey, **options: Any) -> VictimFile:
        """Return the old file the first time."""
        if victim == self._victim and not self.was_asked:
            self.was_asked = True
            return self._before
        found: VictimFile = self._store.read(victim, **options)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def _lines(case: SeededCase) -> list[tuple[str, str]]:
    """Return who let the page tell news, and why."""
    what = "released news to a victim's page"
    return [(line.who, line.why) for line in audit_of(case) if line.what == what]


def _first_tries(world: World, case: SeededCase) -> list[Promise]:
    return [p for p in file_of(world, case).owed if p.kind == TASK and p.event == FIRST_TRY]


def _told(world: World, case: SeededCase, label: str | None = None) -> Told | None:
    key = case.victims[label] if label else case.victim
    return case_of(world, case).current.told.get(key)


def _tellings(world: World, case: SeededCase, news: str) -> list[Promise]:
    return [p for p in file_of(world, case).owed if p.kind == TELL and p.subject == news]


# --- tries


def test_a_try_is_kept_with_when_how_and_who_and_stands_in_the_audit(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case)
    attempt = _tried(world, case, news)
    assert file_of(world, case).reached(news).tries == (attempt,)
    assert "noted a try to reach a victim" in [line.what for line in audit_of(case)]
    assert _tellings(world, case, news)[0].is_open
    assert _told(world, case) is None


def test_a_try_sent_twice_is_one_try_and_another_is_another(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case)
    first = _tried(world, case, news)
    note_try(world.deps, staff(world), case.key, case.victim, news, first)
    assert len(file_of(world, case).reached(news).tries) == 1
    _tried(world, case, news, "in_person")
    assert len(file_of(world, case).reached(news).tries) == 2


@pytest.mark.parametrize(("minutes", "how"), [(1, "phone"), (-2, "phone"), (0, "smoke signal")])
def test_a_try_that_cannot_have_been_is_refused(world: World, minutes: int, how: str) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case)
    attempt = Try(world.clock() + timedelta(minutes=minutes), how, "PC Example")
    with pytest.raises(NotAllowedError):
        note_try(world.deps, staff(world), case.key, case.victim, news, attempt)
    assert not file_of(world, case).reaching


def test_nobody_tries_to_tell_what_is_told_or_what_a_page_may_tell(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case)
    record_telling(world.deps, staff(world), case.key, case.victim, BY_PHONE, entry_id=news)
    harmless = _event(world, case, "support_referral")
    for subject in (news, harmless, "none"):
        with pytest.raises(StaleError):
            _tried(world, case, subject)
    with pytest.raises(NotFoundError):
        note_try(
            world.deps,
            staff(world),
            case.key,
            case.key,  # type: ignore[arg-type]  # no victim has the key of a case
            news,
            Try(world.clock(), "phone", "PC Example"),
        )


# --- the first try of a release


def test_a_release_owes_a_first_try_today_and_a_decision_does_not(world: World) -> None:
    case = in_rhythm(world)
    world.clock.forward(days=3)  # A Saturday: somebody in danger does not wait for Monday.
    news = _recorded(world, case, BAIL)
    (first,) = _first_tries(world, case)
    assert (first.subject, first.due_on, first.owner) == (news, date(2026, 11, 21), OFFICER.id)
    assert first.working.source == "our standard"
    _recorded(world, case, NFA, "other")
    assert len(_first_tries(world, case)) == 1


def test_a_try_keeps_the_first_try_and_not_the_telling(world: World) -> None:
    case = in_rhythm(world)
    news = _event(world, case)
    world.clock.forward(minutes=5)
    attempt = _tried(world, case, news)
    (first,) = _first_tries(world, case)
    assert (first.kept_at, first.was_in_time) == (attempt.at, True)
    assert _tellings(world, case, news)[0].is_open


def test_telling_them_keeps_the_first_try(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case, BAIL)
    record_telling(world.deps, staff(world), case.key, case.victim, BY_PHONE, entry_id=news)
    event = _event(world, case)
    (promise,) = _tellings(world, case, event)
    record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=promise.id)
    assert [p.kept_how for p in _first_tries(world, case)] == ["by phone", "by phone"]


def test_who_was_told_already_is_owed_no_first_try(world: World) -> None:
    case = in_rhythm(world)
    _recorded(world, case, News("released_rui", TODAY, told={case.victim: BY_PHONE}))
    assert not _first_tries(world, case)


def test_who_wants_to_hear_nothing_more_is_owed_no_first_try(world: World) -> None:
    case = in_rhythm(world)
    _recorded(world, case, BAIL)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    (first,) = _first_tries(world, case)
    assert first.cancelled_why
    _recorded(world, case, News("released_rui", TODAY), "other")
    assert len(_first_tries(world, case)) == 1


def test_a_first_try_is_not_dropped_or_done_as_other_tasks_are(world: World) -> None:
    case = in_rhythm(world)
    _recorded(world, case, BAIL)
    (first,) = _first_tries(world, case)
    with pytest.raises(NotFoundError):
        drop_task(world.deps, staff(world), case.key, case.victim, "No.", promise_id=first.id)


# --- a supervisor releases it


def test_after_three_tries_on_two_days_a_supervisor_lets_the_page_tell_it(world: World) -> None:
    case = in_rhythm(world)
    _agrees_to_messages(world, case)
    news = _recorded(world, case)
    _tried_enough(world, case, news)
    _release(world, case, news)
    told = _told(world, case)
    assert told == Told(world.deps.today(), RELEASED)
    (telling,) = _tellings(world, case, news)
    assert (telling.kept_how, telling.is_open) == (RELEASED, False)
    # What follows is what follows a telling by a person.
    assert file_of(world, case).door.closed_on == world.deps.today()
    assert not owed(world, case, UPDATE)
    assert ("supervisor sergeant", WHY) in _lines(case)
    notice = world.deps.threads.notice(to_victim(case.victim))
    assert notice is not None
    assert notice.wanted == 1


def test_a_release_that_is_sent_twice_is_one(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case)
    _tried_enough(world, case, news)
    _release(world, case, news)
    version = case_of(world, case).version
    _release(world, case, news)
    assert case_of(world, case).version == version


def test_two_tries_or_three_on_one_day_are_not_enough(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case)
    for minutes in (1, 1, 1):
        world.clock.forward(minutes=minutes)
        _tried(world, case, news)
    with pytest.raises(NotAllowedError):
        _release(world, case, news)
    assert _told(world, case) is None


@pytest.mark.parametrize(
    ("why", "options"), [("", {}), (WHY, {"role": "officer"}), (WHY, {"role": "witness_care"})]
)
def test_only_a_supervisor_with_a_reason_releases(
    world: World, why: str, options: dict[str, str]
) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case, BAIL)
    with pytest.raises(NotAllowedError):
        _release(world, case, news, why, **options)


def test_releasing_needs_a_fresh_sign_in(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case, BAIL)
    session = staff(world, "sergeant", role="supervisor", fresh=False)
    with pytest.raises(FreshSignInNeededError):
        release_news(world.deps, session, case.key, case.victim, news, WHY)


def test_a_release_from_bail_may_be_shown_at_once_when_safety_needs_it(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case, BAIL)
    _release(world, case, news)
    assert _told(world, case) == Told(TODAY, RELEASED)
    assert [p.kept_how for p in _first_tries(world, case)] == [RELEASED]


def test_a_released_event_stands_on_the_page_in_the_words_of_its_row(world: World) -> None:
    case = in_rhythm(world)
    news = _event(world, case)
    _release(world, case, news)
    (update,) = case_of(world, case).updates
    assert update.text == world.deps.rules.code_limits["released_no_charge"].here
    assert update.to == {case.victim}
    assert _tellings(world, case, news)[0].kept_how == RELEASED


def test_no_event_is_released_behind_other_news_or_where_nothing_is_shared(world: World) -> None:
    case = in_rhythm(world)
    news = _event(world, case)
    _recorded(world, case, BAIL)
    opposed = in_rhythm(world, flags=("opposed_victims",))
    alone = _event(world, opposed)
    for which, subject in ((case, news), (opposed, alone)):
        with pytest.raises(NotAllowedError):
            _release(world, which, subject)
        assert not case_of(world, which).updates


def test_what_was_told_meanwhile_is_not_released(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case, BAIL)
    record_telling(world.deps, staff(world), case.key, case.victim, BY_PHONE, entry_id=news)
    with pytest.raises(StaleError):
        _release(world, case, news)


# --- by itself, when its day has passed


def test_what_was_owed_by_yesterday_is_released_to_whom_chose_that(world: World) -> None:
    case = in_rhythm(world, victims=("A", "B"))
    _chooses(world, case, PERSON_THEN_HERE, "A")
    news = _recorded(world, case)
    due = _tellings(world, case, news)[0].due_on
    world.clock.forward(days=(due - TODAY).days)
    release_due(world.deps)
    assert _told(world, case, "A") is None
    world.clock.forward(days=1)
    assert release_due(world.deps) >= 1
    assert _told(world, case, "A") == Told(world.deps.today(), LIMIT)
    assert _told(world, case, "B") is None
    assert ("service", AS_CHOSEN) in _lines(case)
    release_due(world.deps)
    assert len(_lines(case)) == 1


def test_a_choice_that_changes_this_very_moment_holds(world: World) -> None:
    case = in_rhythm(world)
    _chooses(world, case, PERSON_THEN_HERE)
    news = _recorded(world, case)
    before = file_of(world, case)
    changed = replace(before.safety, hears=PERSON)
    world.deps.ledger.write([world.deps.threads.keep_safety(case.victim, changed)])
    world.clock.forward(days=30)
    late: Any = OnceAsBeforeOf(world.deps.threads, before, case.victim)
    release_due(replace(world.deps, threads=late))
    assert late.was_asked
    assert _tellings(world, case, news)[0].is_open
    assert _told(world, case) is None


# --- at once, as they chose


@pytest.mark.parametrize("news", [NFA, BAIL])
def test_who_chose_it_reads_news_at_once_and_others_wait(world: World, news: News) -> None:
    case = in_rhythm(world, victims=("A", "B"))
    _chooses(world, case, HERE, "A")
    _agrees_to_messages(world, case)
    made = _recorded(world, case, news)
    assert _told(world, case, "A") == Told(TODAY, CHOSEN_HERE)
    assert _told(world, case, "B") is None
    (telling,) = _tellings(world, case, made)
    assert (telling.kept_how, telling.was_in_time) == (CHOSEN_HERE, True)
    assert not _first_tries(world, case)
    assert file_of(world, case).safety.hears == HERE
    assert world.deps.threads.notice(to_victim(case.victim)) is not None


def test_who_no_longer_chooses_it_this_very_moment_is_told_by_a_person(world: World) -> None:
    case = in_rhythm(world)
    _chooses(world, case, HERE)
    before = file_of(world, case)
    changed = replace(before.safety, hears=PERSON)
    world.deps.ledger.write([world.deps.threads.keep_safety(case.victim, changed)])
    late: Any = OnceAsBeforeOf(world.deps.threads, before, case.victim)
    deps, seen = replace(world.deps, threads=late), case_of(world, case).version
    world.clock.forward(minutes=1)
    record_outcome(deps, staff(world), case.key, NFA, seen=seen, form_key="news")
    assert late.was_asked
    assert _told(world, case) is None
    assert owed(world, case, TELL)


def test_who_was_told_by_a_person_was_told_by_a_person_whatever_they_chose(world: World) -> None:
    case = in_rhythm(world)
    _chooses(world, case, HERE)
    _agrees_to_messages(world, case)
    _recorded(world, case, News("released_bail", TODAY, told={case.victim: BY_PHONE}))
    assert _told(world, case) == BY_PHONE
    assert world.deps.threads.notice(to_victim(case.victim)) is None


def test_an_event_is_read_at_once_by_whom_chose_that(world: World) -> None:
    case = in_rhythm(world, victims=("A", "B"))
    _chooses(world, case, HERE, "A")
    news = _event(world, case, "suspect_arrested")
    (update,) = case_of(world, case).updates
    assert update.to == {case.victims["A"]}
    assert _tellings(world, case, news)[0].kept_how == CHOSEN_HERE
    assert owed(world, case, TELL, "B")


def test_behind_other_news_and_where_nothing_is_shared_a_person_tells_an_event(
    world: World,
) -> None:
    case = in_rhythm(world)
    _recorded(world, case, BAIL)
    _chooses(world, case, HERE)
    opposed = in_rhythm(world, flags=("opposed_victims",))
    _chooses(world, opposed, HERE)
    for which in (case, opposed):
        news = _event(world, which)
        assert _tellings(world, which, news)[0].is_open
        assert not case_of(world, which).updates


def test_what_a_court_decided_about_a_measure_is_read_at_once_too(world: World) -> None:
    case = charged(world, officer=OFFICER)
    _chooses(world, case, HERE)
    for state in ("applied", "refused"):
        measure = file_of(world, case).measure("screen")
        given = StepGiven("screen", state, TODAY, seen=measure.version if measure else 0)
        keep_step(world.deps, staff(world), case.key, case.victim, given, form_key=state)
    measure = file_of(world, case).measure("screen")
    assert measure is not None
    assert measure.current.told == Told(TODAY, CHOSEN_HERE)
    (telling,) = _tellings(world, case, measure.current.event)
    assert telling.kept_how == CHOSEN_HERE


def test_a_review_is_counted_from_the_day_on_which_the_page_told_it(world: World) -> None:
    case = in_rhythm(world)
    news = _recorded(world, case, News("no_further_action", TODAY, "not_enough_evidence"))
    _tried_enough(world, case, news)
    _release(world, case, news)
    main = world.victim(case).follow().main
    assert "3 months from Thursday 19 November 2026, when you could read it here." in main
    assert needs_telling(case_of(world, case).current, world.deps.rules)
    assert not owed(world, case, REVIEW)


@pytest.mark.parametrize("how", [RELEASED, CHOSEN_HERE])
def test_the_victim_reads_that_they_were_told_here(world: World, how: str) -> None:
    case = in_rhythm(world)
    if how == CHOSEN_HERE:
        _chooses(world, case, HERE)
    news = _recorded(world, case, BAIL)
    if how == RELEASED:
        _release(world, case, news)
    main = world.victim(case).follow().main
    assert "told on Wednesday 18 November 2026, here" in main
    assert "Released on bail" in main

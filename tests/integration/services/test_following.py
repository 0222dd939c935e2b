"""What is owed while a case is open: a first contact, updates in a rhythm, news of the Code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Officer, OfficerId, Told
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import REPLY, TELL, UPDATE, WELCOME
from chalicelib.domain.staff import Absence, StaffMember, Team
from chalicelib.services.answer_message import Answer, answer_message
from chalicelib.services.choose_rhythm import RhythmClosedError, agree_rhythm
from chalicelib.services.follow import DECIDED, LEFT
from chalicelib.services.hand_over import HANDED_OVER, hand_over
from chalicelib.services.leave_case import record_back, record_left
from chalicelib.services.nothing_new import ToldTodayError, UntoldNewsError, say_nothing_new
from chalicelib.services.post_update import OpposedVictimsError, Post, post_update
from chalicelib.services.record_contact import record_contact
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.services.watch import end_last_month, raise_late
from chalicelib.stores.tables import AuditTable
from tests.builders import OFFICER, moved_to, seed_case, seed_staff
from tests.integration.services.following import followed, in_rhythm, only, owed
from tests.integration.services.staff_steps import (
    asked,
    audit_of,
    case_of,
    colleague,
    file_of,
    staff,
)
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.promises import Promise
    from chalicelib.services.ports import VictimFile
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)  # a Wednesday
BY_PHONE = Told(TODAY, "by phone")
HERE = Told(TODAY, "here")


def _news(case: SeededCase, told: Told | None, key: str = "suspect_interviewed") -> EventNews:
    return EventNews(key, TODAY, {case.victim: told}, "On 4 January." if told == HERE else "")


def _record(world: World, case: SeededCase, news: EventNews, form: str = "form") -> str:
    return record_event(
        world.deps, staff(world), case.key, news, seen=case_of(world, case).version, form_key=form
    )


# --- the first contact


def test_a_first_contact_is_owed_within_our_standard_and_its_day_shows_how(world: World) -> None:
    welcome = only(world, followed(world), WELCOME)
    assert welcome.due_on == date(2026, 11, 23)
    assert (welcome.working.rule, welcome.working.working_days) == ("contact.welcome", 3)
    assert welcome.working.source == "our standard"
    assert (welcome.owner, welcome.owner_name) == (OFFICER.id, OFFICER.name)


def test_who_is_more_at_risk_is_contacted_within_one_working_day(world: World) -> None:
    case = followed(world, crime_type="stalking_harassment")
    assert only(world, case, WELCOME).due_on == date(2026, 11, 19)


def test_a_first_contact_that_is_recorded_keeps_it_and_the_rhythm_agreed_begins(
    world: World,
) -> None:
    case = followed(world)
    welcome = only(world, case, WELCOME)
    options = {"promise_id": welcome.id, "rhythm": "every_5"}
    for _ in range(2):
        record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, **options)
    file = file_of(world, case)
    assert [(p.kept_how, p.was_in_time) for p in file.owed if p.kind == WELCOME] == [
        ("by phone", True)
    ]
    assert (file.door.rhythm, file.door.rhythm_by) == ("every_5", OFFICER.name)
    assert only(world, case, UPDATE).due_on == date(2026, 11, 25)


def test_a_hand_over_moves_what_is_owed_with_its_dates_and_owes_a_first_contact(
    world: World,
) -> None:
    case = in_rhythm(world)
    asked(world, case)
    welcome = only(world, case, WELCOME)
    record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=welcome.id)
    before = {p.id: p.due_on for p in owed(world, case, UPDATE)}
    world.clock.forward(days=1)
    new = colleague(world, "follow-new")
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    (update,), first = owed(world, case, UPDATE), only(world, case, WELCOME)
    assert {update.id: update.due_on} == before
    assert (update.owner, update.owner_name) == (new, "PC Follow-New")
    assert [(m.owner, m.why) for m in update.moves] == [(new, HANDED_OVER)]
    assert (first.owner, first.due_on) == (new, date(2026, 11, 24))
    read = case_of(world, case)
    assert (read.officer_since, read.officer_before) == (date(2026, 11, 19), OFFICER.name)


def test_who_still_waits_for_a_first_contact_is_owed_that_one_and_no_second(world: World) -> None:
    case = followed(world)
    waiting = only(world, case, WELCOME)
    world.clock.forward(days=5)
    new = colleague(world, "follow-second")
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    moved = only(world, case, WELCOME)
    assert (moved.id, moved.due_on, moved.owner) == (waiting.id, waiting.due_on, new)


# --- updates in a rhythm


def test_an_update_is_owed_in_the_rhythm_that_was_agreed(world: World) -> None:
    promise = only(world, in_rhythm(world), UPDATE)
    assert promise.due_on == date(2026, 12, 2)
    assert promise.working.rule == "rhythm.every_10"
    assert promise.working.source == "what was agreed"


def test_any_update_keeps_it_and_the_next_is_owed_from_that_day(world: World) -> None:
    case = in_rhythm(world, victims=("V1", "V2"))
    world.clock.forward(days=5)
    post = Post("We have asked for the pictures.", frozenset({case.victims["V1"]}))
    seen = case_of(world, case).version
    post_update(world.deps, staff(world), case.key, post, seen=seen, form_key="form")
    kept = [p for p in file_of(world, case, "V1").owed if p.kept_at]
    assert [(p.kind, p.kept_how) for p in kept] == [(UPDATE, "here")]
    assert only(world, case, UPDATE, "V1").due_on == date(2026, 12, 7)
    assert only(world, case, UPDATE, "V2").due_on == date(2026, 12, 2)


def test_nothing_new_writes_an_honest_sentence_and_owes_the_next(world: World) -> None:
    case = in_rhythm(world)
    promise = only(world, case, UPDATE)
    world.clock.forward(days=14)
    for _ in range(2):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    (update,) = case_of(world, case).updates
    assert update.text == (
        "There is nothing new since Wednesday 18 November 2026. "
        "PC Example has your case. You hear from us again by Wednesday 16 December 2026."
    )
    assert update.to == {case.victim}
    following = only(world, case, UPDATE)
    assert (following.due_on, following.nothing_new) == (date(2026, 12, 16), 1)


def test_nothing_new_is_counted_in_a_row_until_there_is_news(world: World) -> None:
    case, in_a_row = in_rhythm(world, "every_5"), []
    for _ in range(3):
        world.clock.forward(days=7)
        promise = only(world, case, UPDATE)
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
        in_a_row.append(only(world, case, UPDATE).nothing_new)
    world.clock.forward(days=1)
    _record(world, case, _news(case, replace(BY_PHONE, on=world.deps.today())))
    assert in_a_row == [1, 2, 3]
    assert only(world, case, UPDATE).nothing_new == 0


def test_ten_presses_at_once_write_once(world: World) -> None:
    case = in_rhythm(world)
    world.clock.forward(days=1)
    promise, officer = only(world, case, UPDATE), staff(world)

    def press(_: int) -> None:
        say_nothing_new(world.deps, officer, case.key, case.victim, promise.id)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(press, range(10)))
    assert len(case_of(world, case).updates) == 1
    assert len(owed(world, case, UPDATE)) == 1


def test_nothing_new_is_refused_while_there_is_news_to_tell(world: World) -> None:
    case = in_rhythm(world)
    promise = only(world, case, UPDATE)
    news = News("no_further_action", TODAY, "no_suspect_found")
    version = case_of(world, case).version
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    with pytest.raises(UntoldNewsError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    assert not case_of(world, case).updates
    assert only(world, case, UPDATE) == promise


def test_nothing_is_written_to_victims_who_may_endanger_each_other(world: World) -> None:
    case = in_rhythm(world, flags=("opposed_victims",))
    promise = only(world, case, UPDATE)
    with pytest.raises(OpposedVictimsError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=promise.id)
    assert not case_of(world, case).updates
    assert only(world, case, UPDATE).id != promise.id


def test_a_press_on_an_update_that_is_not_owed_any_more_says_so(world: World) -> None:
    case = in_rhythm(world)
    old = only(world, case, UPDATE)
    agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_20")
    with pytest.raises(StaleError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, old.id)


def test_a_decision_that_is_told_ends_the_rhythm_and_an_untold_one_changes_nothing(
    world: World,
) -> None:
    case = in_rhythm(world)
    before = file_of(world, case)
    version = case_of(world, case).version
    news = News("no_further_action", TODAY, "no_suspect_found")
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    assert [p for p in file_of(world, case).owed if p.kind != TELL] == list(before.owed)
    entry = case_of(world, case).current.id
    record_telling(world.deps, staff(world), case.key, case.victim, BY_PHONE, entry_id=entry)
    ended = [p for p in file_of(world, case).owed if p.kind in {UPDATE, WELCOME}]
    assert {p.cancelled_why for p in ended} == {DECIDED}
    with pytest.raises(RhythmClosedError):
        agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_5")


def test_a_case_that_is_opened_again_goes_on_in_its_rhythm(world: World) -> None:
    case = in_rhythm(world)
    version = case_of(world, case).version
    told = {case.victim: BY_PHONE}
    news = News("no_further_action", TODAY, "no_suspect_found", told=told)
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    world.clock.forward(days=20)
    post = Post(stage="investigating")
    seen = case_of(world, case).version
    post_update(world.deps, staff(world), case.key, post, seen=seen, form_key="again")
    assert only(world, case, UPDATE).due_on == date(2026, 12, 22)
    assert file_of(world, case).door.team == OFFICER.team


# --- events of the Code


def test_an_event_owes_the_victims_named_to_be_told_by_the_codes_day(world: World) -> None:
    case = followed(world, victims=("V1", "V2"))
    made = _record(world, case, _news(case, None))
    promise = only(world, case, TELL, "V1")
    assert (promise.due_on, promise.subject) == (date(2026, 11, 25), made)
    assert (promise.working.rule, promise.working.source) == (
        "suspect_interviewed",
        "the Victims' Code",
    )
    assert not owed(world, case, TELL, "V2")
    (event,) = case_of(world, case).events
    assert (event.key, event.happened_on) == ("suspect_interviewed", TODAY)
    assert event.victims == {case.victims["V1"]}


def test_an_event_recorded_late_is_late_from_the_start(world: World) -> None:
    case = followed(world, crime_type="stalking_harassment")
    news = EventNews("suspect_arrested", date(2026, 11, 13), {case.victim: None})
    _record(world, case, news)
    promise = only(world, case, TELL)
    assert promise.due_on == date(2026, 11, 16)
    assert promise.is_late(TODAY)


def test_an_event_just_before_midnight_is_counted_from_its_own_day(world: World) -> None:
    case = followed(world)
    world.clock.moment = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    _record(world, case, EventNews("suspect_interviewed", date(2026, 11, 20), {case.victim: None}))
    assert only(world, case, TELL).due_on == date(2026, 11, 27)


def test_who_was_told_at_once_has_it_kept_on_that_day_and_counted_as_an_update(
    world: World,
) -> None:
    case = in_rhythm(world)
    world.clock.forward(days=2)
    told = Told(date(2026, 11, 19), "in person")
    _record(world, case, _news(case, told))
    (kept,) = [p for p in file_of(world, case).owed if p.kind == TELL]
    assert kept.kept_at is not None
    assert (kept.kept_at.date(), kept.kept_how) == (told.on, "in person")
    assert not [row for row in _rows_of_owner(world) if row.id == kept.id]
    assert only(world, case, UPDATE).due_on == date(2026, 12, 3)


def _rows_of_owner(world: World) -> tuple[Promise, ...]:
    return world.deps.threads.open_of_owner(OFFICER.id, after=None, limit=900).promises


def test_practical_news_can_be_read_here_first(world: World) -> None:
    case = followed(world, stage="charged", outcome="charged", told=True)
    _record(world, case, EventNews("hearing_listed", TODAY, {case.victim: HERE}, "On 4 January."))
    (update,) = case_of(world, case).updates
    assert update.text == "On 4 January."
    assert update.to == {case.victim}


@pytest.mark.parametrize(
    ("key", "day", "told"),
    [
        ("suspect_interviewed", date(2026, 11, 19), None),
        ("suspect_interviewed", date(2026, 11, 1), None),
        ("nfa_police", TODAY, None),
        ("expenses_paid", TODAY, None),
        ("no_such_event", TODAY, None),
        ("hearing_listed", TODAY, None),
        ("suspect_interviewed", TODAY, HERE),
    ],
    ids=["future", "before the report", "outcome", "not ours", "unknown", "no charge", "not here"],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_made(
    world: World, key: str, day: date, told: Told | None
) -> None:
    case = followed(world)
    with pytest.raises(NotAllowedError):
        _record(world, case, EventNews(key, day, {case.victim: told}, "Words."))
    assert not case_of(world, case).events
    assert not owed(world, case, TELL)


def test_the_same_event_is_recorded_once_for_a_victim(world: World) -> None:
    case = followed(world, victims=("V1", "V2"))
    _record(world, case, _news(case, None))
    with pytest.raises(NotAllowedError):
        _record(world, case, _news(case, None), form="another")
    other = EventNews("suspect_interviewed", TODAY, {case.victims["V2"]: None})
    _record(world, case, other, form="for the other")
    assert len(case_of(world, case).events) == 2


def test_a_form_sent_twice_records_one_event(world: World) -> None:
    case, officer = followed(world), staff(world)
    for _ in range(2):
        record_event(world.deps, officer, case.key, _news(case, None), seen=0, form_key="one form")
    assert len(case_of(world, case).events) == 1
    assert len(owed(world, case, TELL)) == 1


def test_an_event_of_an_investigation_needs_an_open_case(world: World) -> None:
    case = seed_case(world.deps, stage="no_further_action", outcome="no_suspect_found", told=True)
    with pytest.raises(NotAllowedError):
        _record(world, case, _news(case, None))
    assert not case_of(world, case).events


def test_telling_an_event_later_keeps_its_promise(world: World) -> None:
    case = followed(world)
    _record(world, case, _news(case, None))
    promise = only(world, case, TELL)
    world.clock.forward(days=9)
    told = Told(date(2026, 11, 26), "in person")
    record_contact(world.deps, staff(world), case.key, case.victim, told, promise_id=promise.id)
    (kept,) = [p for p in file_of(world, case).owed if p.kind == TELL]
    assert (kept.kept_how, kept.was_in_time) == ("in person", False)
    other = Told(date(2026, 11, 25), "by phone")
    with pytest.raises(StaleError):
        record_contact(
            world.deps, staff(world), case.key, case.victim, other, promise_id=promise.id
        )


def test_a_contact_keeps_neither_an_answer_nor_news_of_the_ladder(world: World) -> None:
    case = followed(world)
    version = case_of(world, case).version
    news = News("released_bail", TODAY)
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    promise = only(world, case, TELL)
    with pytest.raises(NotAllowedError):
        record_contact(
            world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=promise.id
        )


def test_a_promise_of_another_case_is_not_found(world: World) -> None:
    case, other = followed(world), followed(world)
    theirs = only(world, other, WELCOME)
    with pytest.raises(NotFoundError):
        record_contact(
            world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=theirs.id
        )


# --- who wants to hear nothing more


def test_who_asks_to_hear_nothing_more_is_owed_nothing_and_can_come_back(world: World) -> None:
    case = in_rhythm(world)
    asked(world, case)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    file = file_of(world, case)
    assert {p.cancelled_why for p in file.owed} == {LEFT}
    # What they asked themselves is still answered, on a page where only they look.
    assert [r.kind for r in _rows_of_owner(world) if r.victim == case.victim] == [REPLY]
    assert file.door.team == ""
    with pytest.raises(NotAllowedError):
        _record(world, case, _news(case, None))
    record_back(world.deps, staff(world), case.key, case.victim)
    assert only(world, case, WELCOME).due_on == date(2026, 11, 23)
    assert only(world, case, UPDATE).due_on == date(2026, 12, 2)
    assert file_of(world, case).door.team == OFFICER.team


def test_who_comes_back_is_owed_what_nobody_told_them(world: World) -> None:
    case = followed(world)
    event = _record(world, case, _news(case, None))
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    release = News("released_bail", TODAY)
    seen = case_of(world, case).version
    record_outcome(world.deps, staff(world), case.key, release, seen=seen, form_key="news")
    assert not owed(world, case, TELL)
    world.clock.forward(days=8)
    record_back(world.deps, staff(world), case.key, case.victim)
    again = {p.subject: p.due_on for p in owed(world, case, TELL)}
    newest = case_of(world, case).current.id
    assert again == dict.fromkeys((event, newest), date(2026, 12, 3))
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    record_back(world.deps, staff(world), case.key, case.victim)
    assert len(owed(world, case, TELL)) == 2


def test_nothing_new_is_refused_while_an_event_waits_to_be_told(world: World) -> None:
    case = in_rhythm(world)
    world.clock.forward(days=1)
    promise = only(world, case, UPDATE)
    _record(world, case, EventNews("suspect_arrested", TODAY, {case.victim: None}))
    with pytest.raises(UntoldNewsError):
        say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    assert not case_of(world, case).updates


def test_nothing_new_is_said_once_a_day(world: World) -> None:
    case = in_rhythm(world)
    with pytest.raises(ToldTodayError):
        say_nothing_new(
            world.deps, staff(world), case.key, case.victim, only(world, case, UPDATE).id
        )
    assert not case_of(world, case).updates


def test_who_left_is_not_owed_to_be_told_of_an_outcome(world: World) -> None:
    case = followed(world)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    version = case_of(world, case).version
    news = News("no_further_action", TODAY, "no_suspect_found")
    record_outcome(world.deps, staff(world), case.key, news, seen=version, form_key="form")
    assert not owed(world, case, TELL)


# --- every change leaves a line


def test_every_change_of_what_is_owed_has_its_audit_line(world: World) -> None:
    case = in_rhythm(world)
    asked(world, case)
    promise = only(world, case, UPDATE)
    world.clock.forward(days=1)
    say_nothing_new(world.deps, staff(world), case.key, case.victim, promise.id)
    _record(world, case, _news(case, None))
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    lines = {line.what for line in audit_of(case)}
    assert {
        "noted a rhythm of updates",
        "said that there is nothing new",
        "recorded an event",
        "noted that a victim hears nothing more, said by phone",
    } <= lines


class _OnceAsBefore:
    """A store of threads that reads once what stood there a moment ago."""

    def __init__(self, store: Any, before: VictimFile) -> None:
        self._store, self._before = store, [before]

    def read(self, *args: Any, **options: Any) -> VictimFile:
        """Return the old file the first time."""
        return self._before.pop() if self._before else self._store.read(*args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_an_answer_passes_although_the_question_went_to_another_officer_meanwhile(
    world: World,
) -> None:
    case = followed(world)
    asked(world, case)
    before = file_of(world, case)
    elsewhere = Officer(OfficerId("follow-third"), "PC Third", "0003", OFFICER.team)
    move = moved_to(world.deps, elsewhere)
    world.deps.ledger.write([world.deps.threads.move_promise(before.threads[0].promise, move)])
    racing = replace(world.deps, threads=_OnceAsBefore(world.deps.threads, before))
    words = Answer(case.victim, 1, 0, "We have spoken to a neighbour.")
    answer_message(racing, staff(world), case.key, words, "form")
    (question,) = file_of(world, case).threads
    assert [answer.text for answer in question.answers] == [words.text]
    assert (question.promise.kept_how, question.promise.owner) == ("here", elsewhere.id)


# --- what the service does by itself


def _late(world: World, days: int) -> tuple[SeededCase, Promise]:
    """Put a first contact that is owed in a team of its own, and let days pass."""
    officer = new_officer(team=f"watch-{world.deps.new_id()}")
    case = followed(world, officer=officer)
    world.deps.ledger.write([world.deps.cases.keep_team(Team(officer.team, officer.team))])
    seed_staff(world.deps, officer.id, team=officer.team)
    world.clock.forward(days=days)
    return case, only(world, case, WELCOME)


@pytest.mark.parametrize(
    ("days", "raised"),
    [(5, False), (6, True), (8, True)],
    ids=["its own day, Monday", "Tuesday", "later"],
)
def test_a_promise_goes_up_one_level_when_it_is_one_working_day_late(
    world: World, days: int, *, raised: bool
) -> None:
    case, _ = _late(world, days)
    raise_late(world.deps)
    assert (only(world, case, WELCOME).raised_at is not None) is raised


def test_over_a_weekend_nothing_goes_up(world: World) -> None:
    world.clock.moment = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
    case, promise = _late(world, 5)
    assert promise.due_on == date(2026, 11, 20)
    raise_late(world.deps)
    assert only(world, case, WELCOME).raised_at is None
    world.clock.forward(days=1)
    raise_late(world.deps)
    assert only(world, case, WELCOME).raised_at is not None


def test_it_names_a_supervisor_of_the_team_who_is_there_and_is_raised_once(world: World) -> None:
    case, promise = _late(world, 8)
    boss = OfficerId(f"boss-{promise.id}")
    away = OfficerId(f"away-{promise.id}")
    for who, name in ((boss, "Sergeant Zinnia"), (away, "Sergeant Aster")):
        member = StaffMember(who, name, "0009", promise.team)
        cases = world.deps.cases
        world.deps.ledger.write([cases.keep_member(member), cases.note_role(who, "supervisor")])
    absence = Absence(world.deps.new_id(), away, world.deps.today(), world.deps.today(), boss)
    world.deps.ledger.write([world.deps.cases.keep_absence(absence)])
    raise_late(world.deps)
    first = only(world, case, WELCOME)
    world.clock.forward(days=1)
    raise_late(world.deps)
    assert only(world, case, WELCOME) == first
    assert (first.raised_to, first.due_on) == ("Sergeant Zinnia", promise.due_on)
    named = {key for line in AuditTable.query("service") for key in line.cases or ()}
    assert case.key in named


def test_a_month_is_counted_once_when_it_has_ended(world: World) -> None:
    case, promise = _late(world, 8)
    team = promise.team
    asked(world, case)
    world.clock.moment = datetime(2026, 12, 1, 4, 10, tzinfo=UTC)
    end_last_month(world.deps)
    assert not end_last_month(world.deps)
    kinds = {t.kind: t.counts for t in world.deps.figures.published(team) if t.month == "2026-11"}
    assert kinds[WELCOME] == {"made": 1, "open_late": 1}
    assert kinds[REPLY] == {"made": 1}
    assert kinds["rhythm"] == {"followed": 1}


# --- what a second reading found


def test_a_new_case_shows_nothing_of_a_decision_that_nobody_told(world: World) -> None:
    decided = followed(world, stage="no_further_action", outcome="no_suspect_found")
    still_open = followed(world)
    kinds = [{p.kind for p in file_of(world, c).owed} for c in (decided, still_open)]
    assert kinds == [{WELCOME}, {WELCOME}]


def test_words_wait_behind_older_news_that_a_reader_was_not_told(world: World) -> None:
    case = in_rhythm(world, victims=("V1", "V2"))
    version = case_of(world, case).version
    told = {case.victims["V2"]: BY_PHONE}
    release = News("released_bail", TODAY, told=told)
    record_outcome(world.deps, staff(world), case.key, release, seen=version, form_key="news")
    entry = case_of(world, case).current.id
    for text, stage in (("", "investigating"), ("He is out until May.", None)):
        world.clock.forward(minutes=1)
        readers = frozenset(case.victims.values()) if text else frozenset()
        seen = case_of(world, case).version
        post = Post(text, readers, stage)
        post_update(world.deps, staff(world), case.key, post, seen=seen, form_key=text or "stage")
    (update,) = case_of(world, case).updates
    assert update.entry_id == entry
    assert len(owed(world, case, UPDATE, "V1")) == 1


@pytest.mark.parametrize("how", ["here", "by letter"])
def test_practical_news_is_told_by_a_person_while_other_news_waits(world: World, how: str) -> None:
    case = followed(world)
    charge = News("charged", TODAY, "charged")
    record_outcome(world.deps, staff(world), case.key, charge, seen=0, form_key="news")
    news = EventNews("hearing_listed", TODAY, {case.victim: Told(TODAY, how)}, "On 4 January.")
    with pytest.raises(NotAllowedError):
        _record(world, case, news)
    assert not case_of(world, case).events


def test_a_rhythm_agreed_while_they_leave_owes_nothing(world: World) -> None:
    case = followed(world)
    before = file_of(world, case)
    record_left(world.deps, staff(world), case.key, case.victim, "by phone")
    racing = replace(world.deps, threads=_OnceAsBefore(world.deps.threads, before))
    with pytest.raises(RhythmClosedError):
        agree_rhythm(racing, staff(world), case.key, case.victim, "every_5")
    assert not owed(world, case, UPDATE)


def test_a_rhythm_chosen_while_a_late_update_is_given_holds(world: World) -> None:
    case = in_rhythm(world, "every_5")
    world.clock.forward(days=12)
    late, before = only(world, case, UPDATE), file_of(world, case)
    agree_rhythm(world.deps, staff(world), case.key, case.victim, "no_updates")
    racing = replace(world.deps, threads=_OnceAsBefore(world.deps.threads, before))
    told = Told(world.deps.today(), "by phone")
    record_contact(racing, staff(world), case.key, case.victim, told, promise_id=late.id)
    assert not owed(world, case, UPDATE)


def test_two_contacts_of_one_promise_are_not_one(world: World) -> None:
    case = followed(world)
    welcome = only(world, case, WELCOME)
    world.clock.forward(days=5)
    for day, is_first in ((20, True), (23, False)):
        told = Told(date(2026, 11, day), "by phone")
        options = {"promise_id": welcome.id}
        if is_first:
            record_contact(world.deps, staff(world), case.key, case.victim, told, **options)
            continue
        with pytest.raises(StaleError):
            record_contact(world.deps, staff(world), case.key, case.victim, told, **options)


def test_a_choice_whose_answer_was_lost_is_a_choice(world: World) -> None:
    case = followed(world)

    class Lost:
        def write(self, parts: Any) -> None:
            world.deps.ledger.write(parts)
            raise StoreUnavailableError

    lost = replace(world.deps, ledger=Lost())
    agree_rhythm(lost, staff(world), case.key, case.victim, "every_5")
    assert file_of(world, case).door.rhythm == "every_5"


def test_what_they_heard_before_an_update_was_owed_does_not_keep_it(world: World) -> None:
    case = in_rhythm(world)
    _record(world, case, _news(case, None))
    world.clock.forward(days=5)
    seen = case_of(world, case).version
    post = Post("We have the film.", frozenset({case.victim}))
    post_update(world.deps, staff(world), case.key, post, seen=seen, form_key="film")
    newest = only(world, case, UPDATE)
    world.clock.forward(days=2)
    telling = only(world, case, TELL)
    record_contact(world.deps, staff(world), case.key, case.victim, BY_PHONE, promise_id=telling.id)
    assert only(world, case, UPDATE) == newest


def test_heard_in_time_and_recorded_late_is_in_time(world: World) -> None:
    case = in_rhythm(world, "every_5")
    world.clock.forward(days=9)
    told = Told(date(2026, 11, 23), "in person")
    _record(world, case, EventNews("suspect_interviewed", TODAY, {case.victim: told}))
    kept = [p for p in file_of(world, case).owed if p.kind == UPDATE and p.kept_at]
    assert [promise.was_in_time for promise in kept] == [True]


def test_a_change_of_rhythm_forgets_nothing_of_nothing_new(world: World) -> None:
    case = in_rhythm(world, "every_5")
    world.clock.forward(days=7)
    say_nothing_new(world.deps, staff(world), case.key, case.victim, only(world, case, UPDATE).id)
    agree_rhythm(world.deps, staff(world), case.key, case.victim, "every_10")
    assert only(world, case, UPDATE).nothing_new == 1


def test_an_event_from_before_the_known_bank_holidays_is_late_and_no_fault(world: World) -> None:
    case = followed(world, reported_on=date(2010, 3, 1))
    _record(world, case, EventNews("suspect_arrested", date(2010, 4, 1), {case.victim: None}))
    assert only(world, case, TELL).is_late(TODAY)


def test_a_case_of_many_victims_is_handed_over_and_each_is_owed_a_first_contact(
    world: World,
) -> None:
    case = seed_case(world.deps, victims=[f"V{n}" for n in range(60)])
    new = colleague(world, "follow-many")
    hand_over(world.deps, staff(world), case.key, new, seen_officer=OFFICER.id)
    assert case_of(world, case).officer.id == new


def test_a_supervisor_who_cannot_open_the_case_is_not_named(world: World) -> None:
    case = followed(world, flags=["restricted"])
    staff(world)
    world.clock.forward(days=12)
    raise_late(world.deps)
    assert only(world, case, WELCOME).raised_to == "a supervisor"

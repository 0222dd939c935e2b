"""Bad news comes from a person first: recorded, told later, and what the victim reads meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Told, shown_to
from chalicelib.domain.errors import (
    FreshSignInNeededError,
    NotAllowedError,
    NotFoundError,
    QuestionsClosedError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import TELL
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.change_case import REPLACED
from chalicelib.services.post_update import Post, post_update
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.stores.ledger import Ledger
from tests.builders import seed_case
from tests.integration.services.staff_steps import asked, audit_of, case_of, file_of, staff, victim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.cases import CaseShown
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)
IN_PERSON = Told(TODAY, "in person")


def _nfa(case: SeededCase, *told: str, **more: Any) -> News:
    heard = {case.victims[label]: IN_PERSON for label in told}
    return News("no_further_action", TODAY, "no_suspect_found", told=heard, **more)


def _shown(world: World, case: SeededCase, label: str = "V1") -> CaseShown:
    return shown_to(case.victims[label], case_of(world, case), world.deps.rules)


def _record(world: World, case: SeededCase, news: News, form: str = "form", seen: int = 0) -> None:
    world.clock.forward(minutes=1)
    record_outcome(world.deps, staff(world), case.key, news, seen=seen, form_key=form)


def _tell(
    world: World,
    case: SeededCase,
    label: str = "V1",
    told: Told = IN_PERSON,
    *,
    entry: str | None = None,
) -> None:
    world.clock.forward(minutes=1)
    whose, of = case.victims[label], entry or case_of(world, case).current.id
    record_telling(world.deps, staff(world), case.key, whose, told, entry_id=of)


def _owed(world: World, case: SeededCase) -> list[str]:
    """Return the entries of which the victim is still to be told, the oldest first."""
    open_ = [t for t in file_of(world, case).owed if t.kind == TELL and t.kept_at is None]
    return [t.subject for t in sorted(open_, key=lambda t: t.made_at)]


@contextmanager
def _answers_lost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every transaction be written and its answer be lost."""
    write = Ledger.write

    def lose(self: Ledger, parts: Any) -> None:
        write(self, parts)
        raise StoreUnavailableError

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "write", lose)
        yield


def test_a_told_outcome_is_read_by_the_victim_and_closes_the_door(world: World) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    _record(world, case, _nfa(case, "V1"))
    shown = _shown(world, case)
    assert (shown.entry.outcome, shown.decided) == ("no_suspect_found", True)
    assert file_of(world, case).door.closed_on == TODAY
    with pytest.raises(QuestionsClosedError):
        ask_officer(world.deps, session, "Why?", "form")
    assert "recorded an outcome" in [line.what for line in audit_of(case)]


def test_an_outcome_not_told_leaves_the_victim_where_they_were_and_is_owed_by_a_date(
    world: World,
) -> None:
    case = seed_case(world.deps)
    before = _shown(world, case)
    _record(world, case, _nfa(case, text="I am sorry.", to=frozenset({case.victim})))
    assert _shown(world, case) == before
    assert file_of(world, case).door.closed_on is None
    (telling,) = file_of(world, case).owed
    assert (telling.due_on, telling.owner) == (date(2026, 11, 25), "pc-example")
    asked(world, case)


def test_telling_one_victim_says_nothing_to_the_other(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    _record(world, case, _nfa(case, "V1"))
    assert _shown(world, case, "V1").decided
    assert not _shown(world, case, "V2").decided
    assert [owed.kept_how for owed in file_of(world, case, "V1").owed] == [IN_PERSON.how]
    assert len(file_of(world, case, "V2").owed) == 1


def test_telling_later_shows_the_outcome_closes_the_door_and_keeps_the_promise(
    world: World,
) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case, text="I am sorry.", to=frozenset({case.victim})))
    _tell(world, case)
    shown = _shown(world, case)
    assert shown.decided
    assert [update.text for update in shown.updates] == ["I am sorry."]
    file = file_of(world, case)
    assert file.door.closed_on == TODAY
    assert file.owed[0].kept_at == world.clock()
    assert case_of(world, case).version == 2


def test_the_promise_counts_as_kept_on_the_day_of_telling(world: World) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case))
    world.clock.forward(days=14)
    _tell(world, case, told=Told(date(2026, 11, 20), "by phone"))
    assert file_of(world, case).owed[0].kept_at == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_same_telling_sent_twice_is_noted_once_and_another_one_is_not_swallowed(
    world: World,
) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case))
    _tell(world, case)
    _tell(world, case)
    with pytest.raises(StaleError):
        _tell(world, case, told=Told(TODAY, "by phone"))
    assert case_of(world, case).current.told[case.victim] == IN_PERSON


def test_a_telling_of_news_that_was_replaced_is_refused(world: World) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case))
    old = case_of(world, case).current.id
    _record(world, case, News("charged", TODAY, "charged"), form="second", seen=1)
    with pytest.raises(StaleError):
        record_telling(world.deps, staff(world), case.key, case.victim, IN_PERSON, entry_id=old)


def test_a_decision_that_replaces_an_untold_decision_withdraws_what_was_owed_for_it(
    world: World,
) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case))
    _record(world, case, News("charged", TODAY, "charged"), form="second", seen=1)
    replaced, telling = sorted(file_of(world, case).owed, key=lambda owed: owed.is_open)
    assert telling.subject == case_of(world, case).current.id
    assert (replaced.is_open, replaced.cancelled_why) == (False, REPLACED)


def test_a_release_that_nobody_told_stays_owed_when_the_case_moves_on(world: World) -> None:
    case = seed_case(world.deps)
    _record(world, case, News("released_bail", TODAY))
    release = case_of(world, case).current.id
    world.clock.forward(minutes=1)
    post = Post(stage="with_cps")
    post_update(world.deps, staff(world), case.key, post, seen=1, form_key="cps")
    _record(world, case, News("charged", TODAY, "charged"), form="charge", seen=2)
    assert _owed(world, case) == [release, case_of(world, case).current.id]
    _tell(world, case)
    assert _owed(world, case) == [release]
    _tell(world, case, entry=release)
    assert _owed(world, case) == []
    assert _shown(world, case).entry.stage == "charged"
    assert file_of(world, case).door.closed_on == TODAY


def test_an_older_release_is_read_when_it_is_the_newest_that_was_told(world: World) -> None:
    case = seed_case(world.deps)
    to = frozenset({case.victim})
    _record(world, case, News("released_bail", TODAY, text="There are conditions.", to=to))
    release = case_of(world, case).current.id
    _record(world, case, News("charged", TODAY, "charged"), form="second", seen=1)
    _tell(world, case, entry=release)
    shown = _shown(world, case)
    assert (shown.entry.id, shown.decided) == (release, False)
    assert [update.text for update in shown.updates] == ["There are conditions."]
    _tell(world, case, entry=release)
    with pytest.raises(StaleError):
        _tell(world, case, entry=release, told=Told(TODAY, "by phone"))


def test_a_decision_that_nobody_told_stays_owed_when_the_case_is_opened_again(
    world: World,
) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case))
    decision = case_of(world, case).current.id
    world.clock.forward(minutes=1)
    post = Post(stage="investigating")
    post_update(world.deps, staff(world), case.key, post, seen=1, form_key="again")
    assert _owed(world, case) == [decision]
    _tell(world, case, entry=decision)
    assert not _shown(world, case).decided
    assert file_of(world, case).door.closed_on is None


def test_a_telling_of_news_that_is_not_of_this_case_is_refused(world: World) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case))
    with pytest.raises(StaleError):
        _tell(world, case, entry="of another case")


def test_bad_news_that_decides_nothing_leaves_the_door_open(world: World) -> None:
    case = seed_case(world.deps)
    session = victim(world, case)
    news = News("released_bail", TODAY, told={case.victim: IN_PERSON})
    _record(world, case, news)
    assert _shown(world, case).entry.stage == "released_bail"
    ask_officer(world.deps, session, "What are the conditions?", "form")


def test_a_case_that_is_opened_again_takes_questions_again(world: World) -> None:
    case = seed_case(world.deps)
    _record(world, case, _nfa(case, "V1"))
    world.clock.forward(minutes=1)
    post = Post(stage="investigating")
    post_update(world.deps, staff(world), case.key, post, seen=1, form_key="again")
    assert file_of(world, case).door.closed_on is None
    asked(world, case)


def test_a_question_asked_before_the_outcome_is_still_owed_an_answer(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case)
    _record(world, case, _nfa(case, "V1"))
    assert file_of(world, case).threads[0].promise.kept_at is None


def test_the_same_outcome_form_sent_twice_records_once(world: World) -> None:
    case = seed_case(world.deps)
    for _ in range(2):
        _record(world, case, _nfa(case))
    assert len(case_of(world, case).entries) == 2


def test_an_outcome_whose_acknowledgement_was_lost_is_recorded_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, officer = seed_case(world.deps), staff(world)
    world.clock.forward(minutes=1)
    with _answers_lost(monkeypatch):
        record_outcome(world.deps, officer, case.key, _nfa(case), seen=0, form_key="form")
    assert len(case_of(world, case).entries) == 2


def test_when_nothing_was_stored_nobody_is_told_that_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, officer = seed_case(world.deps), staff(world)

    def fail(_self: Ledger, _parts: Any) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "write", fail)
        with pytest.raises(StoreUnavailableError):
            record_outcome(world.deps, officer, case.key, _nfa(case), seen=0, form_key="form")
    assert len(case_of(world, case).entries) == 1


def test_of_two_officers_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    world.clock.forward(minutes=1)

    def records(number: int) -> str:
        news = _nfa(case) if number % 2 else News("charged", TODAY, "charged")
        try:
            record_outcome(world.deps, officer, case.key, news, seen=0, form_key=str(number))
        except StaleError:
            return "stale"
        return "stored"

    with ThreadPoolExecutor(6) as pool:
        ends = list(pool.map(records, range(6)))
    assert sorted(ends) == ["stale"] * 5 + ["stored"]
    assert len(case_of(world, case).entries) == 2


def test_no_question_is_accepted_after_a_told_outcome_that_races_with_it(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    session = victim(world, case)
    world.clock.forward(minutes=1)

    def asks(number: int) -> str:
        try:
            ask_officer(world.deps, session, "Is there news?", f"question {number}")
        except QuestionsClosedError:
            return "closed"
        return "stored"

    def records(_: int) -> str:
        record_outcome(world.deps, officer, case.key, _nfa(case, "V1"), seen=0, form_key="form")
        return "recorded"

    jobs = [asks, asks, records, asks, asks]
    with ThreadPoolExecutor(len(jobs)) as pool:
        ends = list(pool.map(lambda job: job[1](job[0]), enumerate(jobs)))
    file = file_of(world, case)
    assert ends.count("recorded") == 1
    assert len(file.threads) == file.door.threads == ends.count("stored")
    assert file.door.closed_on == TODAY
    with pytest.raises(QuestionsClosedError):
        ask_officer(world.deps, session, "And now?", "late question")
    assert len(file_of(world, case).threads) == len(file.threads)


def test_an_outcome_needs_a_fresh_sign_in_but_a_form_opened_in_time_may_be_sent(
    world: World,
) -> None:
    case, officer = seed_case(world.deps), staff(world)
    stale = staff(world, "pc-second", fresh=False)
    with pytest.raises(FreshSignInNeededError):
        record_outcome(world.deps, stale, case.key, _nfa(case), seen=0, form_key="form")
    world.clock.forward(minutes=31)
    with pytest.raises(FreshSignInNeededError):
        record_outcome(world.deps, officer, case.key, _nfa(case), seen=0, form_key="form")
    world.clock.forward(minutes=-11)
    record_outcome(world.deps, officer, case.key, _nfa(case), seen=0, form_key="form")
    assert len(case_of(world, case).entries) == 2


def test_a_stage_that_needs_no_telling_is_no_outcome(world: World) -> None:
    case = seed_case(world.deps)
    with pytest.raises(NotAllowedError):
        _record(world, case, News("with_cps", TODAY))


def test_nobody_is_told_who_is_no_victim_of_the_case(world: World) -> None:
    case, other = seed_case(world.deps), seed_case(world.deps)
    with pytest.raises(NotFoundError):
        _record(world, case, _nfa(other, "V1"))


def test_witness_care_records_results_from_charge_on_and_sees_nothing_before(
    world: World,
) -> None:
    before, after = seed_case(world.deps), seed_case(world.deps, stage="charged", told=True)
    care = staff(world, "care", role="witness_care", team="care")
    world.clock.forward(minutes=1)
    news = News("closed", TODAY, "not_guilty")
    record_outcome(world.deps, care, after.key, news, seen=0, form_key="form")
    assert case_of(world, after).current.outcome == "not_guilty"
    with pytest.raises(NotFoundError):
        record_outcome(world.deps, care, before.key, news, seen=0, form_key="form")

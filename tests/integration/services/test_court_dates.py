"""A court date that is typed: who is under review by when, and who is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.cases import Hearing, TeamId
from chalicelib.domain.errors import NotAllowedError, StaleError, StoreUnavailableError
from chalicelib.domain.events import LISTED
from chalicelib.domain.promises import REVIEW, TELL
from chalicelib.services.hand_over import hand_over
from chalicelib.services.keep_measures import BeforeChargeError
from chalicelib.services.leave_case import record_left
from chalicelib.services.record_hearing import record_hearing
from tests.integration.services.court_steps import (
    COURT,
    DUE,
    HEARING,
    charged,
    court_of,
    dated,
    in_charge,
    needs_told,
    reviewed,
    reviews,
)
from tests.integration.services.following import only, owed
from tests.integration.services.staff_steps import audit_of, case_of, colleague, file_of, staff
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.services.deps import Deps
    from chalicelib.services.ports import Part
    from tests.builders import SeededCase
    from tests.integration.conftest import World

LATER = date(2027, 2, 9)
YEAR = date(2026, 1, 1), date(2027, 12, 31)


def _listed(world: World, team: TeamId) -> list[tuple[str, date | None]]:
    return [(court.victim, court.on) for court in world.deps.threads.next_court(team, *YEAR)]


def _team(world: World, case: SeededCase) -> TeamId:
    return case_of(world, case).officer.team


# --- what is typed


def test_what_is_typed_stands_in_the_case_and_in_the_list_of_its_team(world: World) -> None:
    case = charged(world)
    dated(world, case)
    read = case_of(world, case)
    assert (read.next_hearing_on, read.court) == (HEARING, COURT)
    assert _listed(world, _team(world, case)) == [(case.victim, HEARING)]
    assert "recorded a court date" in {line.what for line in audit_of(case)}


def test_the_same_form_sent_twice_records_one_date(world: World) -> None:
    case = charged(world)
    seen = case_of(world, case).version
    session, today = in_charge(world, case), world.deps.today()
    hearing = Hearing(HEARING, COURT)
    first, second = (
        record_hearing(world.deps, session, case.key, hearing, heard_on=today, seen=seen)
        for _ in range(2)
    )
    assert first == second
    assert len(case_of(world, case).events) == len(owed(world, case, TELL)) == 1
    assert len(reviews(world, case)) == 1


def test_who_decided_upon_an_older_case_is_told_so(world: World) -> None:
    case = charged(world)
    seen = case_of(world, case).version
    dated(world, case)
    with pytest.raises(StaleError):
        record_hearing(
            world.deps,
            in_charge(world, case),
            case.key,
            Hearing(LATER, COURT),
            heard_on=world.deps.today(),
            seen=seen,
        )
    assert case_of(world, case).next_hearing_on == HEARING


def test_before_a_charge_there_is_no_court_date(world: World) -> None:
    case = charged(world, stage="investigating", told=False)
    with pytest.raises(BeforeChargeError):
        dated(world, case)


@pytest.mark.parametrize(
    ("on", "heard"),
    [
        (date(2026, 11, 17), date(2026, 11, 18)),
        (HEARING, date(2026, 11, 19)),
        (HEARING, date(2026, 11, 1)),
    ],
    ids=["over", "heard tomorrow", "heard before the report"],
)
def test_a_day_that_cannot_be_right_is_refused(world: World, on: date, heard: date) -> None:
    case = charged(world)
    with pytest.raises(NotAllowedError):
        record_hearing(
            world.deps, in_charge(world, case), case.key, Hearing(on, COURT), heard_on=heard, seen=0
        )


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_who_answers_for_no_case_types_no_date(world: World, role: str) -> None:
    case = charged(world)
    session = staff(world, f"hearing-{role}", role=role, team=_team(world, case))
    with pytest.raises(NotAllowedError):
        record_hearing(
            world.deps,
            session,
            case.key,
            Hearing(HEARING, COURT),
            heard_on=world.deps.today(),
            seen=0,
        )


# --- who is told


def test_everybody_is_owed_to_be_told_but_who_left(world: World) -> None:
    case = charged(world, victims=("V1", "V2"))
    record_left(world.deps, in_charge(world, case), case.key, case.victims["V2"], "by phone")
    made = dated(world, case)
    promise = only(world, case, TELL, "V1")
    assert (promise.event, promise.subject) == (LISTED, made)
    assert promise.due_on == date(2026, 11, 19)
    assert promise.working.source == "the Victims' Code"
    assert owed(world, case, TELL, "V2") == []
    # They hear nothing, and may be needed all the same.
    assert len(_listed(world, _team(world, case))) == 2
    assert len(reviews(world, case, "V2")) == 1


def test_another_date_is_told_instead_of_one_that_nobody_told_yet(world: World) -> None:
    case = charged(world)
    dated(world, case)
    made = dated(world, case, LATER)
    assert only(world, case, TELL).subject == made


def test_a_telling_that_is_late_stays_late(world: World) -> None:
    case = charged(world)
    first = dated(world, case)
    world.clock.forward(days=2)
    second = dated(world, case, LATER)
    assert {promise.subject for promise in owed(world, case, TELL)} == {first, second}


def test_nobody_is_told_where_only_changed_who_may_be_needed(world: World) -> None:
    case = charged(world, victims=("V1", "V2"))
    dated(world, case)
    assert dated(world, case, not_needed=("V2",)) == ""
    assert len(case_of(world, case).events) == 1
    assert _listed(world, _team(world, case)) == [(case.victims["V1"], HEARING)]
    assert reviews(world, case, "V2") == []


@pytest.mark.parametrize("count", [20, 25])
def test_of_very_many_victims_everybody_is_reached(world: World, count: int) -> None:
    labels = tuple(f"V{n}" for n in range(count))
    case = charged(world, crime_type="rape", victims=labels)
    first, second = dated(world, case), dated(world, case, LATER)
    assert first != second
    for label in labels:
        assert only(world, case, TELL, label).subject == second
        assert [p.subject for p in reviews(world, case, label)] == [LATER.isoformat()]
    assert len(_listed(world, _team(world, case))) == count
    assert [len(event.victims) for event in case_of(world, case).events] == [count, count]


def test_what_was_cut_short_is_finished_by_sending_the_form_again(world: World) -> None:
    labels = tuple(f"V{n}" for n in range(20))
    case = charged(world, crime_type="rape", victims=labels)
    dated(world, case)
    world.clock.forward(minutes=1)
    seen, today, session = case_of(world, case).version, world.deps.today(), in_charge(world, case)

    def send(deps: Deps) -> str:
        typed = Hearing(LATER, COURT)
        return record_hearing(deps, session, case.key, typed, heard_on=today, seen=seen)

    class FirstOnly:
        """A ledger that stops answering after one transaction."""

        writes = 0

        def write(self, parts: Sequence[Part]) -> None:
            self.writes += 1
            if self.writes > 1:
                raise StoreUnavailableError
            world.deps.ledger.write(parts)

    with pytest.raises(StoreUnavailableError):
        send(replace(world.deps, ledger=FirstOnly()))
    assert case_of(world, case).next_hearing_on == LATER
    assert 0 < len([v for v, on in _listed(world, _team(world, case)) if on == LATER]) < 20
    made = send(world.deps)
    version = case_of(world, case).version
    assert send(world.deps) == made
    assert case_of(world, case).version == version
    for label in labels:
        assert only(world, case, TELL, label).subject == made
        assert [p.subject for p in reviews(world, case, label)] == [LATER.isoformat()]


# --- the review is owed by itself


def test_a_date_of_a_high_harm_case_owes_a_review_with_ten_working_days_left(world: World) -> None:
    case = charged(world)
    dated(world, case)
    (promise,) = reviews(world, case)
    assert (promise.due_on, promise.subject) == (DUE, HEARING.isoformat())
    assert promise.working.is_backwards
    assert promise.working.working_days == 10


def test_without_high_harm_a_need_owes_it(world: World) -> None:
    case = charged(world, crime_type="burglary")
    dated(world, case)
    assert reviews(world, case) == []
    needs_told(world, case)
    assert [promise.due_on for promise in reviews(world, case)] == [DUE]


def test_a_date_after_a_need_owes_it_as_well(world: World) -> None:
    case = charged(world, crime_type="burglary")
    needs_told(world, case)
    assert reviews(world, case) == []
    dated(world, case)
    assert len(reviews(world, case)) == 1


def test_a_date_that_is_near_already_owes_it_today(world: World) -> None:
    case = charged(world)
    dated(world, case, world.deps.today() + timedelta(days=5))
    assert [promise.due_on for promise in reviews(world, case)] == [world.deps.today()]


def test_another_date_cancels_the_review_and_owes_one_for_itself(world: World) -> None:
    case = charged(world)
    dated(world, case)
    dated(world, case, LATER)
    (promise,) = reviews(world, case)
    assert promise.subject == LATER.isoformat()
    gone = [p for p in file_of(world, case).owed if p.kind == REVIEW and not p.is_open]
    assert [p.cancelled_why for p in gone] == ["The court date changed."]


def test_the_same_date_at_another_court_owes_none_anew(world: World) -> None:
    case = charged(world)
    dated(world, case)
    (before,) = reviews(world, case)
    dated(world, case, court="Another Crown Court")
    assert reviews(world, case) == [before]


def test_no_date_any_more_owes_none_and_leaves_the_list(world: World) -> None:
    case = charged(world)
    dated(world, case)
    dated(world, case, None)
    assert reviews(world, case) == []
    assert _listed(world, _team(world, case)) == []
    assert case_of(world, case).next_hearing_on is None


def test_a_closed_review_opens_again_with_another_date(world: World) -> None:
    case = charged(world)
    dated(world, case)
    reviewed(world, case)
    assert court_of(world, case).is_reviewed
    assert reviews(world, case) == []
    dated(world, case, LATER)
    court = court_of(world, case)
    assert not court.is_reviewed
    assert court.reopened_why == "The court date changed."
    assert [promise.subject for promise in reviews(world, case)] == [LATER.isoformat()]


def test_a_closed_review_opens_again_with_a_need_and_is_never_due_before_today(
    world: World,
) -> None:
    case = charged(world)
    dated(world, case)
    reviewed(world, case)
    world.clock.moment = datetime(2026, 12, 30, 9, 30, tzinfo=UTC)
    needs_told(world, case)
    (promise,) = reviews(world, case)
    assert promise.due_on == world.deps.today()
    assert not court_of(world, case).is_reviewed


def test_a_closed_review_stays_closed_where_the_date_stands(world: World) -> None:
    case = charged(world)
    dated(world, case)
    reviewed(world, case)
    dated(world, case, court="Another Crown Court")
    assert court_of(world, case).is_reviewed
    assert reviews(world, case) == []


def test_a_hand_over_takes_the_date_to_the_other_team_and_keeps_the_review(world: World) -> None:
    case = charged(world)
    dated(world, case)
    (before,) = reviews(world, case)
    old, new = _team(world, case), new_officer()
    colleague(world, new.id, team=new.team)
    officer = case_of(world, case).officer
    hand_over(world.deps, in_charge(world, case), case.key, new.id, seen_officer=officer.id)
    assert _listed(world, old) == []
    assert _listed(world, new.team) == [(case.victim, HEARING)]
    (after,) = reviews(world, case)
    assert (after.id, after.due_on) == (before.id, before.due_on)
    assert (after.owner, after.team) == (new.id, new.team)


def test_a_review_that_was_missed_stays_late_until_there_is_another_date(world: World) -> None:
    case = charged(world)
    dated(world, case, world.deps.today() + timedelta(days=3))
    (missed,) = reviews(world, case)
    world.clock.forward(days=5)
    needs_told(world, case)
    assert reviews(world, case) == [missed]
    dated(world, case)
    gone = next(p for p in file_of(world, case).owed if p.id == missed.id)
    assert gone.cancelled_why == "That court date passed without a review."
    assert [promise.subject for promise in reviews(world, case)] == [HEARING.isoformat()]


def test_a_victim_who_is_not_needed_is_on_no_list(world: World) -> None:
    case = charged(world, victims=("V1", "V2"))
    dated(world, case, not_needed=("V1",))
    assert _listed(world, _team(world, case)) == [(case.victims["V2"], HEARING)]
    assert reviews(world, case, "V1") == []
    assert len(reviews(world, case, "V2")) == 1


def test_a_date_and_a_need_at_the_same_moment_lose_nothing(world: World) -> None:
    """Who writes the date has read the needs as they were: one of the two looks again."""
    case = charged(world, crime_type="burglary")
    before = file_of(world, case)

    class AsBefore:
        """Threads that give, once, what stood there before the need was told."""

        def __init__(self) -> None:
            self.left = [before]

        def read(self, *args: object, **options: object) -> object:
            return self.left.pop() if self.left else world.deps.threads.read(*args, **options)  # type: ignore[arg-type]

        def __getattr__(self, name: str) -> object:
            return getattr(world.deps.threads, name)

    needs_told(world, case)
    deps = replace(world.deps, threads=AsBefore())  # type: ignore[arg-type]
    record_hearing(
        deps,
        in_charge(world, case),
        case.key,
        Hearing(HEARING, COURT),
        heard_on=world.deps.today(),
        seen=case_of(world, case).version,
    )
    assert len(reviews(world, case)) == 1

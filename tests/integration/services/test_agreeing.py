"""What a partner may see is decided by the victim, holds at once, and ends at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.agreements import BY_VICTIM, DATES, MEASURES, NEEDS, Terms
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    StaleError,
    StoreUnavailableError,
)
from chalicelib.domain.promises import TASK
from chalicelib.services.agree import (
    NO_LONGER,
    AgreementChangedError,
    agree,
    note_agreement,
    note_stop,
    stop_sharing,
)
from chalicelib.services.end_agreements import ENDED, take_back_ended
from chalicelib.services.follow import open_of
from chalicelib.services.hand_over import hand_over
from chalicelib.services.support_list import open_support_list
from chalicelib.services.watch import look_after
from tests.builders import OFFICER, STOKE, seed_case
from tests.integration.partner_steps import (
    NEXT_YEAR,
    agency,
    agreed,
    has_task,
    says_no,
    says_yes,
    supporter,
    with_partners,
)
from tests.integration.services.staff_steps import (
    audit_of,
    case_of,
    colleague,
    file_of,
    staff,
    victim,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.promises import Promise
    from tests.builders import SeededCase
    from tests.integration.conftest import World as AnyWorld

NEEDS_ALONE = Terms(frozenset({NEEDS}), NEXT_YEAR)


@pytest.fixture
def world(world: AnyWorld) -> AnyWorld:
    """Both services with partner agencies of this test alone."""
    return with_partners(world)


def _listed(world: AnyWorld) -> list[str]:
    people = open_support_list(world.deps, supporter(world)).people
    return [person.agreement.reference for person in people]


def _tasks(world: AnyWorld, case: SeededCase) -> list[Promise]:
    return open_of(file_of(world, case), TASK)


def test_who_says_yes_is_in_the_list_of_that_partner_and_of_no_other(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    given = says_yes(world, case, NEEDS, DATES)
    assert (given.scope, given.until, given.given_by) == (
        frozenset({NEEDS, DATES}),
        NEXT_YEAR,
        BY_VICTIM,
    )
    assert _listed(world) == [case.reference]
    other = supporter(world, agency(world, "isva"), "linden")
    assert open_support_list(world.deps, other).people == ()


def test_the_same_yes_again_changes_nothing(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    first = says_yes(world, case, NEEDS)
    assert says_yes(world, case, NEEDS) == first


def test_less_can_be_agreed_at_any_time(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    assert says_yes(world, case, MEASURES).scope == frozenset({MEASURES})


def test_nobody_agrees_with_a_partner_that_is_none(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    with pytest.raises(NotFoundError):
        agree(world.deps, victim(world, case), "nobody", NEEDS_ALONE, seen="")
    with pytest.raises(NotFoundError):
        stop_sharing(world.deps, victim(world, case), "nobody")


def test_who_stops_it_is_gone_from_the_list_with_the_next_request(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    says_no(world, case)
    assert _listed(world) == []
    gone = agreed(world, case)
    assert (gone.withdrawn_by, len(gone.past)) == (BY_VICTIM, 2)
    says_no(world, case)
    assert agreed(world, case) == gone


def test_what_the_partner_was_to_do_goes_to_the_officer_and_then_with_the_case(
    world: AnyWorld,
) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    before = has_task(world, case, supporter(world))
    assert (before.team, before.stays) == (agency(world).team, True)
    says_no(world, case)
    (task,) = _tasks(world, case)
    assert (task.owner, task.team, task.due_on) == (OFFICER.id, OFFICER.team, before.due_on)
    assert (task.moves[-1].why, task.moves[-1].by) == (NO_LONGER, BY_VICTIM)
    robin = colleague(world, "robin")
    hand_over(world.deps, staff(world), case.key, robin, seen_officer=OFFICER.id)
    assert _tasks(world, case)[0].owner == robin


def test_what_another_partner_was_to_do_stays_with_it(world: AnyWorld) -> None:
    case, isva = seed_case(world.deps), agency(world, "isva")
    says_yes(world, case)
    says_yes(world, case, row=isva)
    theirs = has_task(world, case, supporter(world, isva, "linden"))
    says_no(world, case)
    assert [task.owner for task in _tasks(world, case)] == [theirs.owner]


@dataclass
class _HandedOverMeanwhile:
    """A ledger before whose first write somebody hands the case over."""

    world: AnyWorld
    case: SeededCase
    writes: int = 0

    def write(self, parts: Sequence[Any]) -> None:
        """Write as ever, but later than the hand-over."""
        self.writes += 1
        if self.writes == 1:
            to = colleague(self.world, "wren")
            officer = staff(self.world)
            hand_over(self.world.deps, officer, self.case.key, to, seen_officer=OFFICER.id)
        self.world.deps.ledger.write(parts)


def test_it_goes_to_the_officer_who_has_the_case_by_then(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    says_yes(world, case)
    has_task(world, case, supporter(world))
    session = victim(world, case)
    ledger = _HandedOverMeanwhile(world, case)
    stop_sharing(replace(world.deps, ledger=ledger), session, agency(world).key)
    assert [task.owner for task in _tasks(world, case)] == ["wren"]
    assert ledger.writes > 1


@dataclass
class _LostReplies:
    """A store that writes and never says so."""

    world: AnyWorld

    def write(self, parts: Sequence[Any]) -> None:
        """Write, and lose the answer."""
        self.world.deps.ledger.write(parts)
        raise StoreUnavailableError


def test_a_lost_answer_of_the_store_is_not_taken_for_a_failure(world: AnyWorld) -> None:
    case = seed_case(world.deps)
    session, key = victim(world, case), agency(world).key
    deaf = replace(world.deps, ledger=_LostReplies(world))
    agree(deaf, session, key, NEEDS_ALONE, seen="")
    assert agreed(world, case).holds(world.deps.today())
    stop_sharing(deaf, session, key)
    assert not agreed(world, case).holds(world.deps.today())


def test_of_two_who_change_it_at_once_the_second_yes_is_refused(world: AnyWorld) -> None:
    case, key = seed_case(world.deps), agency(world).key
    seen = says_yes(world, case, NEEDS).changed
    note_agreement(
        world.deps,
        staff(world),
        case.key,
        case.victim,
        key,
        Terms(frozenset({DATES}), NEXT_YEAR),
        how="by phone",
        seen=seen,
    )
    world.clock.forward(minutes=1)
    more = Terms(frozenset({NEEDS, MEASURES}), NEXT_YEAR)
    with pytest.raises(AgreementChangedError) as refused:
        agree(world.deps, victim(world, case), key, more, seen=seen)
    assert refused.value.opened.file.agreements[0].scope == frozenset({DATES})
    with pytest.raises(StaleError):
        note_agreement(
            world.deps, staff(world), case.key, case.victim, key, more, how="by phone", seen=seen
        )
    assert agreed(world, case).scope == frozenset({DATES})


def test_nobody_is_ever_too_late_to_say_no(world: AnyWorld) -> None:
    case, key = seed_case(world.deps), agency(world).key
    old = says_yes(world, case, NEEDS).changed
    says_yes(world, case, DATES)
    stop_sharing(world.deps, victim(world, case), key)
    world.clock.forward(minutes=1)
    # And who decided before that cannot bring it back.
    with pytest.raises(StaleError):
        note_agreement(
            world.deps,
            staff(world),
            case.key,
            case.victim,
            key,
            NEEDS_ALONE,
            how="by phone",
            seen=old,
        )


def test_an_officer_notes_what_they_said_and_how(world: AnyWorld) -> None:
    case, key, officer = seed_case(world.deps), agency(world).key, staff(world)
    note_agreement(
        world.deps, officer, case.key, case.victim, key, NEEDS_ALONE, how="in person", seen=""
    )
    given = agreed(world, case)
    assert given.given_by == "PC Example"
    assert "agreed with PC Example in person" in given.past[0]
    note_stop(world.deps, officer, case.key, case.victim, key, how="by phone")
    gone = agreed(world, case)
    assert (gone.withdrawn_by, gone.holds(world.deps.today())) == ("PC Example", False)
    assert "Taken back with PC Example by phone" in gone.past[1]
    assert {line.what for line in audit_of(case)} == {"noted what a partner may see"}


@pytest.mark.parametrize("role", ["partner", "administrator"])
def test_who_does_not_work_on_cases_notes_no_agreement(world: AnyWorld, role: str) -> None:
    case, key = seed_case(world.deps), agency(world).key
    session = staff(world, f"else-{role}", role=role)
    with pytest.raises(NotAllowedError):
        note_agreement(
            world.deps, session, case.key, case.victim, key, NEEDS_ALONE, how="by phone", seen=""
        )
    with pytest.raises(NotAllowedError):
        note_stop(world.deps, session, case.key, case.victim, key, how="by phone")


def test_a_case_of_others_or_a_victim_of_another_is_not_there(world: AnyWorld) -> None:
    case, other, key = seed_case(world.deps), seed_case(world.deps), agency(world).key
    elsewhere = staff(world, "pc-stoke", team=STOKE)
    for session, whose in ((elsewhere, case.victim), (staff(world), other.victim)):
        with pytest.raises(NotFoundError):
            note_agreement(
                world.deps, session, case.key, whose, key, NEEDS_ALONE, how="by phone", seen=""
            )
    assert not file_of(world, case).agreements
    assert not file_of(world, other).agreements


# --- the end of an agreement


def test_the_day_after_its_last_day_the_list_is_without_them(world: AnyWorld) -> None:
    case, today = seed_case(world.deps), world.deps.today()
    says_yes(world, case, until=today)
    assert _listed(world) == [case.reference]
    world.clock.forward(days=1)
    assert _listed(world) == []


def test_each_morning_what_can_no_longer_be_done_goes_to_the_officer(world: AnyWorld) -> None:
    ended, goes_on = seed_case(world.deps), seed_case(world.deps)
    says_yes(world, ended, until=world.deps.today())
    says_yes(world, goes_on)
    session = supporter(world)
    for case in (ended, goes_on):
        has_task(world, case, session)
        has_task(world, case, session, "letter")
    assert take_back_ended(world.deps) == 0
    world.clock.forward(days=1)
    look_after(world.deps)
    assert {task.owner for task in _tasks(world, ended)} == {OFFICER.id}
    assert {task.moves[-1].why for task in _tasks(world, ended)} == {ENDED}
    assert {task.owner for task in _tasks(world, goes_on)} == {session.member.id}
    assert take_back_ended(world.deps) == 0
    assert "took back what a partner was to do" in {line.what for line in audit_of(ended)}


def test_what_a_partner_was_given_without_any_agreement_goes_back_as_well(
    world: AnyWorld,
) -> None:
    case = seed_case(world.deps)
    has_task(world, case, supporter(world))
    assert take_back_ended(world.deps) == 1
    assert [task.owner for task in _tasks(world, case)] == [case_of(world, case).officer.id]


def test_an_agreement_that_was_said_again_is_in_force_from_then_on(world: AnyWorld) -> None:
    case, today = seed_case(world.deps), world.deps.today()
    says_yes(world, case, until=today)
    world.clock.forward(days=2)
    again = says_yes(world, case, until=today + timedelta(days=9))
    assert again.holds(world.deps.today())
    assert _listed(world) == [case.reference]

"""Cases that go to court, as an import and the people at the desk leave them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.domain.cases import Hearing
from chalicelib.domain.promises import REVIEW
from chalicelib.services.keep_needs import note_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.record_hearing import record_hearing
from chalicelib.services.record_outcome import News, record_outcome
from chalicelib.services.review import close_review, review_stamp
from tests.integration.services.following import followed, owed
from tests.integration.services.staff_steps import case_of, file_of, staff
from tests.integration.web.desk_steps import new_officer

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer, StageEntry
    from chalicelib.domain.promises import Promise
    from chalicelib.domain.reviews import Court
    from chalicelib.domain.staff import StaffSession
    from tests.builders import SeededCase
    from tests.integration.conftest import World

# Ten working days are left on Tuesday 22 December, with Christmas and New Year in between.
HEARING, DUE = date(2027, 1, 8), date(2026, 12, 22)
COURT = "Example Crown Court"
STOPPED = "court_case_stopped"


def charged(world: World, *, officer: Officer | None = None, **options: Any) -> SeededCase:
    """Put a case of high harm in which somebody is charged and was told, of a team of its own."""
    more = {"crime_type": "stalking_harassment", "stage": "charged", "told": True, **options}
    return followed(world, officer=officer or new_officer(), **more)


def in_charge(world: World, case: SeededCase) -> StaffSession:
    """Return the session of the officer in charge."""
    officer = case_of(world, case).officer
    return staff(world, officer.id, team=officer.team, name=officer.name)


def dated(
    world: World,
    case: SeededCase,
    on: date | None = HEARING,
    *,
    court: str = COURT,
    not_needed: tuple[str, ...] = (),
) -> str:
    """Record a court date upon the case as it stands, a minute after whatever came before."""
    world.clock.forward(minutes=1)
    away = frozenset(case.victims[label] for label in not_needed)
    hearing = Hearing(on, court if on else None, away)
    return record_hearing(
        world.deps,
        in_charge(world, case),
        case.key,
        hearing,
        heard_on=world.deps.today(),
        seen=case_of(world, case).version,
    )


def stopped(world: World, case: SeededCase) -> StageEntry:
    """Record that the case at court was stopped, of which nobody is told yet."""
    world.clock.forward(minutes=1)
    stage = world.deps.rules.outcomes[STOPPED].stage
    record_outcome(
        world.deps,
        in_charge(world, case),
        case.key,
        News(stage, world.deps.today(), outcome=STOPPED),
        seen=case_of(world, case).version,
        form_key=world.deps.new_id(),
    )
    return case_of(world, case).current


def reviewed(world: World, case: SeededCase, decisions: str = "Ask for a screen.") -> None:
    """Close the review before court of the first victim."""
    world.clock.forward(minutes=1)
    close_review(
        world.deps,
        in_charge(world, case),
        case.key,
        case.victim,
        decisions=decisions,
        there="Sergeant Example; Juniper Example, New Era",
        seen=review_stamp(file_of(world, case)),
    )


def needs_told(world: World, case: SeededCase, kind: str = "health") -> None:
    """Let the officer in charge note a need of the first victim."""
    world.clock.forward(minutes=1)
    part = world.deps.rules.need_kinds[kind].parts[0]
    told = NeedTold(kind, {part: "Epilepsy"}, (), seen=0)
    note_need(world.deps, in_charge(world, case), case.key, case.victim, told)


def court_of(world: World, case: SeededCase, label: str | None = None) -> Court:
    """Return a victim's court date and its review."""
    court = file_of(world, case, label).court
    assert court is not None
    return court


def reviews(world: World, case: SeededCase, label: str | None = None) -> list[Promise]:
    """Return the reviews that are owed to a victim."""
    return owed(world, case, REVIEW, label)

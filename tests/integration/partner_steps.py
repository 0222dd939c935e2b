"""Partner agencies that no other test has, what victims agree with them, and who works there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from chalicelib.domain.agreements import SCOPES, Agreement, Terms, agreement_with
from chalicelib.domain.cases import Hearing, OfficerId, TeamId
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.needs import Need, Needs
from chalicelib.services.agree import agree, stop_sharing
from chalicelib.services.court_dates import court_parts
from chalicelib.services.staff_case import victim_of
from chalicelib.services.tasks import TaskGiven, task_of
from tests.integration.conftest import World
from tests.integration.services.staff_steps import case_of, file_of, staff, victim

if TYPE_CHECKING:
    from chalicelib.domain.promises import Promise
    from chalicelib.domain.staff import StaffSession
    from chalicelib.rules import Partner
    from tests.builders import SeededCase

# The world's clock stands on Wednesday 18 November 2026.
NEXT_YEAR = date(2027, 11, 18)
COURT_DAY = date(2026, 12, 9)
_numbers = count(1)


def with_partners(world: World) -> World:
    """Return the same services with partner agencies of this test alone.

    Lists of partners are read whole, and the stand-in keeps what other tests agreed, and whom
    they put into the staff list: the contact points of the police are nobody else's either.
    """
    number, rules = next(_numbers), world.deps.rules
    partners = {
        f"{key}_{number}": replace(row, key=f"{key}_{number}", team=f"{row.team}-{number}")
        for key, row in rules.partners.items()
    }
    force = replace(
        rules.force,
        isva_contact_point=f"{rules.force.isva_contact_point}-{number}",
        witness_care_contact_point=f"{rules.force.witness_care_contact_point}-{number}",
    )
    own = replace(rules, partners=partners, force=force)
    parts = {
        audience: (settings, replace(deps, rules=own))
        for audience, (settings, deps) in world.parts.items()
    }
    return World(world.clock, replace(world.deps, rules=own), parts)


def agency(world: World, name: str = "new_era") -> Partner:
    """Return the row of an agency of this test."""
    return next(row for key, row in world.deps.rules.partners.items() if key.startswith(name))


def supporter(world: World, row: Partner | None = None, identity: str = "juniper") -> StaffSession:
    """Return the session of somebody who works for an agency."""
    row = row or agency(world)
    identity, name = f"{identity}-{row.team}", f"{identity.title()} Example"
    return staff(world, identity, role="partner", team=TeamId(row.team), name=name)


def says_yes(
    world: World,
    case: SeededCase,
    *scope: str,
    row: Partner | None = None,
    until: date = NEXT_YEAR,
    label: str | None = None,
) -> Agreement:
    """Let a victim agree on their page, and return what holds now."""
    row = row or agency(world)
    before = agreement_with(file_of(world, case, label).agreements, row.key)
    terms = Terms(frozenset(scope or SCOPES), until)
    seen = before.changed if before else ""
    agree(world.deps, victim(world, case, label), row.key, terms, seen=seen)
    world.clock.forward(minutes=1)
    return agreed(world, case, row, label)


def says_no(world: World, case: SeededCase, row: Partner | None = None) -> None:
    """Let a victim stop it on their page."""
    stop_sharing(world.deps, victim(world, case), (row or agency(world)).key)
    world.clock.forward(minutes=1)


def agreed(
    world: World, case: SeededCase, row: Partner | None = None, label: str | None = None
) -> Agreement:
    """Return what stands between a victim and an agency."""
    found = agreement_with(file_of(world, case, label).agreements, (row or agency(world)).key)
    assert found is not None
    return found


def has_need(world: World, case: SeededCase, words: str = "Epilepsy") -> None:
    """Let the first victim have told a need."""
    need = Need("health", {"health_what": words}, (), world.clock(), "victim", since=1)
    world.deps.ledger.write([world.deps.threads.keep_needs(case.victim, Needs((need,)))])


def has_measure(world: World, case: SeededCase, key: str, *states: str) -> None:
    """Let a measure of the first victim have come through these states."""
    steps = tuple(
        MeasureStep(state, world.deps.today(), world.clock(), "PC Example") for state in states
    )
    kept = world.deps.threads.keep_measure(case.victim, Measure(key, steps))
    world.deps.ledger.write([kept])


def has_hearing(world: World, case: SeededCase, on: date | None = COURT_DAY) -> None:
    """Let staff have typed the next day at court."""
    read, deps = case_of(world, case), world.deps
    hearing = Hearing(on, "Example Crown Court")
    moved = deps.cases.desk_change(read, officer=None, at=deps.now(), hearing=hearing)
    after = replace(read, hearing=hearing, next_hearing_on=on, court=hearing.court)
    parts = [
        part
        for whose in read.victims
        for part in court_parts(deps, after, whose, deps.threads.read(whose.key))
    ]
    deps.ledger.write([moved, *parts])


def has_task(
    world: World,
    case: SeededCase,
    by: StaffSession,
    task: str = "talk",
    words: str = "Talk about the screen",
) -> Promise:
    """Let a review have given somebody of an agency something to do."""
    read, me, deps = case_of(world, case), by.member, world.deps
    owner = replace(read.officer, id=OfficerId(me.id), name=me.name, number=me.number, team=me.team)
    given = TaskGiven(task, words, owner=owner)
    promise = task_of(deps, read, victim_of(read, case.victim), given)
    deps.ledger.write([deps.threads.new_promise(promise)])
    return promise

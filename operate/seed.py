"""Loads the demonstration force: what happened on each day is done again on that day's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.access import CaseReference, new_code
from chalicelib.domain.cases import FROM_FILE, OfficerId, StageEntry, TeamId, Told
from chalicelib.domain.codes import ACTIVE, CodeItem, CodeRecord
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.open_case import code_key
from chalicelib.stores.cases import entry_item
from chalicelib.stores.tables import FileItem, VictimItem
from operate.demo_force import CASES, PEOPLE, TEAMS
from operate.hub_home import DemoCode

if TYPE_CHECKING:
    from chalicelib.services.deps import Deps
    from operate.demo_force import DemoCase

ONE_DAY = timedelta(days=1)


def is_loaded(deps: Deps) -> bool:
    """Return whether the demonstration cases are in the store."""
    return deps.cases.read(deps.keys.case_key(CaseReference(CASES[0].reference))) is not None


def load(deps: Deps) -> list[DemoCode]:
    """Return the codes of the cases that were put into the store."""
    for identity, name in TEAMS.items():
        deps.ledger.write([deps.cases.keep_team(Team(TeamId(identity), name))])
    for p in PEOPLE:
        member = StaffMember(OfficerId(p.id), p.name, p.number, TeamId(p.team))
        deps.ledger.write([deps.cases.keep_member(member)])
    return [code for case in CASES for code in _load(deps, case)]


def _load(deps: Deps, case: DemoCase) -> list[DemoCode]:
    ref = CaseReference(case.reference)
    key = deps.keys.case_key(ref)
    p = next(p for p in PEOPLE if p.id == case.officer)
    keys = {label: deps.keys.victim_key(key, label) for label in case.victims}
    FileItem(
        key,
        "case#file",
        reference=ref,
        crime_type=case.crime_type,
        flags=set(case.flags) or None,
        reported_on=_day(deps, case.steps[0].days_ago).isoformat(),
        stage=case.steps[-1].stage,
        officer_id=p.id,
        officer_name=p.name,
        officer_number=p.number,
        team=p.team,
        digest="x",
    ).save()
    for label, victim in keys.items():
        VictimItem(key, f"victim#{victim}", label=label, enhanced_rights=case.enhanced).save()
    for step in case.steps:
        day = _day(deps, step.days_ago)
        told = {}
        if step.told_days_ago is not None:
            told = {
                v: Told(_day(deps, step.told_days_ago or 0), step.told_how) for v in keys.values()
            }
        entry_item(
            key,
            StageEntry(
                deps.new_id(), step.stage, day, _at(day, 8), FROM_FILE, step.outcome or None, told
            ),
        ).save()
    codes = []
    for label, victim in keys.items():
        code = new_code(deps.random_below)
        k = code_key(deps, code, ref)
        record = CodeRecord(
            deps.new_id(), k, ACTIVE, "the victim", "face to face", p.id, deps.now()
        )
        deps.ledger.write(
            [
                deps.access.new_code(CodeItem(k, key, victim, ACTIVE, None, None)),
                deps.threads.keep_code_record(victim, record),
            ]
        )
        codes.append(DemoCode(ref, code, label, p.id, k))
    return codes


def _day(deps: Deps, working_days_ago: int) -> date:
    day = deps.today()
    for _ in range(working_days_ago):
        day -= ONE_DAY
        while not deps.calendar.is_working_day(day):
            day -= ONE_DAY
    return day


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)

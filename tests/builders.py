"""Cases, people and sessions with sound defaults, written as the importer and staff would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from chalicelib.domain.access import CaseReference, new_code
from chalicelib.domain.cases import (
    FROM_FILE,
    CaseKey,
    Officer,
    OfficerId,
    StageEntry,
    TeamId,
    Told,
    Update,
    VictimKey,
)
from chalicelib.domain.codes import ACTIVE, CodeItem, CodeRecord
from chalicelib.domain.promises import Move
from chalicelib.domain.staff import StaffMember, StaffSession, Team
from chalicelib.services.open_case import code_key
from chalicelib.services.victim_sessions import session_key
from chalicelib.stores.cases import entry_item
from chalicelib.stores.tables import FileItem, VictimItem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from chalicelib.services.deps import Deps

STAFFORD = TeamId("stafford")
STOKE = TeamId("stoke")
OFFICER = Officer(OfficerId("pc-example"), "PC Example", "0001", STAFFORD)
_numbers = count(100_000)


@dataclass(frozen=True)
class SeededCase:
    """A case that a test put into the store."""

    reference: CaseReference
    key: CaseKey
    victims: dict[str, VictimKey]

    @property
    def victim(self) -> VictimKey:
        """Return the first victim."""
        return next(iter(self.victims.values()))


def next_reference() -> CaseReference:
    """Return a reference that no other test has."""
    return CaseReference(f"12/{next(_numbers):06d}/34")


def seed_case(
    deps: Deps,
    *,
    victims: Sequence[str] = ("V1",),
    stage: str = "investigating",
    outcome: str | None = None,
    told: bool = False,
    crime_type: str = "burglary",
    flags: Sequence[str] = (),
    officer: Officer = OFFICER,
    reported_on: date = date(2026, 11, 2),
) -> SeededCase:
    """Put a case as an import would; with an outcome it has the stage before it as well."""
    reference = next_reference()
    key = deps.keys.case_key(reference)
    keys = {label: deps.keys.victim_key(key, label) for label in victims}
    FileItem(
        key,
        "case#file",
        reference=reference,
        crime_type=crime_type,
        flags=set(flags) or None,
        reported_on=reported_on.isoformat(),
        stage=stage,
        outcome=outcome,
        officer_id=officer.id,
        officer_name=officer.name,
        officer_number=officer.number,
        team=officer.team,
        digest="seeded",
    ).save()
    for label, victim in keys.items():
        VictimItem(key, f"victim#{victim}", label=label, enhanced_rights=False).save()
    heard = {v: Told(deps.today(), "in person") for v in keys.values()} if told else {}
    entry = StageEntry(
        deps.new_id(), stage, reported_on, deps.now(), FROM_FILE, outcome=outcome, told=heard
    )
    entry_item(key, entry).save()
    return SeededCase(reference, key, keys)


def seed_code(deps: Deps, case: SeededCase, victim: str | None = None) -> str:
    """Put an active code for a victim and return it as the officer read it out."""
    code = new_code(deps.random_below)
    whose = case.victim if victim is None else case.victims[victim]
    key = code_key(deps, code, case.reference)
    record = CodeRecord(
        deps.new_id(), key, ACTIVE, "the victim", "face to face", "pc-example", deps.now()
    )
    item = CodeItem(key, case.key, whose, ACTIVE, expires_at=None, used_at=None)
    deps.ledger.write([deps.access.new_code(item), deps.threads.keep_code_record(whose, record)])
    return code


def seed_update(deps: Deps, case: SeededCase, text: str, *victims: str) -> None:
    """Put an update for these victims, or for all."""
    to = frozenset(case.victims[v] for v in victims) or frozenset(case.victims.values())
    deps.ledger.write(
        [deps.cases.new_update(case.key, Update(deps.new_id(), text, deps.now(), to))]
    )


def moved_to(deps: Deps, officer: Officer) -> Move:
    """Return the move of a promise to an officer, now."""
    now = deps.now()
    return Move(
        now, officer.id, officer.name, officer.team, "The case went to another officer.", "Test"
    )


def seed_staff(
    deps: Deps,
    identity: str = "pc-example",
    *,
    role: str = "officer",
    team: TeamId = STAFFORD,
    name: str = "PC Example",
    fresh: bool = True,
    signed_in_for: timedelta | None = None,
) -> str:
    """Put a member of staff with an open session and return the session's token."""
    member = StaffMember(OfficerId(identity), name, "0001", team)
    token, now = deps.new_token(), deps.now()
    started = now - signed_in_for if signed_in_for else now
    session = StaffSession(
        session_key(token), member, role, started, now, fresh_at=now if fresh else None
    )
    deps.ledger.write(
        [
            deps.cases.keep_member(member),
            deps.cases.keep_team(Team(team, team.title())),
            deps.access.new_staff_session(session, now.replace(year=now.year + 1)),
        ]
    )
    return token

"""What tests of the desk's services do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.cases import OfficerId, TeamId
from chalicelib.domain.staff import StaffMember
from chalicelib.services.ask_officer import ask_officer
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.services.victim_sessions import find_session
from chalicelib.stores.tables import AuditTable
from tests.builders import STAFFORD, seed_staff

if TYPE_CHECKING:
    from chalicelib.domain.cases import Case, VictimKey
    from chalicelib.domain.sessions import VictimSession
    from chalicelib.domain.staff import StaffSession
    from chalicelib.services.ports import VictimFile
    from tests.builders import SeededCase
    from tests.integration.conftest import World


def staff(world: World, identity: str = "pc-example", **options: Any) -> StaffSession:
    """Return the session of a member of staff who has just signed in."""
    return find_staff_session(world.deps, seed_staff(world.deps, identity, **options))


def colleague(
    world: World, identity: str, *, team: TeamId = STAFFORD, active: bool = True
) -> OfficerId:
    """Put a member of staff who is not signed in."""
    member = StaffMember(OfficerId(identity), f"PC {identity.title()}", "0007", team, active)
    world.deps.ledger.write([world.deps.cases.keep_member(member)])
    return member.id


def victim(world: World, case: SeededCase, label: str | None = None) -> VictimSession:
    """Return the session of a victim who has just opened their case."""
    return find_session(world.deps, world.victim(case, label).cookies["hub"])


def asked(world: World, case: SeededCase, text: str = "Is there news?", times: int = 1) -> None:
    """Let the case's first victim ask."""
    session = victim(world, case)
    for _ in range(times):
        ask_officer(world.deps, session, text, world.deps.new_token())


def case_of(world: World, case: SeededCase) -> Case:
    """Return the case as it stands."""
    found = world.deps.cases.read(case.key)
    assert found is not None
    return found


def file_of(world: World, case: SeededCase, label: str | None = None) -> VictimFile:
    """Return what passed with a victim."""
    key: VictimKey = case.victim if label is None else case.victims[label]
    return world.deps.threads.read(key)


def audit_of(case: SeededCase) -> list[Any]:
    """Return the audit lines of a case, oldest first."""
    return list(AuditTable.query(case.key))

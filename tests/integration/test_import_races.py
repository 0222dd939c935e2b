"""Two imports at once, and a changed secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.clients.keys import KeyRing
from chalicelib.domain.cases import Officer, OfficerId, TeamId
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.domain.statements import FileMark
from chalicelib.services.import_cases import CASE_FILE, import_cases
from chalicelib.services.import_roster import Roster
from chalicelib.stores.imports import ImportStore
from tests.builders import next_reference
from tests.integration.import_steps import Records, counts, read_case
from tests.unit.domain.import_rows import row, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from chalicelib.domain.cases import CaseKey
    from tests.integration.conftest import World


class _BlindStore(ImportStore):
    """Sees no case, as an import does when another puts them a moment later."""

    def marks(self, _: Sequence[CaseKey]) -> Mapping[CaseKey, FileMark]:
        return {}


def test_a_case_that_another_import_makes_meanwhile_is_not_overwritten(
    world: World, tmp_path: Path
) -> None:
    there, absent = next_reference(), next_reference()
    Records(world, tmp_path, there).say({"stage": "with_cps"})
    path = tmp_path / "both.csv"
    said = [row(reference=r, stage="with_cps", court="Invented Court") for r in (there, absent)]
    path.write_text(text_of(said))
    report = import_cases(world.deps, _BlindStore.alone(), path, CASE_FILE, lambda *_: None)
    assert counts(report) == {"new": 1, "changed": 1}
    assert [len(read_case(world, r).entries) for r in (there, absent)] == [1, 1]
    assert read_case(world, there).court == "Invented Court"


def test_a_case_goes_on_under_its_key_when_the_secret_has_changed(
    world: World, tmp_path: Path
) -> None:
    records = Records(world, tmp_path)
    records.say({})
    before = records.case
    ring = world.deps.keys
    assert isinstance(ring, KeyRing)
    secrets = replace(
        ring._secrets,  # noqa: SLF001 -- as the secret's owner changes it
        reference_key=b"another invented key".ljust(32, b"."),
        previous_reference_key=ring._secrets.reference_key,  # noqa: SLF001
    )
    changed = replace(
        world.deps,
        keys=KeyRing(ring._kms, "alias/hub-pepper", secrets),  # noqa: SLF001
    )
    path = tmp_path / "cases.csv"
    path.write_text(text_of([row(reference=records.reference, court="Invented Court")]))
    store = ImportStore.alone()
    assert counts(import_cases(changed, store, path, CASE_FILE, lambda *_: None)) == {"changed": 1}
    assert (records.case.court, records.case.victims) == ("Invented Court", before.victims)
    assert changed.cases.read(changed.keys.case_key(records.reference)) is None


def test_what_the_administrator_types_while_an_import_runs_stays(world: World) -> None:
    deps, letters = world.deps, next_reference().replace("/", "")
    roster = Roster(deps, ImportStore.alone())
    typed = StaffMember(
        OfficerId(f"typed-{letters}"),
        "DS Typed",
        "0042",
        TeamId(f"t-{letters}"),
        email="typed@force.example",
    )
    team = Team(TeamId(f"t-{letters}"), "Typed team")
    deps.ledger.write([deps.cases.keep_member(typed), deps.cases.keep_team(team)])
    filed = Officer(typed.id, "PC Filed", "0001", TeamId(f"T {letters}"))
    other = Officer(OfficerId(f"other-{letters}"), "PC Other", "0002", team.id)
    roster.keep([filed, other])
    force = deps.cases.read_force()
    assert force.member(typed.id) == typed
    assert force.member(other.id) is not None
    assert team in force.teams
    assert roster.placed(other).team == team.id


def test_a_case_that_is_gone_before_it_is_changed_is_reported(world: World, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(text_of([row(reference=next_reference())]))
    report = import_cases(world.deps, _SeeingStore.alone(), path, CASE_FILE, lambda *_: None)
    assert [(r.line, "import the file again" in r.reason) for r in report.rejected] == [(2, True)]


class _SeeingStore(ImportStore):
    """Sees every case, as an import does when one is removed a moment later."""

    def marks(self, keys: Sequence[CaseKey]) -> Mapping[CaseKey, FileMark]:
        return {key: FileMark("another", desk_changed=False) for key in keys}

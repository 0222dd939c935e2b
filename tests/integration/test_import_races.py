"""Two imports at once, and a changed secret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.clients.keys import KeyRing
from chalicelib.services.import_cases import CASE_FILE, import_cases
from chalicelib.stores.imports import ImportStore
from tests.builders import next_reference
from tests.integration.import_steps import Records, counts, read_case
from tests.unit.domain.import_rows import row, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from chalicelib.domain.cases import CaseKey
    from chalicelib.domain.statements import FileMark
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

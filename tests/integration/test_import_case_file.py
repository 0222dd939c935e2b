"""A case file goes into the hub, and a second time changes nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.cases import is_safe_mode
from chalicelib.domain.csv_records import FileNotUsableError
from chalicelib.services.import_cases import CASE_FILE, POLICE_UK, import_cases
from chalicelib.stores.imports import ImportStore
from chalicelib.stores.tables import AuditTable
from tests.builders import next_reference
from tests.integration.import_steps import (
    DATA,
    DECIDED,
    TOLD,
    Records,
    counts,
    load,
    read_case,
)
from tests.unit.domain.import_rows import row, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.domain.access import CaseReference
    from tests.integration.conftest import World


@pytest.fixture
def records(world: World, tmp_path: Path) -> Records:
    return Records(world, tmp_path)


def test_every_row_of_a_file_is_counted_once(world: World) -> None:
    report = load(world, DATA / "case_file.csv")
    assert report.as_json() == {
        "new": 5,
        "changed": 0,
        "same": 0,
        "kept": 0,
        "left_out": 0,
        "rejected": [
            {"line": 7, "reason": "stage is not one of the hub's stages."},
            {"line": 8, "reason": "The rows of this case disagree on reported_on."},
            {"line": 9, "reason": "The rows of this case disagree on reported_on."},
            {
                "line": 10,
                "reason": "The reference does not have the force's form, like 12/345678/90.",
            },
        ],
    }
    again = load(world, DATA / "case_file.csv")
    assert counts(again) == {"same": 5, "rejected": 4}


def test_progress_ends_with_all_rows(world: World) -> None:
    seen: list[tuple[int, int]] = []
    path = DATA / "case_file.csv"
    import_cases(
        world.deps,
        ImportStore.alone(),
        path,
        CASE_FILE,
        lambda done, all_: seen.append((done, all_)),
    )
    assert seen[-1] == (9, 9)
    assert seen == sorted(seen)


def test_a_new_case_holds_what_the_file_says(records: Records) -> None:
    said = {"flags": "hate;child", "next_hearing_on": "2027-01-08", "court": "Invented Court"}
    assert records.say(said, said | {"victim_id": "V2", "enhanced_rights": "yes"}) == {"new": 2}
    case = records.case
    assert (case.reference, case.crime_type) == (records.reference, "burglary")
    assert case.flags == {"hate", "child"}
    assert [(v.label, v.enhanced_rights) for v in sorted(case.victims, key=lambda v: v.label)] == [
        ("V1", False),
        ("V2", True),
    ]
    assert (case.current.stage, case.current.since) == ("investigating", date(2026, 11, 2))
    assert (case.court, case.next_hearing_on) == ("Invented Court", date(2027, 1, 8))
    assert case.version == 0


def test_nothing_is_written_when_nothing_changed(world: World, records: Records) -> None:
    records.say(DECIDED | TOLD)
    before = records.items()
    with world.watched() as calls:
        assert records.say(DECIDED | TOLD) == {"same": 1}
    assert records.items() == before
    assert set(calls.names) <= {"BatchGetItem", "Query"}


def test_a_missing_row_changes_nothing(records: Records) -> None:
    records.say({}, {"victim_id": "V2"})
    assert records.say({"victim_id": "V2"}) == {"same": 1}
    assert len(records.case.victims) == 2


def test_what_changed_in_the_file_changes_in_the_case(records: Records) -> None:
    records.say({}, {"victim_id": "V2"})
    changed = {"crime_type": "robbery", "court": "Invented Court"}
    assert records.say(changed, changed | {"victim_id": "V2"}) == {"changed": 2}
    assert (records.case.crime_type, records.case.court) == ("robbery", "Invented Court")
    assert records.say(changed, changed | {"victim_id": "V2"}) == {"same": 2}


def test_rows_count_for_themselves(records: Records) -> None:
    records.say({})
    assert records.say({"enhanced_rights": "yes"}, {"victim_id": "V2"}) == {"changed": 1, "new": 1}
    labels = {v.label: v.enhanced_rights for v in records.case.victims}
    assert labels == {"V1": True, "V2": False}
    assert records.say({"enhanced_rights": "yes"}, {"victim_id": "V2"}) == {"same": 2}


def test_a_stage_without_a_day_began_when_it_was_first_heard_of(records: Records) -> None:
    records.say({})
    records.say({"stage": "with_cps"})
    assert [(e.stage, e.since) for e in records.case.entries] == [
        ("investigating", date(2026, 11, 2)),
        ("with_cps", date(2026, 11, 18)),
    ]


def test_a_corrected_day_is_corrected_and_no_new_stage(records: Records) -> None:
    records.say(DECIDED | TOLD)
    assert records.say(DECIDED | TOLD | {"outcome_on": "2026-11-09"}) == {"changed": 1}
    (entry,) = records.case.entries
    assert entry.since == date(2026, 11, 9)
    assert len(entry.told) == 1


def test_flags_are_turned_on_and_never_off(records: Records) -> None:
    records.say({"flags": "domestic_abuse"})
    assert records.say({"flags": "stalking"}) == {"kept": 1}
    assert records.say({}) == {"kept": 1}
    assert records.case.flags == {"domestic_abuse", "stalking"}


def test_safe_mode_stays_on_when_the_type_no_longer_asks_for_it(
    world: World, records: Records
) -> None:
    records.say({"crime_type": "not_yet_known"})
    records.say({"crime_type": "burglary"})
    case = records.case
    assert case.crime_type == "burglary"
    assert is_safe_mode(case.crime_type, case.flags, world.deps.rules)


def test_a_case_of_many_victims_is_whole(records: Records) -> None:
    rows = [DECIDED | {"victim_id": f"V{n}", "next_hearing_on": "2027-01-08"} for n in range(40)]
    assert records.say(*rows) == {"new": 40}
    assert len(records.case.victims) == 40
    assert all(len(records.to_tell(f"V{n}")) == 1 for n in range(40))
    assert records.say(*rows) == {"same": 40}
    told = [r | TOLD for r in rows]
    assert records.say(*told) == {"changed": 40}
    assert len(records.case.current.told) == 40
    assert not any(records.to_tell(f"V{n}") for n in range(40))


def test_one_audit_line_names_up_to_25_cases(world: World, tmp_path: Path) -> None:
    references = [next_reference() for _ in range(60)]
    keys = {world.deps.keys.case_key(reference) for reference in references}
    _import(world, tmp_path, [row(reference=r) for r in references])
    world.clock.forward(minutes=1)
    _import(world, tmp_path, [row(reference=r, court="Invented Court") for r in references])
    lines = [set(line.cases or ()) for line in AuditTable.query("import")]
    ours = [cases for cases in lines if cases & keys]
    # Of cases that are open, with all that is owed in them, fewer fit into a transaction.
    assert sorted(len(cases) for cases in ours) == [10, 10, 12, 19, 19, 25, 25]
    assert all(sum(key in cases for cases in ours) == 2 for key in keys)


def _import(world: World, folder: Path, rows: list[list[str]]) -> dict[str, int]:
    path = folder / "rows.csv"
    path.write_text(text_of(rows))
    return dict(counts(load(world, path)))


@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(world: World, tmp_path: Path, chance: object) -> None:
    first, second, third = (next_reference() for _ in range(3))
    rows = [
        row(reference=first, victim_id="V1"),
        row(reference=first, victim_id="V2", enhanced_rights="yes"),
        row(reference=second, **DECIDED | TOLD),
        row(reference=second, victim_id="V2", **DECIDED),
        row(reference=third, stage="recorded"),
        row(reference=third, stage="with_cps", victim_id="V2"),
        row(reference="neither", victim_id="V3"),
    ]
    chance.shuffle(rows)  # type: ignore[attr-defined]
    assert _import(world, tmp_path, rows) == {"new": 4, "rejected": 3}
    chance.shuffle(rows)  # type: ignore[attr-defined]
    assert _import(world, tmp_path, rows) == {"same": 4, "rejected": 3}
    assert _said(world, first) == [("V1", False, False), ("V2", True, False)]
    assert _said(world, second) == [("V1", False, True), ("V2", False, False)]


def _said(world: World, reference: CaseReference) -> list[tuple[str, bool, bool]]:
    case = read_case(world, reference)
    return sorted((v.label, v.enhanced_rights, v.key in case.current.told) for v in case.victims)


def test_a_bad_row_never_stops_the_rest(world: World, tmp_path: Path) -> None:
    references = [next_reference() for _ in range(3)]
    good = [",".join(row(reference=reference)) for reference in references]
    text = text_of([]) + "\r\n".join([good[0], '12/999999/90,"open', good[1], "short,row", good[2]])
    path = tmp_path / "cases.csv"
    path.write_text(text)
    report = load(world, path)
    assert counts(report) == {"new": 3, "rejected": 2}
    assert [r.line for r in report.rejected] == [3, 5]
    assert all(read_case(world, reference) for reference in references)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "directory"),
        (lambda _: None, "no such file"),
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_text("reference,crime_type\n"), "first line"),
        (lambda path: path.write_text(text_of([])), "no rows"),
        (lambda path: path.write_bytes(text_of([row(court="Café")]).encode("latin-1")), "UTF-8"),
        (lambda path: path.symlink_to("/dev/null"), "not a file"),
    ],
)
def test_a_file_that_is_not_what_it_claims_stops_before_anything_is_written(
    world: World, tmp_path: Path, make: object, said: str
) -> None:
    path = tmp_path / "cases.csv"
    make(path)  # type: ignore[operator]
    with world.watched() as calls, pytest.raises(FileNotUsableError, match=said):
        load(world, path)
    assert not calls.seen


def test_a_name_that_no_file_can_have_is_refused_in_one_sentence(
    world: World, tmp_path: Path
) -> None:
    with pytest.raises(FileNotUsableError, match="cannot be read"):
        load(world, tmp_path / ("x" * 300))


def test_a_late_fault_of_the_whole_file_stops_before_anything_is_written(
    world: World, tmp_path: Path
) -> None:
    reference = next_reference()
    rows = [row(reference=reference, victim_id=f"V{n}") for n in range(2000)]
    path = tmp_path / "cases.csv"
    path.write_bytes(text_of(rows).encode() + "Café".encode("latin-1"))
    with pytest.raises(FileNotUsableError, match="UTF-8"):
        load(world, path)
    assert world.deps.cases.read(world.deps.keys.case_key(reference)) is None


def test_each_form_refuses_the_other(world: World) -> None:
    with pytest.raises(FileNotUsableError, match="first line"):
        load(world, DATA / "2018-11-invented-street.csv")
    with pytest.raises(FileNotUsableError, match="first line"):
        load(world, DATA / "case_file.csv", POLICE_UK)

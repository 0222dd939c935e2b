"""Rows of one case come together, agree or are left out, in whichever order they stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.case_file import CaseRow, key_of, row_of
from chalicelib.domain.csv_records import FileNotUsableError
from chalicelib.domain.row_groups import agreeing, grouped, survey
from chalicelib.domain.statements import Statement
from chalicelib.rules import load_rules
from tests.unit.domain.import_rows import records_of, row, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES = load_rules()
TODAY = date(2026, 11, 18)


def _rows(*cells: dict[str, str]) -> list[CaseRow]:
    return [row_of(row(**c), line, RULES, TODAY) for line, c in enumerate(cells, start=2)]


def _groups(rows: Sequence[Sequence[str]]) -> list[list[int]]:
    records = records_of(text_of(rows))
    return [[r.line for r in group] for group in grouped(records, key_of, survey(records, key_of))]


def test_rows_of_one_case_come_together_wherever_they_stand() -> None:
    first, second = "12/000001/90", "12/000002/90"
    rows = [
        row(reference=first, victim_id="V1"),
        row(reference=second),
        row(reference="12 000001 90", victim_id="V2"),
        row(reference="12/000003/90"),
    ]
    assert _groups(rows) == [[3], [2, 4], [5]]


def test_rows_without_a_reference_and_broken_rows_come_alone() -> None:
    assert _groups([row(reference=""), row(reference=""), ["too", "short"]]) == [[2], [3], [4]]


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(FileNotUsableError, match="no rows"):
        survey(records_of(text_of([])), key_of)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_every_row_comes_once_and_with_its_own_case(numbers: list[int]) -> None:
    groups = _groups([row(reference=f"12/00000{n}/90") for n in numbers])
    assert sorted(line for group in groups for line in group) == list(range(2, len(numbers) + 2))
    assert len(groups) == len(set(numbers))
    assert all(len({numbers[line - 2] for line in group}) == 1 for group in groups)


def test_rows_that_disagree_on_the_case_are_all_left_out() -> None:
    used, rejected = agreeing(_rows({}, {"victim_id": "V2", "team": "Stoke", "court": "Invented"}))
    assert not used
    assert [r.line for r in rejected] == [2, 3]
    assert {r.reason for r in rejected} == {"The rows of this case disagree on officer, court."}


def test_the_same_row_twice_is_used_once() -> None:
    used, rejected = agreeing(_rows({}, {"victim_id": "V2"}, {}))
    assert [r.line for r in used] == [2, 3]
    assert [r.line for r in rejected] == [4]


def test_two_rows_of_one_victim_that_differ_are_left_out() -> None:
    rows = _rows({}, {"victim_id": "V2"}, {"enhanced_rights": "yes"})
    used, rejected = agreeing(rows)
    assert [r.victim_id for r in used] == ["V2"]
    assert [r.line for r in rejected] == [2, 4]


@given(st.permutations(range(4)))
def test_the_order_of_rows_changes_neither_what_is_used_nor_what_it_says(order: list[int]) -> None:
    cells = [{"victim_id": "V1"}, {"victim_id": "V2"}, {"victim_id": "V3"}, {"victim_id": "V2"}]
    used, rejected = agreeing(_rows(*(cells[n] for n in order)))
    assert [r.victim_id for r in used] == ["V1", "V2", "V3"]
    assert len(rejected) == 1
    assert Statement.of(used).digest == Statement.of(agreeing(_rows(*cells))[0]).digest

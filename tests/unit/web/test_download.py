"""Tables to take away."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.page import Download

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x","y")')


def read(download: Download) -> list[list[str]]:
    return list(csv.reader(StringIO(download.text, newline=""), strict=True))


def test_rows_come_out_as_they_went_in() -> None:
    rows: list[list[str | int | None]] = [["month", "made"], ["2026-10", 84], ['a, "b"\nc', None]]

    assert read(Download.of_rows("figures.csv", rows)) == [
        ["month", "made"],
        ["2026-10", "84"],
        ['a, "b"\nc', ""],
    ]
    assert Download.of_rows("figures.csv", rows[:1]).text == "month,made\r\n"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    ((cell,),) = read(Download.of_rows("figures.csv", [[text]]))

    assert cell == f"'{text}"


def test_a_number_below_nothing_is_a_number() -> None:
    assert read(Download.of_rows("figures.csv", [[-3]])) == [["-3"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=5))
def test_whatever_stands_in_a_cell_stays_in_it(cells: list[str]) -> None:
    ((*found,),) = read(Download.of_rows("figures.csv", [cells]))

    assert [one.removeprefix("'") for one in found] == [one.removeprefix("'") for one in cells]
    assert not [one for one in found if one.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_file_is_of_the_kind_that_its_name_says() -> None:
    assert Download("", "figures.csv").content_type.startswith("text/csv")
    assert Download("", "appointment.ics").content_type.startswith("text/calendar")


@pytest.mark.parametrize(
    "name", ["", "a.txt", "../a.csv", 'a".csv', "a\r\nb.csv", "A.csv", "a.csv\n"]
)
def test_a_file_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="named"):
        Download("", name)

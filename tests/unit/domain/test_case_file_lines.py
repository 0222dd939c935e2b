"""How a file is taken apart into rows, whatever its lines look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.csv_records import MOST_CHARACTERS_A_LINE, FileNotUsableError
from tests.unit.domain.import_rows import records_of

HEADER = ("a", "b")


def _read(text: str | bytes) -> list[tuple[int, list[str]]]:
    return [(record.line, list(record.values)) for record in records_of(text, HEADER)]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4",
        b"\xef\xbb\xbfa,b\n1,2\n3,4",
        '"a","b"\n"1","2"\n3,"4"\n',
    ],
)
def test_marks_and_line_ends_of_any_system_are_read_alike(text: str | bytes) -> None:
    assert _read(text) == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_empty_lines_are_no_rows_and_are_counted_as_lines() -> None:
    assert _read("a,b\n\n1,2\n  \n3,4\n\n") == [(3, ["1", "2"]), (5, ["3", "4"])]


def test_commas_marks_and_line_ends_stand_inside_quotation_marks() -> None:
    text = 'a,b\n"1, and ""more""","2\nover\nthree lines"\n3,4\n'
    assert _read(text) == [(2, ['1, and "more"', "2\nover\nthree lines"]), (5, ["3", "4"])]


def test_an_open_quotation_mark_hides_no_other_row() -> None:
    first, *others = records_of('a,b\n1,"2\n3,4\n5,"6"\n7,8\n', HEADER)
    assert first.line == 2
    assert first.fault.startswith("A quotation mark")
    assert [(r.line, list(r.values)) for r in others] == [
        (3, ["3", "4"]),
        (4, ["5", "6"]),
        (5, ["7", "8"]),
    ]


def test_a_mark_in_the_wrong_place_is_said_and_hides_no_other_row() -> None:
    first, second = records_of('a,b\n"1"x,2\n3,4\n', HEADER)
    assert first.fault
    assert not second.fault


def test_a_row_with_too_few_or_too_many_fields_is_said_with_their_number() -> None:
    short, long = records_of("a,b\n1\n1,2,3\n", HEADER)
    assert short.fault == "The row has 1 fields; it should have 2."
    assert long.fault == "The row has 3 fields; it should have 2."


def test_a_line_without_end_is_left_out_and_the_next_is_read() -> None:
    endless = "x" * (3 * MOST_CHARACTERS_A_LINE)
    first, second = records_of(f"a,b\n{endless}\n3,4\n", HEADER)
    assert "longer" in first.fault
    assert (second.line, list(second.values)) == (3, ["3", "4"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("\n1,2\n", "empty"),
        ("b,a\n1,2\n", "should be: a,b"),
        ("a,b,c\n", "should be: a,b"),
        ("a;b\n", "should be: a,b"),
        ("A,B\n", "should be: a,b"),
        ("1,2\n", "should be: a,b"),
        ("a,b\n1,é\n".encode("latin-1"), "UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04\x14\x00\x06\x00", "should be: a,b"),
        (b"\x00" * 50_000, "should be: a,b"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused_in_one_sentence(
    text: str | bytes, said: str
) -> None:
    with pytest.raises(FileNotUsableError, match=said):
        records_of(text, HEADER)


@given(st.text(alphabet='12,"\n\r ', max_size=60))
def test_whatever_the_lines_hold_each_is_a_row_or_says_its_fault(body: str) -> None:
    records = records_of("a,b\n" + body, HEADER)
    lines = [record.line for record in records]
    assert lines == sorted(set(lines))
    assert all(bool(record.fault) != (len(record.values) == 2) for record in records)


@given(
    st.lists(
        st.tuples(st.text("xy,\n", min_size=1, max_size=5), st.text("xy", max_size=5)), min_size=1
    )
)
def test_what_is_written_by_the_rules_is_read_again(rows: list[tuple[str, str]]) -> None:
    body = "".join(f'"{first}",{second}\n' for first, second in rows)
    assert [tuple(r.values) for r in records_of("a,b\n" + body, HEADER)] == rows

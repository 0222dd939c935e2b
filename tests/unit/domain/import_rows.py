"""Rows of case files with sound defaults, as a records system would export them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from chalicelib.domain.case_file import HEADER
from chalicelib.domain.csv_records import Record, read_records

if TYPE_CHECKING:
    from collections.abc import Iterable

ROW = {
    "reference": "12/345678/90",
    "crime_type": "burglary",
    "flags": "",
    "reported_on": "2026-11-02",
    "stage": "investigating",
    "outcome": "",
    "outcome_on": "",
    "told_on": "",
    "told_how": "",
    "officer_id": "pc-example",
    "officer_name": "PC Example",
    "officer_number": "0001",
    "team": "Stafford",
    "victim_id": "V1",
    "enhanced_rights": "no",
    "next_hearing_on": "",
    "court": "",
}


def row(**cells: str) -> list[str]:
    """Return the fields of a row; what is not named is as in a burglary under investigation."""
    assert cells.keys() <= ROW.keys()
    return list((ROW | cells).values())


def text_of(rows: Iterable[Iterable[str]], header: Iterable[str] = HEADER) -> str:
    """Return the text of a file whose fields need no quotation marks."""
    return "".join(",".join(fields) + "\n" for fields in (header, *rows))


def records_of(text: str | bytes, header: Iterable[str] = HEADER) -> list[Record]:
    """Return the rows that are read from a file's text."""
    stream = BytesIO(text.encode() if isinstance(text, str) else text)
    return list(read_records(stream, tuple(header)))

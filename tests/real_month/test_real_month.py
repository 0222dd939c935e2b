"""One real month of data.police.uk in the hub, held against a count of its own.

The counts here use the csv module, a Counter and the words in the rules' data files, and
none of the importer's code. `make real-month REAL_MONTHS=folder` says where the months are.
"""

from __future__ import annotations

import csv
import os
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from boto3.dynamodb.types import TypeDeserializer
from botocore.config import Config

from chalicelib.services.import_cases import POLICE_UK, import_cases
from chalicelib.stores.imports import ImportStore
from operate.cloud import TABLE_NAMES, prepare
from operate.hub_deps import deps_of
from operate.stand_in import REGION, StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.import_report import Report

Item = dict[str, Any]
RULES = Path(__file__).parents[2] / "api" / "chalicelib" / "rules"


def _month() -> Path:
    folder = os.environ.get("REAL_MONTHS", "")
    months = sorted(Path(folder).glob("*-street.csv")) if folder else []
    if not months:
        pytest.fail(
            "REAL_MONTHS should name a folder with street-crime files of data.police.uk, "
            "like 2018-12-staffordshire-street.csv."
        )
    return months[-1]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The rows of the month, as the csv module reads them."""
    with _month().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def crimes(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows that have a crime ID."""
    return [row for row in rows if row["Crime ID"]]


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    """A stand-in for AWS with empty tables."""
    with StandIn.started() as stand_in:
        prepare(stand_in.endpoint)
        yield stand_in.endpoint


@pytest.fixture(scope="module")
def report(hub: str) -> Report:
    """What the importer says it did with the month."""
    store = ImportStore.alone()
    return import_cases(deps_of(hub), store, _month(), POLICE_UK, lambda *_: None)


@pytest.fixture(scope="module")
def stored(hub: str, report: Report) -> list[Item]:
    """Every item of every case; a test may look at whole tables, the hub never does."""
    assert report.new
    return [item for item in _whole_table(hub, "cases") if item["pk"] != "force"]


def _whole_table(endpoint: str, name: str) -> list[Item]:
    client = boto3.client(
        "dynamodb", region_name=REGION, endpoint_url=endpoint, config=Config(read_timeout=120)
    )
    pages = client.get_paginator("scan").paginate(TableName=TABLE_NAMES[name])
    read = TypeDeserializer().deserialize
    return [
        {name: read(value) for name, value in item.items()}
        for page in pages
        for item in page["Items"]
    ]


def _words(file: str, table: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a data file by each word that data.police.uk has for them."""
    with (RULES / file).open("rb") as opened:
        found = tomllib.load(opened)[table]
    words: dict[str, dict[str, Any]] = {}
    for row in found:
        said = row.get("police_uk", [])
        words |= dict.fromkeys([said] if isinstance(said, str) else said, row)
    return words


def _of(kind: str, stored: Sequence[Item]) -> list[Item]:
    return [item for item in stored if item["kind"] == kind]


def test_every_row_is_a_case_or_left_out(
    report: Report, rows: list[dict[str, str]], crimes: list[dict[str, str]]
) -> None:
    assert report.as_json() == {
        "new": len(crimes),
        "changed": 0,
        "same": 0,
        "kept": 0,
        "left_out": len(rows) - len(crimes),
        "rejected": [],
    }


def test_there_is_one_case_with_one_victim_and_one_stage_for_each_crime(
    stored: list[Item], crimes: list[dict[str, str]]
) -> None:
    number = len({row["Crime ID"] for row in crimes})
    for kind in ("file", "victim", "entry"):
        keys = [item["pk"] for item in _of(kind, stored)]
        assert len(keys) == len(set(keys)) == number
    assert len({item["reference"] for item in _of("file", stored)}) == number


def test_crime_types_are_as_many_as_in_the_file(
    stored: list[Item], crimes: list[dict[str, str]]
) -> None:
    keys = {word: row["key"] for word, row in _words("crime_types.toml", "crime_type").items()}
    expected = Counter(keys[row["Crime type"]] for row in crimes)
    assert Counter(item["crime_type"] for item in _of("file", stored)) == expected


def test_outcomes_and_stages_are_as_many_as_in_the_file(
    stored: list[Item], crimes: list[dict[str, str]]
) -> None:
    words = _words("outcomes.toml", "outcome")
    outcomes = [words[row["Last outcome category"]] for row in crimes]
    expected = Counter((outcome["key"], outcome["stage"]) for outcome in outcomes)
    for kind in ("file", "entry"):
        assert Counter((i["outcome"], i["stage"]) for i in _of(kind, stored)) == expected
    told = sum(1 for item in _of("entry", stored) if item["told"])
    assert told == sum(outcome["decided"] for outcome in outcomes)


def test_months_are_as_many_as_in_the_file(
    stored: list[Item], crimes: list[dict[str, str]]
) -> None:
    expected = Counter(f"{row['Month']}-01" for row in crimes)
    assert Counter(item["reported_on"] for item in _of("file", stored)) == expected


def test_a_first_contact_and_nothing_else_waits_for_each_case_that_is_open(
    hub: str, report: Report, crimes: list[dict[str, str]]
) -> None:
    words = _words("outcomes.toml", "outcome")
    still_open = {
        row["Crime ID"] for row in crimes if not words[row["Last outcome category"]]["decided"]
    }
    assert report.new > len(still_open) > 0
    stored = _whole_table(hub, "threads")
    kinds = Counter(item["kind"] for item in stored if item["kind"] != "count")
    assert kinds == {"door": len(still_open), "promise": len(still_open)}
    assert {item["what"] for item in _of("promise", stored)} == {"welcome"}
    counted: Counter[str] = Counter()
    for item in _of("count", stored):
        counted[item["sk"].split("#", 1)[1]] += int(item["amount"])
    number = len(still_open)
    assert counted == {"welcome#made": number, "rhythm#followed": number}


def test_the_month_a_second_time_changes_nothing(hub: str, report: Report) -> None:
    store = ImportStore.alone()
    again = import_cases(deps_of(hub), store, _month(), POLICE_UK, lambda *_: None)
    assert (again.same, again.left_out) == (report.new, report.left_out)
    assert again.rows == report.rows

"""The street-crime files of data.police.uk, month by month, in any order."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.police_uk import HEADER, row_of
from chalicelib.services.import_cases import POLICE_UK
from chalicelib.stores.tables import FileItem, VictimItem
from tests.integration.import_steps import DATA, counts, load, read_case

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.domain.cases import Case
    from tests.integration.conftest import World

NOVEMBER, DECEMBER = DATA / "2018-11-invented-street.csv", DATA / "2018-12-invented-street.csv"


def _months(folder: Path, mark: str) -> tuple[Path, Path]:
    """Return copies of both months with crimes that no other test has."""
    made = []
    for month in (NOVEMBER, DECEMBER):
        rows = list(csv.reader(month.read_text("utf-8").splitlines()))
        fields = [rows[0], *([r[0] and mark + r[0], *r[1:]] for r in rows[1:])]
        path = folder / month.name
        path.write_text("".join(",".join(row) + "\n" for row in fields))
        made.append(path)
    return made[0], made[1]


def _case(world: World, path: Path, line: int) -> Case:
    values = list(csv.reader(path.read_text("utf-8").splitlines()))[line - 1]
    row = row_of(values, line, world.deps.rules, world.deps.today())
    assert row is not None
    return read_case(world, row.reference)


def test_crimes_are_counted_and_what_is_no_crime_is_left_out(world: World, tmp_path: Path) -> None:
    november, december = _months(tmp_path, "a")
    first = load(world, november, POLICE_UK)
    assert counts(first) == {"new": 3, "left_out": 2, "rejected": 1}
    assert [r.line for r in first.rejected] == [6]
    assert counts(load(world, december, POLICE_UK)) == {"new": 1, "changed": 1, "left_out": 1}
    assert counts(load(world, november, POLICE_UK)) == {"same": 3, "left_out": 2, "rejected": 1}
    assert counts(load(world, december, POLICE_UK)) == {"same": 2, "left_out": 1}


def test_a_later_month_says_how_a_crime_ended_whichever_comes_first(
    world: World, tmp_path: Path
) -> None:
    for order, mark in ((0, "b"), (1, "c")):
        months = _months(tmp_path, mark)
        december = months[1]
        for month in (months, months[::-1])[order]:
            load(world, month, POLICE_UK)
            world.clock.forward(minutes=1)
        case = _case(world, december, 2)
        assert case.reported_on == date(2018, 11, 1)
        assert (case.current.stage, case.current.since) == ("closed", date(2018, 12, 1))
        assert [told.on for told in case.current.told.values()] == [date(2018, 12, 1)]
        assert counts(load(world, december, POLICE_UK)) == {"same": 2, "left_out": 1}


def test_outcomes_are_old_and_told_so_nothing_waits_in_a_worklist(
    world: World, tmp_path: Path
) -> None:
    november, _ = _months(tmp_path, "d")
    load(world, november, POLICE_UK)
    case = _case(world, november, 2)
    assert case.officer.id.startswith("imported-")
    assert case.officer.team.startswith("imported-team-")
    assert not world.deps.threads.read(case.victims[0].key).owed
    force = world.deps.cases.read_force()
    member = force.member(case.officer.id)
    assert member is not None
    assert member.team == case.officer.team
    assert case.officer.team in {team.id for team in force.teams}


def test_several_months_in_one_file_are_taken_one_after_the_other(
    world: World, tmp_path: Path
) -> None:
    november, december = _months(tmp_path, "e")
    together = tmp_path / "together.csv"
    rows = december.read_text().splitlines()[1:]
    together.write_text(november.read_text() + "\n".join(rows) + "\n")
    assert counts(load(world, together, POLICE_UK)) == {
        "new": 4,
        "changed": 1,
        "left_out": 3,
        "rejected": 1,
    }


def test_a_crime_whose_reference_is_taken_by_another_is_rejected(
    world: World, tmp_path: Path
) -> None:
    november, _ = _months(tmp_path, "f")
    load(world, november, POLICE_UK)
    case = _case(world, november, 2)
    file = FileItem.get(case.key, "case#file")
    file.update([FileItem.digest.set("another")])
    victim = VictimItem.get(case.key, f"victim#{case.victims[0].key}")
    victim.update([VictimItem.label.set("of another crime")])
    report = load(world, november, POLICE_UK)
    reasons = {rejected.line: rejected.reason for rejected in report.rejected}
    assert reasons[2] == "Another crime already has the reference made for this one."
    assert report.same == 2


def test_the_same_crime_twice_in_a_month_is_used_once(world: World, tmp_path: Path) -> None:
    november, _ = _months(tmp_path, "g")
    lines = november.read_text().splitlines()
    november.write_text("\n".join([*lines, lines[1]]) + "\n")
    report = load(world, november, POLICE_UK)
    assert counts(report) == {"new": 3, "left_out": 2, "rejected": 2}
    assert report.as_json()["rejected"][1] == {  # type: ignore[index]
        "line": 8,
        "reason": "The same row stands in the file already.",
    }
    assert lines[0] == ",".join(HEADER)

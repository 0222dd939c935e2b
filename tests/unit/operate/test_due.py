"""What is to be checked again is listed in time, soonest first, and nothing is left out."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from typer.testing import CliRunner

from chalicelib.domain.calendar import england_and_wales
from chalicelib.domain.dates import add_months
from chalicelib.rules import load_rules
from operate.__main__ import app
from operate.due import Due, UndatedError, all_reviews, closing_line, due_within, print_due
from operate.hub_home import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2020, 5, 1)
MONTHS = load_rules().limits.facts_check_months
BIRDS = "api/chalicelib/rules/birds.toml"
FAR_AHEAD = 40_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with two pages and a file of rules, all older than real ones."""
    _page(tmp_path, "docs/later.md", "title: Later\nreview_by: 2020-05-31")
    _page(tmp_path, "docs/birds/overdue.md", "title: Overdue [today]\nreview_by: 2020-04-01")
    rules = tmp_path / BIRDS
    rules.parent.mkdir(parents=True)
    early, late = add_months(date(2020, 5, 2), -MONTHS), add_months(date(2020, 6, 2), -MONTHS)
    rows = [("bird", early), ("nest", early), ("bird", early), ("bird", late)]
    rules.write_text(
        "\n".join(
            f'[[{kind}]]\nkey = "{number}"\nchecked_on = {day}'
            for number, (kind, day) in enumerate(rows)
        )
    )
    return tmp_path


def _page(root: Path, where: str, head: str) -> None:
    path = root / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{head}\n---\n\nInvented.\n")


def _printed(root: Path, today: date, days: int) -> str:
    console = Console(file=StringIO(), width=120)
    print_due(root, today, days, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_what_is_overdue_comes_first_and_rows_of_a_day_are_one_line(root: Path) -> None:
    assert due_within(32, TODAY, all_reviews(root)) == [
        Due(date(2020, 4, 1), "Overdue [today]", "docs/birds/overdue.md"),
        Due(date(2020, 5, 2), "3 rows of bird, nest", BIRDS),
        Due(date(2020, 5, 31), "Later", "docs/later.md"),
        Due(date(2020, 6, 2), "1 row of bird", BIRDS),
    ]


@pytest.mark.parametrize(("ahead", "is_due"), [(0, True), (30, True), (31, False)])
def test_the_last_day_counts_and_the_day_after_does_not(ahead: int, *, is_due: bool) -> None:
    each = Due(TODAY + timedelta(days=ahead), "A page", "docs/page.md")
    assert due_within(30, TODAY, [each]) == ([each] if is_due else [])


def test_bank_holidays_are_due_while_they_still_reach_far_enough(root: Path) -> None:
    limits = load_rules().limits
    last = england_and_wales(limits.working_day_starts, limits.receipt_cut_off).last_day
    [found] = [each for each in all_reviews(root) if each.where == "requirements/api.txt"]
    assert add_months(found.review_by, limits.calendar_reach_months) == last
    assert found.what.startswith("Bank holidays, known to ")
    assert str(last.year) in found.what


@pytest.mark.parametrize(
    "head",
    [
        "title: No date",
        "title: Words\nreview_by: soon",
        "title: Hour\nreview_by: 2020-05-01 10:00:00",
    ],
)
def test_a_page_without_a_date_is_named(root: Path, head: str) -> None:
    _page(root, "docs/birds/undated.md", head)
    with pytest.raises(UndatedError, match=r"^docs/birds/undated\.md: review_by"):
        all_reviews(root)


def test_a_row_without_a_date_is_named(root: Path) -> None:
    (root / BIRDS).write_text('[[bird]]\nkey = "wren"')
    with pytest.raises(UndatedError, match=r"^api/chalicelib/rules/birds\.toml: checked_on"):
        all_reviews(root)


def test_the_table_says_by_when_what_and_where(root: Path) -> None:
    printed = _printed(root, TODAY, 30)
    head, overdue, rows, later = (
        [cell.strip() for cell in line[1:-1].replace("┃", "│").split("│")]
        for line in printed.splitlines()
        if line[0] in "┃│"
    )
    assert head == ["Review by", "What", "Where"]
    assert overdue == ["2020-04-01", "Overdue [today]", "docs/birds/overdue.md"]
    assert rows == ["2020-05-02", "3 rows of bird, nest", BIRDS]
    assert later == ["2020-05-31", "Later", "docs/later.md"]
    assert printed.endswith("\n3 things are due within 30 days.\n")


def test_where_nothing_is_due_the_next_thing_is_named(root: Path) -> None:
    assert _printed(root, date(2020, 3, 1), 30) == (
        "Nothing is due within 30 days. Next: Overdue [today] on Wednesday 1 April 2020.\n"
    )


def test_one_thing_and_one_day_are_not_many() -> None:
    due = [Due(TODAY, "A page", "docs/page.md")]
    assert closing_line(due, due, 1) == "1 thing is due within 1 day."


def test_every_page_every_file_of_rules_and_the_bank_holidays_come_round() -> None:
    due = due_within(FAR_AHEAD, TODAY, all_reviews(ROOT))
    found = {each.where for each in due}
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}
    rules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("api/**/rules/*.toml")}
    assert found == pages | rules | {"requirements/api.txt"}
    assert len(pages) >= 60
    assert len(rules) >= 12
    assert due == sorted(due, key=lambda each: each.review_by)


@pytest.mark.parametrize(("days", "status"), [("0", 0), ("9999999999", 0), ("-1", 2)])
def test_any_number_of_days_but_a_negative_one_can_be_asked_for(days: str, status: int) -> None:
    assert CliRunner().invoke(app, ["due", "--days", days]).exit_code == status

"""The force's case file goes into the hub: new, changed, the same, kept as typed, or rejected."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

from chalicelib.domain import case_file, police_uk
from chalicelib.domain.case_file import CaseRow, RowNotUsableError
from chalicelib.domain.csv_records import FileNotUsableError, Record, read_records
from chalicelib.domain.import_report import Rejected, Report
from chalicelib.domain.row_groups import agreeing, grouped, survey
from chalicelib.domain.statements import FiledCase, Statement
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.deps import Deps
from chalicelib.services.import_ports import ImportStore
from chalicelib.services.import_writer import CASES_A_READ, Writer

CASE_FILE, POLICE_UK = "case-file", "police-uk"

Progress = Callable[[int, int], None]


@frozen
class Form:
    """A form of file: its header, how its rows are read, how they add to earlier ones."""

    header: Sequence[str]
    key_of: Callable[[Sequence[str]], str]
    row_of: Callable[[Sequence[str], int, Rules, date], CaseRow | None]
    settle: Callable[[FiledCase, Statement], Statement]


FORMS: Mapping[str, Form] = {
    CASE_FILE: Form(case_file.HEADER, case_file.key_of, case_file.row_of, lambda _, said: said),
    POLICE_UK: Form(
        police_uk.HEADER, police_uk.key_of, police_uk.row_of, police_uk.as_of_its_month
    ),
}


def import_cases(
    deps: Deps, store: ImportStore, path: Path, form: str, progress: Progress
) -> Report:
    """Load a file of cases and return what became of each of its rows.

    The file is checked whole before anything is written. It is safe to run again,
    whether it ended or was cut short.

    `form` is a key of `FORMS`; `progress` is told how many rows are done, of how many.

    Raises:
        FileNotUsableError: the file is not what it claims; nothing was written.
        StoreUnavailableError: the store stopped answering; run it again.
    """
    kind = FORMS[form]
    with _opened(path) as stream:
        surveyed = survey(read_records(stream, kind.header), kind.key_of)
        groups = grouped(read_records(stream, kind.header), kind.key_of, surveyed)
        report = Report()
        writer = Writer(deps, store, kind.settle, report)
        reader = _Reader(kind, deps.rules, deps.today(), report)
        for window in _windows(reader.statements(groups)):
            writer.take(window)
            progress(report.rows, surveyed.rows)
    progress(report.rows, surveyed.rows)
    return report


def _opened(path: Path) -> BinaryIO:
    try:
        if path.is_dir():
            raise FileNotUsableError("This is a directory; name the file that is in it.")
        if path.exists() and not path.is_file():
            raise FileNotUsableError("This is not a file that can be read twice; save it first.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise FileNotUsableError("There is no such file.") from error
    except OSError as error:
        raise FileNotUsableError("The file cannot be read.") from error


def _windows(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Return as many cases as are looked up at once; never the same one twice."""
    window: dict[str, Statement] = {}
    for statement in statements:
        if len(window) == CASES_A_READ or statement.reference in window:
            yield list(window.values())
            window = {}
        window[statement.reference] = statement
    if window:
        yield list(window.values())


@frozen
class _Reader:
    """Makes statements of rows, and notes in the report which could not be used."""

    form: Form
    rules: Rules
    today: date
    report: Report

    def statements(self, groups: Iterable[Sequence[Record]]) -> Iterator[Statement]:
        """Return what the usable rows say of each case."""
        for records in groups:
            rows = [row for record in records if (row := self._row(record)) is not None]
            if not rows:
                continue
            used, rejected = agreeing(rows)
            self.report.rejected += rejected
            if used:
                yield Statement.of(used)

    def _row(self, record: Record) -> CaseRow | None:
        if record.fault:
            self.report.rejected.append(Rejected(record.line, record.fault))
            return None
        try:
            row = self.form.row_of(record.values, record.line, self.rules, self.today)
        except RowNotUsableError as error:
            self.report.rejected.append(Rejected(record.line, str(error)))
            return None
        if row is None:
            self.report.left_out += 1
        return row

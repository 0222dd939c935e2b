"""The command that loads a case file into the running hub."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from chalicelib.services.import_cases import import_cases
from chalicelib.stores.imports import ImportStore
from operate.hub_deps import deps_of
from operate.hub_home import HomeError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from chalicelib.domain.import_report import Report
    from chalicelib.services.deps import Deps
    from operate.hub_home import HubHome

SHOWN_REJECTED = 20
WORDS = {
    "new": "new",
    "changed": "changed",
    "same": "the same as before",
    "kept": "kept as typed in the hub",
    "left_out": "left out: no case of their own",
    "rejected": "rejected",
}


def import_file(
    home: HubHome, path: Path, form: str, *, report_to: Path | None, console: Console
) -> None:
    """Load the file, print what became of its rows, and write that down where it was asked for.

    Raises:
        HomeError: the hub is not running, or the report has no place.
        FileNotUsableError: the file is not what it claims; nothing was written.
        StoreUnavailableError: the store stopped answering; the file can be loaded again.
    """
    deps = deps_of(home.running().endpoint)
    need_place(report_to)
    load(deps, path, form, report_to=report_to, console=console)


def need_place(report_to: Path | None) -> None:
    """Pass when a report can be written where it was asked for.

    Raises:
        HomeError: it has no place.
    """
    if report_to is not None and (report_to.is_dir() or not report_to.parent.is_dir()):
        raise HomeError(f"The report cannot be written to {report_to}. Nothing was loaded.")


def load(deps: Deps, path: Path, form: str, *, report_to: Path | None, console: Console) -> None:
    """Load the file into whatever hub these dependencies reach; see `import_file`."""
    with _bar(console) as bar:
        # Not shown before the file is known to be what it claims.
        task = bar.add_task(path.name, total=None, visible=False)
        report = import_cases(
            deps,
            ImportStore.alone(),
            path,
            form,
            lambda done, rows: bar.update(task, completed=done, total=rows, visible=True),
        )
    _show(report, console)
    if report_to is not None:
        report_to.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("rows"),
        TimeElapsedColumn(),
        console=console,
    )


def _show(report: Report, console: Console) -> None:
    table = Table("Rows", "What became of them", title=f"{report.rows} rows")
    table.columns[0].justify = "right"
    said = report.as_json()
    for name, words in WORDS.items():
        count = said[name]
        table.add_row(str(len(count) if isinstance(count, list) else count), words)
    console.print(table)
    for row in report.rejected[:SHOWN_REJECTED]:
        console.print(f"Line {row.line}: {row.reason}", markup=False, highlight=False)
    if len(report.rejected) > SHOWN_REJECTED:
        console.print(f"… and {len(report.rejected) - SHOWN_REJECTED} more; REPORT=file lists all.")

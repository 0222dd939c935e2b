"""How fast an import is against a bare batch write, and whether its memory grows with the file.

The files are street-crime months: real ones where a folder of them is named, else invented
ones of the same size. Every measurement has a process of its own, so that its memory is
its own.
"""

from __future__ import annotations

import csv
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from itertools import chain, cycle, islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from chalicelib.domain.police_uk import HEADER
from chalicelib.rules import load_rules
from chalicelib.services.import_cases import POLICE_UK, import_cases
from chalicelib.stores.imports import ImportStore
from chalicelib.stores.ledger import StorePart
from chalicelib.stores.tables import TABLES, CasesTable
from operate.cloud import prepare
from operate.hub_deps import deps_of
from operate.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from chalicelib.services.ports import Part

CRIMES_A_MONTH = 7_500
LEFT_OUT_A_MONTH = 2_500
LEAST_RATIO = 0.25
KIB_A_MIB = 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """What one import took; memory is the most that its process ever had."""

    rows: int
    cases: int
    seconds: float
    peak_mib: float

    def __str__(self) -> str:
        """Return a line for the terminal."""
        return (
            f"{self.rows:,} rows, {self.cases:,} new cases: {self.seconds:.1f} s, "
            f"{self.rows / self.seconds:,.0f} rows a second, memory {self.peak_mib:.0f} MiB"
        )


def bench_import(months: Path | None = None) -> None:
    """Print the figures of importing; `months` is a folder of data.police.uk files."""
    with TemporaryDirectory() as folder, StandIn.started() as stand_in:
        one, three = _files(months, Path(folder))
        # Whatever else the machine does slows one of two runs more than the other.
        first = min(
            (_apart(measure_import, stand_in.endpoint, one) for _ in range(2)),
            key=lambda measured: measured.seconds,
        )
        second = _apart(measure_import, stand_in.endpoint, three)
        items, bare = min(_apart(measure_bare, stand_in.endpoint, one) for _ in range(2))
    ratio = bare / first.seconds
    print(f"import, one month          {first}")
    print(f"import, three in one file  {second}")
    print(f"bare batch write           {items:,} items of one month: {bare:.1f} s")
    print(f"speed against bare         {ratio:.2f} (at least {LEAST_RATIO})")
    print(f"memory, three against one  {second.peak_mib - first.peak_mib:+.1f} MiB")


def _apart(measure: Callable[[str, Path], Any], endpoint: str, path: Path) -> Any:  # noqa: ANN401
    """Return what a measurement in a new process gives back, on empty tables."""
    _empty_tables(endpoint)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measure, endpoint, path).result()


def _empty_tables(endpoint: str) -> None:
    prepare(endpoint)
    for table in TABLES.values():
        table.delete_table()
    prepare(endpoint)


def measure_import(endpoint: str, path: Path) -> Measured:
    """Return what importing a file takes."""
    deps, store = deps_of(endpoint), ImportStore.alone()
    started = time.perf_counter()
    report = import_cases(deps, store, path, POLICE_UK, lambda *_: None)
    seconds = time.perf_counter() - started
    return Measured(report.rows, report.new, seconds, _peak_mib())


def _peak_mib() -> float:
    """Return the most memory this process has had.

    What `resource` says begins with the memory of the process that started this one, so
    it serves only where there is no /proc.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
    return int(lines["VmHWM"].split()[0]) / KIB_A_MIB


def measure_bare(endpoint: str, path: Path) -> tuple[int, float]:
    """Return how many items an import writes to the cases table, and what a batch write takes."""
    recorder = Recorder()
    deps = replace(deps_of(endpoint), ledger=recorder)
    import_cases(deps, ImportStore.alone(), path, POLICE_UK, lambda *_: None)
    started = time.perf_counter()
    with CasesTable.batch_write() as batch:
        for item in recorder.items:
            batch.save(item)
    return len(recorder.items), time.perf_counter() - started


@dataclass(slots=True)
class Recorder:
    """Takes a ledger's place: notes the items of cases that would be written, and writes none."""

    items: list[CasesTable] = field(default_factory=list)

    def write(self, parts: Sequence[Part]) -> None:
        """Note what these parts would put."""
        for part in parts:
            if isinstance(part, StorePart):
                part.add_to(self)  # type: ignore[arg-type]

    def save(self, item: Any, condition: object = None) -> None:  # noqa: ANN401, ARG002
        """Note an item of a case, as a transaction would take it."""
        if isinstance(item, CasesTable):
            self.items.append(item)


def _files(months: Path | None, folder: Path) -> tuple[Path, Path]:
    """Return a file of one month and a file of three."""
    if months is None:
        rows = [partial(_invented_month, number) for number in (1, 2, 3)]
    else:
        rows = [partial(_rows_of, path) for path in sorted(months.glob("*-street.csv"))[:3]]
    one, three = folder / "one.csv", folder / "three.csv"
    _write(one, rows[0]())
    _write(three, chain.from_iterable(month() for month in rows))
    return one, three


def _rows_of(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from islice(csv.reader(file), 1, None)


def _write(path: Path, rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(HEADER), *rows])


def _invented_month(number: int) -> Iterator[list[str]]:
    """Return rows with every crime type and outcome that rules know, and some that are no case."""
    rules = load_rules()
    types = cycle([t.police_uk for t in rules.crime_types.values() if t.police_uk])
    outcomes = cycle([word for o in rules.outcomes.values() for word in o.police_uk])
    blank = dict.fromkeys(HEADER, "Invented") | {"Month": f"2018-{number:02}"}
    for crime in range(CRIMES_A_MONTH + LEFT_OUT_A_MONTH):
        identity = sha256(f"invented {number} {crime}".encode()).hexdigest()
        yield list(
            (
                blank
                | {
                    "Crime ID": identity if crime % 4 else "",
                    "Crime type": next(types),
                    "Last outcome category": next(outcomes),
                }
            ).values()
        )

"""Brings the rows of one case together, wherever in a file they stand, in little memory.

The file is read twice. The first time only a mark of 8 bytes a row is kept, which tells
the cases with more than one row from the rest. The second time a row that stands alone
passes at once, and the others wait for each other: in a file that is sorted by reference,
the rows of one case; at worst, all rows of cases whose rows stand far apart.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from chalicelib.domain.case_file import CaseFacts, CaseRow
from chalicelib.domain.csv_records import FileNotUsableError, Record
from chalicelib.domain.import_report import Rejected
from chalicelib.frozen import frozen

KeyOf = Callable[[Sequence[str]], str]
TWICE = "The same row stands in the file already."
TWICE_AND_DIFFERENT = "Two rows of this victim say different things."


@frozen
class Survey:
    """What the first reading tells: how many rows there are, and which cases have several."""

    rows: int
    several: Mapping[int, int]


def survey(records: Iterable[Record], key_of: KeyOf) -> Survey:
    """Return how many rows a file has, and for the mark of each case with several rows, how many.

    Raises:
        FileNotUsableError: there are no rows.
    """
    # Marks are hashes of this process; two cases with the same mark only wait longer.
    marks = array("q", (hash(_key(record, key_of)) for record in records))
    if not marks:
        raise FileNotUsableError("The file has a header and no rows.")
    counted = ((mark, sum(1 for _ in same)) for mark, same in groupby(sorted(marks)))
    return Survey(len(marks), {mark: count for mark, count in counted if count > 1})


def grouped(records: Iterable[Record], key_of: KeyOf, surveyed: Survey) -> Iterator[list[Record]]:
    """Return the rows of each case together; rows without a key come alone."""
    waiting: dict[str, list[Record]] = {}
    for record in records:
        key = _key(record, key_of)
        together = surveyed.several.get(hash(key), 1) if key else 1
        rows = [*waiting.pop(key, ()), record]
        if len(rows) >= together:
            yield rows
        else:
            waiting[key] = rows
    yield from waiting.values()


def _key(record: Record, key_of: KeyOf) -> str:
    return "" if record.fault else key_of(record.values)


def agreeing(rows: Sequence[CaseRow]) -> tuple[list[CaseRow], list[Rejected]]:
    """Return the rows of one case that can be used together, and the rest with the reason.

    Rows that disagree about the case are all left out, since none is known to be right;
    so are two rows of a victim, unless they are the same. The order does not matter.
    """
    if len({row.facts for row in rows}) > 1:
        reason = f"The rows of this case disagree on {_disputed(rows)}."
        return [], [Rejected(row.line, reason) for row in rows]
    used: list[CaseRow] = []
    rejected: list[Rejected] = []
    by_victim = sorted(rows, key=attrgetter("victim_id", "line"))
    for _, of_victim in groupby(by_victim, key=attrgetter("victim_id")):
        first, *others = of_victim
        if all(replace(other, line=first.line) == first for other in others):
            used.append(first)
            rejected += [Rejected(other.line, TWICE) for other in others]
        else:
            rejected += [Rejected(row.line, TWICE_AND_DIFFERENT) for row in (first, *others)]
    return used, rejected


def _disputed(rows: Sequence[CaseRow]) -> str:
    names = CaseFacts.__dataclass_fields__
    different = [n for n in names if len({getattr(row.facts, n) for row in rows}) > 1]
    return ", ".join(different)

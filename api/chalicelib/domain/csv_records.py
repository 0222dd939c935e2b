"""The rows of a CSV file one at a time, so that a row that cannot be read never hides the next.

The csv module reads on to the end of the file when a quotation mark is not closed. Here
a row is one line, or as many lines as close its marks and then hold the right number of
fields; otherwise that one line is unreadable and the next is looked at for itself.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from io import StringIO, TextIOWrapper
from itertools import islice
from typing import BinaryIO, TextIO

from chalicelib.domain.errors import HubError
from chalicelib.frozen import frozen

MOST_LINES_A_ROW = 20
MOST_CHARACTERS_A_LINE = 20_000
LINE_ENDS = ("\n", "\r")
UNCLOSED = "A quotation mark in this line is not closed, or stands in the wrong place."
TOO_LONG = f"The line is longer than {MOST_CHARACTERS_A_LINE:,} characters."


class FileNotUsableError(HubError):
    """The file is not what it claims, so nothing of it was used; the message is one sentence."""


@frozen
class Record:
    """A row and the line it begins on; with a `fault` in place of its values it is unreadable."""

    line: int
    values: Sequence[str]
    fault: str = ""


def read_records(stream: BinaryIO, header: Sequence[str]) -> Iterator[Record]:
    """Return the rows below the header, from the beginning of the stream.

    A byte order mark and any kind of line end are forgiven; empty lines are no rows.

    Raises:
        FileNotUsableError: the text is not UTF-8, or the first line is another one.
    """
    stream.seek(0)
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        first = text.readline(MOST_CHARACTERS_A_LINE)
        if _fields(first) != list(header):
            raise FileNotUsableError(_wrong_header(first, header))
        yield from _records(text, len(header))
    except UnicodeDecodeError as error:
        raise FileNotUsableError("The file is not UTF-8 text.") from error
    finally:
        # The wrapper would close the stream, which is read a second time.
        text.detach()


def _wrong_header(first: str, header: Sequence[str]) -> str:
    if not first.strip():
        return "The file is empty, or begins with an empty line."
    return "The first line of the file should be: " + ",".join(header)


def _records(text: TextIO, width: int) -> Iterator[Record]:
    lines = _lines(text)
    ahead: deque[tuple[int, str]] = deque()
    while (here := _next(lines, ahead)) is not None:
        number, line = here
        values = _fields(line)
        if len(line) >= MOST_CHARACTERS_A_LINE:
            yield Record(number, (), TOO_LONG)
        elif values is None:
            yield _joined(number, line, lines, ahead, width)
        elif values:
            yield _record(number, values, width)


def _next(
    lines: Iterator[tuple[int, str]], ahead: deque[tuple[int, str]]
) -> tuple[int, str] | None:
    return ahead.popleft() if ahead else next(lines, None)


def _record(number: int, values: list[str], width: int) -> Record:
    if len(values) == width:
        return Record(number, values)
    return Record(number, (), f"The row has {len(values)} fields; it should have {width}.")


def _joined(
    number: int,
    line: str,
    lines: Iterator[tuple[int, str]],
    ahead: deque[tuple[int, str]],
    width: int,
) -> Record:
    """Return the row that closes its marks on a later line, or say that this line is unreadable."""
    ahead.extend(islice(lines, MOST_LINES_A_ROW - 1 - len(ahead)))
    whole = line
    for taken, (_, more) in enumerate(tuple(ahead), start=1):
        whole += more
        values = _fields(whole)
        if values is not None and len(values) == width:
            for _ in range(taken):
                ahead.popleft()
            return Record(number, values)
    return Record(number, (), UNCLOSED)


def _fields(text: str) -> list[str] | None:
    """Return the fields of one row, none for a line without any, or None when unreadable."""
    if not text.strip():
        return []
    try:
        rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _lines(text: TextIO) -> Iterator[tuple[int, str]]:
    """Return lines with their numbers; of one that is too long only its beginning."""
    number = 1  # the header's
    while line := text.readline(MOST_CHARACTERS_A_LINE):
        number += 1
        rest = line
        while len(rest) == MOST_CHARACTERS_A_LINE and not rest.endswith(LINE_ENDS):
            rest = text.readline(MOST_CHARACTERS_A_LINE)
        yield number, line

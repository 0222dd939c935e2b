"""Reads the rows of a data file and says by file and line what is wrong with one.

tomllib keeps no line numbers, so a second look at the text finds where each row and
each of its keys stands. The files are written for that: one key a line.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, field, fields
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from chalicelib.frozen import frozen
from chalicelib.rules.rows import Row

RowT = TypeVar("RowT", bound=Row)
ROW_STARTS = re.compile(r"\[\[(?P<table>\w+)\]\]")
KEY_STARTS = re.compile(r"(?P<key>[\w-]+)\s*=")
# What `X | None` is, and what it is where X is a choice of words.
UNIONS = (UnionType, Union)
LINE_IN_MESSAGE = re.compile(r"at line (\d+)")


class RulesError(Exception):
    """A data file cannot be used; the message names file and line."""


@frozen
class Place:
    """Where a row stands: the file's name, its first line and the line of each key."""

    file: str
    line: int
    keys: dict[str, int] = field(default_factory=dict)

    def error(self, sentence: str, key: str = "") -> RulesError:
        """Return the error to raise about this row, or about one of its keys."""
        return RulesError(f"{self.file}:{self.keys.get(key, self.line)}: {sentence}")


@frozen
class Table(Generic[RowT]):
    """The rows of one kind by key, in the order of the file, and where each stands."""

    rows: Mapping[str, RowT]
    places: Mapping[str, Place]

    def error(self, row: Row, sentence: str, key: str = "") -> RulesError:
        """Return the error to raise about a row of this table."""
        return self.places[row.key].error(sentence, key)


class DataFile:
    """One data file: its parsed rows and where they stand."""

    def __init__(self, path: Path, tables: frozenset[str]) -> None:
        """Read the file; it may hold these tables, must hold each, and nothing else."""
        self._name = path.name
        text = path.read_text(encoding="utf-8")
        try:
            self._data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = LINE_IN_MESSAGE.search(str(error))
            line = found[1] if found else text.count("\n") + 1
            raise RulesError(f"{path.name}:{line}: {error}") from error
        self._places = _places_in(path.name, text)
        self._check_tables(tables)

    def table(self, name: str, kind: type[RowT]) -> Table[RowT]:
        """Return the rows of a table as objects of one kind."""
        rows: dict[str, RowT] = {}
        places: dict[str, Place] = {}
        for raw, place in zip(self._data[name], self._places[name], strict=True):
            row = _row(raw, place, kind)
            if row.key in rows:
                raise place.error(f"the key {row.key!r} stands twice", "key")
            rows[row.key] = row
            places[row.key] = place
        return Table(MappingProxyType(rows), MappingProxyType(places))

    def _check_tables(self, tables: frozenset[str]) -> None:
        for name in self._data.keys() - self._places.keys():
            raise RulesError(f"{self._name}:1: {name!r} is no row; rows begin with [[…]]")
        for name in self._data.keys() - tables:
            raise self._places[name][0].error(f"no such kind of row: {name!r}")
        for name in tables - self._data.keys():
            raise RulesError(f"{self._name}:1: there is no row of the kind {name!r}")


def _places_in(file: str, text: str) -> dict[str, list[Place]]:
    places: dict[str, list[Place]] = {}
    here = Place(file, 1)
    for number, line in enumerate(text.splitlines(), start=1):
        if start := ROW_STARTS.match(line):
            here = Place(file, number)
            places.setdefault(start["table"], []).append(here)
        elif key := KEY_STARTS.match(line):
            here.keys[key["key"]] = number
    return places


def _row(raw: dict[str, object], place: Place, kind: type[RowT]) -> RowT:
    types = get_type_hints(kind)
    for key in raw.keys() - types.keys():
        raise place.error(f"unknown key {key!r}", key)
    for needed in fields(kind):
        if needed.default is MISSING and needed.name not in raw:
            raise place.error(f"the key {needed.name!r} is missing")
    values: dict[str, Any] = {
        key: _value(key, value, types[key], place) for key, value in raw.items()
    }
    return kind(**values)


def _value(key: str, value: object, wanted: object, place: Place) -> object:
    """Return the value as the field wants it; a list becomes a tuple that cannot change."""
    if value == "":
        raise place.error(f"{key!r} is empty; leave the key out or say something", key)
    if not _fits(value, wanted):
        raise place.error(f"{key!r} should be {_described(wanted)}", key)
    return tuple(value) if isinstance(value, list) else value


def _fits(value: object, wanted: object) -> bool:
    """Return whether the type is exactly the wanted one: true is no number here."""
    if get_origin(wanted) is Literal:
        return value in get_args(wanted)
    if get_origin(wanted) in UNIONS:
        return any(_fits(value, choice) for choice in get_args(wanted))
    if get_origin(wanted) is tuple:
        member = get_args(wanted)[0]
        return isinstance(value, list) and all(_fits(one, member) for one in value)
    return type(value) is wanted


def _described(wanted: object) -> str:
    if get_origin(wanted) is Literal:
        return "one of " + ", ".join(get_args(wanted))
    if get_origin(wanted) in UNIONS:
        return " or ".join(
            _described(choice) for choice in get_args(wanted) if choice is not NoneType
        )
    if get_origin(wanted) is tuple:
        return f"a list of {_described(get_args(wanted)[0])}"
    return str(getattr(wanted, "__name__", wanted))

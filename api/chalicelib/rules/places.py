"""Capital words that are nobody's name, and given names, for the check of an officer's text."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chalicelib.frozen import frozen
from chalicelib.rules.rows import Row
from chalicelib.rules.tables import DataFile, Table

RULES_FOLDER = Path(__file__).parent
TABLES = frozenset({"place", "given_names"})


@frozen(kw_only=True)
class PlaceName(Row):
    """A town, district, county, river, court or public body that a text may name."""

    name: str


@frozen(kw_only=True)
class GivenNames(Row):
    """Given names of one kind."""

    names: tuple[str, ...]


@frozen(kw_only=True)
class Places:
    """The places by key, in the order of the file, and every given name in small letters."""

    places: Mapping[str, PlaceName]
    given_names: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all places."""
        return tuple(place.name for place in self.places.values())


@cache
def load_places() -> Places:
    """Return the places of this release, read and checked once in a process."""
    return read_places(RULES_FOLDER)


def read_places(folder: Path) -> Places:
    """Return the places and given names of a folder of data files.

    Raises:
        RulesError: a row cannot be used; names file and line.
    """
    file = DataFile(folder / "places.toml", TABLES)
    places = file.table("place", PlaceName)
    return Places(
        places=places.rows,
        given_names=_given_names(file.table("given_names", GivenNames), _small_names(places)),
    )


def _small_names(places: Table[PlaceName]) -> frozenset[str]:
    """Return the names in small letters; each stands once."""
    seen: set[str] = set()
    for place in places.rows.values():
        if place.name.lower() in seen:
            raise places.error(place, f"the name {place.name!r} stands twice", "name")
        seen.add(place.name.lower())
    return frozenset(seen)


def _given_names(rows: Table[GivenNames], places: frozenset[str]) -> frozenset[str]:
    """Return the given names in small letters; each stands once and none is a place."""
    seen: set[str] = set()
    for row in rows.rows.values():
        for name in row.names:
            if not name.isalpha():
                raise rows.error(row, f"{name!r} is not one word", "names")
            if name.lower() in seen | places:
                raise rows.error(row, f"the name {name!r} stands twice", "names")
            seen.add(name.lower())
    return frozenset(seen)

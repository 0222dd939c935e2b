"""What `frozen` makes acts as what `dataclass(frozen=True, slots=True)` makes."""

from __future__ import annotations

from copy import copy, deepcopy
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

# Both ways to make a class; each test asks the same of both.
LIBRARY = dataclass(frozen=True, slots=True)
LIBRARY_BY_NAME = dataclass(frozen=True, slots=True, kw_only=True)
WAYS = pytest.mark.parametrize("way", [frozen, LIBRARY], ids=["ours", "the library's"])
WAYS_BY_NAME = pytest.mark.parametrize(
    "way", [frozen(kw_only=True), LIBRARY_BY_NAME], ids=["ours", "the library's"]
)


def _officer(way: Callable[[type], type]) -> Any:
    class Officer:
        """An invented one."""

        name: str
        number: str = field(default="", repr=False)
        seen: int = field(default=0, compare=False)
        teams: tuple[str, ...] = field(default_factory=tuple)

    return way(Officer)


@WAYS
def test_a_field_never_changes_and_no_other_is_added(way: Callable[[type], type]) -> None:
    officer = _officer(way)("PC Day")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        officer.name = "PC Night"
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'number'"):
        officer.number = "1"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del officer.name
    # The library's own fails here with a TypeError on some versions of Python.
    with pytest.raises((AttributeError, TypeError)):
        officer.rank = "PC"
    assert not hasattr(officer, "__dict__")
    assert (officer.name, officer.number) == ("PC Day", "")


@WAYS
def test_two_are_equal_when_what_counts_of_them_is(way: Callable[[type], type]) -> None:
    kind = _officer(way)
    one = kind("PC Day", "1", seen=1)
    assert one == kind("PC Day", "1", seen=2)
    assert hash(one) == hash(kind("PC Day", "1", seen=2))
    assert one != kind("PC Day", "2", seen=1)
    assert one != _officer(way)("PC Day", "1", seen=1)
    assert one != "PC Day"
    assert {one, kind("PC Day", "1")} == {one}


@WAYS
def test_it_prints_what_may_be_printed(way: Callable[[type], type]) -> None:
    shown = repr(_officer(way)("PC Day", "1", teams=("North",)))
    assert shown.endswith("Officer(name='PC Day', seen=0, teams=('North',))")


@WAYS
def test_it_is_copied_whole_or_with_another_value(way: Callable[[type], type]) -> None:
    officer = _officer(way)("PC Day", "1", teams=("North",))
    assert replace(officer, name="PC Night") == type(officer)("PC Night", "1", teams=("North",))
    assert copy(officer) == deepcopy(officer) == officer
    assert [each.name for each in fields(officer)] == ["name", "number", "seen", "teams"]


@WAYS
def test_what_a_class_says_itself_is_kept(way: Callable[[type], type]) -> None:
    class Code:
        """Never printed, equal whatever its case."""

        text: str

        def __post_init__(self) -> None:
            if not self.text:
                raise ValueError

        def __repr__(self) -> str:
            return "a code"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Code) and self.text.lower() == other.text.lower()

        def __hash__(self) -> int:
            return 1

    made: Any = way(Code)
    Code = made  # type: ignore[misc] # noqa: N806 -- with slots it is another class
    assert made("B") == made("b")
    assert (repr(made("B")), hash(made("B"))) == ("a code", 1)
    with pytest.raises(ValueError, match=r"^$"):
        made("")


@WAYS_BY_NAME
def test_a_field_without_a_default_may_come_later_by_name(way: Callable[[type], type]) -> None:
    class Row:
        """What every row has."""

        key: str
        hint: str = ""

    base: Any = way(Row)

    class Need(base):  # type: ignore[misc]
        """A row with more."""

        label: str

    need: Any = way(Need)
    assert need(key="a", label="b") == need(label="b", hint="", key="a")
    assert need(key="a", label="b") != need(key="a", label="c")
    assert base(key="a") != need(key="a", label="b")
    with pytest.raises(TypeError):
        need("a", label="b")
    with pytest.raises(TypeError):
        need(key="a")
    with pytest.raises(FrozenInstanceError):
        need(key="a", label="b").key = "c"

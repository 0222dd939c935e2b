"""How many units DynamoDB bills for an item of a size: its published rules and nothing else.

A write unit is 1 KB of one item, a read unit 4 KB read strongly; a read that may be a moment
old is half a unit, and in a transaction everything counts twice. Sizes are of the item as it
is kept: its names, its values, and a little for each list and mapping.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# An item as DynamoDB's own protocol has it: {"name": {"S": "value"}}.
Item: TypeAlias = "Mapping[str, Mapping[str, Any]]"

WRITE_BYTES, READ_BYTES = 1024, 4096
TRANSACTION = 2
EVENTUAL, STRONG, TRANSACTIONAL = 0.5, 1.0, 2.0
# Around every list and mapping, and around each thing inside it.
HOLDER_BYTES, HELD_BYTES = 3, 1
# A number takes a byte for two digits and one more, whatever its length no more than 21.
DIGITS_A_BYTE, MOST_NUMBER_BYTES = 2, 21


def item_bytes(item: Item) -> int:
    """Return the size of an item as DynamoDB bills it: names and values, in bytes."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def write_units(size: int, *, transactional: bool = False) -> int:
    """Return the units of writing an item of so many bytes; what is not there counts as one."""
    return _of(size, WRITE_BYTES) * (TRANSACTION if transactional else 1)


def read_units(size: int, how: float = EVENTUAL) -> float:
    """Return the units of one read: of one item, or of all items that a query looked at.

    Args:
        size: bytes, 0 where nothing was found.
        how: units for 4 KB: `EVENTUAL`, `STRONG` or `TRANSACTIONAL`.
    """
    return _of(size, READ_BYTES) * how


def index_units(before: Item | None, after: Item | None, keys: Iterable[str]) -> int:
    """Return the units of keeping one index up with a write; the index holds whole items.

    An item is in a sparse index while it has all of the index's keys. Going in, going out and
    changing inside are a write each; another key is two: out at one place, in at the other.

    Args:
        before: the item that was there, none where there was none.
        after: the item as it is now, none when it was deleted.
        keys: the attributes that are the index's keys.
    """
    wanted = tuple(keys)
    old, new = _entry(before, wanted), _entry(after, wanted)
    if old is None or new is None:
        return sum(write_units(item_bytes(one)) for one in (old, new) if one is not None)
    if any(old[key] != new[key] for key in wanted):
        return write_units(item_bytes(old)) + write_units(item_bytes(new))
    return 0 if old == new else write_units(max(item_bytes(old), item_bytes(new)))


def _entry(item: Item | None, keys: tuple[str, ...]) -> Item | None:
    return item if item is not None and all(key in item for key in keys) else None


def _of(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    if kind in SIZES:
        return SIZES[kind](held)
    # A set of texts, numbers or bytes: "SS", "NS", "BS".
    return sum(SIZES[kind[0]](one) for one in held)


def _map_bytes(held: Mapping[str, Mapping[str, Any]]) -> int:
    return HOLDER_BYTES + HELD_BYTES * len(held) + item_bytes(held)


def _list_bytes(held: list[Mapping[str, Any]]) -> int:
    return HOLDER_BYTES + sum(HELD_BYTES + _value_bytes(one) for one in held)


def _bytes_of(held: str | bytes) -> int:
    """Return the size of bytes as boto3 gives them, or as they go over the wire."""
    return len(held if isinstance(held, bytes) else b64decode(held))


def _number_bytes(text: str) -> int:
    digits = text.lstrip("-").replace(".", "").strip("0")
    size = 1 + -(-len(digits) // DIGITS_A_BYTE) + text.startswith("-")
    return min(size, MOST_NUMBER_BYTES)


SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda held: len(held.encode()),
    "N": _number_bytes,
    "B": _bytes_of,
    "NULL": lambda _: 1,
    "BOOL": lambda _: 1,
    "M": _map_bytes,
    "L": _list_bytes,
}

"""What becomes of items in a restore: compared one by one, and settled with what happened since.

A restored table knows nothing of what was done after its moment. Some of that must not come back:
what was erased, codes that were cancelled, sessions that ended. Some must not be lost: what was
honestly written in partitions that the mistake never touched.

The hub erases nothing yet. Whatever does it one day adds an audit line for each partition that it
empties, `about` the partition's key and with `ERASED` for `what`; this module reads those lines.
A key that is gone without such a line was not erased, and comes back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.domain.codes import CANCELLED
from chalicelib.stores.text import stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

Key = tuple[str, str]
Item = dict[str, Any]
ERASED = "erased"
# Lines of the audit are only ever added: none is taken away because it is young.
ADDED_TO = "audit"
ACCESS = "access"
# What lets somebody in for a while; who had left does not come back by a restore.
PASSING = ("session#", "desk#", "glass#", "sign-in#")
# That an administrator ended somebody's sessions holds, whenever it was.
ENDED = "desk-ended#"
CODE = "code#"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two tables, item by item; keys alone, since items hold what people wrote."""

    items: int
    missing: frozenset[Key]
    added: frozenset[Key]
    changed: frozenset[Key]

    @property
    def differences(self) -> int:
        """Return how many items differ."""
        return len(self.missing) + len(self.added) + len(self.changed)

    @property
    def partitions(self) -> frozenset[str]:
        """Return the partitions in which something differs."""
        return frozenset(pk for pk, _ in self.missing | self.added | self.changed)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done to a restored table because of what happened since its moment.

    `left` are the keys of items that were written since in partitions that the mistake touched:
    nobody but a person can say whether they are honest. They stay in the old table.
    """

    erased: int = 0
    closed: int = 0
    carried: int = 0
    left: frozenset[Key] = frozenset()

    def __str__(self) -> str:
        """Return what was done, in words."""
        return (
            f"{self.carried:,} honest changes carried over, {self.erased:,} erased again, "
            f"{self.closed:,} closed again, {len(self.left):,} left for a person to look at"
        )


def fingerprints(client: Any, table: str) -> dict[Key, bytes]:  # noqa: ANN401 -- boto3
    """Return a hash of every item of a table, by its key."""
    return {_key(item): fingerprint(item) for item in _items(client, table)}


def fingerprint(item: Item) -> bytes:
    """Return the hash of an item in the form of the wire; the order of a set says nothing."""
    text = json.dumps(_in_order(item), sort_keys=True, default=_bytes)
    return sha256(text.encode()).digest()


def compared(wanted: Mapping[Key, bytes], found: Mapping[Key, bytes]) -> Comparison:
    """Return how what was found differs from what was wanted."""
    both = wanted.keys() & found.keys()
    return Comparison(
        items=len(found),
        missing=frozenset(wanted.keys() - both),
        added=frozenset(found.keys() - both),
        changed=frozenset(key for key in both if wanted[key] != found[key]),
    )


def compare(client: Any, old: str, new: str) -> Comparison:  # noqa: ANN401 -- boto3
    """Return how a new table differs from an old one."""
    return compared(fingerprints(client, old), fingerprints(client, new))


def erasures(client: Any, audit: str, since: datetime) -> frozenset[str]:  # noqa: ANN401 -- boto3
    """Return the partitions that were erased from a moment on, as the audit in use says."""
    return frozenset(
        item["pk"]["S"]
        for item in _items(client, audit)
        # A mistake may have left lines without anything that a line has.
        if item.get("what") == {"S": ERASED} and item.get("at", {}).get("S", "") >= stamp(since)
    )


def settle(
    client: Any,  # noqa: ANN401 -- boto3
    key: str,
    old: str,
    new: str,
    *,
    erased: Collection[str],
    touched: Collection[str] | None,
) -> Settled:
    """Bring into a restored table what must hold whatever its moment was; return what was done.

    Args:
        client: of DynamoDB.
        key: which table it is, a key of `TABLES`.
        old: the table in use; it is read only.
        new: the restored one.
        erased: partitions that were erased since; none of their items stays.
        touched: partitions that the mistake touched: these stay as they were at the moment, all
            others become as they are now. None where that is not known: then all stay as they
            were, but nothing that was closed opens again.
    """
    erased = erased if key != ADDED_TO else ()
    present, then = fingerprints(client, old), fingerprints(client, new)
    difference = compared(then, present)
    gone = {one for one in then if one[0] in erased}
    carried = {one for one in _carried(key, difference, touched) if one[0] not in erased}
    left = {one for one in difference.added - carried if one[0] not in erased}
    for one in gone | (carried - present.keys()):
        _delete(client, new, one)
    for item in _some(client, old, carried & present.keys()):
        client.put_item(TableName=new, Item=item)
    closed = _close(client, old, new) if key == ACCESS and touched is None else 0
    return Settled(len(gone), closed, len(carried), frozenset(left))


def _carried(key: str, difference: Comparison, touched: Collection[str] | None) -> set[Key]:
    """Return the keys whose state of now holds in the restored table."""
    if touched is not None:
        differing = difference.missing | difference.added | difference.changed
        carried = {one for one in differing if one[0] not in touched}
    else:
        newer = difference.added | difference.changed
        carried = {one for one in newer if one[0].startswith(ENDED) and key == ACCESS}
    return carried | (difference.added if key == ADDED_TO else set())


def _close(client: Any, old: str, new: str) -> int:  # noqa: ANN401 -- boto3
    """Let nobody in who would not be let in now; return how many items that changed."""
    present = {_key(item): item for item in _items(client, old)}
    closed = 0
    for item in list(_items(client, new)):
        now = present.get(_key(item))
        pk = item["pk"]["S"]
        if pk.startswith(PASSING) and now is None:
            _delete(client, new, _key(item))
        elif pk.startswith(CODE) and _is_cancelled(now) and not _is_cancelled(item):
            client.put_item(TableName=new, Item={**item, "state": {"S": CANCELLED}})
        else:
            continue
        closed += 1
    return closed


def _is_cancelled(item: Item | None) -> bool:
    return item is not None and item.get("state") == {"S": CANCELLED}


def missing_in_indexes(client: Any, table: str) -> int:  # noqa: ANN401 -- boto3
    """Return how many entries its indexes have too few or too many, by the items' own keys."""
    described = client.describe_table(TableName=table)["Table"]
    wanted = {
        index["IndexName"]: [part["AttributeName"] for part in index["KeySchema"]]
        for index in described.get("GlobalSecondaryIndexes", [])
    }
    items = list(_items(client, table)) if wanted else []
    unlike = 0
    for name, keys in wanted.items():
        belong = {_key(item) for item in items if all(key in item for key in keys)}
        found = {_key(item) for item in _items(client, table, IndexName=name)}
        unlike += len(belong ^ found)
    return unlike


def _items(client: Any, table: str, **more: str) -> Iterator[Item]:  # noqa: ANN401 -- boto3
    """Give every item; the service itself never scans, an operator at a quiet hour does."""
    # An index has no consistent reads.
    consistent = {} if more else {"ConsistentRead": True}
    for page in client.get_paginator("scan").paginate(TableName=table, **consistent, **more):
        yield from page["Items"]


def _some(client: Any, table: str, keys: Collection[Key]) -> Iterator[Item]:  # noqa: ANN401
    for key in keys:
        yield client.get_item(TableName=table, Key=_named(key), ConsistentRead=True)["Item"]


def _delete(client: Any, table: str, key: Key) -> None:  # noqa: ANN401 -- boto3
    client.delete_item(TableName=table, Key=_named(key))


def _key(item: Item) -> Key:
    return item["pk"]["S"], item.get("sk", {}).get("S", "")


def _named(key: Key) -> Item:
    pk, sk = key
    return {"pk": {"S": pk}, **({"sk": {"S": sk}} if sk else {})}


def _in_order(value: object) -> object:
    if isinstance(value, list):
        return [_in_order(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: sorted(one)
        if name in {"SS", "NS", "BS"} and isinstance(one, list)
        else _in_order(one)
        for name, one in value.items()
    }


def _bytes(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value).__name__)

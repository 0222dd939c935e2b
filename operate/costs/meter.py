"""Counts what the service asks of AWS while it works, and the units that DynamoDB would bill.

The stand-in's own word on units is wrong (decision D14), so they are worked out here: each
request is noted as it leaves, and the items that it read or wrote are looked at beside it,
through a client of the meter's own that nobody counts. So the counts are of this run and exact.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.clients.aws import new_client
from chalicelib.stores.tables import CasesTable
from operate.costs.units import (
    EVENTUAL,
    STRONG,
    TRANSACTIONAL,
    Item,
    index_units,
    item_bytes,
    read_units,
    write_units,
)
from operate.stand_in import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LOOK_SECONDS = 60.0
KMS, SECRETS = "kms", "secrets-manager"
# What a query needs to find the same items again: all that it looked at, not what it gave back.
OF_A_QUERY = frozenset(
    {
        "TableName",
        "IndexName",
        "KeyConditionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ScanIndexForward",
        "Limit",
        "ExclusiveStartKey",
        "ConsistentRead",
    }
)
Request = dict[str, Any]


class NotCountedError(Exception):
    """The service asked DynamoDB for something that the meter has no rule for."""


def _one_read(request: Request) -> Iterator[tuple[str, Item, float]]:
    how = STRONG if request.get("ConsistentRead") else EVENTUAL
    yield request["TableName"], request["Key"], how


def _several_reads(request: Request) -> Iterator[tuple[str, Item, float]]:
    for table, wanted in request["RequestItems"].items():
        how = STRONG if wanted.get("ConsistentRead") else EVENTUAL
        yield from ((table, key, how) for key in wanted["Keys"])


def _reads_together(request: Request) -> Iterator[tuple[str, Item, float]]:
    for one in request["TransactItems"]:
        yield one["Get"]["TableName"], one["Get"]["Key"], TRANSACTIONAL


def _several_writes(request: Request) -> Iterator[Request]:
    for table, several in request["RequestItems"].items():
        for one in several:
            yield from ({"TableName": table, **what} for what in one.values())


def _writes_together(request: Request) -> Iterator[Request]:
    # A condition that is only checked is billed as a write.
    for one in request["TransactItems"]:
        yield from one.values()


# How each request names what it reads: table, key, units for 4 KB.
READS: Mapping[str, Callable[[Request], Iterator[tuple[str, Item, float]]]] = {
    "GetItem": _one_read,
    "BatchGetItem": _several_reads,
    "TransactGetItems": _reads_together,
}
# And what it writes: a table with a key, or with the whole item.
WRITES: Mapping[str, Callable[[Request], Iterator[Request]]] = {
    "PutItem": lambda request: iter([request]),
    "UpdateItem": lambda request: iter([request]),
    "DeleteItem": lambda request: iter([request]),
    "BatchWriteItem": _several_writes,
    "TransactWriteItems": _writes_together,
}


@dataclass(slots=True)
class Usage:
    """What something used; sums, so that two can be added and one be spread over many.

    `asked` counts requests by their names. Units are those of tables and of indexes together.
    `milliseconds` are those of this machine.
    """

    asked: Counter[str] = field(default_factory=Counter)
    read_units: float = 0
    write_units: float = 0
    index_write_units: float = 0
    kms: float = 0
    secrets: float = 0
    invocations: float = 0
    milliseconds: float = 0
    gateway_requests: float = 0
    cdn_requests: float = 0
    cdn_bytes: float = 0
    site_requests: float = 0
    log_bytes: float = 0

    def added(self, other: Usage) -> Usage:
        """Return what both used together."""
        asked = Counter({k: self.asked[k] + other.asked[k] for k in {*self.asked, *other.asked}})
        return Usage(asked, *(getattr(self, n) + getattr(other, n) for n in AMOUNTS))

    def times(self, factor: float) -> Usage:
        """Return what so many of these use."""
        asked = Counter({name: count * factor for name, count in self.asked.items()})
        return Usage(asked, *(getattr(self, name) * factor for name in AMOUNTS))


AMOUNTS = tuple(name for name in Usage.__slots__ if name != "asked")


class Meter:
    """Notes requests of DynamoDB, KMS and Secrets Manager; one works at a time in a process."""

    def __init__(self, endpoint: str, *, index_in_transaction: float) -> None:
        self._client = new_client(
            "dynamodb", region=REGION, endpoint=endpoint, seconds=LOOK_SECONDS
        )
        self._index_in_transaction = index_in_transaction
        self._tables = cache(self._described)
        self._usage = Usage()
        self._before: list[tuple[str, Item, Item | None, bool]] = []
        # What looking beside it took: no time of the service.
        self.own_seconds = 0.0

    @contextmanager
    def counting(self) -> Iterator[Usage]:
        """Give what is used inside the block; it grows until the block ends."""
        self._usage = usage = Usage()
        events = CasesTable._get_connection().connection.client.meta.events  # noqa: SLF001
        events.register_first("before-call", self._leaves, unique_id="costs-before")
        events.register_last("after-call", self._is_back, unique_id="costs-after")
        try:
            yield usage
        finally:
            events.unregister("before-call", unique_id="costs-before")
            events.unregister("after-call", unique_id="costs-after")
            self._usage = Usage()

    def note_other(self, service: str) -> Callable[..., None]:
        """Return what botocore calls before each request of KMS or Secrets Manager."""

        def note(model: Any, **_: Any) -> None:  # noqa: ANN401 -- as botocore calls it
            self._usage.asked[model.name] += 1
            if service == KMS:
                self._usage.kms += 1
            else:
                self._usage.secrets += 1

        return note

    # --- a request leaves

    def _leaves(self, model: Any, params: Mapping[str, Any], **_: Any) -> None:  # noqa: ANN401
        started = time.perf_counter()
        self._usage.asked[model.name] += 1
        self._count(model.name, json.loads(params["body"]))
        self.own_seconds += time.perf_counter() - started

    def _count(self, name: str, request: Request) -> None:
        if name == "Query":
            how = STRONG if request.get("ConsistentRead") else EVENTUAL
            self._usage.read_units += read_units(self._looked_at(request), how)
        elif name in READS:
            for table, key, how in READS[name](request):
                self._reads(table, key, how)
        elif name in WRITES:
            transactional = name == "TransactWriteItems"
            for what in WRITES[name](request):
                self._will_write(what, transactional=transactional)
        elif name != "DescribeTable":
            raise NotCountedError(name)

    def _reads(self, table: str, key: Item, how: float) -> None:
        item = self._item(table, key)
        self._usage.read_units += read_units(item_bytes(item) if item else 0, how)

    def _looked_at(self, request: Request) -> int:
        again = {name: value for name, value in request.items() if name in OF_A_QUERY}
        words = again["KeyConditionExpression"]
        for part in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            # What only the filter named may not be named any more.
            again[part] = {k: v for k, v in again.get(part, {}).items() if k in words}
            if not again[part]:
                del again[part]
        found = self._client.query(**again)["Items"]
        return sum(item_bytes(item) for item in found)

    def _will_write(self, what: Request, *, transactional: bool) -> None:
        table = what["TableName"]
        key = what.get("Key") or {n: what["Item"][n] for n in self._tables(table)[0]}
        self._before.append((table, key, self._item(table, key), transactional))

    # --- it is back

    def _is_back(self, **_: Any) -> None:  # noqa: ANN401 -- as botocore calls it
        started = time.perf_counter()
        for table, key, before, transactional in self._before:
            after = self._item(table, key)
            sizes = [item_bytes(item) for item in (before, after) if item is not None]
            units = write_units(max(sizes, default=0), transactional=transactional)
            twice = self._index_in_transaction if transactional else 1
            of_indexes = twice * sum(index_units(before, after, k) for k in self._tables(table)[1])
            self._usage.write_units += units + of_indexes
            self._usage.index_write_units += of_indexes
        self._before.clear()
        self.own_seconds += time.perf_counter() - started

    def _item(self, table: str, key: Item) -> Item | None:
        found = self._client.get_item(TableName=table, Key=key, ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item

    def _described(self, name: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return the key attributes of a table, and those of each of its indexes."""
        table = self._client.describe_table(TableName=name)["Table"]
        indexes = table.get("GlobalSecondaryIndexes", [])
        return _keys(table), tuple(_keys(index) for index in indexes)

    def bytes_kept(self) -> tuple[int, int]:
        """Return how many items all tables and indexes hold, and their bytes, by reading them."""
        items = size = 0
        for table in self._client.list_tables()["TableNames"]:
            keys = self._tables(table)[1]
            for page in self._client.get_paginator("scan").paginate(TableName=table):
                for item in page["Items"]:
                    entries = 1 + sum(all(key in item for key in index) for index in keys)
                    items += entries
                    size += entries * item_bytes(item)
        return items, size


def _keys(described: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in described["KeySchema"])


@contextmanager
def other_clients(meter: Meter) -> Iterator[None]:
    """Let clients of KMS and Secrets Manager made inside the block be counted by this meter."""
    session = boto3.Session()
    before = boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION = session
    for service in (KMS, SECRETS):
        session.events.register(f"before-call.{service}", meter.note_other(service))
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = before

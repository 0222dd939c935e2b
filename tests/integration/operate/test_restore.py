"""A restored table is as the old one was, and what happened since holds where it must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.audit import AuditLine
from chalicelib.stores.tables import AuditTable
from operate.restoring.drill import CopyAtTheMoment
from operate.restoring.drill_tables import make_tables
from operate.restoring.features import Features, RestoreError, features_of, put_on
from operate.restoring.items import (
    ERASED,
    erasures,
    fingerprints,
    missing_in_indexes,
    settle,
)
from operate.restoring.restore import patient_client, restore
from operate.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.conftest import World

NOW = datetime(2026, 11, 26, 17, 31, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture(scope="module")
def client(stand_in: StandIn) -> Any:
    return patient_client(stand_in.endpoint)


def _new(client: Any, *items: dict[str, str], index: bool = False) -> str:
    """Return the name of a new table with these items."""
    name = f"restored-{next(_numbers)}"
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    listed = {
        "IndexName": "listed",
        "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    names = ["pk", "sk", *(["owner"] if index else [])]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in names],
        **({"GlobalSecondaryIndexes": [listed]} if index else {}),
    )
    for item in items:
        _put(client, name, **item)
    return name


def _put(client: Any, table: str, **item: str) -> None:
    client.put_item(
        TableName=table, Item={name: {"S": value} for name, value in ({"sk": "a"} | item).items()}
    )


def _held(client: Any, table: str) -> dict[str, str]:
    """Return the words of each item, by its partition and sort key."""
    items = client.scan(TableName=table, ConsistentRead=True)["Items"]
    return {
        f"{item['pk']['S']}/{item['sk']['S']}": item.get("words", item.get("state"))["S"]
        for item in items
    }


def _settled(client: Any, key: str, old: str, new: str, **decisions: Any) -> Any:
    return settle(client, key, old, new, **({"erased": (), "touched": ()} | decisions))


# --- what a table is besides its items --------------------------------------------------------

EVERYTHING = Features(
    ttl="expires_at",
    recovery_days=35,
    protected=True,
    tags={"service": "hub"},
    # The stand-in changes limits of a table, not those of an index.
    most={"": {"MaxReadRequestUnits": 200, "MaxWriteRequestUnits": 100}},
    insights=frozenset({"listed"}),
)


@pytest.fixture
def bare(client: Any) -> Iterator[str]:
    table = _new(client, index=True)
    yield table
    client.update_table(TableName=table, DeletionProtectionEnabled=False)


def test_a_bare_table_gets_all_that_it_should_be(client: Any, bare: str) -> None:
    assert features_of(client, bare).unlike(Features()) == []
    put_on(client, bare, EVERYTHING, ask_seconds=1)
    assert features_of(client, bare).unlike(EVERYTHING) == []


def test_putting_on_again_changes_nothing(client: Any, bare: str) -> None:
    put_on(client, bare, EVERYTHING, ask_seconds=1)
    put_on(client, bare, EVERYTHING, ask_seconds=1)
    assert features_of(client, bare).unlike(EVERYTHING) == []


def test_a_feature_that_does_not_take_is_named(client: Any, bare: str) -> None:
    put_on(client, bare, EVERYTHING, ask_seconds=1)
    with pytest.raises(RestoreError, match="not as it should be yet: ttl, tags"):
        put_on(client, bare, Features(recovery_days=35, protected=True, most=EVERYTHING.most))


# --- what holds whatever the moment was ---------------------------------------------------------


def test_what_the_mistake_did_not_touch_is_as_it_is_now(client: Any) -> None:
    new = _new(client, {"pk": "same", "words": "old"}, {"pk": "gone", "words": "old"})
    old = _new(client, {"pk": "same", "words": "new"}, {"pk": "added", "words": "new"})
    done = _settled(client, "threads", old, new)
    assert _held(client, new) == {"same/a": "new", "added/a": "new"}
    assert (done.carried, done.left) == (3, frozenset())


def test_what_the_mistake_touched_is_as_it_was(client: Any) -> None:
    new = _new(client, {"pk": "hit", "words": "old"}, {"pk": "lost", "words": "old"})
    old = _new(client, {"pk": "hit", "words": "wrong"}, {"pk": "hit", "sk": "b", "words": "new"})
    done = _settled(client, "threads", old, new, touched={"hit", "lost"})
    assert _held(client, new) == {"hit/a": "old", "lost/a": "old"}
    # Words that were written there since are nobody's to judge but a person's.
    assert done.left == {("hit", "b")}


def test_the_table_in_use_is_only_read(client: Any) -> None:
    new = _new(client, {"pk": "hit", "words": "old"})
    old = _new(client, {"pk": "hit", "words": "wrong"}, {"pk": "added", "words": "new"})
    before = fingerprints(client, old)
    _settled(client, "threads", old, new, touched={"hit"}, erased={"hit"})
    assert fingerprints(client, old) == before


@pytest.mark.parametrize("touched", [None, {"hit"}, ()])
def test_what_was_erased_does_not_come_back(client: Any, touched: Any) -> None:
    new = _new(client, {"pk": "hit", "words": "old"}, {"pk": "hit", "sk": "b", "words": "old"})
    # The mistake itself may have brought it back.
    old = _new(client, {"pk": "hit", "words": "wrong"}, {"pk": "hit", "sk": "c", "words": "wrong"})
    done = _settled(client, "threads", old, new, touched=touched, erased={"hit"})
    assert _held(client, new) == {}
    assert (done.erased, done.left) == (2, frozenset())


def test_an_erasure_is_known_by_its_line_in_the_audit_alone(world: World, client: Any) -> None:
    def line(about: str, what: str, minutes: int) -> None:
        at = NOW + timedelta(minutes=minutes)
        store = world.deps.audit
        world.deps.ledger.write([store.line(AuditLine(world.deps.new_id(), about, "x", what, at))])

    line("erased before", ERASED, -1)
    line("erased since", ERASED, 1)
    line("only looked at", "opened the case", 1)
    found = erasures(client, AuditTable.Meta.table_name, NOW)
    assert found == {"erased since"}


def test_a_line_that_a_mistake_emptied_is_no_erasure(client: Any) -> None:
    audit = _new(client, {"pk": "a", "words": "wrong"})
    assert erasures(client, audit, NOW) == frozenset()


@pytest.mark.parametrize("touched", [None, {"case"}])
def test_lines_of_the_audit_are_kept_however_young(client: Any, touched: Any) -> None:
    new = _new(client, {"pk": "case", "words": "old"})
    old = _new(client, {"pk": "case", "words": "wrong"}, {"pk": "case", "sk": "b", "words": "new"})
    done = _settled(client, "audit", old, new, touched=touched, erased={"case"})
    assert _held(client, new) == {"case/a": "old", "case/b": "new"}
    assert done.erased == 0


def test_nobody_gets_in_who_could_not_now(client: Any) -> None:
    then = [
        {"pk": "code#cancelled", "state": "active"},
        {"pk": "code#deleted", "state": "active"},
        {"pk": "code#active", "state": "active"},
        {"pk": "session#ended", "words": "in"},
        {"pk": "session#open", "words": "in"},
        {"pk": "desk#ended", "words": "in"},
    ]
    new = _new(client, *then)
    old = _new(
        client,
        {"pk": "code#cancelled", "state": "cancelled"},
        {"pk": "code#active", "state": "active"},
        {"pk": "session#open", "words": "in"},
        {"pk": "session#new", "words": "in"},
        {"pk": "desk-ended#pc", "words": "since"},
    )
    done = _settled(client, "access", old, new, touched=None)
    assert _held(client, new) == {
        "code#cancelled/a": "cancelled",
        # Deleted by no rule of the service: so by the mistake.
        "code#deleted/a": "active",
        "code#active/a": "active",
        "session#open/a": "in",
        "desk-ended#pc/a": "since",
    }
    assert (done.closed, done.carried) == (3, 1)
    assert done.left == {("session#new", "a")}


def test_an_entry_that_an_index_lacks_is_counted(client: Any) -> None:
    table = _new(client, {"pk": "a", "owner": "x"}, {"pk": "b"}, index=True)
    assert missing_in_indexes(client, table) == 0
    assert missing_in_indexes(_WithoutIndexes(client), table) == 1


class _WithoutIndexes:
    """DynamoDB with indexes that lost every entry."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def describe_table(self, **asked: Any) -> Any:
        return self._client.describe_table(**asked)

    def get_paginator(self, name: str) -> Any:
        pages = self._client.get_paginator(name)

        class Pages:
            def paginate(self, **asked: Any) -> Any:
                return [{"Items": []}] if "IndexName" in asked else pages.paginate(**asked)

        return Pages()


# --- all of it ------------------------------------------------------------------------------------


def test_the_tables_of_the_template_come_back_with_everything(monkeypatch: Any) -> None:
    # Which tables the models of this process are bound to is for other tests to say.
    monkeypatch.setattr("operate.restoring.drill_tables.prepare", lambda _: None)
    with StandIn.started() as own:
        client = patient_client(own.endpoint)
        make_tables(client, own.endpoint)
        copy = CopyAtTheMoment()
        copy.take(client)
        client.put_item(TableName="hub-access", Item={"pk": {"S": "code#since"}})
        made = restore(client, {"access": "hub-access", "threads": "hub-threads"}, NOW, copy, 1)
        assert made["threads"] == "hub-threads-20261126t173100"
        assert fingerprints(client, made["access"]) == {}
        for key, table in made.items():
            old, new = (features_of(client, name) for name in (f"hub-{key}", table))
            assert new.unlike(old) == []
            assert (new.ttl, new.recovery_days, new.protected) == ("expires_at", 35, True)
            described = client.describe_table(TableName=table)["Table"]
            assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert set(features_of(client, made["threads"]).most) == {
            "",
            "agreed",
            "next_court",
            "open_by_owner",
            "open_by_team",
            "to_send",
        }

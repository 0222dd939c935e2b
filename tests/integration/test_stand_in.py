"""What we rely on in the stand-in for AWS, so that a new version cannot take it away unseen."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from operate.stand_in import StandIn, StandInError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TABLE = "seen-in-the-stand-in"


@pytest.fixture(scope="module")
def dynamodb(stand_in: StandIn) -> Iterator[Any]:
    """A client, with a table that has one sparse index."""
    client = boto3.client("dynamodb", endpoint_url=stand_in.endpoint)
    make_table(client)
    yield client
    client.delete_table(TableName=TABLE)


def make_table(client: Any) -> None:
    text = [{"AttributeName": name, "AttributeType": "S"} for name in ("key", "owner", "due")]
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=text,
        KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "open-by-owner",
                "KeySchema": [
                    {"AttributeName": "owner", "KeyType": "HASH"},
                    {"AttributeName": "due", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def item(**values: str) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in values.items()}


def check_put_update(prefix: str) -> list[dict[str, Any]]:
    """A transaction of three parts on three items that begin with the prefix."""
    check = {"Key": item(key=f"{prefix}-code"), "ConditionExpression": "attribute_exists(#key)"}
    put = {"Item": item(key=f"{prefix}-form"), "ConditionExpression": "attribute_not_exists(#key)"}
    update = {"Key": item(key=f"{prefix}-session"), "UpdateExpression": "SET seen = :now"}
    names = {"TableName": TABLE, "ExpressionAttributeNames": {"#key": "key"}}
    now = {"TableName": TABLE, "ExpressionAttributeValues": {":now": {"S": "today"}}}
    return [{"ConditionCheck": check | names}, {"Put": put | names}, {"Update": update | now}]


def stored(dynamodb: Any, key: str) -> dict[str, Any]:
    found = dynamodb.get_item(TableName=TABLE, Key=item(key=key), ConsistentRead=True)
    return dict(found.get("Item", {}))


def test_a_transaction_of_check_put_and_update_writes_all(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item(key="all-code"))

    dynamodb.transact_write_items(TransactItems=check_put_update("all"))

    assert stored(dynamodb, "all-form")
    assert stored(dynamodb, "all-session")["seen"] == {"S": "today"}


def test_a_refused_transaction_writes_nothing_and_gives_a_reason_for_each_part(
    dynamodb: Any,
) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item(key="none-form"))

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as refused:
        dynamodb.transact_write_items(TransactItems=check_put_update("none"))

    reasons = [reason["Code"] for reason in refused.value.response["CancellationReasons"]]
    assert reasons == ["ConditionalCheckFailed", "ConditionalCheckFailed", "None"]
    assert not stored(dynamodb, "none-session")


def test_an_index_holds_only_items_that_have_its_key_in_its_order(dynamodb: Any) -> None:
    dynamodb.put_item(TableName=TABLE, Item=item(key="p1", owner="officer-1", due="2026-12-04"))
    dynamodb.put_item(TableName=TABLE, Item=item(key="p2", owner="officer-1", due="2026-11-25"))
    dynamodb.put_item(TableName=TABLE, Item=item(key="kept"))

    rows = dynamodb.query(
        TableName=TABLE,
        IndexName="open-by-owner",
        KeyConditionExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "officer-1"}},
    )

    assert [row["key"]["S"] for row in rows["Items"]] == ["p2", "p1"]


def test_one_key_gives_one_mac_for_the_same_words(stand_in: StandIn) -> None:
    kms = boto3.client("kms", endpoint_url=stand_in.endpoint)
    first, second = (
        kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        for _ in range(2)
    )

    def mac(key: str, words: bytes) -> bytes:
        made = kms.generate_mac(KeyId=key, MacAlgorithm="HMAC_SHA_256", Message=words)
        return bytes(made["Mac"])

    assert mac(first, b"words") == mac(first, b"words")
    assert len({mac(first, b"words"), mac(first, b"other"), mac(second, b"words")}) == 3


def test_a_secret_is_made_once_and_read_back(stand_in: StandIn) -> None:
    secrets = boto3.client("secretsmanager", endpoint_url=stand_in.endpoint)
    secrets.create_secret(Name="made-once", SecretString="invented")

    with pytest.raises(secrets.exceptions.ResourceExistsException):
        secrets.create_secret(Name="made-once", SecretString="other")

    assert secrets.get_secret_value(SecretId="made-once")["SecretString"] == "invented"


def test_what_was_stored_is_there_again_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with StandIn.started(state_dir=tmp_path) as before:
        client = boto3.client("dynamodb", endpoint_url=before.endpoint)
        make_table(client)
        client.put_item(TableName=TABLE, Item=item(key="message"))

    with StandIn.started(state_dir=tmp_path) as after:
        assert stored(boto3.client("dynamodb", endpoint_url=after.endpoint), "message")


def test_a_second_stand_in_never_writes_the_same_state(tmp_path: Path) -> None:
    with (
        StandIn.started(state_dir=tmp_path),
        pytest.raises(StandInError, match="already runs"),
    ):
        StandIn.start(home=tmp_path)


def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StandInError, match=f"Port {port} is in use"):
            StandIn.start(home=tmp_path, port=port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that we died")
def test_it_ends_by_itself_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    starter = textwrap.dedent("""
        import sys, pathlib, time
        from operate.stand_in import StandIn
        print(StandIn.start(home=pathlib.Path(sys.argv[1])).endpoint, flush=True)
        time.sleep(60)
    """)
    command = [sys.executable, "-c", starter, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        os.kill(process.pid, signal.SIGKILL)

    assert soon(lambda: not is_locked(tmp_path))


def is_locked(home: Path) -> bool:
    try:
        StandIn.start(home=home).stop()
    except StandInError:
        return True
    return False


def soon(condition: Callable[[], bool]) -> bool:
    """Whether it comes true within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False

"""Restoring tables to a moment before a mistake: into new tables, which then take their place.

DynamoDB restores items, indexes and encryption; what it leaves out (time to live, recovery,
protection, tags, perhaps limits) is put on again here, and looked at afterwards. Nothing here
writes to the old tables. What items need besides is in `restore_items`; infra/RESTORE.md says who
decides.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore.config import Config

from operate.cloud import TABLE_NAMES
from operate.restoring.features import (
    ASK_SECONDS,
    RestoreError,
    features_of,
    put_on,
    wait_until_there,
)
from operate.stand_in import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from botocore.exceptions import ClientError

READ_SECONDS, TRIES = 60, 10
RESTORED = re.compile(r"-\d{8}t\d{6}$")


class Rewind(Protocol):
    """Starts to make a table as another was at a moment."""

    def __call__(self, client: Any, request: Mapping[str, Any], /) -> None:  # noqa: ANN401 -- boto3
        """Ask for it; the request is that of RestoreTableToPointInTime."""


def patient_client(endpoint: str | None = None) -> Any:  # noqa: ANN401 -- boto3
    """Return a client of DynamoDB that waits and tries again, as a restore has the time."""
    retries = {"mode": "standard", "total_max_attempts": TRIES}
    config = Config(read_timeout=READ_SECONDS, retries=retries)
    return boto3.client("dynamodb", region_name=REGION, endpoint_url=endpoint, config=config)


def new_name(table: str, at: datetime) -> str:
    """Return the name of a table that is restored to a moment, from whichever is in use."""
    return f"{RESTORED.sub('', table)}-{at.astimezone(UTC):%Y%m%dt%H%M%S}"


def point_in_time(client: Any, request: Mapping[str, Any]) -> None:  # noqa: ANN401 -- boto3
    """Start a restore by DynamoDB's point-in-time recovery.

    Raises:
        RestoreError: recovery does not reach that moment, or there is such a table already.
    """
    source, at = request["SourceTableName"], request["RestoreDateTime"]
    backups = client.describe_continuous_backups(TableName=source)
    reach = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    earliest = reach.get("EarliestRestorableDateTime")
    latest = reach.get("LatestRestorableDateTime")
    if not earliest or not latest:
        raise RestoreError(f"{source} has no point-in-time recovery: restore it from the vault.")
    if not earliest <= at <= latest:
        raise RestoreError(
            f"{source} can be restored from {earliest:%d %B %Y %H:%M:%S %Z} to "
            f"{latest:%d %B %Y %H:%M:%S %Z}; the latest moment moves on by itself."
        )
    try:
        client.restore_table_to_point_in_time(**request)
    except client.exceptions.TableAlreadyExistsException:
        raise RestoreError(
            f"{request['TargetTableName']} is there already: go on with it, or choose a moment "
            "one second away."
        ) from None


def restore(
    client: Any,  # noqa: ANN401 -- boto3
    tables: Mapping[str, str],
    at: datetime,
    rewind: Rewind = point_in_time,
    ask_seconds: int = ASK_SECONDS,
) -> dict[str, str]:
    """Return the names of new tables that are as these were at a moment, with their features.

    All start at once and are waited for together; the same moment for all, since what was written
    in one transaction stands in several.

    Args:
        client: of DynamoDB; it should try again by itself, as restoring has time.
        tables: name of the table in use for each key of `TABLES` that is to be restored.
        at: aware; whole seconds count.
        rewind: what makes the tables; another one only where there is no such recovery.
        ask_seconds: how long to wait before asking again.

    Raises:
        RestoreError: one cannot be restored, or does not come out as it should.
    """
    made = {key: new_name(table, at) for key, table in tables.items()}
    for key, table in tables.items():
        rewind(client, request_of(client, table, made[key], at))
    for key, table in tables.items():
        wait_until_there(client, made[key], ask_seconds)
        put_on(client, made[key], features_of(client, table), ask_seconds)
    return made


def request_of(client: Any, table: str, target: str, at: datetime) -> dict[str, Any]:  # noqa: ANN401
    """Return what DynamoDB is asked for: the same keys, indexes, limits and encryption."""
    now = client.describe_table(TableName=table)["Table"]
    request: dict[str, Any] = {
        "SourceTableName": table,
        "TargetTableName": target,
        "RestoreDateTime": at,
        "BillingModeOverride": "PAY_PER_REQUEST",
    }
    # An empty list would mean a table without indexes.
    if indexes := now.get("GlobalSecondaryIndexes"):
        kept = ("IndexName", "KeySchema", "Projection", "OnDemandThroughput")
        request["GlobalSecondaryIndexOverride"] = [
            {name: index[name] for name in kept if name in index} for index in indexes
        ]
    if "OnDemandThroughput" in now:
        request["OnDemandThroughputOverride"] = now["OnDemandThroughput"]
    if key := now.get("SSEDescription", {}).get("KMSMasterKeyArn"):
        request["SSESpecificationOverride"] = {
            "Enabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": key,
        }
    return request


def how_to_switch(made: Mapping[str, str]) -> str:
    """Return what to write so that both stages, and their roles, use the new tables."""
    lines = [f'  "{TABLE_NAMES[key]}" = "{table}"' for key, table in made.items()]
    return "\n".join(
        [
            "Write into infra/stages/<name>.toml, then make deploy STAGE=<name>:",
            "  [tables]",
            *lines,
        ]
    )


def explained(error: ClientError) -> str:
    """Return one sentence for an error of AWS, without what was asked."""
    code = error.response.get("Error", {}).get("Code", "for a reason that it does not name")
    return f"AWS refused {error.operation_name}: {code}."

"""What a table is besides its items: DynamoDB's restore leaves some of it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# A large table takes hours. Asking is free, and whoever waits is told nothing new more often.
ASK_SECONDS, ASK_TIMES = 20, 4320
LONGEST_DAYS = 35
ON = {"ENABLED", "ENABLING"}
# CloudFormation's own tags, which nobody else may set.
NOT_OURS = "aws:"


class RestoreError(Exception):
    """A restore cannot go on; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Features:
    """What a table is besides its items, as far as a restore may leave it out.

    `most` are the limits of requests, and `insights` the places with contributor insights; both
    by the name of an index, with "" for the table itself.
    """

    ttl: str | None = None
    recovery_days: int | None = None
    protected: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    most: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    insights: frozenset[str] = frozenset()

    def unlike(self, other: Features) -> list[str]:
        """Return the names of what differs."""
        names = ("ttl", "recovery_days", "protected", "tags", "most", "insights")
        return [name for name in names if getattr(self, name) != getattr(other, name)]


def wait_until_there(client: Any, table: str, ask_seconds: int = ASK_SECONDS) -> None:  # noqa: ANN401
    """Wait until a table answers."""
    waiter = client.get_waiter("table_exists")
    waiter.wait(TableName=table, WaiterConfig={"Delay": ask_seconds, "MaxAttempts": ASK_TIMES})


def features_of(client: Any, table: str) -> Features:  # noqa: ANN401 -- boto3
    """Return what a table is besides its items."""
    described = client.describe_table(TableName=table)["Table"]
    indexes = described.get("GlobalSecondaryIndexes", [])
    dies = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    backups = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    # DynamoDB names the days; its longest are also its default.
    days = recovery.get("RecoveryPeriodInDays", LONGEST_DAYS)
    limited = {"": described, **{index["IndexName"]: index for index in indexes}}
    return Features(
        ttl=dies.get("AttributeName") if dies["TimeToLiveStatus"] in ON else None,
        recovery_days=days if recovery["PointInTimeRecoveryStatus"] in ON else None,
        protected=described.get("DeletionProtectionEnabled", False),
        tags=_tags(client, described["TableArn"]),
        most={
            name: part["OnDemandThroughput"]
            for name, part in limited.items()
            if part.get("OnDemandThroughput")
        },
        insights=frozenset(name for name in limited if _has_insights(client, table, name)),
    )


def _tags(client: Any, arn: str) -> dict[str, str]:  # noqa: ANN401 -- boto3
    pages = client.get_paginator("list_tags_of_resource").paginate(ResourceArn=arn)
    return {
        tag["Key"]: tag["Value"]
        for page in pages
        for tag in page.get("Tags", [])
        if not tag["Key"].startswith(NOT_OURS)
    }


def _has_insights(client: Any, table: str, index: str) -> bool:  # noqa: ANN401 -- boto3
    part = {"TableName": table, **({"IndexName": index} if index else {})}
    try:
        status = client.describe_contributor_insights(**part).get("ContributorInsightsStatus")
    except client.exceptions.ResourceNotFoundException:
        return False
    return status in ON


def put_on(
    client: Any,  # noqa: ANN401 -- boto3
    table: str,
    wanted: Features,
    ask_seconds: int = ASK_SECONDS,
) -> None:
    """Make a table what it should be besides its items; what is so already is left alone.

    Raises:
        RestoreError: something does not take, and is named.
    """
    found = features_of(client, table)
    if wanted.ttl != found.ttl and wanted.ttl:
        dies = {"Enabled": True, "AttributeName": wanted.ttl}
        client.update_time_to_live(TableName=table, TimeToLiveSpecification=dies)
    if wanted.recovery_days != found.recovery_days and wanted.recovery_days:
        client.update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={
                "PointInTimeRecoveryEnabled": True,
                "RecoveryPeriodInDays": wanted.recovery_days,
            },
        )
    if wanted.tags != found.tags:
        arn = client.describe_table(TableName=table)["Table"]["TableArn"]
        tags = [{"Key": key, "Value": value} for key, value in wanted.tags.items()]
        client.tag_resource(ResourceArn=arn, Tags=tags)
    for change in changes(wanted, found):
        client.update_table(TableName=table, **change)
        wait_until_there(client, table, ask_seconds)
    _set_insights(client, table, wanted.insights, found.insights)
    if left := wanted.unlike(features_of(client, table)):
        raise RestoreError(f"{table} is not as it should be yet: {', '.join(left)}.")


def changes(wanted: Features, found: Features) -> list[dict[str, Any]]:
    """Return what to ask UpdateTable for, one after the other: it takes one kind at a time."""
    asked: list[dict[str, Any]] = []
    for name, most in wanted.most.items():
        if most == found.most.get(name):
            continue
        index = {"Update": {"IndexName": name, "OnDemandThroughput": most}}
        asked.append(
            {"GlobalSecondaryIndexUpdates": [index]} if name else {"OnDemandThroughput": most}
        )
    if wanted.protected != found.protected:
        asked.append({"DeletionProtectionEnabled": wanted.protected})
    return asked


def _set_insights(
    client: Any,  # noqa: ANN401 -- boto3
    table: str,
    wanted: frozenset[str],
    found: frozenset[str],
) -> None:
    for name in wanted ^ found:
        part = {"TableName": table, **({"IndexName": name} if name else {})}
        action = "ENABLE" if name in wanted else "DISABLE"
        client.update_contributor_insights(**part, ContributorInsightsAction=action)

"""The tables of the restore drill: those of infra/data.yaml, on the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3

from operate.aws.stand_in_templates import read_template
from operate.cloud import prepare
from operate.hub_home import ROOT
from operate.restoring.features import Features, put_on
from operate.stand_in import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping


def make_tables(client: Any, endpoint: str) -> None:  # noqa: ANN401 -- boto3
    """Make the tables of infra/data.yaml with all that the stand-in's CloudFormation leaves out."""
    template = read_template(ROOT / "infra" / "data.yaml")
    key = boto3.client("kms", region_name=REGION, endpoint_url=endpoint).create_key()
    values = {name: one.get("Default") for name, one in template["Parameters"].items()}
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            _make_table(client, resource["Properties"], values, key["KeyMetadata"]["Arn"])
    prepare(endpoint)


def _make_table(
    client: Any,  # noqa: ANN401 -- boto3
    properties: dict[str, Any],
    values: Mapping[str, Any],
    key: str,
) -> None:
    name = properties["TableName"]
    table = _with_values(properties, values)
    limit = ("IndexName", "KeySchema", "Projection", "OnDemandThroughput")
    indexes = [
        {part: index[part] for part in limit} for index in table.get("GlobalSecondaryIndexes", [])
    ]
    client.create_table(
        TableName=name,
        BillingMode=table["BillingMode"],
        KeySchema=table["KeySchema"],
        AttributeDefinitions=table["AttributeDefinitions"],
        OnDemandThroughput=table["OnDemandThroughput"],
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )
    recovery = table["PointInTimeRecoverySpecification"]
    limited = {"": table, **{index["IndexName"]: index for index in indexes}}
    features = Features(
        ttl=table.get("TimeToLiveSpecification", {}).get("AttributeName"),
        recovery_days=recovery["RecoveryPeriodInDays"],
        protected=table["DeletionProtectionEnabled"],
        tags={tag["Key"]: tag["Value"] for tag in table["Tags"]},
        most={part: one["OnDemandThroughput"] for part, one in limited.items()},
    )
    put_on(client, name, features, ask_seconds=1)


def _with_values(value: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- any JSON
    """Return a part of a template with the parameters' values where it names them."""
    match value:
        case {"Ref": str(name)}:
            return values[name]
        case dict():
            return {key: _with_values(one, values) for key, one in value.items()}
        case list():
            return [_with_values(one, values) for one in value]
        case _:
            return value

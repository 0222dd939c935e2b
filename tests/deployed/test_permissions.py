"""What the roles may do, asked with the roles' own credentials of the tables as deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.rules import load_rules
from operate.aws.stage import REGION

if TYPE_CHECKING:
    from tests.deployed.conftest import Deployed

FUNCTIONS = {
    "public": "hub-public-web",
    "staff": "hub-staff-web",
    "every minute": "hub-staff-every-minute",
    "every morning": "hub-staff-every-morning",
}
KEY = {"pk": {"S": "a partition"}, "sk": {"S": "an item"}}
ITEM = {"Item": KEY}
PUT = "put_item"
REFUSED = [
    ("public", PUT, "hub-cases", ITEM),
    ("public", "delete_item", "hub-cases", {"Key": KEY}),
    ("public", "scan", "hub-cases", {}),
    ("public", "scan", "hub-threads", {}),
    ("public", "get_item", "hub-audit", {"Key": KEY}),
    ("public", "scan", "hub-audit", {}),
    ("public", "delete_item", "hub-audit", {"Key": KEY}),
    ("staff", "scan", "hub-cases", {}),
    ("staff", "get_item", "hub-audit", {"Key": KEY}),
    ("staff", "delete_item", "hub-audit", {"Key": KEY}),
    ("staff", "update_item", "hub-audit", {"Key": KEY}),
    ("staff", "delete_item", "hub-threads", {"Key": KEY}),
    ("every minute", PUT, "hub-cases", ITEM),
    ("every minute", "delete_item", "hub-audit", {"Key": KEY}),
    ("every morning", "scan", "hub-threads", {}),
    ("every morning", "delete_item", "hub-audit", {"Key": KEY}),
]


class Roles:
    """Clients of AWS with the permissions of the functions."""

    def __init__(self, hub: Deployed) -> None:
        self._hub = hub

    def client(self, who: str, service: str) -> Any:
        """Return a client that may do what this function may do."""
        found = self._hub.cloud.client("lambda").get_function_configuration(
            FunctionName=FUNCTIONS[who]
        )
        session = self._hub.cloud.client("sts").assume_role(
            RoleArn=found["Role"], RoleSessionName="a-test"
        )["Credentials"]
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self._hub.cloud.endpoint,
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
        )


@pytest.fixture(scope="module")
def roles(hub: Deployed) -> Roles:
    return Roles(hub)


@pytest.mark.parametrize(("who", "action", "table", "asked"), REFUSED)
def test_a_role_is_refused_what_its_function_never_does(
    roles: Roles, who: str, action: str, table: str, asked: dict[str, Any]
) -> None:
    client = roles.client(who, "dynamodb")
    with pytest.raises(ClientError) as seen:
        getattr(client, action)(TableName=table, **asked)
    assert seen.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.parametrize("who", FUNCTIONS)
def test_nobody_writes_many_audit_lines_at_once_and_everybody_adds_one(
    roles: Roles, who: str
) -> None:
    client = roles.client(who, "dynamodb")
    with pytest.raises(ClientError) as seen:
        client.batch_write_item(RequestItems={"hub-audit": [{"PutRequest": ITEM}]})
    assert seen.value.response["Error"]["Code"] == "AccessDeniedException"
    line = {"pk": {"S": "a partition"}, "sk": {"S": f"a line of {who}"}}
    client.put_item(TableName="hub-audit", Item=line)


@pytest.mark.parametrize(
    ("who", "own", "others"),
    [
        ("public", "hub/keys/public", "hub/keys/staff"),
        ("staff", "hub/keys/staff", "hub/keys/public"),
    ],
)
def test_a_stage_reads_its_own_secret_and_not_the_others(
    roles: Roles, who: str, own: str, others: str
) -> None:
    client = roles.client(who, "secretsmanager")
    assert client.get_secret_value(SecretId=own)["SecretString"]
    with pytest.raises(ClientError) as seen:
        client.get_secret_value(SecretId=others)
    assert seen.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.parametrize("who", ["public", "staff", "every morning"])
def test_only_the_sender_sends(roles: Roles, who: str) -> None:
    words = load_rules().notices["officer"]
    said = words.text.format(pair="lemon otter")
    content = {"Subject": {"Data": words.subject}, "Body": {"Text": {"Data": said}}}
    with pytest.raises(ClientError) as seen:
        roles.client(who, "sesv2").send_email(
            FromEmailAddress="messages@your-information.example",
            Destination={"ToAddresses": ["somebody@force.example"]},
            Content={"Simple": content},
        )
    assert "AccessDenied" in seen.value.response["Error"]["Code"]

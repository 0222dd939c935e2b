"""The data stack holds what the stores expect, and holds on to it."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest

from chalicelib.stores.tables import TABLES
from operate.cloud import PEPPER_ALIAS, TABLE_NAMES
from operate.stand_in import ACCOUNT, REGION, StandIn
from tests.infra.templates import INFRA, read_template

TEMPLATE = read_template("data.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
DATA_KEY = {"GetAtt": "DataKey.Arn"}
# Codes, sessions and counters die by themselves, as do drafts and form keys; nothing else does.
WITH_TTL = {"threads", "access"}


def _of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: r for name, r in RESOURCES.items() if r["Type"] == kind}


def _table(name: str) -> dict[str, Any]:
    """Return the properties of the table that has this key in `TABLES`."""
    tables = [r["Properties"] for r in _of_type("AWS::DynamoDB::Table").values()]
    return next(table for table in tables if table["TableName"] == TABLE_NAMES[name])


def _keys(schema: list[dict[str, str]]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in schema}


def _indexes(table: dict[str, Any]) -> dict[str, tuple[dict[str, str], str]]:
    return {
        index["IndexName"]: (_keys(index["KeySchema"]), index["Projection"]["ProjectionType"])
        for index in table.get("GlobalSecondaryIndexes", [])
    }


def _model(name: str) -> dict[str, Any]:
    """Return keys and indexes as pynamodb would make them for tests."""
    return dict(TABLES[name]._get_schema())  # noqa: SLF001 -- nothing public says it


def test_the_stack_has_the_four_tables_and_no_other() -> None:
    names = {r["Properties"]["TableName"] for r in _of_type("AWS::DynamoDB::Table").values()}
    assert names == set(TABLE_NAMES.values())


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_keys_of_its_model(name: str) -> None:
    table, model = _table(name), _model(name)
    assert _keys(table["KeySchema"]) == _keys(model["key_schema"])
    types = {d["AttributeName"]: d["AttributeType"] for d in table["AttributeDefinitions"]}
    assert types == {d["AttributeName"]: d["AttributeType"] for d in model["attribute_definitions"]}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_indexes_of_its_model(name: str) -> None:
    expected = {
        index["index_name"]: (_keys(index["key_schema"]), index["projection"]["ProjectionType"])
        for index in _model(name)["global_secondary_indexes"]
    }
    assert _indexes(_table(name)) == expected


@pytest.mark.parametrize("name", TABLES)
def test_only_what_may_die_by_itself_has_a_time_to_live(name: str) -> None:
    assert (name in WITH_TTL) == ("expires_at" in TABLES[name].get_attributes())
    expected = {"AttributeName": "expires_at", "Enabled": True} if name in WITH_TTL else None
    assert _table(name).get("TimeToLiveSpecification") == expected


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_encrypted_can_be_restored_and_is_hard_to_delete(name: str) -> None:
    table = _table(name)
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": DATA_KEY,
    }


@pytest.mark.parametrize("name", RESOURCES)
def test_everything_outlives_the_stack(name: str) -> None:
    assert RESOURCES[name]["DeletionPolicy"] == "Retain"
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


def test_the_pepper_makes_macs_and_nothing_else() -> None:
    pepper = RESOURCES["PepperKey"]["Properties"]
    assert (pepper["KeySpec"], pepper["KeyUsage"]) == ("HMAC_256", "GENERATE_VERIFY_MAC")
    used = {a for s in pepper["KeyPolicy"]["Statement"] for a in _listed(s["Action"])}
    assert "kms:GenerateMac" in used
    assert not used & {"kms:VerifyMac", "kms:CreateGrant"}


def test_the_data_key_is_used_through_the_tables_and_the_secrets_only() -> None:
    statements = RESOURCES["DataKey"]["Properties"]["KeyPolicy"]["Statement"]
    using = [s for s in statements if "kms:Decrypt" in _listed(s["Action"])]
    assert len(using) == 1
    services = using[0]["Condition"]["StringEquals"]["kms:ViaService"]
    assert [value["Sub"].split(".")[0] for value in services] == ["dynamodb", "secretsmanager"]


@pytest.mark.parametrize("key", ["PepperKey", "DataKey"])
def test_a_keys_policy_names_every_action(key: str) -> None:
    for statement in RESOURCES[key]["Properties"]["KeyPolicy"]["Statement"]:
        assert not [action for action in _listed(statement["Action"]) if "*" in action]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_no_secret_has_a_value_in_the_template() -> None:
    secrets = _of_type("AWS::SecretsManager::Secret")
    assert {s["Properties"]["Name"] for s in secrets.values()} == {
        "hub/keys/public",
        "hub/keys/staff",
    }
    for secret in secrets.values():
        assert secret["Properties"]["KmsKeyId"] == DATA_KEY
        assert not {"SecretString", "GenerateSecretString"} & set(secret["Properties"])


def test_the_stand_in_makes_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    text = (INFRA / "data.yaml").read_text(encoding="utf-8")
    with StandIn.started() as stand_in:
        made = {"region_name": REGION, "endpoint_url": stand_in.endpoint}
        stacks = boto3.client("cloudformation", **made)
        stacks.create_stack(StackName="hub-data", TemplateBody=text)
        assert _status(stacks) == "CREATE_COMPLETE"
        tables = boto3.client("dynamodb", **made).list_tables()["TableNames"]
        assert set(tables) == set(TABLE_NAMES.values())
        mac = boto3.client("kms", **made).generate_mac(
            KeyId=PEPPER_ALIAS, MacAlgorithm="HMAC_SHA_256", Message=b"a stretched code"
        )
        assert len(mac["Mac"]) == 32


def _status(stacks: Any) -> str:
    for _ in range(100):
        status = str(stacks.describe_stacks(StackName="hub-data")["Stacks"][0]["StackStatus"])
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.1)
    return "still in progress"

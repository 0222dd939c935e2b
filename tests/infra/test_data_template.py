"""The data stack holds what the stores expect, holds on to it, and keeps nothing for too long."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import boto3
import pytest

from chalicelib.stores.tables import TABLES
from operate.aws.deploy import MOST_BODY_BYTES
from operate.aws.stand_in_templates import for_stand_in, read_template
from operate.cloud import PEPPER_ALIAS, TABLE_NAMES
from operate.stand_in import ACCOUNT, REGION, StandIn
from tests.infra.templates import INFRA

TEMPLATE = read_template(INFRA / "data.yaml")
TEXT = (INFRA / "data.yaml").read_text(encoding="utf-8")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
OUTPUTS: dict[str, dict[str, Any]] = TEMPLATE["Outputs"]
# Codes, sessions and counters die by themselves, as do drafts and form keys; nothing else does.
WITH_TTL = {"threads", "access"}
# What was erased is in no backup after so many days.
LONGEST_DAYS = 35
MOST = {
    "MaxReadRequestUnits": {"Ref": "MostReadUnits"},
    "MaxWriteRequestUnits": {"Ref": "MostWriteUnits"},
}
# Alarms tell what happens and keep nothing: these alone may go with the stack.
MAY_GO = {
    "AlarmAlias",
    "AlarmKey",
    "AlarmSubscription",
    "AlarmTopic",
    "AlarmTopicPolicy",
    "BackupsMissing",
}
# Types that CloudFormation lets nobody tag.
UNTAGGABLE = {
    "AWS::Backup::BackupSelection",
    "AWS::KMS::Alias",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
}
TAGS_CALLED = {
    "AWS::Backup::BackupPlan": "BackupPlanTags",
    "AWS::Backup::BackupVault": "BackupVaultTags",
}
VAULTS = {"BackupVault": "BackupKey", "CopyVault": "CopyKey"}
KEYS = [name for name, r in RESOURCES.items() if r["Type"] == "AWS::KMS::Key"]
HOLDS_WORDS_OF_PEOPLE = {
    *(f"{name.title()}Table" for name in TABLE_NAMES),
    "BackupKey",
    "BackupPlan",
    "BackupVault",
    "CopyKey",
    "CopyVault",
    "DataKey",
}


def _arn(name: str, attribute: str = "Arn") -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def _of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: r for name, r in RESOURCES.items() if r["Type"] == kind}


def _properties(name: str) -> dict[str, Any]:
    properties: dict[str, Any] = RESOURCES[name]["Properties"]
    return properties


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


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _statements(name: str) -> list[dict[str, Any]]:
    """Return the statements of every policy that a resource carries."""
    properties = _properties(name)
    documents = [properties.get(key) for key in ("KeyPolicy", "PolicyDocument", "AccessPolicy")]
    documents += [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    return [s for document in documents if document for s in document["Statement"]]


def _statement(name: str, sid: str) -> dict[str, Any]:
    return next(s for s in _statements(name) if s["Sid"] == sid)


# --- tables -----------------------------------------------------------------------------------


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
    assert table["DeletionProtectionEnabled"] is True
    assert table["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": LONGEST_DAYS,
    }
    assert table["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": _arn("DataKey"),
    }


@pytest.mark.parametrize("name", TABLES)
def test_a_table_and_its_indexes_cost_no_more_than_their_most(name: str) -> None:
    table = _table(name)
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    for part in (table, *table.get("GlobalSecondaryIndexes", [])):
        assert part["OnDemandThroughput"] == MOST


def test_the_most_is_enough_for_the_rush_that_the_gateway_lets_through() -> None:
    # 50 sign-ins a second; a page of 20 read units, coming in with 8 write units.
    parameters = TEMPLATE["Parameters"]
    assert parameters["MostReadUnits"]["Default"] >= 2 * 50 * 20
    assert parameters["MostWriteUnits"]["Default"] >= 2 * 50 * 8


@pytest.mark.parametrize("name", TABLES)
def test_no_table_or_index_writes_the_keys_of_people_into_metrics(name: str) -> None:
    table = _table(name)
    for part in (table, *table.get("GlobalSecondaryIndexes", [])):
        assert part["ContributorInsightsSpecification"] == {"Enabled": False}


# --- everything ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RESOURCES)
def test_what_holds_or_opens_words_of_people_outlives_the_stack(name: str) -> None:
    expected = "Delete" if name in MAY_GO else "Retain"
    assert RESOURCES[name]["DeletionPolicy"] == expected
    assert RESOURCES[name]["UpdateReplacePolicy"] == expected


@pytest.mark.parametrize("name", RESOURCES)
def test_everything_that_takes_tags_has_the_common_ones(name: str) -> None:
    kind = RESOURCES[name]["Type"]
    given = _properties(name).get(TAGS_CALLED.get(kind, "Tags"))
    if kind in UNTAGGABLE:
        assert given is None
        return
    tags = given if isinstance(given, dict) else {tag["Key"]: tag["Value"] for tag in given or ()}
    personal = "yes" if name in HOLDS_WORDS_OF_PEOPLE else "no"
    assert tags == {"service": "hub", "part": "data", "personal-data": personal}


def test_a_backup_carries_the_tags_of_what_it_holds() -> None:
    (rule,) = _properties("BackupPlan")["BackupPlan"]["BackupPlanRule"]
    assert rule["RecoveryPointTags"] == _properties("BackupPlan")["BackupPlanTags"]


@pytest.mark.parametrize("name", RESOURCES)
def test_no_policy_allows_an_action_by_a_star(name: str) -> None:
    for statement in _statements(name):
        if any("*" in action for action in _listed(statement["Action"])):
            assert statement["Effect"] == "Deny"
        assert not {"NotAction", "NotResource", "NotPrincipal"} & set(statement)


def test_a_star_for_a_resource_has_its_reason_beside_it() -> None:
    stars = [line for line in TEXT.splitlines() if re.search(r'Resource: "\*"', line)]
    assert len(stars) == sum(s["Resource"] == "*" for name in RESOURCES for s in _statements(name))
    assert [line for line in stars if "#" not in line] == []


@pytest.mark.parametrize("name", RESOURCES)
def test_only_a_key_or_a_vault_speaks_of_itself_by_a_star(name: str) -> None:
    if any("*" in _listed(s["Resource"]) for s in _statements(name)):
        assert name in {*KEYS, *VAULTS}


def test_whoever_gives_a_parameter_wrongly_is_told_what_it_must_be() -> None:
    for parameter in TEMPLATE["Parameters"].values():
        assert parameter["Description"]
        assert parameter["ConstraintDescription"].startswith("must be ")
        assert {"AllowedPattern", "MinValue"} & set(parameter)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("hub-alarms@force.example", True),
        ("", False),
        ("somebody", False),
        ("a@force.example b@force.example", False),
    ],
)
def test_alarms_go_to_one_address(typed: str, *, taken: bool) -> None:
    pattern = TEMPLATE["Parameters"]["AlarmEmail"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, typed)) == taken
    assert "Default" not in TEMPLATE["Parameters"]["AlarmEmail"]


def test_the_stack_can_be_made_in_london_only() -> None:
    (rule,) = TEMPLATE["Rules"].values()
    (assertion,) = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}
    assert REGION in assertion["AssertDescription"]


def test_the_deployment_is_told_what_it_needs() -> None:
    assert {name: output["Value"] for name, output in OUTPUTS.items()} == {
        "CasesTableName": {"Ref": "CasesTable"},
        "ThreadsTableName": {"Ref": "ThreadsTable"},
        "AccessTableName": {"Ref": "AccessTable"},
        "AuditTableName": {"Ref": "AuditTable"},
        "PepperKeyAlias": {"Ref": "PepperAlias"},
        "DataKeyArn": _arn("DataKey"),
        "PublicSecretArn": {"Ref": "PublicKeys"},
        "StaffSecretArn": {"Ref": "StaffKeys"},
        "LogsKeyArn": _arn("LogsKey"),
        "AlarmTopicArn": {"Ref": "AlarmTopic"},
        "PackagesBucketName": {"Ref": "PackagesBucket"},
        "BackupVaultName": {"Ref": "BackupVault"},
        "CopyVaultName": {"Ref": "CopyVault"},
    }


# --- keys and secrets ---------------------------------------------------------------------------


def test_every_key_has_the_name_by_which_it_is_asked_for() -> None:
    named = {
        r["Properties"]["AliasName"]: r["Properties"]["TargetKeyId"]
        for r in _of_type("AWS::KMS::Alias").values()
    }
    assert named == {
        PEPPER_ALIAS: {"Ref": "PepperKey"},
        "alias/hub-data": {"Ref": "DataKey"},
        "alias/hub-backup": {"Ref": "BackupKey"},
        "alias/hub-backup-copy": {"Ref": "CopyKey"},
        "alias/hub-logs": {"Ref": "LogsKey"},
        "alias/hub-alarms": {"Ref": "AlarmKey"},
    }


@pytest.mark.parametrize("name", KEYS)
def test_a_key_turns_over_by_itself_and_leaves_a_month_to_think_again(name: str) -> None:
    # The pepper cannot turn over: see the template for how it is replaced.
    assert _properties(name).get("EnableKeyRotation", False) is (name != "PepperKey")
    assert _properties(name)["PendingWindowInDays"] == 30


@pytest.mark.parametrize("name", KEYS)
def test_whoever_keeps_a_key_cannot_use_it(name: str) -> None:
    keeps = _statement(name, "TheAccountKeepsTheKey")
    uses = {a for s in _statements(name) if s is not keeps for a in _listed(s["Action"])}
    assert not set(keeps["Action"]) & (uses - {"kms:DescribeKey"})
    assert "Condition" not in keeps
    assert {"kms:PutKeyPolicy", "kms:CancelKeyDeletion"} <= set(keeps["Action"])


def test_the_pepper_makes_macs_and_nothing_else() -> None:
    pepper = _properties("PepperKey")
    assert (pepper["KeySpec"], pepper["KeyUsage"]) == ("HMAC_256", "GENERATE_VERIFY_MAC")
    used = {a for s in pepper["KeyPolicy"]["Statement"] for a in _listed(s["Action"])}
    assert "kms:GenerateMac" in used
    assert not used & {"kms:VerifyMac", "kms:CreateGrant"}


@pytest.mark.parametrize(
    ("key", "services"),
    [
        ("DataKey", ["dynamodb", "secretsmanager"]),
        ("BackupKey", ["backup", "dynamodb"]),
        ("CopyKey", ["backup", "dynamodb"]),
    ],
)
def test_a_key_of_peoples_words_is_used_through_its_services_only(
    key: str, services: list[str]
) -> None:
    using = [s for s in _statements(key) if "kms:Decrypt" in _listed(s["Action"])]
    assert [s["Effect"] for s in using] == ["Allow"]
    assert using[0]["Condition"] == {
        "StringEquals": {
            "kms:ViaService": [
                {"Fn::Sub": f"{name}.${{AWS::Region}}.amazonaws.com"} for name in services
            ]
        }
    }


def test_the_key_of_the_logs_is_for_the_hubs_logs_alone() -> None:
    use = _statement("LogsKey", "LogsOfTheHubUseIt")
    assert use["Principal"] == {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}}
    ours = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
    assert use["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": [
                {"Fn::Sub": f"{ours}/aws/lambda/hub-*"},
                {"Fn::Sub": f"{ours}/aws/apigateway/hub-*"},
            ]
        }
    }


def test_no_secret_has_a_value_in_the_template() -> None:
    secrets = _of_type("AWS::SecretsManager::Secret")
    assert {s["Properties"]["Name"] for s in secrets.values()} == {
        "hub/keys/public",
        "hub/keys/staff",
    }
    for secret in secrets.values():
        assert secret["Properties"]["KmsKeyId"] == _arn("DataKey")
        assert not {"SecretString", "GenerateSecretString"} & set(secret["Properties"])


# --- backups ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("vault", "key"), VAULTS.items())
def test_a_vault_has_a_key_of_its_own_and_gives_nothing_up_early_or_late(
    vault: str, key: str
) -> None:
    properties = _properties(vault)
    assert properties["EncryptionKeyArn"] == _arn(key)
    # With ChangeableForDays nobody could ever undo it again: a force's decision, not ours.
    assert properties["LockConfiguration"] == {
        "MinRetentionDays": LONGEST_DAYS,
        "MaxRetentionDays": LONGEST_DAYS,
    }
    (statement,) = properties["AccessPolicy"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert {"backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"} == set(
        statement["Action"]
    )


def test_a_backup_and_its_copy_are_made_every_night_and_end_on_their_day() -> None:
    (rule,) = _properties("BackupPlan")["BackupPlan"]["BackupPlanRule"]
    assert rule["ScheduleExpression"] == "cron(0 2 * * ? *)"
    assert rule["ScheduleExpressionTimezone"] == "Europe/London"
    assert rule["TargetBackupVault"] == {"Ref": "BackupVault"}
    assert rule["Lifecycle"] == {"DeleteAfterDays": LONGEST_DAYS}
    assert rule["CopyActions"] == [
        {
            "DestinationBackupVaultArn": _arn("CopyVault", "BackupVaultArn"),
            "Lifecycle": {"DeleteAfterDays": LONGEST_DAYS},
        }
    ]


def _tables_and_restored() -> list[dict[str, Any]]:
    table = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"
    return [
        *(_arn(f"{name.title()}Table") for name in TABLE_NAMES),
        *({"Fn::Sub": f"{table}{full}-*"} for full in TABLE_NAMES.values()),
    ]


def test_the_plan_backs_up_the_four_tables_and_what_a_restore_makes_of_them() -> None:
    selection = _properties("BackupSelection")
    assert selection["BackupPlanId"] == {"Ref": "BackupPlan"}
    assert selection["BackupSelection"]["IamRoleArn"] == _arn("BackupRole")
    assert selection["BackupSelection"]["Resources"] == _tables_and_restored()


def test_the_role_of_backups_may_back_up_and_nothing_else() -> None:
    role = _properties("BackupRole")
    assert "ManagedPolicyArns" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    allowed = {s["Sid"]: (_listed(s["Action"]), s["Resource"]) for s in _statements("BackupRole")}
    vaults = [_arn(vault, "BackupVaultArn") for vault in VAULTS]
    keys = [_arn(key) for key in ("DataKey", *VAULTS.values())]
    points = "arn:${AWS::Partition}:backup:${AWS::Region}:${AWS::AccountId}:recovery-point:*"
    assert allowed == {
        "ReadTheTables": (
            [
                "dynamodb:DescribeTable",
                "dynamodb:ListTagsOfResource",
                "dynamodb:StartAwsBackupJob",
            ],
            _tables_and_restored(),
        ),
        "DecryptThemForTheBackup": (["kms:Decrypt", "kms:GenerateDataKey"], _arn("DataKey")),
        "KnowTheKeys": (["kms:DescribeKey"], keys),
        "LetBackupsBeEncrypted": (["kms:CreateGrant"], keys),
        "FillTheTwoVaults": (["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"], vaults),
        "CopyAndTagBackups": (
            ["backup:CopyFromBackupVault", "backup:TagResource"],
            [vaults[0], {"Fn::Sub": points}],
        ),
    }


def test_the_role_of_backups_uses_keys_for_the_services_only() -> None:
    through = _statement("BackupRole", "DecryptThemForTheBackup")["Condition"]
    assert through == {
        "StringEquals": {"kms:ViaService": {"Fn::Sub": "dynamodb.${AWS::Region}.amazonaws.com"}}
    }
    grants = _statement("BackupRole", "LetBackupsBeEncrypted")["Condition"]
    assert grants == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_a_night_without_backups_is_an_alarm_that_says_where_to_read_on() -> None:
    alarm = _properties("BackupsMissing")
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == (
        "AWS/Backup",
        "NumberOfBackupJobsCompleted",
        "Sum",
    )
    assert alarm["Dimensions"] == [{"Name": "BackupVaultName", "Value": {"Ref": "BackupVault"}}]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (
        len(TABLE_NAMES),
        "LessThanThreshold",
    )
    assert (alarm["Period"], alarm["TreatMissingData"]) == (24 * 60 * 60, "breaching")
    assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    file, _, anchor = alarm["AlarmDescription"].split()[-1].partition("#")
    page = (INFRA.parent / file).read_text(encoding="utf-8")
    headings = [line.strip("# ").lower().replace(" ", "-") for line in page.splitlines()]
    assert anchor in headings


# --- alarms -------------------------------------------------------------------------------------


def test_alarms_are_encrypted_by_a_key_that_lets_them_in() -> None:
    assert _properties("AlarmTopic")["TopicName"] == "hub-alarms"
    assert _properties("AlarmTopic")["KmsMasterKeyId"] == _arn("AlarmKey")
    use = _statement("AlarmKey", "AlarmsAndBudgetsUseIt")
    services = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    assert use["Principal"] == {"Service": services}
    assert use["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert use["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_only_the_hubs_alarms_and_the_accounts_budgets_may_ring() -> None:
    ours = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    alarms = _statement("AlarmTopicPolicy", "AlarmsOfTheHub")
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    source = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:hub-*"
    assert alarms["Condition"] == ours | {"ArnLike": {"aws:SourceArn": {"Fn::Sub": source}}}
    budgets = _statement("AlarmTopicPolicy", "BudgetsOfTheAccount")
    assert budgets["Principal"] == {"Service": "budgets.amazonaws.com"}
    assert budgets["Condition"] == ours
    allowed = [s for s in _statements("AlarmTopicPolicy") if s["Effect"] == "Allow"]
    assert {a for s in allowed for a in _listed(s["Action"])} == {"sns:Publish"}
    assert len(allowed) == 2
    deny = _statement("AlarmTopicPolicy", "NeverInClear")
    assert (deny["Effect"], deny["Principal"], deny["Condition"]) == (
        "Deny",
        "*",
        {"Bool": {"aws:SecureTransport": "false"}},
    )


def test_alarms_go_to_the_address_that_was_given() -> None:
    assert _properties("AlarmSubscription") == {
        "TopicArn": {"Ref": "AlarmTopic"},
        "Protocol": "email",
        "Endpoint": {"Ref": "AlarmEmail"},
    }


# --- packages -----------------------------------------------------------------------------------


def test_packages_are_private_encrypted_and_found_again() -> None:
    bucket = _properties("PackagesBucket")
    assert bucket["BucketName"] == {"Fn::Sub": "hub-packages-${AWS::AccountId}-${AWS::Region}"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    replaced, broken = bucket["LifecycleConfiguration"]["Rules"]
    assert replaced["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    assert broken["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert {replaced["Status"], broken["Status"]} == {"Enabled"}
    # What is deployed now must be there however long ago that was.
    assert not {"ExpirationInDays", "ExpirationDate"} & set(replaced)


def test_packages_travel_over_tls_that_holds() -> None:
    assert _properties("PackagesPolicy")["Bucket"] == {"Ref": "PackagesBucket"}
    conditions = []
    for statement in _statements("PackagesPolicy"):
        assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
        assert statement["Action"] == "s3:*"
        assert statement["Resource"] == [
            _arn("PackagesBucket"),
            {"Fn::Sub": "${PackagesBucket.Arn}/*"},
        ]
        conditions.append(statement["Condition"])
    assert conditions == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    ]


# --- on the stand-in ----------------------------------------------------------------------------


def test_the_stand_in_makes_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)
    with StandIn.started() as stand_in:
        made = {"region_name": REGION, "endpoint_url": stand_in.endpoint}
        stacks = boto3.client("cloudformation", **made)
        stacks.create_stack(
            StackName="hub-data",
            TemplateBody=json.dumps(for_stand_in(TEMPLATE)),
            Parameters=[
                {"ParameterKey": "AlarmEmail", "ParameterValue": "hub-alarms@force.example"}
            ],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        stack = _when_made(stacks)
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        assert {output["OutputKey"] for output in stack["Outputs"]} == set(OUTPUTS)
        tables = boto3.client("dynamodb", **made).list_tables()["TableNames"]
        assert set(tables) == set(TABLE_NAMES.values())
        mac = boto3.client("kms", **made).generate_mac(
            KeyId=PEPPER_ALIAS, MacAlgorithm="HMAC_SHA_256", Message=b"a stretched code"
        )
        assert len(mac["Mac"]) == 32


def _when_made(stacks: Any) -> dict[str, Any]:
    for _ in range(100):
        stack: dict[str, Any] = stacks.describe_stacks(StackName="hub-data")["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(0.1)
    return stack


def test_the_stack_that_makes_the_bucket_for_long_templates_is_short_enough_without_one() -> None:
    assert len(json.dumps(TEMPLATE, separators=(",", ":"))) <= MOST_BODY_BYTES

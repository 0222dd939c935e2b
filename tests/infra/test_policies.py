"""What the two roles may do with the tables: what the stores do, and nothing more (D1, D3)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from chalicelib.settings import PUBLIC, STAFF
from chalicelib.stores import tables
from chalicelib.stores.tables import TABLES, HubModel
from operate.cloud import TABLE_NAMES
from tests.infra.permissions import LEADING_KEYS, Wish, read_policy

POLICIES = {stage: read_policy(stage) for stage in (PUBLIC, STAFF)}
STAGES = tuple(POLICIES)
STORES = sorted(Path(tables.__file__).parent.glob("*.py"))
# What a name in a store's module asks of DynamoDB: pynamodb's methods, and our parts.
ACTIONS = {
    "batch_get": "BatchGetItem",
    "batch_write": "BatchWriteItem",
    "condition_check": "ConditionCheckItem",
    "delete": "DeleteItem",
    "get": "GetItem",
    "put": "PutItem",
    "query": "Query",
    "save": "PutItem",
    "update": "UpdateItem",
}


def _tables_of(tree: ast.Module) -> set[str]:
    """Return the tables whose models a module names."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    models = [value for name in names if isinstance(value := getattr(tables, name, None), type)]
    return {
        TABLE_NAMES[key]
        for key, table in TABLES.items()
        for model in models
        if issubclass(model, HubModel) and issubclass(model, table)
    }


def _actions_of(tree: ast.Module) -> set[str]:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    # A method is not always called where it is named: it is also handed to the retry loop.
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {f"dynamodb:{ACTIONS[name]}" for name in names if name in ACTIONS}


def _done_by_stores() -> set[tuple[str, str]]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in STORES]
    return {
        (table, action)
        for tree in trees
        for table in _tables_of(tree)
        for action in _actions_of(tree)
    }


@pytest.mark.parametrize("stage", STAGES)
def test_a_role_may_do_nothing_that_no_store_does(stage: str) -> None:
    allowed = POLICIES[stage].table_actions()
    of_tables = {(table, action) for table, action in allowed if "/index/" not in table}
    assert of_tables <= _done_by_stores()


def test_the_public_role_only_reads_cases_and_by_key_only_who_is_away() -> None:
    policy = POLICIES[PUBLIC]
    allowed = {action for table, action in policy.table_actions() if table == "hub-cases"}
    assert allowed == {"dynamodb:GetItem", "dynamodb:Query"}
    assert policy.allows(Wish("dynamodb:GetItem", "hub-cases", "force"))
    for key in ("", "a-case", "forces", "force#1"):
        assert not policy.allows(Wish("dynamodb:GetItem", "hub-cases", key))


@pytest.mark.parametrize("stage", STAGES)
def test_a_permission_bound_to_partitions_speaks_only_of_single_items(stage: str) -> None:
    # "For all values" is also true of no value: so only actions that always name an item.
    one_item = {f"dynamodb:{action}Item" for action in ("Get", "Put", "Update", "Delete")}
    bound = [s for s in POLICIES[stage].statements if LEADING_KEYS in str(s.get("Condition"))]
    assert bound
    for statement in bound:
        assert set(statement["Action"]) <= one_item | {"dynamodb:ConditionCheckItem"}


def test_the_public_role_changes_items_of_threads_and_of_what_lets_victims_in_alone() -> None:
    # Of threads: the counters, and promises that a chosen rhythm ends.
    allowed = POLICIES[PUBLIC].table_actions()
    changed = {table for table, action in allowed if action == "dynamodb:UpdateItem"}
    assert changed == {"hub-access", "hub-threads"}


def test_the_public_role_reads_no_list_and_the_staff_role_reads_each() -> None:
    indexes = {
        f"{TABLE_NAMES[key]}/index/{index['index_name']}"
        for key, table in TABLES.items()
        for index in table._get_schema()["global_secondary_indexes"]  # noqa: SLF001
    }
    lists = {
        stage: {table for table, _ in policy.table_actions() if "/index/" in table}
        for stage, policy in POLICIES.items()
    }
    assert lists == {PUBLIC: set(), STAFF: indexes}


@pytest.mark.parametrize("stage", STAGES)
def test_a_role_only_adds_to_the_audit_table(stage: str) -> None:
    policy = POLICIES[stage]
    allowed = {action for table, action in policy.table_actions() if table == "hub-audit"}
    assert allowed == {"dynamodb:PutItem"}
    for action in ("UpdateItem", "DeleteItem", "BatchWriteItem"):
        assert policy.denies(Wish(f"dynamodb:{action}", "hub-audit"))


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("table", [*TABLE_NAMES.values(), "hub-threads/index/open_by_owner"])
def test_scanning_is_denied_everywhere(stage: str, table: str) -> None:
    assert POLICIES[stage].denies(Wish("dynamodb:Scan", table))


@pytest.mark.parametrize("key", ["desk#1", "desk-ended#1", "sign-in#1", "glass#1#2", "waiting#1"])
@pytest.mark.parametrize("action", ["GetItem", "PutItem", "UpdateItem"])
def test_the_public_role_cannot_make_itself_a_member_of_staff(key: str, action: str) -> None:
    wish = Wish(f"dynamodb:{action}", "hub-access", key)
    assert not POLICIES[PUBLIC].allows(wish)
    assert POLICIES[STAFF].allows(wish)


def test_the_public_role_reads_check_words_and_cannot_say_that_some_were_sent() -> None:
    key = "pair#2026-11-26#lemon otter"
    assert POLICIES[PUBLIC].allows(Wish("dynamodb:GetItem", "hub-access", key))
    for action in ("PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"):
        assert not POLICIES[PUBLIC].allows(Wish(f"dynamodb:{action}", "hub-access", key))


@pytest.mark.parametrize("key", ["session#1", "failures#1#2"])
def test_the_staff_role_cannot_take_a_victims_session(key: str) -> None:
    wish = Wish("dynamodb:GetItem", "hub-access", key)
    assert POLICIES[PUBLIC].allows(wish)
    assert not POLICIES[STAFF].allows(wish)


@pytest.mark.parametrize("stage", STAGES)
def test_the_access_table_is_never_open_without_its_leading_keys(stage: str) -> None:
    of_access = [
        statement
        for statement in POLICIES[stage].statements
        if statement["Effect"] == "Allow" and "access" in str(statement["Resource"])
    ]
    for statement in of_access:
        assert statement["Condition"]["ForAllValues:StringLike"][LEADING_KEYS]


# What AWS allows for everything or not at all: X-Ray has no resources, and a phone no address of
# AWS's. Publishing to a topic, which has one, is denied beside it.
WHOLE = {
    "SendTraces": {"xray:PutTelemetryRecords", "xray:PutTraceSegments"},
    "SendTexts": {"sns:ListTopics", "sns:Publish"},
}
JOBS = ("every-minute", "every-morning")


@pytest.mark.parametrize("role", [*STAGES, *JOBS])
def test_a_policy_names_each_action_and_no_resource_whole_but_where_there_is_none(
    role: str,
) -> None:
    statements = read_policy(role).statements
    assert len({statement["Sid"] for statement in statements}) == len(statements)
    for statement in statements:
        assert not [action for action in statement["Action"] if "*" in action]
        if "*" in statement["Resource"]:
            assert set(statement["Action"]) == WHOLE[statement["Sid"]]
            assert statement["Resource"] == ["*"]


def test_texts_go_to_phones_and_to_no_topic_and_from_one_function_alone() -> None:
    texting = {
        role
        for role in (*STAGES, *JOBS)
        for s in read_policy(role).statements
        if s["Effect"] == "Allow" and "sns:Publish" in s["Action"]
    }
    assert texting == {"every-minute"}
    denied = [s for s in read_policy("every-minute").statements if s["Effect"] == "Deny"]
    assert any(
        s["Action"] == ["sns:Publish"] and s["Resource"] == ["arn:aws:sns:*:*:*"] for s in denied
    )


@pytest.mark.parametrize("role", [*STAGES, *JOBS])
def test_every_function_may_send_its_traces_and_write_to_its_own_stages_logs(role: str) -> None:
    allowed = {s["Sid"]: s for s in read_policy(role).statements}
    assert set(allowed["SendTraces"]["Action"]) == WHOLE["SendTraces"]
    stage = PUBLIC if role == PUBLIC else STAFF
    (group,) = allowed["WriteLogs"]["Resource"]
    assert group == f"arn:aws:logs:eu-west-2:*:log-group:/aws/lambda/hub-{stage}-*:*"
    # Groups are made by the stacks, with their key and their retention.
    assert "logs:CreateLogGroup" not in allowed["WriteLogs"]["Action"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_role_reads_the_secret_of_its_own_stage_alone(stage: str) -> None:
    secrets = {
        resource.split(":secret:")[1]
        for statement in POLICIES[stage].statements
        for resource in statement["Resource"]
        if ":secretsmanager:" in resource
    }
    assert secrets == {f"hub/keys/{stage}-??????"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_key_is_used_under_its_alias_and_for_its_purpose(stage: str) -> None:
    of_keys = {s["Sid"]: s for s in POLICIES[stage].statements if "kms:" in s["Action"][0]}
    aliases = {
        sid: (how, condition["kms:ResourceAliases"])
        for sid, s in of_keys.items()
        for how, condition in s["Condition"].items()
        if "kms:ResourceAliases" in condition
    }
    data = ("ForAnyValue:StringEquals", ["alias/hub-data"])
    # A new pepper is a key under a name of its own, beside the one before.
    peppers = ("ForAnyValue:StringLike", ["alias/hub-pepper", "alias/hub-pepper-*"])
    assert aliases == {
        "HashCodesWithThePepper": peppers,
        "DecryptTheTables": data,
        "DecryptTheKeysOfThisStage": data,
    }
    of_peppers = of_keys["HashCodesWithThePepper"]
    assert of_peppers["Effect"] == "Allow"
    assert of_peppers["Action"] == ["kms:GenerateMac"]
    for sid, statement in of_keys.items():
        equal = statement["Condition"]["StringEquals"]
        assert ("kms:MacAlgorithm" if sid.startswith("Hash") else "kms:ViaService") in equal

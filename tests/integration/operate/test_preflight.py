"""What stops a deployment before it changes anything, each with one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from operate.aws.cloud import Cloud
from operate.aws.keys import SECRET_IDS, KeysError, fill_keys, read_keys, write_keys
from operate.aws.package import templates
from operate.aws.preflight import (
    DATA_STACK,
    FUNCTIONS_NEEDED,
    PreflightError,
    need_account,
    need_free_buckets,
    need_functions,
    need_parameters,
    need_peppers,
    need_regions,
    packages_bucket,
    site_bucket,
)
from operate.aws.stacks import Stack, StackError, Stacks
from operate.aws.stage import EDGE_REGION, REGION, StageError, read_stage
from operate.aws.standing_in import limits_of
from operate.stand_in import ACCOUNT, StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGE = read_stage("example", Path(__file__).parents[3] / "infra" / "stages")


class Refusing:
    """A client of AWS that answers everything with one error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, _: str) -> Any:
        def refuse(**_: object) -> None:
            raise self._error

        return refuse


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"{code}: said at length"}}, "Asked")


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """An account in which nothing was deployed."""
    with StandIn.started() as stand_in:
        yield Cloud(stand_in.endpoint)


@pytest.fixture
def stacks(cloud: Cloud) -> dict[str, Stacks]:
    return {
        region: Stacks(
            cloud.client("cloudformation", edge=region == EDGE_REGION), poll_seconds=0.05
        )
        for region in (REGION, EDGE_REGION)
    }


def test_without_credentials_it_says_how_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with pytest.raises(PreflightError, match="There are no credentials for AWS"):
        need_account(Cloud(), STAGE)


def test_another_account_than_the_files_is_refused(cloud: Cloud) -> None:
    with pytest.raises(PreflightError, match=r"belong to the account 0{12}, .* 123456789012"):
        need_account(cloud, STAGE)


def test_credentials_that_ran_out_are_said_in_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    expired = Refusing(refused("ExpiredToken"))
    monkeypatch.setattr(Cloud, "client", lambda *_, **__: expired)
    with pytest.raises(PreflightError) as seen:
        need_account(Cloud(), STAGE)
    assert str(seen.value) == (
        "AWS did not take the credentials (ExpiredToken). Look whether the network reaches AWS, "
        "and sign in again."
    )


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (refused("AccessDenied"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://nowhere.example"), "EndpointConnection"),
    ],
)
def test_a_region_that_the_account_may_not_use_is_named(
    stacks: dict[str, Stacks], error: Exception, word: str
) -> None:
    closed = {**stacks, EDGE_REGION: Stacks(Refusing(error))}
    with pytest.raises(PreflightError, match=rf"CloudFormation in us-east-1 \({word}"):
        need_regions(closed)
    need_regions(stacks)


@pytest.mark.parametrize(
    ("status", "what"),
    [
        ("ROLLBACK_COMPLETE", "half-made"),
        ("UPDATE_ROLLBACK_FAILED", "half-made"),
        ("DELETE_FAILED", "half-made"),
        ("REVIEW_IN_PROGRESS", "half-made"),
        ("CREATE_FAILED", "half-made"),
        ("UPDATE_IN_PROGRESS", "being changed just now"),
    ],
)
def test_a_stack_that_cannot_be_changed_is_said_with_what_to_do(status: str, what: str) -> None:
    with pytest.raises(StackError, match=what):
        Stack("hub-data", status, {}).need_steady()
    for steady in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
        Stack("hub-data", steady, {}).need_steady()


def test_a_stack_that_outlives_its_tables_goes_on_where_it_broke_off() -> None:
    for status in ("CREATE_FAILED", "UPDATE_FAILED"):
        Stack("hub-data", status, {}).need_steady(goes_on=True)
    with pytest.raises(StackError):
        Stack("hub-data", "ROLLBACK_COMPLETE", {}).need_steady(goes_on=True)


def test_a_stack_of_tables_is_made_so_that_it_can_go_on_and_is_protected_once_it_stands(
    cloud: Cloud,
) -> None:
    client = cloud.client("cloudformation")
    seen: list[dict[str, Any]] = []
    client.meta.events.register(
        "provide-client-params.cloudformation.CreateStack", lambda params, **_: seen.append(params)
    )
    stacks = Stacks(client, poll_seconds=0.05)
    topic = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    body = {"TemplateBody": json.dumps(topic)}
    stacks.apply("a-stack", body, {}, say=print)
    stacks.apply("of-tables", body, {}, say=print, goes_on=True)
    assert [params.get("DisableRollback") for params in seen] == [None, True]
    for name in ("a-stack", "of-tables"):
        (row,) = client.describe_stacks(StackName=name)["Stacks"]
        assert row["EnableTerminationProtection"] is True


def test_a_stack_that_failed_is_found_before_the_next_try(
    cloud: Cloud, stacks: dict[str, Stacks]
) -> None:
    cloud.client("s3").create_bucket(
        Bucket="taken-already", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "taken-already"}}
    body = {"TemplateBody": json.dumps({"Resources": {"Bucket": bucket}})}
    with pytest.raises(
        StackError, match=r"hub-data did not come about \(ROLLBACK_COMPLETE\): .+\."
    ):
        stacks[REGION].apply(DATA_STACK, body, {}, say=print)
    with pytest.raises(StackError, match=r"hub-data is half-made \(ROLLBACK_COMPLETE\)"):
        need_regions(stacks)
    client = cloud.client("cloudformation")
    client.update_termination_protection(StackName=DATA_STACK, EnableTerminationProtection=False)
    client.delete_stack(StackName=DATA_STACK)
    client.get_waiter("stack_delete_complete").wait(
        StackName=DATA_STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )


def test_an_old_bucket_of_the_same_name_is_found(cloud: Cloud, stacks: dict[str, Stacks]) -> None:
    need_free_buckets(cloud, stacks, "000000000000")
    for bucket, region in (
        (packages_bucket("000000000000"), REGION),
        (site_bucket("000000000000"), EDGE_REGION),
    ):
        s3 = cloud.client("s3", edge=region == EDGE_REGION)
        place = {} if region == EDGE_REGION else {"LocationConstraint": region}
        s3.create_bucket(Bucket=bucket, **({"CreateBucketConfiguration": place} if place else {}))
        with pytest.raises(PreflightError, match=f"A bucket called {bucket} is there already"):
            need_free_buckets(cloud, stacks, "000000000000")
        s3.delete_bucket(Bucket=bucket)


def test_what_a_template_asks_and_nobody_says_is_named() -> None:
    text = {"Type": "String"}
    spare = {**text, "Default": "1"}
    template = {"Parameters": {"Said": text, "Spare": spare, "Unsaid": text, "Later": text}}
    known: dict[str, str | None] = {"Said": "x", "More": "y", "Later": None}
    with pytest.raises(StageError, match=r"site\.json asks for Unsaid"):
        need_parameters(template, known, file="site.json")
    given = need_parameters(template, {**known, "Unsaid": "z"}, file="site.json")
    assert given == {"Said": "x", "Unsaid": "z"}


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "abc", "abc1"),
        ({"Type": "String", "AllowedValues": ["off", "aws"]}, "aws", "on"),
        ({"Type": "Number", "AllowedValues": [30, 60]}, "60", "61"),
        ({"Type": "String", "MaxLength": 3}, "abc", "abcd"),
        ({"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]+"}, "abc,d", "abc,1"),
        ({"Type": "CommaDelimitedList", "AllowedPattern": "|[a-z]+"}, "", "1"),
    ],
)
def test_what_a_template_would_refuse_is_refused_before_anything_changes(
    asked: dict[str, Any], right: str, wrong: str
) -> None:
    template = {"Parameters": {"Said": {**asked, "ConstraintDescription": "must be right"}}}
    assert need_parameters(template, {"Said": right}, file="a.json") == {"Said": right}
    with pytest.raises(StageError, match=r"a\.json refuses Said: it must be right\."):
        need_parameters(template, {"Said": wrong}, file="a.json")


def test_an_account_that_may_run_too_few_functions_is_told_to_ask_for_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Lambda:
        executions = FUNCTIONS_NEEDED

        def get_account_settings(self) -> dict[str, Any]:
            return {"AccountLimit": {"ConcurrentExecutions": self.executions}}

    account: Any = Lambda()
    monkeypatch.setattr(Cloud, "client", lambda *_, **__: account)
    need_functions(Cloud())
    account.executions = 10
    with pytest.raises(PreflightError, match="may run 10 functions at a time, and 202 are needed"):
        need_functions(Cloud())


def test_a_pepper_that_is_not_there_is_found_before_the_stages(cloud: Cloud) -> None:
    with pytest.raises(PreflightError, match="names the pepper alias/hub-pepper, and KMS has no"):
        need_peppers(cloud, STAGE)
    key = cloud.client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    identity = key["KeyMetadata"]["KeyId"]
    cloud.client("kms").create_alias(AliasName="alias/hub-pepper", TargetKeyId=identity)
    need_peppers(cloud, STAGE)


def test_as_many_functions_are_asked_for_as_the_templates_reserve(tmp_path: Path) -> None:
    found = templates(tmp_path)
    reserved = [limits_of(found[f"{name}.json"]) for name in ("public", "staff")]
    assert sum(sum(limits.values()) for limits in reserved) + 100 == FUNCTIONS_NEEDED


def test_secrets_that_disagree_are_left_as_they_are(cloud: Cloud) -> None:
    for audience, key in (("public", "a" * 64), ("staff", "b" * 64)):
        cloud.client("secretsmanager").create_secret(Name=SECRET_IDS[audience])
        write_keys(cloud, audience, {"reference_key": key})
    with pytest.raises(KeysError, match="hold different reference_keys"):
        fill_keys(cloud)
    assert read_keys(cloud, "staff").parts == {"reference_key": "b" * 64}
    write_keys(cloud, "staff", {"oidc_client_secret": "brought"})
    fill_keys(cloud)
    public, staff = (read_keys(cloud, name) for name in ("public", "staff"))
    assert staff.parts["reference_key"] == public.parts["reference_key"] == "a" * 64
    assert staff.parts["oidc_client_secret"] == "brought"
    assert "aaaa" not in repr(public)
    versions = public.version, staff.version
    fill_keys(cloud)
    assert versions == tuple(read_keys(cloud, name).version for name in ("public", "staff"))


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)

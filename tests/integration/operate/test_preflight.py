"""What stops a deployment before it changes anything, each with one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from operate.aws import cloud as clouds
from operate.aws.cloud import Cloud
from operate.aws.preflight import (
    DATA_STACK,
    PreflightError,
    need_account,
    need_free_buckets,
    need_parameters,
    need_regions,
    packages_bucket,
    site_bucket,
)
from operate.aws.stacks import Stack, StackError, Stacks
from operate.aws.stage import EDGE_REGION, REGION, StageError, read_stage
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
    monkeypatch.setattr(clouds.boto3, "DEFAULT_SESSION", None)
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
    assert str(seen.value) == ("AWS did not take the credentials (ExpiredToken). Sign in again.")


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
        ("REVIEW_IN_PROGRESS", "being changed just now"),
        ("UPDATE_IN_PROGRESS", "being changed just now"),
    ],
)
def test_a_stack_that_cannot_be_changed_is_said_with_what_to_do(status: str, what: str) -> None:
    with pytest.raises(StackError, match=what):
        Stack("hub-data", status, {}).need_steady()
    for steady in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
        Stack("hub-data", steady, {}).need_steady()


def test_a_stack_that_failed_is_found_before_the_next_try(
    cloud: Cloud, stacks: dict[str, Stacks]
) -> None:
    cloud.client("s3").create_bucket(
        Bucket="taken-already", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "taken-already"}}
    body = {"TemplateBody": json.dumps({"Resources": {"Bucket": bucket}})}
    with pytest.raises(StackError, match=r"hub-data was put back \(ROLLBACK_COMPLETE\): .+\."):
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
    template = {"Parameters": {"Said": {}, "Spare": {"Default": "1"}, "Unsaid": {}}}
    with pytest.raises(StageError, match=r"site\.json asks for Unsaid"):
        need_parameters(template, {"Said": "x", "More": "y"}, file="site.json")
    given = need_parameters(template, {"Said": "x", "Unsaid": "z", "More": "y"}, file="site.json")
    assert given == {"Said": "x", "Unsaid": "z"}


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)

"""What is looked at before a deployment changes anything: each fault is one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from operate.aws.errors import DeployError
from operate.aws.stage import EDGE_REGION, REGION, StageError, StageFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from operate.aws.cloud import Cloud
    from operate.aws.stacks import Stacks

DATA_STACK, SITE_STACK = "hub-data", "hub-site"
STAGE_STACKS = {"public": "hub-public", "staff": "hub-staff"}


class PreflightError(DeployError):
    """The deployment would not come about; nothing was changed."""


def packages_bucket(account: str) -> str:
    """Return where the releases of an account lie, as data.yaml names it."""
    return f"hub-packages-{account}-{REGION}"


def site_bucket(account: str) -> str:
    """Return where the built site lies, as site.yaml names it."""
    return f"hub-site-{account}-{EDGE_REGION}"


def need_account(cloud: Cloud, stage: StageFile) -> None:
    """Pass when there are credentials and they belong to the account of the stage.

    Raises:
        PreflightError: there are none, they do not work, or they are another account's.
    """
    try:
        account = cloud.client("sts").get_caller_identity()["Account"]
    except NoCredentialsError:
        raise PreflightError(
            "There are no credentials for AWS. Sign in first (aws sso login), or set AWS_PROFILE."
        ) from None
    except (BotoCoreError, ClientError) as error:
        raise PreflightError(
            f"AWS did not take the credentials ({_code(error)}). Sign in again."
        ) from None
    if account != stage.account:
        raise PreflightError(
            f"The credentials belong to the account {account}, and infra/stages/{stage.name}.toml "
            f"is for {stage.account}. Sign in to that one."
        )


def need_regions(stacks: Mapping[str, Stacks]) -> None:
    """Pass when both regions answer and every stack of ours can be changed.

    Raises:
        PreflightError: the account may not use a region.
        StackError: a stack is half-made or being changed.
    """
    homes = dict.fromkeys((DATA_STACK, *STAGE_STACKS.values()), stacks[REGION])
    for name, home in {**homes, SITE_STACK: stacks[EDGE_REGION]}.items():
        region = EDGE_REGION if name == SITE_STACK else REGION
        try:
            found = home.find(name)
        except (BotoCoreError, ClientError) as error:
            raise PreflightError(
                f"The account may not use CloudFormation in {region} ({_code(error)}). Have the "
                "region switched on and the permission given, then deploy."
            ) from None
        if found is not None:
            found.need_steady()


def need_free_buckets(cloud: Cloud, stacks: Mapping[str, Stacks], account: str) -> None:
    """Pass when no bucket stands where a stack that is not there yet will make one.

    Raises:
        PreflightError: an old one does, or somebody else's.
    """
    wanted = {
        packages_bucket(account): (DATA_STACK, REGION),
        site_bucket(account): (SITE_STACK, EDGE_REGION),
    }
    for bucket, (stack, region) in wanted.items():
        if stacks[region].find(stack) is None and _stands(cloud, bucket, region):
            raise PreflightError(
                f"A bucket called {bucket} is there already, and the stack {stack}, which makes "
                "it, is not. Empty and delete it if it is old, or import it into the stack."
            )


def _stands(cloud: Cloud, bucket: str, region: str) -> bool:
    try:
        cloud.client("s3", edge=region == EDGE_REGION).head_bucket(Bucket=bucket)
    except ClientError as error:
        # Forbidden: it is there and belongs to somebody else.
        return _code(error) not in {"404", "NoSuchBucket", "NotFound"}
    return True


def need_parameters(
    template: Mapping[str, Any], given: Mapping[str, str], *, file: str
) -> dict[str, str]:
    """Return what a template asks for, out of everything that is known.

    Raises:
        StageError: it asks for something that nobody said.
    """
    asked: Mapping[str, Any] = template.get("Parameters", {})
    missing = sorted(n for n, one in asked.items() if n not in given and "Default" not in one)
    if missing:
        raise StageError(f"{file} asks for {missing[0]}, and the deployment does not say it.")
    return {name: given[name] for name in asked if name in given}


def _code(error: Exception) -> str:
    """Return AWS's word for what went wrong, never its whole text."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__

"""What is looked at before a deployment changes anything: each fault is one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from operate.aws.errors import DeployError, code_of
from operate.aws.stage import EDGE_REGION, REGION, StageError, StageFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from operate.aws.cloud import Cloud
    from operate.aws.stacks import Stacks

# Reserved for the four functions, and what AWS keeps free for all others.
FUNCTIONS_NEEDED = 102 + 100
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
            f"AWS did not take the credentials ({code_of(error)}). Look whether the network "
            "reaches AWS, and sign in again."
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
                f"The account may not use CloudFormation in {region} ({code_of(error)}). Have the "
                "region switched on and the permission given, then deploy."
            ) from None
        if found is not None:
            found.need_steady(goes_on=name == DATA_STACK)


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
        return code_of(error) not in {"404", "NoSuchBucket", "NotFound"}
    return True


def need_functions(cloud: Cloud) -> None:
    """Pass when the account may run as many functions at a time as are reserved.

    Raises:
        PreflightError: it may not; new accounts often start with ten.
    """
    limits = cloud.client("lambda").get_account_settings()["AccountLimit"]
    if limits["ConcurrentExecutions"] < FUNCTIONS_NEEDED:
        raise PreflightError(
            f"The account may run {limits['ConcurrentExecutions']} functions at a time, and "
            f"{FUNCTIONS_NEEDED} are needed. Ask AWS for more (Service Quotas, Lambda, concurrent "
            f"executions, in {REGION}), then deploy."
        )


def need_peppers(cloud: Cloud, stage: StageFile) -> None:
    """Pass when every pepper that the stage's file names is there.

    Raises:
        PreflightError: one is not; with it named, no code would open anything.
    """
    client = cloud.client("kms")
    for alias in stage.peppers:
        try:
            client.describe_key(KeyId=alias)
        except ClientError as error:
            raise PreflightError(
                f"infra/stages/{stage.name}.toml names the pepper {alias}, and KMS has no such "
                f"key ({code_of(error)}). Nothing but the data stack was changed."
            ) from None


def need_parameters(
    template: Mapping[str, Any], given: Mapping[str, str | None], *, file: str
) -> dict[str, str]:
    """Return what a template asks for, out of everything that is known.

    Args:
        template: with its parameters and what they allow.
        given: values by name; none where it is not known yet, which is not looked at.
        file: the template's name, for the sentence.

    Raises:
        StageError: it asks for something that nobody said, or for something else than was said.
    """
    asked: Mapping[str, Any] = template.get("Parameters", {})
    missing = sorted(n for n, one in asked.items() if n not in given and "Default" not in one)
    if missing:
        raise StageError(f"{file} asks for {missing[0]}, and the deployment does not say it.")
    known = {n: value for n in asked if (value := given.get(n)) is not None}
    for name, value in known.items():
        if not _allowed(asked[name], value):
            what = asked[name].get("ConstraintDescription", "is not what it allows")
            raise StageError(f"{file} refuses {name}: it {what}.")
    return known


def _allowed(asked: Mapping[str, Any], value: str) -> bool:
    """Return whether CloudFormation would take a value: it looks at each part of a list."""
    parts = value.split(",") if asked["Type"] == "CommaDelimitedList" else [value]
    pattern, values = asked.get("AllowedPattern"), asked.get("AllowedValues")
    return all(
        (pattern is None or re.fullmatch(pattern, part) is not None)
        and (values is None or part in [str(each) for each in values])
        and len(part) <= asked.get("MaxLength", len(part))
        for part in parts
    )

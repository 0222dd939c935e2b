"""The secrets of the stages: made where chance makes them, asked for where a person brings them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from operate.aws.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from operate.aws.cloud import Cloud

SECRET_IDS = {"public": "hub/keys/public", "staff": "hub/keys/staff"}
KEY_BYTES = 32
# Both stages make the same reference into the same key.
SHARED = ("reference_key",)
ORIGIN, PREVIOUS_ORIGIN = "origin_secret", "previous_origin_secret"
OWN = ("csrf_key", "client_address_key", ORIGIN)
BROUGHT = {"staff": ("oidc_client_secret",)}
# Texts from elsewhere that may be set; the others are made and never seen.
SETTABLE = ("oidc_client_secret", "notify_api_key")


class KeysError(DeployError):
    """A secret is missing that only a person can bring; one sentence that says how."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stage's secret: its parts, and which version of it they are."""

    parts: Mapping[str, str] = field(repr=False)
    version: str


def read_keys(cloud: Cloud, audience: str) -> Kept:
    """Return a stage's secret; one that was made empty has no parts."""
    client = cloud.client("secretsmanager")
    try:
        answer = client.get_secret_value(SecretId=SECRET_IDS[audience])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return Kept({}, "")
    text = answer.get("SecretString") or "{}"
    parts: dict[str, Any] = json.loads(text)
    return Kept({name: str(value) for name, value in parts.items()}, str(answer["VersionId"]))


def fill_keys(cloud: Cloud) -> None:
    """Make what is missing of both secrets; what is there stays as it is.

    Raises:
        KeysError: the stages' secrets disagree where they must not; nothing was written.
    """
    kept = {audience: dict(read_keys(cloud, audience).parts) for audience in SECRET_IDS}
    for name in SHARED:
        known = {parts[name] for parts in kept.values() if parts.get(name)}
        if len(known) > 1:
            raise KeysError(
                f"The secrets {' and '.join(SECRET_IDS.values())} hold different {name}s. With "
                "either, what was kept under the other is found no more. Look into their earlier "
                "versions for the right one; infra/OPERATING.md says how a key is put back."
            )
        value = known.pop() if known else secrets.token_hex(KEY_BYTES)
        for parts in kept.values():
            parts[name] = value
    for audience, parts in kept.items():
        for name in OWN:
            parts.setdefault(name, secrets.token_hex(KEY_BYTES))
        if parts != read_keys(cloud, audience).parts:
            write_keys(cloud, audience, parts)


def renew_origin_secret(cloud: Cloud, audience: str) -> None:
    """Make a new secret for the CDN; the stage takes the old one as well until it is forgotten.

    While there is an old one, that work was broken off: the CDN may still send the old one, so
    no other is made, and going on from here ends it.
    """
    parts = dict(read_keys(cloud, audience).parts)
    if parts.get(PREVIOUS_ORIGIN):
        return
    parts[PREVIOUS_ORIGIN] = parts[ORIGIN]
    parts[ORIGIN] = secrets.token_hex(KEY_BYTES)
    write_keys(cloud, audience, parts)


def forget_previous_origin_secret(cloud: Cloud, audience: str) -> None:
    """Let the stage take the present secret alone."""
    parts = dict(read_keys(cloud, audience).parts)
    parts.pop(PREVIOUS_ORIGIN, None)
    write_keys(cloud, audience, parts)


def bring(cloud: Cloud, name: str, value: str) -> None:
    """Keep a part that a person brought.

    Raises:
        KeysError: the hub makes this part itself, or there is nothing in it.
    """
    if name not in SETTABLE:
        raise KeysError(f"{name} is not brought by anybody. What can be: {', '.join(SETTABLE)}.")
    if not value.strip():
        raise KeysError(f"Nothing was typed, and {name} stays as it was.")
    write_keys(cloud, "staff", {**read_keys(cloud, "staff").parts, name: value.strip()})


def write_keys(cloud: Cloud, audience: str, parts: Mapping[str, str]) -> None:
    """Keep a stage's secret as a new version."""
    cloud.client("secretsmanager").put_secret_value(
        SecretId=SECRET_IDS[audience], SecretString=json.dumps(dict(parts))
    )


def need_brought(cloud: Cloud, stage: str) -> None:
    """Pass when what only a person can bring is there.

    Raises:
        KeysError: names the part and the command that takes it.
    """
    for audience, names in BROUGHT.items():
        parts = read_keys(cloud, audience).parts
        for name in names:
            if not parts.get(name):
                raise KeysError(
                    f"The secret {SECRET_IDS[audience]} has no {name} yet. Write it with "
                    f"`make secret STAGE={stage} PART={name}`, then deploy again."
                )

"""What the service is told from outside: all of it or nothing, read once, never printed."""

import os
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Self

from chalicelib.frozen import frozen

PUBLIC = "public"
STAFF = "staff"

# How messages leave; whatever else the setting says, and no setting at all, is `off`.
OFF, CONSOLE, NOTIFY, AWS = "off", "console", "notify", "aws"
# What each way needs beside its name.
SENDING_NEEDS = {
    CONSOLE: "HUB_MESSAGES_FILE",
    NOTIFY: "HUB_NOTIFY_TEMPLATES",
    AWS: "HUB_EMAIL_FROM",
}
# Each is one more call of KMS and one more read whenever somebody types a code, right or wrong:
# the one in use, the one before, and the one before that if a second had to go in a hurry.
MOST_PEPPERS = 3
LOCALHOST = re.compile(r"http://localhost(:[0-9]{1,5})?")


class MissingSettingError(Exception):
    """A setting is missing or cannot be used; the message is its name."""


@frozen
class SendingSettings:
    """How messages leave, which is the switch that stops all of them; off unless it is named.

    `templates` are the ids that the fixed words have at GOV.UK Notify, by the name of the words,
    and `notify_url` the address of a stand-in for it, none for Notify itself. `email_from` is the
    sender of e-mails through AWS, `file` where the console writes.
    """

    how: str = OFF
    templates: Mapping[str, str] = field(default_factory=dict)
    notify_url: str | None = None
    email_from: str = ""
    file: str = ""


@frozen
class StaffSettings:
    """What only the staff stage needs: the provider that staff sign in with (D7), and sending."""

    issuer: str
    client_id: str
    roles_claim: str
    role_names: Mapping[str, str]
    require_auth_time: bool
    sending: SendingSettings


@frozen
class Settings:
    """What both stages need; `origin` is this stage's own address without a path.

    New codes are made under `pepper_key_id`; those made under the earlier ones still open.
    """

    audience: str
    origin: str
    public_origin: str
    region: str
    tables: Mapping[str, str]
    secret_id: str = field(repr=False)
    pepper_key_id: str = field(repr=False)
    earlier_pepper_key_ids: tuple[str, ...] = field(repr=False)
    version: str
    aws_endpoint: str | None
    staff: StaffSettings | None

    @property
    def plain_localhost(self) -> bool:
        """Return whether this is one machine only: no Secure for cookies (D6), and no CDN before.

        Everything else, also what only begins like it, is guarded.
        """
        return LOCALHOST.fullmatch(self.origin) is not None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Return the settings of this process.

        Raises:
            MissingSettingError: names the first one that is missing or unusable.
        """
        env = os.environ if environ is None else environ
        audience = _one_of(env, "HUB_AUDIENCE", (PUBLIC, STAFF))
        pepper, *earlier = _peppers(env)
        return cls(
            audience=audience,
            origin=_need(env, "HUB_ORIGIN"),
            public_origin=_need(env, "HUB_PUBLIC_ORIGIN"),
            region=_need(env, "AWS_REGION"),
            tables={
                name: _need(env, f"HUB_TABLE_{name.upper()}")
                for name in ("cases", "threads", "access", "audit")
            },
            secret_id=_need(env, "HUB_SECRET_ID"),
            pepper_key_id=pepper,
            earlier_pepper_key_ids=tuple(earlier),
            version=_need(env, "HUB_VERSION"),
            aws_endpoint=env.get("HUB_AWS_ENDPOINT") or None,
            staff=_staff(env) if audience == STAFF else None,
        )


def _staff(env: Mapping[str, str]) -> StaffSettings:
    return StaffSettings(
        issuer=_need(env, "HUB_OIDC_ISSUER"),
        client_id=_need(env, "HUB_OIDC_CLIENT_ID"),
        roles_claim=_need(env, "HUB_OIDC_ROLES_CLAIM"),
        role_names=_pairs(env, "HUB_OIDC_ROLE_NAMES"),
        require_auth_time=_one_of(env, "HUB_OIDC_REQUIRE_AUTH_TIME", ("yes", "no")) == "yes",
        sending=_sending(env),
    )


def _sending(env: Mapping[str, str]) -> SendingSettings:
    """Return how messages leave.

    Emptied or misspelt in a hurry, the switch stops messages and not the desk. A way that was
    named needs what belongs to it, like every setting.
    """
    # All are asked for whatever the way is, so that a test finds each of them explained.
    asked = {name: env.get(name, "") for name in SENDING_NEEDS.values()}
    how = env.get("HUB_SENDING", "")
    if how not in SENDING_NEEDS:
        how = OFF
    elif not asked[SENDING_NEEDS[how]]:
        raise MissingSettingError(SENDING_NEEDS[how])
    named = asked["HUB_NOTIFY_TEMPLATES"]
    return SendingSettings(
        how=how,
        templates=_pairs(env, "HUB_NOTIFY_TEMPLATES") if named else {},
        notify_url=env.get("HUB_NOTIFY_URL") or None,
        email_from=asked["HUB_EMAIL_FROM"],
        file=asked["HUB_MESSAGES_FILE"],
    )


def _need(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise MissingSettingError(name)
    return value


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = _need(env, name)
    if value not in allowed:
        raise MissingSettingError(name)
    return value


def _peppers(env: Mapping[str, str]) -> list[str]:
    """Return the peppers' keys, the newest first: each once, none empty, not too many."""
    name = "HUB_PEPPER_KEY_ID"
    keys = [key.strip() for key in _need(env, name).split(",")]
    if not all(keys) or len(set(keys)) < len(keys) or len(keys) > MOST_PEPPERS:
        raise MissingSettingError(name)
    return keys


def _pairs(env: Mapping[str, str], name: str) -> Mapping[str, str]:
    """Return `claim=role,claim=role` as a mapping."""
    pairs = [pair.partition("=") for pair in _need(env, name).split(",")]
    if not all(claim and equals and role for claim, equals, role in pairs):
        raise MissingSettingError(name)
    return {claim.strip(): role.strip() for claim, _, role in pairs}

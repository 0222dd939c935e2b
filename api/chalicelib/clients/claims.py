"""What is expected of a token, and what we take from its claims: who, which roles, proved when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.errors import SignInRefusedError
from chalicelib.domain.staff import SignInStart
from chalicelib.frozen import frozen

SKEW_SECONDS = 60
LONGEST_NAME = 100


@frozen
class Expected:
    """What a token must agree with: the provider's settings, this sign-in and this moment."""

    algorithm: str
    issuer: str
    client_id: str
    nonce: str
    now: datetime


def auth_time_of(
    claims: Mapping[str, Any], start: SignInStart, now: datetime, *, fresh: bool, required: bool
) -> datetime | None:
    """Return when the person proved who they are, none where the provider does not say.

    Args:
        claims: of a token that was checked.
        start: the sign-in that the token ends.
        now: aware, UTC.
        fresh: a new proof was asked for; one from before the start is refused.
        required: a provider that does not say when is refused, if the sign-in is fresh.
    """
    value = claims.get("auth_time")
    if value is None:
        if fresh and required:
            raise SignInRefusedError("missing_auth_time")
        return None
    latest = now.timestamp() + SKEW_SECONDS
    # A chained comparison is false for NaN too, which JSON in Python may hold.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= latest:
        raise SignInRefusedError("wrong_auth_time")
    if fresh and value < start.started_at.timestamp() - SKEW_SECONDS:
        raise SignInRefusedError("old_auth_time")
    return datetime.fromtimestamp(value, UTC)


def name_of(claims: Mapping[str, Any]) -> str:
    """Return the person's name as the provider has it, else their subject, on one short line."""
    line = " ".join(text_of(claims, "name").split())
    # Marks that no person sees could turn or hide what stands beside the name.
    seen = "".join(letter for letter in line if letter.isprintable())
    return (seen or text_of(claims, "sub"))[:LONGEST_NAME]


def roles_of(claims: Mapping[str, Any], claim: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return our roles that the claim names, each once; what is not mapped is left out."""
    value = claims.get(claim)
    named = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    ours = [names[role] for role in named if isinstance(role, str) and role in names]
    return tuple(dict.fromkeys(ours))


def text_of(claims: Mapping[str, Any], name: str) -> str:
    """Return a claim that is text, nothing when it is missing or something else."""
    value = claims.get(name)
    return value if isinstance(value, str) else ""

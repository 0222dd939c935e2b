"""The steps of a sign-in with the provider of these tests."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.clients.oidc import OIDCClient, OIDCSettings
from chalicelib.domain.errors import SignInRefusedError
from chalicelib.domain.staff import SignInStart, StaffClaims
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Provider

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROLE_NAMES = {"Hub.Officer": "officer", "Hub.Supervisor": "supervisor"}


def stamp(**since_now: float) -> int:
    return int((NOW + timedelta(**since_now)).timestamp())


def settings_for(issuer: str) -> OIDCSettings:
    """Return what is agreed with a provider of these tests."""
    return OIDCSettings(
        issuer=issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        redirect_uri=REDIRECT_URI,
        roles_claim="roles",
        role_names=ROLE_NAMES,
        require_auth_time=True,
    )


def make_client(settings: OIDCSettings, **changes: object) -> OIDCClient:
    changed = dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
    return OIDCClient(changed, now=lambda: NOW)


def token_maker() -> Callable[[], str]:
    numbers = iter(range(1000))
    return lambda: f"{next(numbers):043d}"


def begin(client: OIDCClient, *, fresh: bool = False) -> SignInStart:
    return client.begin(fresh=fresh, random_token=token_maker())


def sign_in(client: OIDCClient, provider: Provider, *, fresh: bool = False) -> StaffClaims:
    start = begin(client, fresh=fresh)
    return client.finish(provider.sign_in(start.url), start, NOW, fresh=fresh)


def refusal(client: OIDCClient, provider: Provider, *, fresh: bool = False) -> str:
    with pytest.raises(SignInRefusedError) as refused:
        sign_in(client, provider, fresh=fresh)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value.reason

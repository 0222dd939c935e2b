"""Tokens that a provider should never give, and what becomes of them."""

from datetime import timedelta

import pytest

from chalicelib.clients.oidc import OIDCClient, OIDCSettings
from tests.oidc_provider import (
    CLIENT_ID,
    EC,
    OTHER_RSA,
    RSA,
    Provider,
    sign,
    sign_with_nothing,
    sign_with_the_public_key,
    unsigned,
)
from tests.sign_ins import NOW, make_client, refusal, sign_in, stamp

# Who signed


def test_an_unsigned_token_is_refused(client: OIDCClient, provider: Provider) -> None:
    provider.lies.sign = sign_with_nothing
    assert refusal(client, provider) == "wrong_algorithm"


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    client: OIDCClient, provider: Provider
) -> None:
    provider.lies.sign = sign_with_the_public_key
    assert refusal(client, provider) == "wrong_algorithm"


@pytest.mark.parametrize(
    ("algorithm", "key"), [("PS256", RSA), ("RS384", RSA), ("RS512", RSA), ("ES256", EC)]
)
def test_a_good_signature_with_another_algorithm_than_agreed_is_refused(
    client: OIDCClient, provider: Provider, algorithm: str, key: object
) -> None:
    provider.lies.published = [key]
    provider.lies.sign = lambda claims: sign(claims, key, algorithm)  # type: ignore[arg-type]
    assert refusal(client, provider) == "wrong_algorithm"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "rs256", ""])
def test_an_algorithm_without_a_public_key_cannot_be_agreed(
    settings: OIDCSettings, algorithm: str
) -> None:
    with pytest.raises(ValueError, match=r"^algorithm$"):
        make_client(settings, algorithm=algorithm)


def test_a_token_signed_by_somebody_else_in_the_name_of_our_key_is_refused(
    client: OIDCClient, provider: Provider
) -> None:
    provider.lies.sign = lambda claims: sign(claims, OTHER_RSA, kid="first")
    assert refusal(client, provider) == "wrong_signature"


def test_a_token_that_was_changed_after_signing_is_refused(
    client: OIDCClient, provider: Provider
) -> None:
    def changed(claims: dict[str, object]) -> str:
        header, _, signature = sign(claims).split(".")
        return f"{header}.{sign(claims | {'sub': 'officer-2'}).split('.')[1]}.{signature}"

    provider.lies.sign = changed
    assert refusal(client, provider) == "wrong_signature"


def test_a_new_key_of_the_provider_is_found_by_reading_its_keys_again(
    client: OIDCClient, provider: Provider
) -> None:
    sign_in(client, provider)
    provider.lies.published = [RSA, OTHER_RSA]
    provider.lies.sign = lambda claims: sign(claims, OTHER_RSA)
    assert sign_in(client, provider).subject == "officer-1"
    assert sign_in(client, provider).subject == "officer-1"
    assert provider.asked.count("/keys") == 2


def test_a_key_that_nobody_published_is_looked_for_once_more_and_refused(
    client: OIDCClient, provider: Provider
) -> None:
    sign_in(client, provider)
    provider.lies.sign = lambda claims: sign(claims, OTHER_RSA)
    assert refusal(client, provider) == "unknown_key"
    assert provider.asked.count("/keys") == 2
    provider.lies.sign = sign
    assert sign_in(client, provider).subject == "officer-1"


@pytest.mark.parametrize("token", [None, 7, ["x"], {}])
def test_an_answer_without_a_token_is_refused(
    client: OIDCClient, provider: Provider, token: object
) -> None:
    provider.lies.sign = lambda _: token
    assert refusal(client, provider) == "no_token"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "..", "é.é.é", "a" * 200_000])
def test_a_token_that_is_none_is_refused(
    client: OIDCClient, provider: Provider, token: str
) -> None:
    provider.lies.sign = lambda _: token
    assert refusal(client, provider) == "unusable_token"


@pytest.mark.parametrize(
    "published",
    [None, 7, "x", [], [7], [{}], [{"kty": "RSA"}], [{"kty": "RSA", "n": "!", "e": "AQAB"}]],
)
def test_keys_that_are_none_are_refused_and_read_again_next_time(
    client: OIDCClient, provider: Provider, published: object
) -> None:
    provider.lies.published = published
    assert refusal(client, provider) == "unusable_keys"
    provider.lies.published = [RSA]
    assert sign_in(client, provider).subject == "officer-1"


def test_a_token_with_a_list_of_musts_that_is_no_list_is_refused(
    client: OIDCClient, provider: Provider
) -> None:
    header = {"alg": "RS256", "kid": "first", "crit": 7}
    provider.lies.sign = lambda claims: unsigned(header, claims) + ".AAAA"
    assert refusal(client, provider) == "unusable_token"


# What the token says


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://provider.example"}, "wrong_iss"),
        ({"iss": None}, "wrong_iss"),
        ({"aud": "another client"}, "wrong_aud"),
        ({"aud": ["another client"]}, "wrong_aud"),
        ({"aud": CLIENT_ID.upper()}, "wrong_aud"),
        ({"aud": {CLIENT_ID: 1}}, "wrong_aud"),
        ({"aud": [CLIENT_ID, "another client"]}, "wrong_azp"),
        ({"aud": [CLIENT_ID, "another client"], "azp": "another client"}, "wrong_azp"),
        ({"azp": "another client"}, "wrong_azp"),
        ({"nonce": "of another sign-in"}, "wrong_nonce"),
        ({"nonce": ""}, "wrong_nonce"),
        ({"nonce": 7}, "wrong_nonce"),
        ({"nonce": "\ud800"}, "wrong_nonce"),
        ({"sub": ""}, "wrong_sub"),
        ({"sub": 7}, "wrong_sub"),
        ({"sub": "x" * 256}, "wrong_sub"),
        ({"sub": "officer\n1"}, "wrong_sub"),
        ({"sub": "\ud800"}, "wrong_sub"),
        ({"sub": "offic\u00e9r"}, "wrong_sub"),
        ({"exp": stamp(seconds=-61)}, "expired"),
        ({"exp": stamp(seconds=-60)}, "expired"),
        ({"exp": "tomorrow"}, "wrong_exp"),
        ({"exp": float("nan")}, "wrong_exp"),
        ({"exp": True}, "wrong_exp"),
        ({"iat": stamp(seconds=61)}, "wrong_iat"),
        ({"iat": "now"}, "wrong_iat"),
        ({"nbf": stamp(seconds=61)}, "wrong_nbf"),
    ],
)
def test_a_token_of_another_issuer_client_sign_in_or_time_is_refused(
    client: OIDCClient, provider: Provider, claims: dict[str, object], reason: str
) -> None:
    provider.lies.claims = claims
    assert refusal(client, provider) == reason


def test_an_issuer_is_one_text_and_not_one_of_several(
    client: OIDCClient, provider: Provider
) -> None:
    provider.lies.claims = {"iss": [provider.issuer]}
    assert refusal(client, provider) == "wrong_iss"


@pytest.mark.parametrize(
    ("left_out", "reason"),
    [
        ("iss", "wrong_iss"),
        ("aud", "missing_aud"),
        ("exp", "missing_exp"),
        ("iat", "missing_iat"),
        ("nonce", "wrong_nonce"),
        ("sub", "wrong_sub"),
    ],
)
def test_a_token_that_leaves_out_what_it_must_say_is_refused(
    client: OIDCClient, provider: Provider, left_out: str, reason: str
) -> None:
    provider.lies.left_out = {left_out}
    assert refusal(client, provider) == reason


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": stamp(seconds=-59)},
        {"iat": stamp(seconds=60)},
        {"nbf": stamp(seconds=60)},
        {"aud": [CLIENT_ID]},
        {"aud": [CLIENT_ID, "another client"], "azp": CLIENT_ID},
    ],
)
def test_clocks_may_differ_by_a_minute_and_audiences_may_be_several(
    client: OIDCClient, provider: Provider, claims: dict[str, object]
) -> None:
    provider.lies.claims = claims
    assert sign_in(client, provider).subject == "officer-1"


# When the person proved who they are


def test_a_fresh_sign_in_without_a_time_of_proof_is_refused_where_it_is_required(
    settings: OIDCSettings, provider: Provider
) -> None:
    provider.lies.left_out = {"auth_time"}
    assert refusal(make_client(settings), provider, fresh=True) == "missing_auth_time"
    lenient = make_client(settings, require_auth_time=False)
    assert sign_in(lenient, provider, fresh=True).auth_time is None


def test_a_proof_from_before_the_fresh_sign_in_began_is_refused_even_where_none_is_required(
    settings: OIDCSettings, provider: Provider
) -> None:
    provider.lies.claims = {"auth_time": stamp(seconds=-61)}
    lenient = make_client(settings, require_auth_time=False)
    assert refusal(lenient, provider, fresh=True) == "old_auth_time"
    provider.lies.claims = {"auth_time": stamp(seconds=-60)}
    assert sign_in(lenient, provider, fresh=True).auth_time == NOW - timedelta(minutes=1)


def test_an_ordinary_sign_in_may_rest_on_a_proof_of_this_morning_or_on_none(
    client: OIDCClient, provider: Provider
) -> None:
    provider.lies.claims = {"auth_time": stamp(hours=-3)}
    assert sign_in(client, provider).auth_time == NOW - timedelta(hours=3)
    provider.lies.left_out = {"auth_time"}
    assert sign_in(client, provider).auth_time is None


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize(
    "value", ["now", True, float("nan"), float("inf"), -1, 10**400, stamp(seconds=61), [1]]
)
def test_a_time_of_proof_that_cannot_be_is_refused(
    client: OIDCClient, provider: Provider, value: object, *, fresh: bool
) -> None:
    provider.lies.claims = {"auth_time": value}
    assert refusal(client, provider, fresh=fresh) == "wrong_auth_time"

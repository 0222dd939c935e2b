"""Sign-in with a provider that runs on this machine."""

import dataclasses
import logging
import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.clients.oidc import OIDCClient, OIDCSettings
from chalicelib.domain.errors import SignInRefusedError
from chalicelib.domain.staff import StaffClaims
from tests.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    EC,
    MOVED,
    REDIRECT_URI,
    RSA,
    Provider,
    sign,
)
from tests.sign_ins import NOW, begin, make_client, refusal, sign_in

# Beginning


def test_a_sign_in_begins_with_a_code_flow_with_pkce(
    client: OIDCClient, provider: Provider
) -> None:
    start = begin(client)
    query = parse_qs(urlsplit(start.url).query)
    assert start.url.startswith(f"{provider.issuer}/authorize?")
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["client_id"] == [CLIENT_ID]
    assert query["redirect_uri"] == [REDIRECT_URI]
    assert query["scope"] == ["openid profile"]
    assert query["state"] == [start.state]
    assert query["nonce"] == [start.nonce]
    assert start.verifier not in start.url
    assert len({start.state, start.nonce, start.verifier}) == 3
    assert start.started_at == NOW


def test_only_a_fresh_sign_in_asks_for_a_new_proof(client: OIDCClient) -> None:
    assert parse_qs(urlsplit(begin(client, fresh=True).url).query)["max_age"] == ["0"]
    assert "max_age" not in parse_qs(urlsplit(begin(client).url).query)


def test_what_the_provider_publishes_is_read_once(client: OIDCClient, provider: Provider) -> None:
    sign_in(client, provider)
    sign_in(client, provider)
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert provider.asked.count("/keys") == 1


# An honest answer


def test_an_honest_answer_says_who_in_which_roles_and_when(
    client: OIDCClient, provider: Provider
) -> None:
    provider.claims["roles"] = ["Hub.Supervisor", "Hub.Officer", "Payroll", "Hub.Officer"]
    assert sign_in(client, provider, fresh=True) == StaffClaims(
        subject="officer-1",
        name="PC Example",
        roles=("supervisor", "officer"),
        auth_time=NOW,
    )


@pytest.mark.parametrize(
    ("claim", "roles"),
    [
        ("Hub.Officer", ("officer",)),
        ([], ()),
        (None, ()),
        (["officer"], ()),
        ([["Hub.Officer"], 7, None, {"Hub.Officer": 1}], ()),
        ({"Hub.Officer": True}, ()),
    ],
)
def test_only_roles_that_are_mapped_count(
    client: OIDCClient, provider: Provider, claim: object, roles: tuple[str, ...]
) -> None:
    provider.claims["roles"] = claim
    assert sign_in(client, provider).roles == roles


def test_roles_may_stand_in_a_claim_of_another_name(
    settings: OIDCSettings, provider: Provider
) -> None:
    provider.claims["cognito:groups"] = ["Hub.Officer"]
    client = make_client(settings, roles_claim="cognito:groups")
    assert sign_in(client, provider).roles == ("officer",)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, "officer-1"),
        ("", "officer-1"),
        (7, "officer-1"),
        ("  PC\n Example ", "PC Example"),
        ("PC \u202eelpmaxE\ud800", "PC elpmaxE"),
        ("x" * 1000, "x" * 100),
    ],
)
def test_a_name_is_one_short_line_of_what_can_be_seen(
    client: OIDCClient, provider: Provider, name: object, shown: str
) -> None:
    provider.claims["name"] = name
    assert sign_in(client, provider).name == shown


@pytest.mark.parametrize(("algorithm", "key"), [("PS256", RSA), ("ES256", EC)])
def test_another_algorithm_with_a_public_key_can_be_agreed(
    settings: OIDCSettings, provider: Provider, algorithm: str, key: object
) -> None:
    provider.lies.published = [key]
    provider.lies.sign = lambda claims: sign(claims, key, algorithm)  # type: ignore[arg-type]
    assert sign_in(make_client(settings, algorithm=algorithm), provider).subject == "officer-1"


def test_a_header_field_of_the_providers_own_does_no_harm(
    client: OIDCClient, provider: Provider
) -> None:
    provider.lies.sign = lambda claims: sign(claims, tenant="staffordshire")
    assert sign_in(client, provider).subject == "officer-1"


# The exchange of the code


def test_a_code_without_the_verifier_that_began_it_is_refused(
    client: OIDCClient, provider: Provider
) -> None:
    start = begin(client)
    stolen = dataclasses.replace(start, verifier="0" * 43)
    with pytest.raises(SignInRefusedError, match=r"^code_refused$"):
        client.finish(provider.sign_in(start.url), stolen, NOW, fresh=False)


def test_a_code_works_once(client: OIDCClient, provider: Provider) -> None:
    start = begin(client)
    code = provider.sign_in(start.url)
    client.finish(code, start, NOW, fresh=False)
    with pytest.raises(SignInRefusedError, match=r"^code_refused$"):
        client.finish(code, start, NOW, fresh=False)


@pytest.mark.parametrize("code", ["", "invented", "é\n&=", "x" * 10_240])
def test_a_code_that_the_provider_never_gave_is_refused(client: OIDCClient, code: str) -> None:
    with pytest.raises(SignInRefusedError, match=r"^code_refused$"):
        client.finish(code, begin(client), NOW, fresh=False)


def test_a_wrong_client_secret_is_refused(settings: OIDCSettings, provider: Provider) -> None:
    assert refusal(make_client(settings, client_secret="wrong"), provider) == "code_refused"


def test_what_the_provider_says_of_a_refusal_goes_no_further(
    client: OIDCClient, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.lies.token_error = {"error": "bad", "error_description": "code XYZ of PC Example"}
    assert refusal(client, provider) == "code_refused"
    assert "XYZ" not in caplog.text


def test_nothing_of_a_token_is_logged_when_it_is_refused(
    client: OIDCClient, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.lies.claims = {"aud": "another client", "name": "PC Verylongname"}
    refusal(client, provider)
    assert "Verylongname" not in caplog.text
    assert "eyJ" not in caplog.text


# The provider itself


def test_a_provider_that_calls_itself_another_is_refused(
    client: OIDCClient, provider: Provider
) -> None:
    provider.lies.discovery = {"issuer": "https://provider.example"}
    assert refusal(client, provider) == "provider_is_another"


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("address", [None, 7, "", "/token", "http://provider.example/x", "ftp://x"])
def test_an_address_that_is_not_encrypted_is_refused(
    client: OIDCClient, provider: Provider, endpoint: str, address: object
) -> None:
    provider.lies.discovery = {endpoint: address}
    assert refusal(client, provider) == "provider_not_encrypted"


def test_a_provider_on_another_machine_must_be_encrypted(settings: OIDCSettings) -> None:
    for issuer in ("http://provider.example", "http://localhost.example", "provider.example"):
        with pytest.raises(SignInRefusedError, match=r"^provider_not_encrypted$"):
            begin(make_client(settings, issuer=issuer))


@pytest.mark.parametrize(
    ("status", "body"), [(500, None), (404, None), (302, b""), (200, b"<html>"), (200, b"[]")]
)
def test_a_provider_that_answers_nonsense_is_unavailable_and_asked_again_next_time(
    client: OIDCClient, provider: Provider, status: int, body: bytes | None
) -> None:
    provider.lies.status, provider.lies.body = status, body
    assert refusal(client, provider) == "provider_unavailable"
    provider.lies.status, provider.lies.body = 200, None
    assert sign_in(client, provider).subject == "officer-1"


def test_a_provider_that_moved_is_not_followed(client: OIDCClient, provider: Provider) -> None:
    provider.lies.status = 302
    assert refusal(client, provider) == "provider_unavailable"
    assert MOVED not in provider.asked


def test_a_token_endpoint_that_answers_nonsense_is_unavailable(
    client: OIDCClient, provider: Provider
) -> None:
    start = begin(client)
    code = provider.sign_in(start.url)
    provider.lies.body = b"<html>"
    with pytest.raises(SignInRefusedError, match=r"^provider_unavailable$"):
        client.finish(code, start, NOW, fresh=False)


def test_a_provider_that_is_not_there_is_unavailable(settings: OIDCSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SignInRefusedError, match=r"^provider_unavailable$"):
        begin(make_client(settings, issuer=f"http://127.0.0.1:{port}"))


def test_a_provider_that_never_answers_is_waited_for_no_longer_than_the_request_has(
    settings: OIDCSettings,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = OIDCClient(
            dataclasses.replace(settings, issuer=issuer), now=lambda: NOW, seconds_left=lambda: 2.1
        )
        began = datetime.now(UTC)
        with pytest.raises(SignInRefusedError, match=r"^provider_unavailable$"):
            begin(client)
        assert datetime.now(UTC) - began < timedelta(seconds=1)


def test_with_no_time_left_but_for_the_page_the_provider_is_not_asked(
    settings: OIDCSettings, provider: Provider
) -> None:
    client = OIDCClient(settings, now=lambda: NOW, seconds_left=lambda: 2.0)
    with pytest.raises(SignInRefusedError, match=r"^out_of_time$"):
        begin(client)
    assert provider.asked == []


def test_the_machines_proxy_and_password_file_do_not_matter(
    client: OIDCClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert sign_in(client, provider).subject == "officer-1"


# Signing out


def test_the_sign_out_page_of_the_provider_is_known(client: OIDCClient, provider: Provider) -> None:
    assert client.sign_out_url() == f"{provider.issuer}/sign-out?client_id={CLIENT_ID}"


def test_without_a_sign_out_page_or_a_provider_there_is_no_link(
    settings: OIDCSettings, provider: Provider
) -> None:
    provider.lies.discovery = {"end_session_endpoint": None}
    assert make_client(settings).sign_out_url() is None
    provider.lies.status = 500
    assert make_client(settings).sign_out_url() is None


def test_the_client_secret_is_not_shown_when_settings_are_printed(settings: OIDCSettings) -> None:
    assert CLIENT_SECRET not in repr(settings)

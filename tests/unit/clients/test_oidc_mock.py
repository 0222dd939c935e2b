"""Sign-in with the library that plays the provider in `make run`."""

import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from oidc_provider_mock import User, app
from werkzeug.serving import make_server

from chalicelib.clients.oidc import OIDCClient
from tests.sign_ins import settings_for

# The library still uses what authlib is about to drop; our own code does not.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def mock_issuer() -> Iterator[str]:
    officer = User(sub="officer-1", claims={"name": "PC Example", "roles": ["Hub.Officer"]})
    server = make_server("127.0.0.1", 0, app(user_claims=[officer]), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_demonstration_officer_signs_in(mock_issuer: str, *, fresh: bool) -> None:
    client = OIDCClient(settings_for(mock_issuer), now=now)
    start = client.begin(fresh=fresh, random_token=lambda: secrets.token_urlsafe(32))
    pressed = requests.post(start.url, {"sub": "officer-1"}, allow_redirects=False, timeout=5)
    back = parse_qs(urlsplit(pressed.headers["Location"]).query)
    assert back["state"] == [start.state]
    claims = client.finish(back["code"][0], start, now(), fresh=fresh)
    assert (claims.subject, claims.name, claims.roles) == ("officer-1", "PC Example", ("officer",))
    assert claims.auth_time is not None
    assert abs(claims.auth_time - now()) < timedelta(minutes=1)

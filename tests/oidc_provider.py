"""A small OpenID Connect provider on this machine, honest unless a test tells it to lie.

It checks what our client sends (PKCE, redirect, client secret) and signs with joserfc.
What a test changes in `lies` is changed in the next token.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

Claims = dict[str, Any]
RSA = RSAKey.generate_key(2048, {"kid": "first"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "second"})
EC = ECKey.generate_key("P-256", {"kid": "curve"})

CLIENT_ID = "hub"
CLIENT_SECRET = "invented provider secret"
MOVED = "/moved"
REDIRECT_URI = "http://localhost:8001/signed-in"


def sign(claims: Claims, key: RSAKey | ECKey = RSA, algorithm: str = "RS256", **header: str) -> str:
    """Return a token as a provider makes it; header fields may be changed by name."""
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    fields = {"alg": algorithm, "kid": str(key.kid), **header}
    return jws.serialize_compact(fields, json.dumps(claims), key, registry=registry)


def sign_with_nothing(claims: Claims) -> str:
    """Return a token with algorithm `none` and no signature."""
    return unsigned({"alg": "none", "kid": "first"}, claims) + "."


def sign_with_the_public_key(claims: Claims) -> str:
    """Return a token that takes our provider's public key for a shared secret (HS256).

    By hand, because joserfc refuses to do it.
    """
    text = unsigned({"alg": "HS256", "kid": "first"}, claims)
    signature = hmac.digest(RSA.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{_base64(signature)}"


def unsigned(header: Mapping[str, object], claims: Claims) -> str:
    """Return the part of a token that is signed."""
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))


@dataclass
class Lies:
    """What the provider does otherwise than it should."""

    claims: Claims = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    sign: Callable[[Claims], object] = sign
    discovery: dict[str, Any] = field(default_factory=dict)
    published: object = field(default_factory=lambda: [RSA])
    status: int = 200
    body: bytes | None = None
    token_error: dict[str, str] | None = None


@dataclass
class Provider:
    """The provider's state: who signs in, when, what was asked, what is said untruly."""

    now: Callable[[], int]
    issuer: str = ""
    claims: Claims = field(default_factory=lambda: {"sub": "officer-1", "name": "PC Example"})
    lies: Lies = field(default_factory=Lies)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def sign_in(self, url: str) -> str:
        """Return the code that a browser would bring back from this address."""
        parts = urlsplit(url)
        connection = HTTPConnection(str(parts.hostname), int(parts.port or 0), timeout=5)
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        back = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert back["state"] == parse_qs(parts.query)["state"]
        return back["code"][0]

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/sign-out",
        } | self.lies.discovery

    def keys(self) -> dict[str, Any]:
        published = self.lies.published
        if isinstance(published, list):
            published = [_public(key) for key in published]
        return {"keys": published}

    def issue_code(self, query: dict[str, str]) -> str:
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and answer of the token endpoint; a code works once."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if self.lies.token_error:
            return 400, self.lies.token_error
        if authorization != "Basic " + _basic(CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant", "error_description": "code not known"}
        return 200, {
            "access_token": "invented",
            "token_type": "Bearer",
            "id_token": self.lies.sign(self._claims_for(asked)),
        }

    def _claims_for(self, asked: dict[str, str]) -> Claims:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "nonce": asked["nonce"],
            "iat": self.now(),
            "exp": self.now() + 300,
            "auth_time": self.now(),
            **self.claims,
            **self.lies.claims,
        }
        return {name: value for name, value in claims.items() if name not in self.lies.left_out}


def _public(key: object) -> object:
    return key.as_dict(private=False) if isinstance(key, RSAKey | ECKey) else key


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _basic(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing: tests capture what our own code logs."""

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            provider.asked.append(path)
            if path == "/authorize":
                self.send_response(302)
                fields = {name: values[0] for name, values in parse_qs(query).items()}
                self.send_header("Location", provider.issue_code(fields))
                self.end_headers()
            elif path == "/keys":
                self._answer(provider.lies.status, provider.keys())
            elif path == MOVED:
                self._answer(200, provider.discovery())
            else:
                self._answer(provider.lies.status, provider.discovery())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            self._answer(*provider.redeem(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, answer: dict[str, Any]) -> None:
            body = provider.lies.body
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Location", MOVED)  # means something with a status of 3xx only
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode() if body is None else body)

    return Handler


@contextmanager
def running_provider(now: Callable[[], int]) -> Iterator[Provider]:
    """Run a provider on a free port of this machine until the block ends."""
    provider = Provider(now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

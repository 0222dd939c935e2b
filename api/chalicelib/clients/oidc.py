"""Staff sign in with their force's provider: OpenID Connect, code flow with PKCE (D7)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from urllib3 import Timeout

from chalicelib.clients.claims import Expected, auth_time_of, name_of, roles_of
from chalicelib.domain.errors import SignInRefusedError
from chalicelib.domain.staff import SignInStart, StaffClaims
from chalicelib.frozen import frozen

# Only signatures with a public key: with a shared one, our own secret could sign for anybody.
ALGORITHMS = ("RS256", "PS256", "ES256")
DISCOVERY_PATH = "/.well-known/openid-configuration"
SCOPE = "openid profile"
CALL_SECONDS = 2.0
PAGE_RESERVE_SECONDS = 2.0
# Authlib ships no types; its session is one of requests.
Session: TypeAlias = Any
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@frozen
class OIDCSettings:
    """What is agreed with the provider; `role_names` maps its roles to ours."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    roles_claim: str
    role_names: Mapping[str, str]
    require_auth_time: bool
    algorithm: str = "RS256"


@frozen
class Provider:
    """The addresses that the provider publishes about itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None


def _endless() -> float:
    return float("inf")


class OIDCClient:
    """Sends staff to the provider and decides who came back.

    What the provider publishes is read once a process; its keys again when a token
    names one that we do not know.
    """

    def __init__(
        self,
        settings: OIDCSettings,
        *,
        now: Callable[[], datetime],
        seconds_left: Callable[[], float] = _endless,
    ) -> None:
        if settings.algorithm not in ALGORITHMS:
            raise ValueError("algorithm")
        self._settings = settings
        self._now = now
        self._seconds_left = seconds_left
        self._provider: Provider | None = None
        self._keys: dict[str, Any] | None = None

    def begin(self, *, fresh: bool, random_token: Callable[[], str]) -> SignInStart:
        """Return where to send the browser and what its return must agree with.

        Args:
            fresh: the person proves anew who they are, signed in at the provider or not.
            random_token: at least 256 unguessable bits, 43 to 128 letters and digits.

        Raises:
            SignInRefusedError: the provider cannot be reached, or is not what it should be.
        """
        state, nonce, verifier = random_token(), random_token(), random_token()
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self._read_provider(session).authorization_endpoint,
                state=state,
                code_verifier=verifier,
                nonce=nonce,
                **({"max_age": "0"} if fresh else {}),
            )
        return SignInStart(url, state, nonce, verifier, self._now())

    def finish(self, code: str, start: SignInStart, now: datetime, *, fresh: bool) -> StaffClaims:
        """Return who signed in.

        Args:
            code: what the browser brought back, with a state that the caller compared.
            start: what `begin` returned for this browser.
            now: aware, UTC.
            fresh: as it was asked of `begin`.

        Raises:
            SignInRefusedError: with a reason that holds nothing of the token.
        """
        settings = self._settings
        expected = Expected(
            settings.algorithm, settings.issuer, settings.client_id, start.nonce, now
        )
        with self._session() as session:
            token = self._redeem(session, code, start.verifier)
            claims = self._claims(session, token, expected)
        return StaffClaims(
            subject=claims["sub"],
            name=name_of(claims),
            roles=roles_of(claims, settings.roles_claim, settings.role_names),
            auth_time=auth_time_of(
                claims, start, now, fresh=fresh, required=settings.require_auth_time
            ),
        )

    def sign_out_url(self) -> str | None:
        """Return the provider's sign-out page, none when it has none or cannot be reached.

        Our own session is over before this is asked, so the page goes without the link.
        """
        try:
            with self._session() as session:
                endpoint = self._read_provider(session).end_session_endpoint
        except SignInRefusedError:
            return None
        query = urlencode({"client_id": self._settings.client_id})
        return f"{endpoint}?{query}" if endpoint else None

    def _redeem(self, session: Session, code: str, verifier: str) -> object:
        """Return the ID token that the provider gives for a code."""
        try:
            answer = session.fetch_token(
                self._read_provider(session).token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                timeout=self._timeout(),
                allow_redirects=False,
            )
        except AuthlibBaseError:
            # The provider's own words may repeat the code: they go no further.
            raise SignInRefusedError("code_refused") from None
        except (OSError, ValueError):
            # Every error of requests is an OSError.
            raise SignInRefusedError("provider_unavailable") from None
        return answer.get("id_token")

    def _claims(self, session: Session, token: object, expected: Expected) -> dict[str, Any]:
        """Return what a key of the provider signed; keys that did are kept for the next time."""
        # Signatures take a tenth of a second to load, and most requests of the stage need none.
        from chalicelib.clients.id_tokens import UnknownKeyError, read_token  # noqa: PLC0415

        if self._keys is not None:
            # An unknown key may be a new one: then what the provider publishes is read again.
            with suppress(UnknownKeyError):
                return read_token(token, self._keys, expected)
        published = self._get(session, self._read_provider(session).jwks_uri)
        claims = read_token(token, published, expected)
        self._keys = published
        return claims

    def _read_provider(self, session: Session) -> Provider:
        """Return what the provider publishes about itself, read once."""
        if self._provider is None:
            issuer = self._settings.issuer
            document = self._get(session, _safe(issuer.rstrip("/") + DISCOVERY_PATH))
            if document.get("issuer") != issuer:
                raise SignInRefusedError("provider_is_another")
            sign_out = document.get("end_session_endpoint")
            self._provider = Provider(
                _safe(document.get("authorization_endpoint")),
                _safe(document.get("token_endpoint")),
                _safe(document.get("jwks_uri")),
                _safe(sign_out) if sign_out else None,
            )
        return self._provider

    def _get(self, session: Session, url: str) -> dict[str, Any]:
        try:
            answer = session.get(
                url, withhold_token=True, timeout=self._timeout(), allow_redirects=False
            )
            document = answer.json()
        except (OSError, ValueError):
            raise SignInRefusedError("provider_unavailable") from None
        if answer.status_code != HTTPStatus.OK or not isinstance(document, dict):
            raise SignInRefusedError("provider_unavailable")
        return document

    def _timeout(self) -> Timeout:
        """Return the time that one call may take, which leaves enough for the page (D12)."""
        seconds = min(CALL_SECONDS, self._seconds_left() - PAGE_RESERVE_SECONDS)
        if seconds <= 0:
            raise SignInRefusedError("out_of_time")
        return Timeout(total=seconds)

    def _session(self) -> Session:
        # A quarter of a second to load, which only a sign-in pays.
        from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415

        session = OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret,
            scope=SCOPE,
            redirect_uri=self._settings.redirect_uri,
            code_challenge_method="S256",
        )
        # No proxy and no password file of the machine stands between us and the provider.
        session.trust_env = False
        return session


def _safe(url: object) -> str:
    """Return the address if it is encrypted, or never leaves this machine."""
    parts = urlsplit(url if isinstance(url, str) else "")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return str(url)
    raise SignInRefusedError("provider_not_encrypted")

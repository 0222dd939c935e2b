"""What an ID token must be before anybody is let in on it (D7).

joserfc checks signature and times; the rest is stricter here than the standard asks,
and every refusal is one word for the log. The errors of the library are not passed on,
because they hold parts of the token.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from chalicelib.clients.claims import SKEW_SECONDS, Expected, text_of
from chalicelib.domain.errors import SignInRefusedError

LONGEST_SUBJECT = 255


class UnknownKeyError(SignInRefusedError):
    """The token names a key that is not among those we know; there may be new ones."""


def read_token(token: object, published: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    """Return the claims of a token that is right in every respect.

    Args:
        token: as the provider gave it.
        published: the provider's keys as it publishes them.
        expected: what it must agree with; the token's own word for its algorithm counts
            only where it is the one that was agreed.

    Raises:
        UnknownKeyError: the token names another key than those published.
        SignInRefusedError: anything else is not as it should be.
    """
    if not isinstance(token, str):
        raise SignInRefusedError("no_token")
    claims = _signed_claims(token, _keys(published), expected.algorithm)
    _check_times_and_audience(claims, expected)
    _check_authorised_party(claims, expected.client_id)
    if claims.get("iss") != expected.issuer:
        raise SignInRefusedError("wrong_iss")
    nonce = text_of(claims, "nonce").encode("utf-8", "backslashreplace")
    if not compare_digest(nonce, expected.nonce.encode()):
        raise SignInRefusedError("wrong_nonce")
    subject = text_of(claims, "sub")
    if not (0 < len(subject) <= LONGEST_SUBJECT and subject.isascii() and subject.isprintable()):
        raise SignInRefusedError("wrong_sub")
    return claims


def _signed_claims(token: str, keys: KeySet, algorithm: str) -> dict[str, Any]:
    # Header fields that we do not know are the provider's own affair; `crit` is checked still.
    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        return jwt.decode(token, keys, registry=registry).claims
    except UnsupportedAlgorithmError:
        raise SignInRefusedError("wrong_algorithm") from None
    except InvalidKeyIdError:
        raise UnknownKeyError("unknown_key") from None
    except BadSignatureError:
        raise SignInRefusedError("wrong_signature") from None
    except (JoseError, TypeError):
        # A `crit` that is no list ends in a TypeError.
        raise SignInRefusedError("unusable_token") from None


def _keys(published: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set({"keys": published["keys"]})
    except (JoseError, KeyError, TypeError, ValueError):
        raise SignInRefusedError("unusable_keys") from None


def _check_times_and_audience(claims: Mapping[str, Any], expected: Expected) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=int(expected.now.timestamp()),
        leeway=SKEW_SECONDS,
        aud={"essential": True, "value": expected.client_id},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(dict(claims))
    except MissingClaimError as error:
        raise SignInRefusedError(f"missing_{error.claim}") from None
    except ExpiredTokenError:
        raise SignInRefusedError("expired") from None
    except ClaimError as error:
        raise SignInRefusedError(f"wrong_{error.claim}") from None


def _check_authorised_party(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    several = isinstance(audience, list) and len(audience) > 1
    party = claims.get("azp")
    if party != client_id and (several or party is not None):
        raise SignInRefusedError("wrong_azp")

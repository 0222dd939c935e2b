"""Keyed hashes: with them items are found without a reference, code or address being stored.

The pepper of the access codes never leaves KMS. The other keys are read once from
Secrets Manager; each is used for one purpose, and a label keeps the purposes apart
where one key serves two.
"""

import json
import re
from base64 import b32encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_digest
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.clients.aws import CALL_SECONDS
from chalicelib.domain.access import CaseReference
from chalicelib.domain.cases import CaseKey, VictimKey
from chalicelib.domain.errors import KeysUnavailableError
from chalicelib.frozen import frozen

KEY_BYTES = 32
KEY_TEXT_BYTES = 20
MAC_ALGORITHM = "HMAC_SHA_256"
IPV6_HOUSEHOLD_BITS = 64
PAGE_RESERVE_SECONDS = 2.0
SECRET_TEXT_LENGTH = 32
# It travels as the value of a header, where a space at an end would be lost.
SECRET_TEXT = re.compile(rf"[!-~]{{{SECRET_TEXT_LENGTH},}}")


class SecretUnusableError(Exception):
    """A part of the secret is missing or cannot be used; the message is its name."""


class KMSClient(Protocol):
    """What we use of boto3's KMS client."""

    def generate_mac(self, **request: object) -> Mapping[str, Any]:
        """Return the MAC of `Message` under `Mac`."""


class SecretsClient(Protocol):
    """What we use of boto3's Secrets Manager client."""

    def get_secret_value(self, **request: object) -> Mapping[str, Any]:
        """Return the secret's text under `SecretString`."""


@frozen
class Secrets:
    """The keys of one stage, none of which is ever printed.

    Only staff have what their provider and Notify want. What the CDN sends, `origin_secret`, is
    empty on plain localhost alone; the one before it is kept while the CDN is told the new one.
    """

    reference_key: bytes = field(repr=False)
    previous_reference_key: bytes | None = field(repr=False)
    csrf_key: bytes = field(repr=False)
    client_address_key: bytes = field(repr=False)
    oidc_client_secret: str = field(repr=False)
    notify_api_key: str = field(repr=False, default="")
    origin_secret: str = field(repr=False, default="")
    previous_origin_secret: str = field(repr=False, default="")


def load_secrets(client: SecretsClient, secret_id: str, *, plain_localhost: bool) -> Secrets:
    """Return the secrets of this stage by one call.

    Args:
        client: boto3's client of Secrets Manager.
        secret_id: name of this stage's secret.
        plain_localhost: whether the stage is reached on one machine, past any CDN. Everywhere
            else a stage that could not tell who came through the CDN does not start.

    Raises:
        KeysUnavailableError: Secrets Manager did not answer.
        SecretUnusableError: names the part that is missing, too short or not as it should be.
    """
    try:
        answer = client.get_secret_value(SecretId=secret_id)
    except (BotoCoreError, ClientError) as error:
        raise KeysUnavailableError from error
    parts = _parts(answer.get("SecretString"))
    previous = "previous_reference_key"
    return Secrets(
        reference_key=_key(parts, "reference_key"),
        previous_reference_key=_key(parts, previous) if parts.get(previous) else None,
        csrf_key=_key(parts, "csrf_key"),
        client_address_key=_key(parts, "client_address_key"),
        oidc_client_secret=str(parts.get("oidc_client_secret", "")),
        notify_api_key=str(parts.get("notify_api_key", "")),
        origin_secret=_secret_text(parts, "origin_secret", optional=plain_localhost),
        previous_origin_secret=_secret_text(parts, "previous_origin_secret", optional=True),
    )


def _endless() -> float:
    return float("inf")


class KeyRing:
    """Makes every keyed hash of the service."""

    def __init__(
        self,
        kms: KMSClient,
        pepper_key_id: str,
        secrets: Secrets,
        seconds_left: Callable[[], float] = _endless,
        *,
        earlier_pepper_key_ids: Sequence[str] = (),
    ) -> None:
        self._kms = kms
        self._pepper_key_id = pepper_key_id
        self._earlier_pepper_key_ids = tuple(earlier_pepper_key_ids)
        self._secrets = secrets
        self._seconds_left = seconds_left

    def mac_of_code(self, stretched: bytes) -> bytes:
        """Return the newest pepper's MAC of a stretched code, by exactly one call of KMS.

        It is never tried again here: a right and a wrong code make the same calls (D5). It
        is not begun when it could leave no time for the page (D12).

        Raises:
            KeysUnavailableError: KMS did not answer in time, or refused.
        """
        self._need_time_for(1)
        return self._mac_under(self._pepper_key_id, stretched)

    def macs_of_code(self, stretched: bytes) -> tuple[bytes, ...]:
        """Return the MAC of a stretched code under each pepper, the newest first.

        Always all of them, by one call each: whether a code is right, and how old it is, must
        not show in how long it takes (D5). None is begun when there is no time for all.

        Raises:
            KeysUnavailableError: KMS did not answer each of them in time, or refused one.
        """
        self._need_time_for(1 + len(self._earlier_pepper_key_ids))
        earlier = self._earlier_pepper_key_ids
        newest = self.mac_of_code(stretched)
        return (newest, *(self._mac_under(key_id, stretched) for key_id in earlier))

    def _need_time_for(self, calls: int) -> None:
        if self._seconds_left() < calls * CALL_SECONDS + PAGE_RESERVE_SECONDS:
            raise KeysUnavailableError

    def _mac_under(self, key_id: str, stretched: bytes) -> bytes:
        try:
            answer = self._kms.generate_mac(
                KeyId=key_id, MacAlgorithm=MAC_ALGORITHM, Message=stretched
            )
        except (BotoCoreError, ClientError) as error:
            raise KeysUnavailableError from error
        return bytes(answer["Mac"])

    def case_key(self, reference: CaseReference) -> CaseKey:
        """Return the opaque key of a case: 32 small letters and digits."""
        return CaseKey(_key_text(self._secrets.reference_key, "case", reference))

    def previous_case_key(self, reference: CaseReference) -> CaseKey | None:
        """Return the key under the secret before the last change, none when there was none."""
        previous = self._secrets.previous_reference_key
        return CaseKey(_key_text(previous, "case", reference)) if previous else None

    def victim_key(self, case_key: CaseKey, victim_id: str) -> VictimKey:
        """Return the key of one victim of a case.

        The case's own key is the secret here. So the victim keeps this key when the
        secret changes and the case goes on under its previous key.
        """
        return VictimKey(_key_text(case_key.encode(), "victim", victim_id))

    def address_key(self, client_address: str) -> str:
        """Return the key under which failures of a client are counted."""
        key = self._secrets.client_address_key
        return _key_text(key, "address", _household(client_address))

    def csrf_token(self, cookie_token: str) -> str:
        """Return the form token that belongs to a cookie."""
        return _mac(self._secrets.csrf_key, "form", cookie_token).hex()

    def csrf_token_is_right(self, form_token: str, cookie_token: str) -> bool:
        """Return, in constant time, whether a form token belongs to a cookie."""
        expected = self.csrf_token(cookie_token)
        # As bytes: compare_digest refuses text that is not ASCII, and a form may hold any.
        return compare_digest(_encoded(form_token), expected.encode())

    def origin_secret_is_right(self, given: str) -> bool:
        """Return, in constant time, whether a request brought what only our CDN knows.

        The present secret and the one before are always both compared. Without a secret, as on
        plain localhost, nothing is right.
        """
        present = self._secrets.origin_secret
        known = (present, self._secrets.previous_origin_secret or present)
        # A list, so that the second is compared whatever the first says.
        fits = [compare_digest(_encoded(given), secret.encode()) for secret in known]
        return present != "" and any(fits)


def _parts(text: str | None) -> dict[str, object]:
    try:
        parts = json.loads(text or "")
    except ValueError:
        parts = None
    # Raised here and not above: the parser's own error holds the text of the secret.
    if not isinstance(parts, dict):
        raise SecretUnusableError("SecretString")
    return parts


def _key(parts: Mapping[str, object], name: str) -> bytes:
    try:
        key = bytes.fromhex(str(parts.get(name, "")))
    except ValueError:
        raise SecretUnusableError(name) from None
    if len(key) < KEY_BYTES:
        raise SecretUnusableError(name)
    return key


def _secret_text(parts: Mapping[str, object], name: str, *, optional: bool) -> str:
    text = parts.get(name) or ""
    if text == "" and optional:
        return ""
    if not isinstance(text, str) or not SECRET_TEXT.fullmatch(text):
        raise SecretUnusableError(name)
    return text


def _mac(key: bytes, purpose: str, text: str) -> bytes:
    return hmac_digest(key, purpose.encode() + b"\0" + _encoded(text), sha256)


def _key_text(key: bytes, purpose: str, text: str) -> str:
    """Return 160 bits of the MAC as 32 small letters and digits, fit for an address."""
    return b32encode(_mac(key, purpose, text)[:KEY_TEXT_BYTES]).decode().lower()


def _encoded(text: str) -> bytes:
    # A lone surrogate cannot be encoded; whoever types one gets the same answer as others.
    return text.encode("utf-8", "backslashreplace")


def _household(client_address: str) -> str:
    """Return the address, or the network when it is one of the 2^64 that one line is given."""
    try:
        address = ip_address(client_address)
    except ValueError:
        return client_address
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), IPV6_HOUSEHOLD_BITS), strict=False))

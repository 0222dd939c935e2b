"""A key ring without AWS: the same hashes, with a pepper of its own."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from botocore.exceptions import EndpointConnectionError

from chalicelib.clients.keys import KeyRing, Secrets

FAKE_SECRETS = Secrets(
    reference_key=b"invented reference key".ljust(32, b"."),
    previous_reference_key=None,
    csrf_key=b"invented form key".ljust(32, b"."),
    client_address_key=b"invented address key".ljust(32, b"."),
    oidc_client_secret="invented provider secret",
)


@dataclass
class FakeKMS:
    """Makes MACs as KMS does, remembers what it was asked, and can be out of reach.

    Each key has a pepper of its own; those in `refused` are refused.
    """

    out_of_reach: bool = False
    refused: set[str] = field(default_factory=set)
    requests: list[dict[str, object]] = field(default_factory=list)

    def generate_mac(self, **request: object) -> dict[str, bytes]:
        self.requests.append(request)
        message, key_id = request["Message"], request["KeyId"]
        if self.out_of_reach or key_id in self.refused:
            raise EndpointConnectionError(endpoint_url="https://kms.example")
        assert isinstance(message, bytes)
        return {"Mac": hmac.digest(f"invented pepper of {key_id}".encode(), message, "sha256")}


class FakeKeyRing(KeyRing):
    """The real key ring with a KMS of its own, which is at hand as `kms`."""

    def __init__(self, secrets: Secrets = FAKE_SECRETS, earlier: Sequence[str] = ()) -> None:
        self.kms = FakeKMS()
        super().__init__(self.kms, "alias/invented-pepper", secrets, earlier_pepper_key_ids=earlier)

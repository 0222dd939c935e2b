"""A key ring without AWS: the same hashes, with a pepper of its own."""

import hmac
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
    """Makes MACs as KMS does, remembers what it was asked, and can be out of reach."""

    pepper: bytes = b"invented pepper"
    out_of_reach: bool = False
    requests: list[dict[str, object]] = field(default_factory=list)

    def generate_mac(self, **request: object) -> dict[str, bytes]:
        self.requests.append(request)
        if self.out_of_reach:
            raise EndpointConnectionError(endpoint_url="https://kms.example")
        message = request["Message"]
        assert isinstance(message, bytes)
        return {"Mac": hmac.digest(self.pepper, message, "sha256")}


class FakeKeyRing(KeyRing):
    """The real key ring with a KMS of its own, which is at hand as `kms`."""

    def __init__(self, secrets: Secrets = FAKE_SECRETS) -> None:
        self.kms = FakeKMS()
        super().__init__(self.kms, "alias/invented-pepper", secrets)

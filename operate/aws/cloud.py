"""The account that a deployment goes to: AWS itself, or the stand-in on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from operate.aws.stage import EDGE_REGION, REGION
from operate.stand_in import ACCOUNT

# A person waits at a terminal: rather once more than give up.
PATIENT = Config(connect_timeout=10, read_timeout=60, retries={"mode": "standard"})


@dataclass(frozen=True, slots=True)
class Cloud:
    """Clients of one account; `endpoint` is the stand-in's, none for AWS."""

    endpoint: str | None = None

    @property
    def poll_seconds(self) -> float:
        """Return how long to wait before looking again."""
        return 0.1 if self.endpoint else 3.0

    def client(self, service: str, *, edge: bool = False) -> Any:  # noqa: ANN401 -- boto3's own
        """Return a client for this service, at the CDN's own region or at ours."""
        given = (
            {
                "aws_access_key_id": ACCOUNT["AWS_ACCESS_KEY_ID"],
                "aws_secret_access_key": ACCOUNT["AWS_SECRET_ACCESS_KEY"],
            }
            if self.endpoint
            else {}
        )
        return boto3.client(
            service,
            region_name=EDGE_REGION if edge else REGION,
            endpoint_url=self.endpoint,
            config=PATIENT,
            **given,
        )

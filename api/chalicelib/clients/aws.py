"""How a client of AWS is made."""

from typing import Any

import boto3
from botocore.config import Config

CALL_SECONDS = 2.0


def new_client(
    service: str, *, region: str, endpoint: str | None, seconds: float = CALL_SECONDS
) -> Any:  # noqa: ANN401  boto3 makes its classes while running
    """Return a client that tries once and gives up after the given seconds.

    The libraries' own retries would outlast the request; what may be tried again is
    decided in one place (D12).

    Args:
        service: the name that boto3 knows it by, such as `kms`.
        region: the region of the account.
        endpoint: the address of a stand-in, none for AWS itself.
        seconds: how long connecting may take, and then each wait for an answer.
    """
    config = Config(
        connect_timeout=seconds,
        read_timeout=seconds,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    return boto3.client(service, region_name=region, endpoint_url=endpoint, config=config)

"""Texts through Amazon SNS, straight to a phone."""

from collections.abc import Mapping
from typing import Any, Protocol

from chalicelib.clients.aws_errors import AWS_ERRORS, outcome_of
from chalicelib.domain.addresses import read_phone
from chalicelib.domain.gate import Cleared
from chalicelib.domain.notices import REFUSED, TAKEN

# Other messages may wait or be left out when SNS has much to do.
TRANSACTIONAL = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
UK = "+44"


class SNSClient(Protocol):
    """What we use of boto3's client for SNS."""

    def publish(self, **request: object) -> Mapping[str, Any]:
        """Take a text and return its id there."""

    def list_topics(self) -> Mapping[str, Any]:
        """Return topics, of which we have none."""


class SNS:
    """Carries texts; nobody can ask it later for a message by our reference.

    It takes a text also where the month's money is spent, and then sends nothing: the limit of
    the account has to be watched there.
    """

    name = "sns"
    knows = False

    def __init__(self, client: SNSClient) -> None:
        self._client = client

    def deliver(self, message: Cleared) -> str:
        """Hand a text over once; return `TAKEN`, `REFUSED`, `FAILED` or `UNKNOWN`."""
        number = e164(message.address)
        if not number:
            return REFUSED
        try:
            self._client.publish(
                PhoneNumber=number, Message=message.words, MessageAttributes=TRANSACTIONAL
            )
        except AWS_ERRORS as error:
            return outcome_of(error)
        return TAKEN

    def has(self, receipt: str) -> bool | None:  # noqa: ARG002 -- the protocol's question
        """Return none: SNS cannot be asked."""
        return None

    def answers(self) -> bool:
        """Return whether SNS can be reached."""
        try:
            self._client.list_topics()
        except AWS_ERRORS:
            return False
        return True


def e164(phone: str) -> str:
    """Return a UK number as the world dials it, +447700900123, or nothing if it is none."""
    national = read_phone(phone).replace(" ", "")
    return f"{UK}{national[1:]}" if national else ""

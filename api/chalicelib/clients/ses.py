"""E-mails through Amazon SES: our fixed words as plain text, without any tracking."""

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from chalicelib.clients.aws_errors import AWS_ERRORS, outcome_of
from chalicelib.domain.gate import Cleared
from chalicelib.domain.notices import FAILED, TAKEN

LOG = logging.getLogger("hub")
CHARSET = "UTF-8"


class SESClient(Protocol):
    """What we use of boto3's client for SES, version 2 of its API."""

    def send_email(self, **request: object) -> Mapping[str, Any]:
        """Take an e-mail and return its id there."""

    def get_email_identity(self, **request: object) -> Mapping[str, Any]:
        """Return whether a sender's domain is verified."""


class SES:
    """Carries e-mails; nobody can ask it later for a message by our reference.

    No configuration set is named, so that SES adds no picture and no link of its own to see
    whether a message was opened.
    """

    name = "ses"
    knows = False

    def __init__(self, client: SESClient, email_from: str) -> None:
        self._client = client
        self._from = email_from
        self._is_verified = False

    def deliver(self, message: Cleared) -> str:
        """Hand an e-mail over once; return `TAKEN`, `REFUSED`, `FAILED` or `UNKNOWN`.

        SES rejects a message for its address and for a sender that is not verified, by one
        error. The second is no fault of the message, so it is asked about before the first.
        """
        if not self._is_verified and not self.answers():
            return FAILED
        try:
            self._client.send_email(
                FromEmailAddress=self._from,
                Destination={"ToAddresses": [message.address]},
                Content={
                    "Simple": {
                        "Subject": {"Data": message.subject, "Charset": CHARSET},
                        "Body": {"Text": {"Data": message.words, "Charset": CHARSET}},
                    }
                },
            )
        except AWS_ERRORS as error:
            return outcome_of(error)
        return TAKEN

    def has(self, receipt: str) -> bool | None:  # noqa: ARG002 -- the protocol's question
        """Return none: SES cannot be asked."""
        return None

    def answers(self) -> bool:
        """Return whether SES can be reached and may send for our domain."""
        domain = self._from.rpartition("@")[2]
        try:
            identity = self._client.get_email_identity(EmailIdentity=domain)
        except AWS_ERRORS:
            self._is_verified = False
            return False
        self._is_verified = bool(identity.get("VerifiedForSendingStatus"))
        if not self._is_verified:
            LOG.error("the domain that e-mails come from is not verified at SES")
        return self._is_verified

"""What SES and SNS say no to: which message is refused, which waits, and of which nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from botocore.stub import Stubber

from chalicelib.clients.aws import new_client
from chalicelib.clients.aws_errors import outcome_of
from chalicelib.clients.ses import SES
from chalicelib.clients.sns import SNS
from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.notices import FAILED, REFUSED, TAKEN, UNKNOWN
from tests import cleared

if TYPE_CHECKING:
    from collections.abc import Iterator

SENDER = "messages@your-information.example"
IDENTITY = {"VerifiedForSendingStatus": True}
URL = {"endpoint_url": "https://email.example"}


@pytest.fixture
def ses() -> Iterator[Stubber]:
    with Stubber(new_client("sesv2", region="eu-west-2", endpoint=None)) as stubber:
        yield stubber


@pytest.fixture
def sns() -> Iterator[Stubber]:
    with Stubber(new_client("sns", region="eu-west-2", endpoint=None)) as stubber:
        yield stubber


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("MessageRejected", 400, REFUSED),
        ("BadRequestException", 400, REFUSED),
        ("TooManyRequestsException", 429, FAILED),
        ("LimitExceededException", 400, FAILED),
        ("SendingPausedException", 400, FAILED),
        ("AccountSuspendedException", 400, FAILED),
        ("MailFromDomainNotVerifiedException", 400, FAILED),
        ("AccessDeniedException", 403, FAILED),
        ("ExpiredTokenException", 403, FAILED),
        ("InternalFailure", 500, UNKNOWN),
        ("ServiceUnavailable", 503, FAILED),
    ],
)
def test_ses_refuses_a_message_for_itself_alone(
    ses: Stubber, code: str, status: int, outcome: str
) -> None:
    ses.add_response("get_email_identity", IDENTITY)
    ses.add_client_error("send_email", code, http_status_code=status)
    assert SES(ses.client, SENDER).deliver(cleared.to_a_victim(EMAIL)) == outcome


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("InvalidParameter", 400, REFUSED),
        ("InvalidParameterValue", 400, REFUSED),
        ("Throttling", 400, FAILED),
        ("AuthorizationError", 403, FAILED),
        ("InternalError", 500, UNKNOWN),
    ],
)
def test_sns_refuses_a_message_for_itself_alone(
    sns: Stubber, code: str, status: int, outcome: str
) -> None:
    sns.add_client_error("publish", code, http_status_code=status)
    assert SNS(sns.client).deliver(cleared.to_a_victim(TEXT)) == outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (EndpointConnectionError(**URL), FAILED),
        (ConnectTimeoutError(**URL), FAILED),
        (NoCredentialsError(), FAILED),
        (ReadTimeoutError(**URL), UNKNOWN),
        (ConnectionClosedError(**URL), UNKNOWN),
        (ResponseParserError("no answer that can be read"), UNKNOWN),
    ],
)
def test_only_where_a_connection_stood_can_nobody_say_what_came_of_it(
    error: Exception, outcome: str
) -> None:
    assert outcome_of(error) == outcome


def test_ses_is_asked_once_whether_it_may_send(ses: Stubber) -> None:
    ses.add_response("get_email_identity", IDENTITY, {"EmailIdentity": "your-information.example"})
    for _ in range(2):
        ses.add_response("send_email", {"MessageId": "an-id"})
    carrier = SES(ses.client, SENDER)
    for _ in range(2):
        assert carrier.deliver(cleared.to_a_victim(EMAIL)) == TAKEN
    ses.assert_no_pending_responses()


def test_an_email_is_plain_text_and_followed_by_nothing(ses: Stubber) -> None:
    message = cleared.to_a_victim(EMAIL, linked=True)
    request = {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": [message.address]},
        "Content": {
            "Simple": {
                "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": message.words, "Charset": "UTF-8"}},
            }
        },
    }
    ses.add_response("get_email_identity", IDENTITY)
    ses.add_response("send_email", {"MessageId": "an-id"}, request)
    assert SES(ses.client, SENDER).deliver(message) == TAKEN


def test_a_text_comes_before_those_that_may_wait(sns: Stubber) -> None:
    message = cleared.to_a_victim(TEXT)
    kind = {"DataType": "String", "StringValue": "Transactional"}
    request = {
        "PhoneNumber": "+447700900123",
        "Message": message.words,
        "MessageAttributes": {"AWS.SNS.SMS.SMSType": kind},
    }
    sns.add_response("publish", {"MessageId": "an-id"}, request)
    assert SNS(sns.client).deliver(message) == TAKEN

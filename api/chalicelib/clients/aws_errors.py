"""What an error of AWS says about a message that was handed over: whether it may have left."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError

from chalicelib.domain.notices import FAILED, REFUSED, UNKNOWN

AWS_ERRORS = (BotoCoreError, ClientError, ResponseParserError)
# The address or the words are wrong, today and tomorrow. Anything else that AWS says no to,
# such as a permission or a pace, is ours to mend: the message waits for that.
NEVER = {
    "BadRequestException",
    "InvalidParameter",
    "InvalidParameterException",
    "InvalidParameterValue",
    "InvalidParameterValueException",
    "MessageRejected",
    "OptedOutException",
    "ValidationException",
}
BROKE_INSIDE = {500, 502, 504}
# The request had begun, and its answer did not come or cannot be read.
CUT_OFF = (HTTPClientError, IncompleteReadError, ResponseParserError)


def outcome_of(error: Exception) -> str:
    """Return `REFUSED`, `FAILED` or `UNKNOWN` for an error of botocore.

    Whoever was not reached at all, or had no time for us, does not have the message. Only where
    a connection stood and then broke can nobody say.
    """
    if isinstance(error, ClientError):
        if error.response["Error"]["Code"] in NEVER:
            return REFUSED
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return UNKNOWN if status in BROKE_INSIDE else FAILED
    return UNKNOWN if isinstance(error, CUT_OFF) else FAILED

"""The one retry loop: what may be retried, with jitter, within the request's time (D12)."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException, TransactGetError, TransactWriteError

from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.stores.budget import RequestBudget
from chalicelib.stores.tables import CALL_SECONDS

T = TypeVar("T")

PAGE_RESERVE_SECONDS = 2
TRIES_WITHOUT_A_REQUEST = 8
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0

RETRIED_CODES = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
# Reasons of a cancelled transaction; botocore retries none of them, TransactionConflict included.
RETRIED_REASONS = frozenset(
    {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}
)


def may_be_retried(error: PynamoDBException) -> bool:
    """Return whether the same call may succeed a moment later.

    A failed condition never does: with one among the reasons the whole is an answer.
    """
    if isinstance(error, TransactWriteError | TransactGetError):
        reasons = {reason.code for reason in error.cancellation_reasons if reason is not None}
        if reasons:
            return reasons <= RETRIED_REASONS
    if isinstance(error.cause, BotoCoreError) and not isinstance(error.cause, ClientError):
        return True
    return error.cause_response_code in RETRIED_CODES


class Attempts:
    """Runs a call of the store until it answers, or until the request's time is over."""

    def __init__(
        self,
        budget: RequestBudget,
        *,
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
    ) -> None:
        self._budget = budget
        self._sleep = sleep
        self._jitter = jitter

    def run(self, call: Callable[[], T]) -> T:
        """Return what the call returns.

        A call is only begun while its two seconds fit before the two that are kept
        for the page, so it never has more than what is left.

        Raises:
            StoreUnavailableError: no answer in time; whether a write happened is unknown.
            PynamoDBException: an answer that trying again cannot change.
        """
        pause = FIRST_PAUSE_SECONDS
        for _ in range(TRIES_WITHOUT_A_REQUEST):
            if self._budget.left() < CALL_SECONDS + PAGE_RESERVE_SECONDS:
                break
            try:
                return call()
            except PynamoDBException as error:
                if not may_be_retried(error):
                    raise
            self._sleep(pause * self._jitter())
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        raise StoreUnavailableError

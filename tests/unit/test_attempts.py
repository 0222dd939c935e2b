"""The one retry loop: what is tried again, and that it ends in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pynamodb.exceptions import (
    CancellationReason,
    GetError,
    PutError,
    TransactWriteError,
    VerboseClientError,
)

from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.stores.attempts import Attempts
from chalicelib.stores.budget import RequestBudget

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST_SECONDS = 12


class Stopwatch:
    """Time that passes only when something takes it."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


def _attempts(watch: Stopwatch, *, in_request: bool = True) -> Attempts:
    budget = RequestBudget(watch)
    if in_request:
        budget.begin(REQUEST_SECONDS)
    return Attempts(budget, sleep=watch.pass_by, jitter=lambda: 1.0)


def _refused(code: str) -> PutError:
    return PutError("no", ClientError({"Error": {"Code": code}}, "PutItem"))


def _cancelled(*reasons: str | None) -> TransactWriteError:
    cause = VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException"}},
        "TransactWriteItems",
        cancellation_reasons=[CancellationReason(code) if code else None for code in reasons],
    )
    return TransactWriteError("no", cause)


def _failing_once(error: Exception) -> tuple[Callable[[], str], list[int]]:
    tries: list[int] = []

    def call() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise error
        return "stored"

    return call, tries


@pytest.mark.parametrize(
    "error",
    [
        _refused("ThrottlingException"),
        _refused("ProvisionedThroughputExceededException"),
        _refused("InternalServerError"),
        _refused("TransactionInProgressException"),
        _cancelled("TransactionConflict", None),
        _cancelled(None, "ThrottlingError", "TransactionConflict"),
        GetError("no", ReadTimeoutError(endpoint_url="https://dynamodb.example")),
    ],
)
def test_what_may_pass_a_moment_later_is_tried_again(error: Exception) -> None:
    call, tries = _failing_once(error)
    assert _attempts(Stopwatch()).run(call) == "stored"
    assert len(tries) == 2


@pytest.mark.parametrize(
    "error",
    [
        _refused("ConditionalCheckFailedException"),
        _refused("ValidationException"),
        _refused("AccessDeniedException"),
        _cancelled("ConditionalCheckFailed", None),
        _cancelled("ConditionalCheckFailed", "TransactionConflict"),
        _cancelled("ValidationError"),
    ],
)
def test_an_answer_is_not_asked_for_twice(error: Exception) -> None:
    call, tries = _failing_once(error)
    with pytest.raises(type(error)):
        _attempts(Stopwatch()).run(call)
    assert len(tries) == 1


def test_calls_that_hang_leave_two_seconds_for_the_page() -> None:
    watch = Stopwatch()
    started: list[float] = []

    def hanging() -> Any:
        started.append(watch.seconds)
        watch.pass_by(2)
        raise GetError("no", ReadTimeoutError(endpoint_url="https://dynamodb.example"))

    with pytest.raises(StoreUnavailableError):
        _attempts(watch).run(hanging)
    assert len(started) > 1
    assert watch.seconds <= 100 + REQUEST_SECONDS - 2


def test_nothing_is_begun_that_cannot_end_in_time() -> None:
    watch = Stopwatch()
    attempts = _attempts(watch)
    watch.pass_by(8.5)
    with pytest.raises(StoreUnavailableError):
        attempts.run(lambda: pytest.fail("a call was begun"))


def test_outside_a_request_it_gives_up_after_a_few_tries() -> None:
    tries: list[int] = []

    def call() -> Any:
        tries.append(1)
        raise _refused("ThrottlingException")

    with pytest.raises(StoreUnavailableError):
        _attempts(Stopwatch(), in_request=False).run(call)
    assert len(tries) == 8

"""A signal stops the hub once, even where Python loses what its handler raises."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from operate.stopping import STOP_SIGNALS, Stop

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def stop() -> Iterator[Stop]:
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    stop = Stop()
    stop.listen()
    yield stop
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_a_signal_breaks_off_the_work(stop: Stop, number: signal.Signals) -> None:
    stop.check()
    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(number)
    assert ended.value.code == 0


def test_a_second_signal_does_not_break_off_the_stopping(stop: Stop) -> None:
    with pytest.raises(SystemExit):
        signal.raise_signal(signal.SIGTERM)
    for number in STOP_SIGNALS:
        signal.raise_signal(number)
    with pytest.raises(SystemExit):
        stop.check()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_is_not_missed_where_its_exception_is_lost(stop: Stop) -> None:
    class Cleared:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    Cleared()
    with pytest.raises(SystemExit):
        stop.check()

"""GOV.UK Notify over a stand-in that speaks its API: faults, doubts, words that are not ours."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from chalicelib.clients.keys import SecretUnusableError
from chalicelib.clients.notify import connect
from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.notices import FAILED, REFUSED, TAKEN, UNKNOWN
from tests import cleared
from tests.integration.clients.carriers import notify_of
from tests.notify_stub import CUT_OFF, LATE, SECRET, SERVICE, UNREADABLE, NotifyStub, running_notify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.clients.notify import Notify

PLAIN = "There is a new message for you. Check words: ((pair))"


@pytest.fixture
def stub() -> Iterator[NotifyStub]:
    with running_notify() as stub:
        yield stub


@pytest.fixture
def notify(stub: NotifyStub) -> Notify:
    return notify_of(stub.url, stub.ids)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(429, FAILED), (500, FAILED), (503, FAILED), (403, FAILED), (502, UNKNOWN), (504, UNKNOWN)],
)
def test_what_notify_does_not_take_is_tried_again_and_arrives_once(
    stub: NotifyStub, notify: Notify, fault: int, outcome: str
) -> None:
    message = cleared.to_a_victim(TEXT)
    stub.faults = [fault]
    assert notify.deliver(message) == outcome
    assert notify.has(message.receipt) is False
    assert notify.deliver(message) == TAKEN
    assert len(stub.given) == 1


@pytest.mark.parametrize("fault", [LATE, CUT_OFF, UNREADABLE])
def test_a_message_that_was_taken_without_our_knowing_is_found_by_asking(
    stub: NotifyStub, notify: Notify, fault: str
) -> None:
    message = cleared.to_a_victim(EMAIL)
    stub.faults = [fault]
    assert notify.deliver(message) == UNKNOWN
    assert notify.has(message.receipt) is True
    assert notify.has(cleared.new_receipt()) is False


@pytest.mark.parametrize(
    ("status", "was_given"),
    [
        ("created", True),
        ("sending", True),
        ("delivered", True),
        ("temporary-failure", True),
        ("permanent-failure", True),
        ("technical-failure", False),
    ],
)
def test_only_what_notify_says_must_be_sent_again_counts_as_not_given(
    stub: NotifyStub, notify: Notify, status: str, *, was_given: bool
) -> None:
    message = cleared.to_a_victim(TEXT)
    assert notify.deliver(message) == TAKEN
    stub.given[0]["status"] = status
    assert notify.has(message.receipt) is was_given


def test_an_address_that_notify_refuses_is_not_tried_again(
    stub: NotifyStub, notify: Notify
) -> None:
    assert notify.deliver(cleared.to_a_victim(TEXT, address="01632 960123")) == REFUSED
    assert notify.deliver(cleared.to_a_victim(EMAIL, address="no address")) == REFUSED
    assert stub.given == []


def test_on_trial_notify_refuses_everybody_and_no_message_is_given_up(
    stub: NotifyStub, notify: Notify
) -> None:
    message = cleared.to_a_victim(TEXT)
    stub.is_on_trial = True
    assert notify.deliver(message) == FAILED
    stub.is_on_trial = False
    assert notify.deliver(message) == TAKEN
    assert len(stub.given) == 1


def test_with_a_key_that_notify_does_not_know_no_message_is_given_up(
    stub: NotifyStub, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = notify_of(stub.url, stub.ids, key=f"invented-{SERVICE}-{SECRET[::-1]}")
    assert not wrong.answers()
    assert wrong.deliver(cleared.to_a_victim(TEXT)) == FAILED
    assert stub.given == []
    assert "refuses our key" in caplog.text


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("en.text", {"body": f"{PLAIN} ((name))"}),
        ("en.text", {"body": f"Staffordshire: {PLAIN}"}),
        ("en.text.linked", {"body": f"{PLAIN} ((home)) ((reference))"}),
        ("en.email", {"subject": "Your case ((reference))"}),
        ("en.email", {"type": "sms"}),
        ("officer.email", {"body": "Something new waits: ((reference)). ((pair))"}),
    ],
)
def test_nothing_is_sent_while_any_words_at_notify_are_not_ours(
    stub: NotifyStub,
    notify: Notify,
    caplog: pytest.LogCaptureFixture,
    name: str,
    changes: dict[str, object],
) -> None:
    ours = {key: stub.templates[stub.ids[name]][key] for key in changes}
    stub.change(name, **changes)
    with caplog.at_level(logging.ERROR):
        assert notify.deliver(cleared.to_a_victim(TEXT)) == FAILED
    assert stub.given == []
    assert not notify.answers()
    said = [record.getMessage() for record in caplog.records if record.name == "hub"]
    assert set(said) == {f"the words of {name} at GOV.UK Notify are not ours: nothing is sent"}
    stub.change(name, **ours)
    assert notify.deliver(cleared.to_a_victim(TEXT)) == TAKEN


def test_words_are_compared_once_and_again_when_notify_names_another_version(
    stub: NotifyStub, notify: Notify
) -> None:
    for _ in range(3):
        assert notify.deliver(cleared.to_a_victim(TEXT)) == TAKEN
    assert len([line for line in stub.asked if line.startswith("GET")]) == len(stub.templates)
    stub.change("en.text", name="en.text")
    assert notify.deliver(cleared.to_a_victim(TEXT)) == TAKEN
    stub.change("en.text", body=f"{PLAIN} Call us.")
    assert notify.deliver(cleared.to_a_victim(TEXT)) == FAILED
    assert len(stub.given) == 4


def test_a_field_that_is_added_while_we_send_stops_messages_and_loses_none(
    stub: NotifyStub, notify: Notify
) -> None:
    assert notify.deliver(cleared.to_a_victim(TEXT)) == TAKEN
    stub.change("en.text", body=f"{PLAIN} ((name))")
    assert notify.deliver(cleared.to_a_victim(TEXT)) == FAILED
    assert not notify.answers()
    assert len(stub.given) == 1


def test_notify_is_given_check_words_and_the_home_page_and_nothing_else(
    stub: NotifyStub, notify: Notify
) -> None:
    message = cleared.to_a_victim(EMAIL, linked=True)
    assert notify.deliver(message) == TAKEN
    assert stub.filled_in == [{"pair": cleared.PAIR, "home": cleared.HOME}]
    assert notify.deliver(cleared.to_an_officer()) == TAKEN
    assert stub.filled_in[1:] == [{"pair": cleared.PAIR}]


def test_a_notify_that_went_away_was_given_nothing() -> None:
    with running_notify() as stub:
        notify = notify_of(stub.url, stub.ids)
        assert notify.deliver(cleared.to_a_victim(TEXT)) == TAKEN
    assert notify.deliver(cleared.to_a_victim(TEXT)) == FAILED
    assert len(stub.given) == 1


def test_a_notify_that_is_down_is_neither_asked_in_vain_nor_ready(
    stub: NotifyStub, notify: Notify
) -> None:
    assert notify.answers()
    stub.status_of_all = 500
    assert not notify.answers()
    assert notify.has(cleared.new_receipt()) is None
    stub.status_of_all = 0
    assert notify.answers()


@pytest.mark.parametrize("fault", [403, 429, 500, LATE, CUT_OFF, UNREADABLE, 400])
def test_nothing_of_a_message_is_logged_whatever_notify_answers(
    stub: NotifyStub, notify: Notify, caplog: pytest.LogCaptureFixture, fault: int | str
) -> None:
    message = cleared.to_a_victim(TEXT)
    stub.faults = [fault]
    with caplog.at_level(logging.INFO):
        notify.deliver(message)
        notify.has(message.receipt)
    for part in (message.address, message.words, message.pair, message.receipt, SECRET):
        assert part not in caplog.text


def test_a_key_that_is_missing_or_too_short_is_named_and_not_shown() -> None:
    for key in ("", "short"):
        with pytest.raises(SecretUnusableError, match=r"^notify_api_key$"):
            connect(key, url=None, seconds=1)


def test_messages_go_to_no_address_that_is_neither_encrypted_nor_here() -> None:
    with pytest.raises(ValueError, match=r"^HUB_NOTIFY_URL$"):
        connect("k" * 80, url="http://notify.example", seconds=1)

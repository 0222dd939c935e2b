"""What every carrier of messages does alike, each against what plays its other side here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from chalicelib.clients.sns import e164
from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.notices import FAILED, REFUSED, TAKEN, UNKNOWN
from tests import cleared
from tests.integration.clients.carriers import (
    NAMES,
    Carrier,
    Sent,
    at_address,
    console_carrier,
    notify_carrier,
    nowhere,
    ses_carrier,
    silent_server,
    sns_carrier,
)
from tests.notify_stub import running_notify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chalicelib.domain.gate import Cleared
    from operate.stand_in import StandIn

AWAY = [name for name in NAMES if name != "console"]


@pytest.fixture(scope="module", params=NAMES)
def carrier(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Carrier]:
    if request.param == "notify":
        with running_notify() as stub:
            yield notify_carrier(stub)
    elif request.param == "console":
        yield console_carrier(tmp_path_factory.mktemp("console") / "messages.jsonl")
    else:
        stand_in: StandIn = request.getfixturevalue("stand_in")
        yield {"ses": ses_carrier, "sns": sns_carrier}[request.param](stand_in)


def _messages(carrier: Carrier) -> list[Cleared]:
    """Return one message of each kind that this carrier is ever given."""
    victims = [
        cleared.to_a_victim(channel, linked=linked)
        for channel in carrier.channels
        for linked in (False, True)
    ]
    return [*victims, *([cleared.to_an_officer()] if EMAIL in carrier.channels else [])]


def _shown(carrier: Carrier, message: Cleared) -> Sent:
    """Return a message as it should arrive there."""
    away = carrier.provider.name != "console"
    address = message.address
    if carrier.provider.name == "sns":
        address = e164(address)
    subject = "" if away and message.channel == TEXT else message.subject
    return Sent(address, subject, message.words)


def test_a_message_arrives_once_at_its_address_in_our_words(carrier: Carrier) -> None:
    for message in _messages(carrier):
        before = carrier.sent() if carrier.provider.answers() else []
        assert carrier.provider.deliver(message) == TAKEN
        arrived = carrier.sent()
        new = [one for one in arrived if arrived.count(one) > before.count(one)]
        assert new == [_shown(carrier, message)] * len(new)
        assert len(arrived) == len(before) + 1


def test_whoever_knows_can_be_asked_and_nobody_else_pretends_to(carrier: Carrier) -> None:
    message = _messages(carrier)[0]
    before = carrier.provider.has(message.receipt)
    assert carrier.provider.deliver(message) == TAKEN
    after = carrier.provider.has(message.receipt)
    assert (before, after) == ((False, True) if carrier.provider.knows else (None, None))


def test_each_has_its_name_and_answers(carrier: Carrier) -> None:
    assert carrier.provider.name in NAMES
    assert carrier.provider.answers()


@pytest.mark.parametrize("name", AWAY)
def test_a_carrier_that_is_not_there_has_nothing(name: str) -> None:
    provider = at_address(name, nowhere())
    assert not provider.answers()
    assert provider.deliver(_to(name)) == FAILED
    assert provider.has(cleared.new_receipt()) is None


def test_nobody_can_say_what_came_of_a_message_without_an_answer() -> None:
    with silent_server() as address:
        provider = at_address("sns", address)
        assert provider.deliver(cleared.to_a_victim(TEXT)) == UNKNOWN
        assert not provider.answers()


@pytest.mark.parametrize("name", ["notify", "ses"])
def test_a_carrier_that_does_not_say_that_it_is_ready_is_given_nothing(name: str) -> None:
    with silent_server() as address:
        provider = at_address(name, address)
        assert not provider.answers()
        assert provider.deliver(_to(name)) == FAILED


def test_a_console_that_cannot_write_has_nothing(tmp_path: Path) -> None:
    console = console_carrier(tmp_path / "is" / "not" / "there").provider
    assert not console.answers()
    assert console.deliver(cleared.to_a_victim(TEXT)) == FAILED


def test_nobody_else_on_the_machine_reads_what_a_console_wrote(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    console_carrier(path).provider.deliver(cleared.to_a_victim(TEXT))
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", AWAY)
def test_nothing_of_a_message_is_logged_when_it_fails(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = _to(name)
    with caplog.at_level(logging.INFO):
        at_address(name, nowhere()).deliver(message)
    for part in (message.address, message.words, message.pair, message.receipt):
        assert part not in caplog.text


def test_ses_sends_nothing_for_a_domain_that_is_not_verified(
    stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    carrier = ses_carrier(stand_in, "messages@other.example", verified=False)
    before = carrier.sent()
    assert carrier.provider.deliver(cleared.to_a_victim(EMAIL)) == FAILED
    assert carrier.sent() == before
    assert "other.example" not in caplog.text


def test_sns_refuses_what_is_no_number(stand_in: StandIn) -> None:
    carrier = sns_carrier(stand_in)
    before = carrier.sent()
    wrong = cleared.to_a_victim(TEXT, address="not a number")
    assert carrier.provider.deliver(wrong) == REFUSED
    assert carrier.sent() == before


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("0044 (0)7700 900-123", "+447700900123"),
        ("999", ""),
        ("rowan@home.example", ""),
        ("", ""),
    ],
)
def test_a_number_is_given_to_sns_as_the_world_dials_it(typed: str, dialled: str) -> None:
    assert e164(typed) == dialled


def _to(name: str) -> Cleared:
    return cleared.to_a_victim(EMAIL if name == "ses" else TEXT)

"""Whoever carries messages, each with a way to see what it was given."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

from chalicelib.clients.aws import new_client
from chalicelib.clients.console import Console
from chalicelib.clients.notify import Notify, connect
from chalicelib.clients.notify_words import words_at_notify
from chalicelib.clients.ses import SES
from chalicelib.clients.sns import SNS
from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.rules import load_rules
from operate.children import free_port
from operate.stand_in import HOST, REGION
from tests.notify_stub import API_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from chalicelib.services.ports import Provider
    from operate.stand_in import StandIn
    from tests.notify_stub import NotifyStub

SENDER = "messages@your-information.example"
# A busy machine is slow to answer; whoever never answers is waited for less long.
PATIENCE = 5.0
SHORT_PATIENCE = 0.3
NAMES = ("notify", "ses", "sns", "console")


@dataclass(frozen=True)
class Sent:
    """A message as it arrived; a text has no subject."""

    address: str
    subject: str
    words: str


@dataclass(frozen=True)
class Carrier:
    """A carrier of the channels that it has, and what it was given."""

    provider: Provider
    channels: tuple[str, ...]
    sent: Callable[[], list[Sent]]


def notify_of(
    url: str, ids: Mapping[str, str], *, key: str = API_KEY, seconds: float = PATIENCE
) -> Notify:
    """Return the client of a Notify at an address, with the ids of its templates by name."""
    words = words_at_notify(load_rules().notices)
    return Notify(connect(key, url=url, seconds=seconds), ids, words)


def notify_carrier(stub: NotifyStub) -> Carrier:
    """Return Notify over its stand-in."""

    def sent() -> list[Sent]:
        return [Sent(one["to"], one["subject"], one["body"]) for one in stub.given]

    return Carrier(notify_of(stub.url, stub.ids), (TEXT, EMAIL), sent)


def ses_carrier(stand_in: StandIn, sender: str = SENDER, *, verified: bool = True) -> Carrier:
    """Return SES over the stand-in for AWS, where the sender's domain is verified or unknown."""
    client = new_client("sesv2", region=REGION, endpoint=stand_in.endpoint)
    if verified:
        client.create_email_identity(EmailIdentity=sender.rpartition("@")[2])

    def sent() -> list[Sent]:
        kept = _asked(stand_in, "ses/messages")["messages"].values()
        return [
            Sent(", ".join(one["To"]), one["Subject"], one["BodyText"])
            for account in kept
            for one in account
        ]

    return Carrier(SES(client, sender), (EMAIL,), sent)


def sns_carrier(stand_in: StandIn) -> Carrier:
    """Return SNS over the stand-in for AWS."""
    client = new_client("sns", region=REGION, endpoint=stand_in.endpoint)

    def sent() -> list[Sent]:
        kept = _asked(stand_in, "sns/sms-messages")["sms_messages"]
        return [
            Sent(phone, one["Subject"] or "", one["Message"])
            for phone, texts in kept.items()
            for one in texts
        ]

    return Carrier(SNS(client), (TEXT,), sent)


def console_carrier(path: Path) -> Carrier:
    """Return a console that writes into this file."""

    def sent() -> list[Sent]:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return [Sent(one["address"], one["subject"], one["words"]) for one in lines]

    return Carrier(Console(path), (TEXT, EMAIL), sent)


def at_address(name: str, address: str) -> Provider:
    """Return a carrier of this name whose other side is at an address of this machine."""
    if name == "notify":
        ids = dict.fromkeys(words_at_notify(load_rules().notices), "an-id")
        return notify_of(address, ids, seconds=SHORT_PATIENCE)
    service = {"ses": "sesv2"}.get(name, name)
    client = new_client(service, region=REGION, endpoint=address, seconds=SHORT_PATIENCE)
    return SES(client, SENDER) if name == "ses" else SNS(client)


def nowhere() -> str:
    """Return an address at which nobody listens."""
    return f"http://{HOST}:{free_port()}"


@contextmanager
def silent_server() -> Iterator[str]:
    """Give the address of somebody who listens and never says a word."""
    with socket.create_server((HOST, 0)) as server:
        held: list[socket.socket] = []

        def hold() -> None:
            try:
                while True:
                    held.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=hold)
        thread.start()
        try:
            yield f"http://{HOST}:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in held:
                connection.close()


def _asked(stand_in: StandIn, path: str) -> Any:
    with urlopen(f"{stand_in.endpoint}/_ministack/{path}", timeout=5) as answer:  # noqa: S310 -- ours
        return json.load(answer)

"""The hub on one machine sends each minute, into a file and nowhere else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalicelib.clients.console import Console
from chalicelib.domain.contact import EMAIL, TEXT
from operate.hub_home import MESSAGES
from operate.run import Sender
from tests.sending import HOME, sending

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_due_is_a_line_of_the_file_within_the_minute_and_only_once(tmp_path: Path) -> None:
    world, file = sending(), tmp_path / MESSAGES
    console = Console(file)
    sender = Sender(world.hub.deps, {TEXT: console, EMAIL: console}, HOME)
    case = world.victim(links=True)
    sender.send_once_a_minute()
    world.something_new(case)
    sender.send_once_a_minute()
    assert not file.exists()
    for _ in range(3):
        world.clock.forward(minutes=1)
        sender.send_once_a_minute()
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["words"].endswith(HOME)

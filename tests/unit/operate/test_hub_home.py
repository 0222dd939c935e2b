"""The folder of a hub: who may use it, what it keeps, and from whom."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from operate.hub_home import DemoCode, HomeError, HubHome, Running

if TYPE_CHECKING:
    from pathlib import Path

RUNNING = Running("http://127.0.0.1:1", "http://localhost:2", "http://localhost:3", "http://x:4")
CODE = DemoCode("12/345678/90", "BCDFGHJKMNPQRSTV", "V1", "alder", "00ff")


@pytest.fixture
def home(tmp_path: Path) -> HubHome:
    return HubHome(tmp_path / "hub")


def test_one_hub_at_a_time_uses_a_folder(home: HubHome) -> None:
    with home.claimed(), pytest.raises(HomeError, match="running already"), home.claimed():
        pass
    with home.claimed():
        pass


def test_how_to_try_it_is_there_only_while_the_hub_answers(home: HubHome) -> None:
    with home.claimed():
        home.say_how_to_try(RUNNING, [CODE])
        assert home.how_to_try()["cases"] == [
            {
                "reference": CODE.reference,
                "code": CODE.code,
                "victim": CODE.victim,
                "officer": CODE.officer,
            }
        ]
    assert not home.demo.exists()


def test_codes_are_kept_for_this_user_alone(home: HubHome) -> None:
    with home.claimed():
        assert home.demo_codes() is None
        home.keep_demo_codes([CODE])
        home.say_how_to_try(RUNNING, [CODE])
        home.say_running(RUNNING)
        for file in home.folder.glob("*.json"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    assert home.demo_codes() == [CODE]


def test_starting_fresh_forgets_store_and_codes(home: HubHome) -> None:
    home.stand_in.mkdir(parents=True)
    home.keep_demo_codes([CODE])
    home.forget_everything()
    assert home.demo_codes() is None
    assert not home.stand_in.exists()


def test_commands_say_that_the_hub_is_not_running(home: HubHome) -> None:
    with pytest.raises(HomeError, match="make run"):
        home.running()
    with home.claimed():
        # It says that it runs, but nothing answers there: it was killed.
        home.say_running(RUNNING)
        with pytest.raises(HomeError, match="make run"):
            home.running()


@pytest.mark.parametrize(
    "endpoint", ["https://dynamodb.eu-west-2.amazonaws.com", "http://192.0.2.1:4566", "nonsense"]
)
def test_commands_refuse_any_other_store(home: HubHome, endpoint: str) -> None:
    with home.claimed():
        home.say_running(Running(endpoint, RUNNING.public, RUNNING.staff, RUNNING.issuer))
        with pytest.raises(HomeError, match="stand-in of this machine"):
            home.running()


def test_a_file_is_whole_or_not_there(home: HubHome) -> None:
    home.folder.mkdir(parents=True)
    home.keep_demo_codes([CODE])
    assert json.loads((home.folder / "demo-codes.json").read_text())
    assert [file.name for file in home.folder.iterdir()] == ["demo-codes.json"]

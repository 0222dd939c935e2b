"""What a stage is told: which peppers there are, and what counts as one machine only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.settings import PUBLIC, MissingSettingError, Settings
from operate.cloud import environ

NOWHERE = "http://localhost"


def _settings(**changes: str) -> Settings:
    given = environ(PUBLIC, NOWHERE, public=NOWHERE, staff=NOWHERE, issuer=NOWHERE)
    return Settings.from_environ({**given, **changes})


@pytest.mark.parametrize(
    ("said", "newest", "earlier"),
    [
        ("alias/hub-pepper", "alias/hub-pepper", ()),
        ("alias/hub-pepper-2,alias/hub-pepper", "alias/hub-pepper-2", ("alias/hub-pepper",)),
        (" alias/a , alias/b,alias/c ", "alias/a", ("alias/b", "alias/c")),
    ],
)
def test_the_first_pepper_makes_new_codes_and_the_others_are_the_earlier_ones(
    said: str, newest: str, earlier: tuple[str, ...]
) -> None:
    settings = _settings(HUB_PEPPER_KEY_ID=said)
    assert settings.pepper_key_id == newest
    assert settings.earlier_pepper_key_ids == earlier


@pytest.mark.parametrize(
    "said",
    ["", " ", ",", "alias/a,", ",alias/a", "alias/a,,alias/b", "alias/a, alias/a", "a,b,c,d"],
)
def test_a_list_of_peppers_that_cannot_be_meant_stops_the_stage(said: str) -> None:
    with pytest.raises(MissingSettingError, match=r"^HUB_PEPPER_KEY_ID$"):
        _settings(HUB_PEPPER_KEY_ID=said)


def test_no_pepper_is_shown_when_settings_are_printed() -> None:
    assert "alias/" not in repr(_settings(HUB_PEPPER_KEY_ID="alias/a,alias/b"))


@pytest.mark.parametrize(
    ("origin", "is_one_machine"),
    [
        ("http://localhost", True),
        ("http://localhost:8000", True),
        ("https://localhost:8000", False),
        ("https://your-information.example", False),
        ("http://your-information.example", False),
        ("http://localhost.example", False),
        ("http://localhost:8000.example", False),
        ("http://localhost:8000@your-information.example", False),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000\n", False),
    ],
)
def test_only_localhost_itself_does_without_secure_cookies_and_a_cdn(
    origin: str, *, is_one_machine: bool
) -> None:
    assert replace(_settings(), origin=origin).plain_localhost is is_one_machine

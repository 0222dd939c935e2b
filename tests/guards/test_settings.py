"""Each setting that the code reads is given to its stage, is explained, and no other is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from chalicelib.settings import (
    AWS,
    CONSOLE,
    NOTIFY,
    OFF,
    PUBLIC,
    STAFF,
    MissingSettingError,
    SendingSettings,
    Settings,
)
from tests.asked import Asked

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "api" / ".chalice" / "config.json"
README = ROOT / "infra" / "README.md"
STAGES = (PUBLIC, STAFF)
# Lambda sets the first one itself and refuses to have it set; the others are for one machine only.
NOT_CONFIGURED = {"AWS_REGION", "HUB_AWS_ENDPOINT", "HUB_MESSAGES_FILE", "HUB_NOTIFY_URL"}
# Without these no message leaves, and the desk goes on.
OF_SENDING = {"HUB_SENDING", "HUB_NOTIFY_TEMPLATES", "HUB_EMAIL_FROM"}
# A value in the configuration is a name or an address; a secret would look like chance.
LOOKS_LIKE_A_SECRET = re.compile(r"[0-9a-f]{20,}|[A-Za-z0-9+/_-]{40,}")


def _given(stage: str) -> dict[str, str]:
    """Return what Chalice puts into the environment of a stage's function."""
    config = json.loads(CONFIG.read_text(encoding="utf-8"))
    variables: dict[str, str] = config["stages"][stage]["environment_variables"]
    return variables


def _asked(stage: str) -> set[str]:
    environ = Asked({**_given(stage), "AWS_REGION": "eu-west-2"})
    Settings.from_environ(environ)
    return environ.names


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_given_what_it_reads_and_nothing_else(stage: str) -> None:
    assert set(_given(stage)) == _asked(stage) - NOT_CONFIGURED


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_told_its_own_audience(stage: str) -> None:
    settings = Settings.from_environ({**_given(stage), "AWS_REGION": "eu-west-2"})
    assert settings.audience == stage
    assert settings.aws_endpoint is None
    assert (settings.staff is not None) == (stage == STAFF)


@pytest.mark.parametrize("stage", STAGES)
def test_a_missing_setting_stops_the_stage_with_its_name(stage: str) -> None:
    full = {**_given(stage), "AWS_REGION": "eu-west-2"}
    for name in full.keys() - OF_SENDING:
        without = {other: value for other, value in full.items() if other != name}
        with pytest.raises(MissingSettingError, match=f"^{name}$"):
            Settings.from_environ(without)


def _sending(**changes: str) -> SendingSettings:
    given = {**_given(STAFF), "AWS_REGION": "eu-west-2", **changes}
    staff = Settings.from_environ(given).staff
    assert staff is not None
    return staff.sending


@pytest.mark.parametrize("said", ["", "on", "Notify", "notify ", "console,aws"])
def test_a_switch_that_is_emptied_or_misspelt_stops_messages_and_not_the_desk(said: str) -> None:
    assert _sending(HUB_SENDING=said).how == OFF


@pytest.mark.parametrize(
    ("how", "needs"),
    [
        (NOTIFY, "HUB_NOTIFY_TEMPLATES"),
        (AWS, "HUB_EMAIL_FROM"),
        (CONSOLE, "HUB_MESSAGES_FILE"),
    ],
)
def test_a_way_of_sending_that_is_named_needs_what_belongs_to_it(how: str, needs: str) -> None:
    assert _sending(HUB_SENDING=how, **{needs: "en.text=an-id"}).how == how
    with pytest.raises(MissingSettingError, match=f"^{needs}$"):
        _sending(HUB_SENDING=how, **{needs: ""})


def test_nothing_is_sent_until_somebody_says_how() -> None:
    assert _sending().how == OFF
    assert "HUB_SENDING" not in _given(PUBLIC)


def test_every_setting_is_explained_and_no_other() -> None:
    explained = set(re.findall(r"`((?:HUB|AWS)_[A-Z_]+)`", README.read_text(encoding="utf-8")))
    assert explained == {name for stage in STAGES for name in _asked(stage)}


def test_no_secret_stands_in_the_configuration() -> None:
    for stage in STAGES:
        for value in _given(stage).values():
            parts = value.replace("=", ",").split(",")
            assert not [part for part in parts if LOOKS_LIKE_A_SECRET.search(part)]


def test_settings_do_not_print_where_the_secrets_are() -> None:
    settings = Settings.from_environ({**_given(STAFF), "AWS_REGION": "eu-west-2"})
    assert settings.secret_id not in repr(settings)
    assert settings.pepper_key_id not in repr(settings)

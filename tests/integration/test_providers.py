"""Who carries messages, as the settings say: nobody unless a way is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.clients.aws import new_client
from chalicelib.clients.keys import SecretUnusableError
from chalicelib.domain.contact import EMAIL, TEXT
from chalicelib.domain.notices import TAKEN
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
from chalicelib.wiring import build_providers
from operate.stand_in import REGION
from tests import cleared
from tests.notify_stub import API_KEY, running_notify

if TYPE_CHECKING:
    from pathlib import Path

    from operate.stand_in import StandIn
    from tests.integration.conftest import World

HOLDS_A_KEY = "hub/keys/with-notify"


def _settings(world: World, sending: SendingSettings) -> Settings:
    settings, _ = world.parts[STAFF]
    assert settings.staff is not None
    return replace(settings, staff=replace(settings.staff, sending=sending))


def test_nobody_carries_messages_where_sending_is_off(world: World) -> None:
    assert build_providers(_settings(world, SendingSettings(OFF))) == {}


def test_the_public_service_has_nobody_to_carry_messages(world: World) -> None:
    assert build_providers(world.parts[PUBLIC][0]) == {}


def test_the_hub_on_one_machine_writes_messages_into_a_file(world: World, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    carriers = build_providers(_settings(world, SendingSettings(CONSOLE, file=str(path))))
    assert {name: one.name for name, one in carriers.items()} == {TEXT: CONSOLE, EMAIL: CONSOLE}
    assert carriers[TEXT].deliver(cleared.to_a_victim(TEXT)) == TAKEN
    assert len(path.read_text("utf-8").splitlines()) == 1


def test_a_console_is_no_way_to_send_but_on_one_machine(world: World, tmp_path: Path) -> None:
    settings = _settings(world, SendingSettings(CONSOLE, file=str(tmp_path / "messages.jsonl")))
    assert build_providers(replace(settings, origin="https://hub-desk.example")) == {}


def test_through_aws_texts_and_emails_go_to_their_own_service(world: World) -> None:
    sending = SendingSettings(AWS, email_from="messages@your-information.example")
    carriers = build_providers(_settings(world, sending))
    assert {name: one.name for name, one in carriers.items()} == {TEXT: "sns", EMAIL: "ses"}
    assert carriers[TEXT].deliver(cleared.to_a_victim(TEXT)) == TAKEN


def test_through_notify_both_go_to_one_with_the_key_of_the_secret(
    world: World, stand_in: StandIn
) -> None:
    manager = new_client("secretsmanager", region=REGION, endpoint=stand_in.endpoint)
    settings, _ = world.parts[STAFF]
    parts = manager.get_secret_value(SecretId=settings.secret_id)["SecretString"]
    with_key = parts.replace("{", f'{{"notify_api_key": "{API_KEY}", ', 1)
    manager.create_secret(Name=HOLDS_A_KEY, SecretString=with_key)
    with running_notify() as stub:
        sending = SendingSettings(NOTIFY, templates=stub.ids, notify_url=stub.url)
        carriers = build_providers(replace(_settings(world, sending), secret_id=HOLDS_A_KEY))
        assert carriers[TEXT] is carriers[EMAIL]
        assert carriers[TEXT].deliver(cleared.to_a_victim(TEXT)) == TAKEN


def test_notify_without_a_key_or_without_a_template_of_ours_is_named(world: World) -> None:
    with running_notify() as stub:
        whole = SendingSettings(NOTIFY, templates=stub.ids, notify_url=stub.url)
    with pytest.raises(SecretUnusableError, match=r"^notify_api_key$"):
        build_providers(_settings(world, whole))
    less = {name: key for name, key in whole.templates.items() if name != "officer.email"}
    for other in (less, {**whole.templates, "cy.text": "an-id"}):
        with pytest.raises(MissingSettingError, match=r"^HUB_NOTIFY_TEMPLATES$"):
            build_providers(_settings(world, replace(whole, templates=other)))

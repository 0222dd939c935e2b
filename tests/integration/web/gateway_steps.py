"""A hub as it stands in AWS: behind its CDN, with events as API Gateway makes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.clients.keys import KeyRing
from chalicelib.settings import PUBLIC, STAFF
from chalicelib.stores.tables import CasesTable
from chalicelib.wiring import build_deps
from tests.integration.conftest import World
from tests.pages import Seen, Visitor, check_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from chalicelib.services.deps import Deps
    from chalicelib.settings import Settings

EVENTS = Path(__file__).parents[2] / "events"
ORIGINS = {PUBLIC: "https://your-information.example", STAFF: "https://hub-desk.example"}
COOKIES = {PUBLIC: "__Host-hub", STAFF: "__Host-desk"}
ORIGIN_SECRET = "invented-origin-secret-of-32-and-more"
PREVIOUS_ORIGIN_SECRET = "invented-origin-secret-of-the-day-before"


def behind_cdn(
    world: World, *, origin_secret: str = ORIGIN_SECRET, previous_origin_secret: str = ""
) -> World:
    """Return the same hub under its public addresses, with these origin secrets."""
    now: Any = world.deps.keys
    secrets = replace(
        now._secrets,  # noqa: SLF001
        origin_secret=origin_secret,
        previous_origin_secret=previous_origin_secret,
    )
    keys = KeyRing(now._kms, now._pepper_key_id, secrets)  # noqa: SLF001
    parts = {
        audience: (
            replace(settings, origin=ORIGINS[audience], public_origin=ORIGINS[PUBLIC]),
            replace(deps, keys=keys),
        )
        for audience, (settings, deps) in world.parts.items()
    }
    return World(clock=world.clock, deps=replace(world.deps, keys=keys), parts=parts)


def built_by(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Deps:
    """Return what a new process would make of these settings.

    It keeps the connection of the other tests, on which requests are counted.
    """
    connection = CasesTable._get_connection().connection  # noqa: SLF001
    monkeypatch.setattr("chalicelib.wiring.bind_tables", lambda *_, **__: connection)
    return build_deps(settings)


@dataclass
class Client(Visitor):
    """A browser whose every request brings these headers."""

    brings: Mapping[str, str] = field(default_factory=dict)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Seen:
        return super()._ask(method, path, {**self.brings, **headers}, body)


def read_event(name: str, **filled_in: str) -> dict[str, Any]:
    """Return an event of the folder with its @marks@ filled in."""
    text = (EVENTS / f"{name}.json").read_text(encoding="utf-8")
    marks = {"origin_secret": ORIGIN_SECRET, **filled_in}
    for mark, value in marks.items():
        text = text.replace(f"@{mark}@", json.dumps(value)[1:-1])
    assert "@" not in text
    event: dict[str, Any] = json.loads(text)
    return event


def answer_to(app: Any, event: Mapping[str, Any]) -> Seen:
    """Return the application's answer to an event, after checking it as every page is checked."""
    answer = app(event, None)
    # What goes back to the gateway is JSON.
    assert json.loads(json.dumps(answer)) == answer
    assert not answer.get("isBase64Encoded")
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    many = {name.lower(): value for name, value in answer["multiValueHeaders"].items()}
    seen = Seen(answer["statusCode"], headers, answer["body"], tuple(many.get("set-cookie", ())))
    check_page(seen, [], [])
    return seen

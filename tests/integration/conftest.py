"""What tests of stores and whole requests stand on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.access import Argon2Cost
from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.wiring import build_deps, create_app
from operate.cloud import environ, prepare
from operate.stand_in import StandIn
from tests.builders import SeededCase, seed_code, seed_staff
from tests.emptying import empty_tables
from tests.fakes import Calls, FixedClock, watched
from tests.pages import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from chalicelib.application import Application
    from chalicelib.services.deps import Deps

PUBLIC_ORIGIN = "http://localhost:8000"
STAFF_ORIGIN = "http://localhost:8001"
CHEAP_KEY_DERIVATION = Argon2Cost(memory_kib=8, passes=1, lanes=1)


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    """One stand-in for AWS for all tests; it forgets everything afterwards."""
    with StandIn.started() as running:
        prepare(running.endpoint)
        yield running


@pytest.fixture(scope="module", autouse=True)
def empty(stand_in: StandIn) -> None:  # noqa: ARG001 -- it is what is emptied
    """Let each file begin with empty tables: what a query costs must not depend on other files."""
    empty_tables()


@dataclass
class World:
    """Both services over one stand-in, with a clock that stands still."""

    clock: FixedClock
    deps: Deps
    parts: dict[str, tuple[Settings, Deps]]

    @cached_property
    def public(self) -> Application:
        """Return the public service."""
        return create_app(PUBLIC, lambda: self.parts[PUBLIC])

    @cached_property
    def staff(self) -> Application:
        """Return the desk."""
        return create_app(STAFF, lambda: self.parts[STAFF])

    def visitor(self) -> Visitor:
        """Return a browser that has seen nothing of the public service."""
        return Visitor(self.public)

    def victim(self, case: SeededCase, label: str | None = None) -> Visitor:
        """Return the browser of a victim who has just opened their case."""
        visitor = self.visitor()
        code = seed_code(self.deps, case, label)
        visitor.never_in_addresses = [case.reference, code]
        visitor.get("/case/open")
        answer = visitor.post("/case/open", reference=case.reference, code=code)
        assert answer.status == 303, answer.main
        return visitor

    def desk(self, identity: str = "pc-example", **options: Any) -> Visitor:
        """Return the browser of a member of staff who has just signed in."""
        token = seed_staff(self.deps, identity, **options)
        return Visitor(self.staff, cookies={"desk": token})

    def watched(self) -> AbstractContextManager[Calls]:
        """Count the requests of DynamoDB and KMS inside a block."""
        return watched(self.deps.keys._kms)  # type: ignore[attr-defined]  # noqa: SLF001


@pytest.fixture(scope="session")
def built(stand_in: StandIn) -> dict[str, tuple[Settings, Deps]]:
    """Settings and dependencies of both stages, over one connection as in one process."""
    settings = {
        audience: Settings.from_environ(
            environ(
                audience,
                stand_in.endpoint,
                public=PUBLIC_ORIGIN,
                staff=STAFF_ORIGIN,
                issuer="http://localhost:9400",
            )
        )
        for audience in (PUBLIC, STAFF)
    }
    deps = build_deps(settings[STAFF])
    return {PUBLIC: (settings[PUBLIC], deps), STAFF: (settings[STAFF], deps)}


@pytest.fixture
def world(built: dict[str, tuple[Settings, Deps]]) -> World:
    """Both services with their own clock; every test uses references of its own."""
    clock = FixedClock()
    parts = {
        audience: (settings, replace(deps, now=clock, code_cost=CHEAP_KEY_DERIVATION))
        for audience, (settings, deps) in built.items()
    }
    return World(clock=clock, deps=parts[PUBLIC][1], parts=parts)

"""No field, number or place in a list that somebody makes up is answered with a fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.builders import seed_case
from tests.integration.services.staff_steps import colleague
from tests.integration.web.hostile_steps import new_target, token_of

if TYPE_CHECKING:
    from tests.integration.conftest import World

MADE_UP = {
    "long": "x" * 100_000,
    "control": "\x00\x1b\u0085\ufffe",
    "last day": "9999-12-31",
    "a number without end": "9" * 400,
}
FAULT = 500


@pytest.mark.parametrize("value", MADE_UP.values(), ids=MADE_UP)
def test_no_field_of_a_case_on_the_desk(world: World, value: str) -> None:
    target = new_target(world, "child")
    desk = world.desk("boss-1", role="supervisor")
    token = token_of(desk)
    for form, fields in target.forms.items():
        for name in fields:
            path = f"/cases/{target.case.key}/{form}"
            seen = desk.send(path, {**token, **fields, name: value})
            assert seen.status < FAULT, (form, name)


@pytest.mark.parametrize("value", MADE_UP.values(), ids=MADE_UP)
def test_no_field_of_the_staff_list(world: World, value: str) -> None:
    away, cover = colleague(world, "away-2"), colleague(world, "cover-2")
    desk = world.desk("keeper-2", role="administrator")
    desk.get("/admin")
    assert desk.seen is not None
    token = {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]}
    days = {"first_day": "2026-11-18", "last_day": "2026-11-20"}
    forms = {
        "/admin/teams": {"team": "t", "name": "Team"},
        "/admin/staff": {"account": "a", "name": "PC A", "number": "1", "team": "stafford"},
        "/admin/absences": {"officer": away, "cover": cover, **days},
    }
    for path, fields in forms.items():
        for name in fields:
            assert desk.send(path, {**token, **fields, name: value}).status < FAULT, (path, name)


@pytest.mark.parametrize("value", MADE_UP.values(), ids=MADE_UP)
def test_no_field_of_a_victim(world: World, value: str) -> None:
    victim = world.victim(seed_case(world.deps))
    for path in ("/case/message", "/case/code", "/case/open", "/case/rhythm"):
        form = victim.get(path).fields(path)
        for name in {*form, "keep", "rhythm"} - {"csrf_token"}:
            sent = victim.send(path, {**form, "message": "Words", name: value})
            assert sent.status < FAULT, (path, name)


@pytest.mark.parametrize("value", [*MADE_UP.values(), "\ud800", "../../force"])
def test_no_address(world: World, value: str) -> None:
    made_up = quote(value[:2000], safe="", errors="replace")
    case = seed_case(world.deps)
    victim, desk = world.victim(case), world.desk("boss-3", role="supervisor")
    for path in ("/case?older={}", "/case/thread/{}", "/case/message/{}"):
        assert victim.get(path.format(made_up)).status < FAULT, path
    here = f"/cases/{case.key}"
    for path in (
        "/?after={}",
        "/team?after={}",
        "/cases/{}",
        "/cases/{}/confirm-leave",
        f"{here}?older={{}}",
        f"{here}?older={case.victim}.{{}}",
        f"{here}?done={{}}",
        f"{here}/answer?victim={case.victim}&thread={{}}",
        f"{here}/told?victim={{}}",
        f"{here}/codes/new?victim={{}}",
        f"{here}/codes/{{}}/confirm",
        f"{here}/contact?victim={case.victim}&promise={{}}",
        f"{here}/rhythm?victim={{}}",
        f"{here}?done=event&event={{}}",
        "/?done={}",
        "/away?done={}",
        "/team?show={}&after={}",
        "/figures/code.csv?first={}&last={}",
        "/sign-in?next={}&fresh={}",
        "/signed-in?state={}&code={}",
    ):
        seen = desk.get(path.format(made_up, made_up))
        assert seen.status != FAULT, path

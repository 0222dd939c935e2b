"""No field, number or place in a list that somebody makes up is answered with a fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.builders import seed_case
from tests.integration.partner_steps import has_task, says_yes, supporter, with_partners
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
        "/admin/staff": {
            "account": "a",
            "name": "PC A",
            "number": "1",
            "team": "stafford",
            "email": "a@force.example",
        },
        "/admin/absences": {"officer": away, "cover": cover, **days},
    }
    for path, fields in forms.items():
        for name in fields:
            assert desk.send(path, {**token, **fields, name: value}).status < FAULT, (path, name)


@pytest.mark.parametrize("value", MADE_UP.values(), ids=MADE_UP)
def test_no_field_about_messages(world: World, value: str) -> None:
    desk = world.desk("boss-2", role="supervisor")
    token = desk.get("/messages").fields("/sign-out")
    for do in ("ask", "confirm", "withdraw", "dealt"):
        sent = {**token, "do": do, "seen": "x", "which": "x"}
        for name in ("do", "seen", "which"):
            assert desk.send("/messages", {**sent, name: value}).status < FAULT, (do, name)


@pytest.mark.parametrize("value", MADE_UP.values(), ids=MADE_UP)
def test_no_field_of_a_victim(world: World, value: str) -> None:
    victim = world.victim(seed_case(world.deps))
    of_case = ("/case/message", "/case/code", "/case/open", "/case/rhythm")
    for path in (*of_case, "/what-might-help", "/check-a-message"):
        form = victim.get(path).fields(path)
        for name in {*form, "keep", "rhythm", "age", "health", "change"} - {"csrf_token"}:
            sent = victim.send(path, {**form, "message": "Words", name: value})
            assert sent.status < FAULT, (path, name)
    form = victim.get("/case/needs/3").fields("/case/needs")
    victim.send("/case/measures/add", {**form, "measure": "screen"})
    theirs = {"measure": "screen", "do": "view", "view_screen": "Words", "mark": "none"}
    for path in ("/case/measures", "/case/measures/add"):
        for name in theirs:
            sent = victim.send(path, {**form, **theirs, name: value})
            assert sent.status < FAULT, (path, name)
    agreed = {"partner": "new_era", "scope_new_era": "needs", "until_new_era": "day"}
    agreed |= {"day_new_era": "tomorrow", "seen": "", "stop": ""}
    for name in agreed:
        sent = victim.send("/case/support", {**form, **agreed, name: value})
        assert sent.status < FAULT, name
    safe = victim.get("/case/contact/change").fields("/case/contact/change")
    more = {"way_phone": "yes", "days": "0", "may_tell": "new_era", "drop_code_word": "yes"}
    for path in ("/case/contact", "/case/contact/change"):
        for name in {*safe, *more, "links"} - {"csrf_token"}:
            sent = victim.send(path, {**safe, **more, name: value})
            assert sent.status < FAULT, (path, name)
    for path in ("/case/needs", "/case/needs/withdraw"):
        for name in {*form, "chosen"} - {"csrf_token"}:
            sent = victim.send(path, {**form, "communication_more": "Words", name: value})
            assert sent.status < FAULT, (path, name)


@pytest.mark.parametrize("value", [*MADE_UP.values(), "\ud800", "../../force"])
def test_no_field_and_no_address_of_a_partner(world: World, value: str) -> None:
    world = with_partners(world)
    case, session = seed_case(world.deps), supporter(world)
    says_yes(world, case)
    task = has_task(world, case, session)
    me = session.member
    desk = world.desk(me.id, role="partner", team=me.team, name=me.name)
    token, here = token_of(desk), f"/support/{case.key}"
    forms = {
        "view": {"text": "Words", "seen": ""},
        "task": {"task": "talk", "words": "Words", "due_on": "tomorrow", "form_key": "k"},
        "done": {"promise": task.id},
    }
    sent = value.encode("utf-8", "replace").decode()
    for form, fields in forms.items():
        filled = {**token, "victim": case.victim, **fields}
        for name in {*fields, "victim"}:
            assert desk.send(f"{here}/{form}", {**filled, name: sent}).status < FAULT, (form, name)
    made_up = quote(value[:2000], safe="", errors="replace")
    for path in ("/?page={}", "/support/{}", f"{here}?victim={{}}", f"{here}?victim=x&done={{}}"):
        assert desk.get(path.format(made_up)).status < FAULT, path


@pytest.mark.parametrize("value", [*MADE_UP.values(), "\ud800", "../../force"])
def test_no_address(world: World, value: str) -> None:
    made_up = quote(value[:2000], safe="", errors="replace")
    case = seed_case(world.deps)
    victim, desk = world.victim(case), world.desk("boss-3", role="supervisor")
    for path in (
        "/case?older={}",
        "/case/thread/{}",
        "/case/message/{}",
        "/case/needs/{}",
        "/case/contact?done={}",
        "/case/measures?done={}",
        "/case/support?done={}",
    ):
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
        f"{here}/support?victim={{}}",
        f"{here}/support?victim={case.victim}&done={{}}",
        f"{here}/line?victim={case.victim}&promise={{}}",
        f"{here}/line?victim={{}}&promise=x",
        f"/support/{case.key}/line?victim={{}}&promise={{}}",
        f"{here}/measures?victim={{}}",
        f"{here}/measures?victim={case.victim}&done={{}}",
        f"{here}/measures/step?victim={case.victim}&measure={{}}&to={{}}",
        f"{here}/measures/step?victim={{}}&measure=screen&to=asked",
        f"{here}/measures/step?victim={case.victim}&measure=screen&to=asked&why={{}}",
        f"{here}/measures/view?victim={case.victim}&measure={{}}",
        f"{here}/unwell?victim={{}}",
        f"{here}/review?victim={{}}",
        f"{here}/review?victim={case.victim}&done={{}}",
        f"{here}/task?victim={case.victim}&promise={{}}",
        f"{here}/task?victim={{}}&promise=x",
        "/court?week={}",
        "/court?after={}",
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

"""What happened in a case before a test begins, written by the services that people use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.messages import Message
from chalicelib.services.ask_officer import ask_officer, keep_for_later
from chalicelib.services.choose_rhythm import rhythm_parts
from chalicelib.services.follow import begin_parts
from chalicelib.services.open_case import open_case
from chalicelib.services.victim_sessions import find_session
from tests.builders import seed_code

if TYPE_CHECKING:
    from chalicelib.services.deps import Deps
    from tests.browser.hub import Hub
    from tests.builders import SeededCase

ELSEWHERE = "192.0.2.1"


def earlier(hub: Hub, days: float) -> Deps:
    """Return what services need, on a day that is over."""
    return replace(hub.deps, now=lambda: hub.clock() - timedelta(days=days))


def asked(
    hub: Hub, case: SeededCase, *texts: str, days_ago: float = 0, victim: str | None = None
) -> None:
    """Let a victim ask, one question after the other."""
    deps = earlier(hub, days_ago)
    code = seed_code(deps, case, victim)
    token = open_case(deps, reference=case.reference, code=code, address=ELSEWHERE)
    session = find_session(deps, token)
    for text in texts:
        ask_officer(deps, session, text, deps.new_token())


def followed(hub: Hub, case: SeededCase, rhythm: str, *, days_ago: float = 0) -> None:
    """Follow the victims of a case as an import does, and agree on a rhythm if one is named."""
    deps = earlier(hub, days_ago)
    read = deps.cases.read(case.key)
    assert read is not None
    for victim in read.victims:
        deps.ledger.write(begin_parts(deps, read, victim))
        if rhythm:
            file = deps.threads.read(victim.key)
            deps.ledger.write(
                rhythm_parts(deps, read, victim.key, file, rhythm, by=read.officer.name)
            )


def answered(hub: Hub, case: SeededCase, text: str, *, days_ago: float = 0) -> None:
    """Answer the first victim's newest question."""
    deps = earlier(hub, days_ago)
    thread = deps.threads.read(case.victim).threads[0]
    words = Message(text, deps.now(), by_victim=False, officer_name="PC Example")
    parts = [
        deps.threads.new_answer(case.victim, thread, words),
        deps.threads.keep_promise(thread.promise, deps.now(), how="here", recorded_at=deps.now()),
    ]
    deps.ledger.write(parts)


def kept(hub: Hub, case: SeededCase, text: str) -> None:
    """Let the first victim keep a question for later."""
    code = seed_code(hub.deps, case)
    token = open_case(hub.deps, reference=case.reference, code=code, address=ELSEWHERE)
    keep_for_later(hub.deps, find_session(hub.deps, token), text)

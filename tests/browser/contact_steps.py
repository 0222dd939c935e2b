"""Safe contact, safe mode and hard news before a test begins, by the services that people use."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.contact import SafeContact
from chalicelib.services.contact_changes import ContactSaid
from chalicelib.services.keep_contact import note_contact, set_contact
from chalicelib.services.keep_safety import choose_hearing, hide_history, wish_safe_mode
from chalicelib.services.open_case import open_case
from chalicelib.services.staff_sessions import find_staff_session
from chalicelib.services.victim_sessions import find_session
from tests.browser.stories import ELSEWHERE, earlier
from tests.builders import seed_staff

if TYPE_CHECKING:
    from chalicelib.domain.sessions import VictimSession
    from chalicelib.services.deps import Deps
    from tests.browser.hub import Hub
    from tests.builders import SeededCase

NUMBER, MAIL, WORD = "07700 900123", "juniper@mail.example", "bluebell"
IN_THE_MORNING = time(10)


def at_ten(hub: Hub) -> None:
    """Go on to the next ten o'clock, so that it is within everybody's hours."""
    now = hub.clock()
    ten = datetime.combine(now.date(), IN_THE_MORNING, UTC)
    hub.clock.ahead += (ten if ten > now else ten + timedelta(days=1)) - now


def agree(hub: Hub, case: SeededCase, *, days_ago: float = 0, **changes: Any) -> None:
    """Let the first victim say how to contact them: calls and texts by day, no letters."""
    known: dict[str, Any] = {
        "ways": {"phone": NUMBER, "text": NUMBER},
        "never": frozenset({"post"}),
        "days": frozenset(range(7)),
        "first": time(9),
        "last": time(17),
        "who_else": "My sister Rowan. Say that the library rings.",
        "code_word": WORD,
        "notify_by": "text",
        "may_tell": frozenset({"isva_service"}),
        "more": "He looks at my phone in the evening.",
    }
    deps = earlier(hub, days_ago)
    seen = hub.deps.threads.read(case.victim).contact.version
    said = ContactSaid(SafeContact(**{**known, **changes}), seen)
    set_contact(deps, _session(hub, deps, case), said)


def note(hub: Hub, case: SeededCase, more: str) -> None:
    """Let the officer in charge write down with the first victim how to contact them."""
    read = hub.deps.cases.read(case.key)
    assert read is not None
    by = read.officer
    session = find_staff_session(hub.deps, seed_staff(hub.deps, by.id, team=by.team, name=by.name))
    seen = hub.deps.threads.read(case.victim).contact.version
    note_contact(
        hub.deps, session, case.key, case.victim, ContactSaid(SafeContact(more=more), seen)
    )


def wish(hub: Hub, case: SeededCase, *, on: bool) -> None:
    """Let the first victim turn safe mode on, or ask for it to be off."""
    session = _session(hub, hub.deps, case)
    wish_safe_mode(hub.deps, session, on=on, seen=_seen(hub, case))


def hide(hub: Hub, case: SeededCase) -> None:
    """Let the first victim take what was said before off their page."""
    hide_history(hub.deps, _session(hub, hub.deps, case), hides=True, seen=_seen(hub, case))


def hear(hub: Hub, case: SeededCase, hears: str) -> None:
    """Let the first victim choose how they hear hard news."""
    choose_hearing(hub.deps, _session(hub, hub.deps, case), hears, _seen(hub, case))


def _seen(hub: Hub, case: SeededCase) -> int:
    return hub.deps.threads.read(case.victim).safety.version


def _session(hub: Hub, deps: Deps, case: SeededCase) -> VictimSession:
    token = open_case(deps, reference=case.reference, code=hub.code(case), address=ELSEWHERE)
    return find_session(deps, token)

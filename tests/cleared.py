"""Messages as the gate clears them, for tests of whoever carries them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import count

from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.contact import EMAIL, TEXT, SafeContact
from chalicelib.domain.gate import Cleared, clear_officer, clear_victim
from chalicelib.domain.notices import Notice, to_officer, to_victim
from chalicelib.domain.staff import StaffMember
from chalicelib.rules import load_rules

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOME = "https://your-information.example"
PAIR = "amber otter"
WAYS = {TEXT: "07700 900123", EMAIL: "rowan@home.example"}
_numbers = count(1)


def new_receipt() -> str:
    """Return a receipt that no other message has."""
    return f"{next(_numbers):024x}"


def to_a_victim(
    channel: str, *, address: str = "", linked: bool = False, home: str = HOME
) -> Cleared:
    """Return a message to a victim who agreed to this channel, to links or to none."""
    contact = SafeContact(
        ways={channel: address or WAYS[channel]},
        days=frozenset(range(7)),
        first=time(0),
        last=time(23),
        notify_by=channel,
        links=linked,
        confirmed_at=NOON,
    )
    answer = clear_victim(
        Notice(to_victim(VictimKey("victim")), wanted=1),
        contact,
        safe_mode=False,
        has_left=False,
        now=NOON,
        receipt=new_receipt(),
        pair=PAIR,
        home=home,
        rules=load_rules(),
    )
    assert isinstance(answer, Cleared)
    return answer


def to_an_officer() -> Cleared:
    """Return a message to an officer's work e-mail."""
    officer = OfficerId("pc-example")
    member = StaffMember(
        officer, "PC Example", "0001", TeamId("stafford"), email="rowan@desk.example"
    )
    answer = clear_officer(
        Notice(to_officer(officer), wanted=1),
        member,
        now=NOON,
        receipt=new_receipt(),
        pair=PAIR,
        rules=load_rules(),
    )
    assert isinstance(answer, Cleared)
    return answer

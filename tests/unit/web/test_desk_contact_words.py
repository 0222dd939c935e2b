"""How staff read of safe contact: in a line of a list, and in full on a page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from chalicelib.domain.cases import Case, CaseKey, StageEntry, Victim, VictimKey
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.promises import UPDATE, Promise, Working
from chalicelib.domain.safety import OFF, ON, Safety
from chalicelib.rules import load_rules
from chalicelib.services.ports import ContactShown
from chalicelib.web.staff.contact_block import contact_block, contact_first
from chalicelib.web.staff.contact_words import contact_line, days_words, warns_in_lists
from tests.builders import OFFICER

RULES = load_rules()
CASE_KEY = CaseKey("k1")
NUMBER = "07700 900123"
# A Wednesday, 10am in London.
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
ASKED = datetime(2026, 11, 2, 10, tzinfo=UTC)
TOO_OLD = datetime(2026, 8, 2, 10, tzinfo=UTC)
RING: dict[str, Any] = {
    "ways": {"phone": NUMBER},
    "days": frozenset(range(5)),
    "first": time(9),
    "last": time(16),
    "confirmed_at": ASKED,
    "confirmed_by": "PC Example",
}
NOTHING = "Here only: nothing agreed. Ask before you ring, write or visit."


def _agreed(**changes: Any) -> SafeContact:
    return SafeContact(**{**RING, **changes})


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        (SafeContact(), NOTHING),
        (_agreed(ways={}), "Here only, as they agreed."),
        (
            _agreed(),
            f"Only as agreed: phone call {NUMBER}. Mon to Fri 9am to 4pm. Leave no message.",
        ),
        (
            _agreed(
                code_word="bluebell", leave_words="Please ring me", days=frozenset({0, 2, 5, 6})
            ),
            (
                f"Only as agreed: phone call {NUMBER}. Mon, Wed, Sat, Sun 9am to 4pm. "
                "Code word set. Some words may be left."
            ),
        ),
        (
            _agreed(first=time(10, 30)),
            (
                f"Only as agreed: phone call {NUMBER}. Mon to Fri 10:30am to 4pm. Not now. "
                "Leave no message."
            ),
        ),
        (
            _agreed(days=frozenset(), first=None, last=None),
            (
                f"Only as agreed: phone call {NUMBER}. No days and hours agreed: ask. "
                "Leave no message."
            ),
        ),
        (
            _agreed(ways={"post": "1 Example Road"}, never=frozenset({"phone", "email"})),
            "Only as agreed: letter. Mon to Fri 9am to 4pm. Never: phone call, e-mail.",
        ),
        (
            _agreed(confirmed_at=TOO_OLD, never=frozenset({"post"})),
            "Do not contact: not confirmed since 2 August 2026. Never: letter.",
        ),
        # Nobody relies on a way that is never used, whatever else stands there.
        (
            _agreed(never=frozenset({"phone"})),
            "Here only, as they agreed. Never: phone call.",
        ),
    ],
)
def test_a_line_says_how_when_and_what_never(contact: SafeContact, line: str) -> None:
    assert contact_line(contact, NOW, RULES, safe_mode=False) == line
    assert contact_line(contact, NOW, RULES, safe_mode=True) == f"Safe mode. {line}"


def test_hours_are_those_of_london_in_summer_too() -> None:
    asked = datetime(2026, 7, 1, tzinfo=UTC)
    contact = _agreed(confirmed_at=asked)
    # 8:30am UTC is 9:30am on a Wednesday of July, and 3:30pm UTC is past four.
    early, late = datetime(2026, 7, 8, 8, 30, tzinfo=UTC), datetime(2026, 7, 8, 15, 30, tzinfo=UTC)
    assert "Not now." not in contact_line(contact, early, RULES, safe_mode=False)
    assert "Not now." in contact_line(contact, late, RULES, safe_mode=False)


def test_it_is_too_old_from_the_very_moment_on() -> None:
    ends = ASKED + timedelta(days=RULES.limits.contact_days)
    before = contact_line(_agreed(), ends - timedelta(seconds=1), RULES, safe_mode=False)
    assert NUMBER in before
    after = contact_line(_agreed(), ends, RULES, safe_mode=False)
    assert after == "Do not contact: not confirmed since 2 November 2026."


def test_a_board_says_the_ways_and_no_number() -> None:
    line = contact_line(_agreed(), NOW, RULES, safe_mode=False, with_addresses=False)
    assert line == "Only as agreed: phone call. Mon to Fri 9am to 4pm. Leave no message."


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({0}, "Mon"),
        ({0, 1}, "Mon, Tue"),
        ({0, 1, 2, 4}, "Mon to Wed, Fri"),
        (range(7), "Every day"),
    ],
)
def test_days_are_short_and_runs_by_their_ends(days: set[int], words: str) -> None:
    assert days_words(frozenset(days)) == words


def test_a_list_warns_by_flag_and_by_wish_and_never_less() -> None:
    flagged, plain = _promise(safe_mode=True), _promise(safe_mode=False)
    assert warns_in_lists(flagged, Safety())
    assert warns_in_lists(plain, Safety(wish=ON))
    assert warns_in_lists(flagged, Safety(wish=OFF))
    assert not warns_in_lists(plain, Safety())
    assert not warns_in_lists(plain, Safety(wish=OFF))


def _promise(*, safe_mode: bool) -> Promise:
    return Promise(
        id="p1",
        kind=UPDATE,
        case_key=CASE_KEY,
        victim=VictimKey("v1"),
        reference="12/345678/90",
        owed="An update",
        due_on=NOW.date(),
        made_at=NOW,
        owner=OFFICER.id,
        team=OFFICER.team,
        subject="1",
        working=Working("update", NOW.date(), 20, "our standard"),
        safe_mode=safe_mode,
    )


# --- in full


def _case(*flags: str) -> Case:
    reported = StageEntry("e1", "reported", date(2026, 11, 1), NOW, "desk")
    people = tuple(Victim(VictimKey(f"v{n}"), f"V{n}", enhanced_rights=False) for n in (1, 2))
    reference, day = "12/345678/90", date(2026, 11, 1)
    return Case(
        CASE_KEY, reference, "burglary", frozenset(flags), day, OFFICER, (reported,), people
    )


def _rows(contact: SafeContact, *flags: str) -> dict[str, str]:
    case = _case(*flags)
    return dict(contact_block(case, case.victims[0], ContactShown(contact), NOW, RULES).rows)


def test_whoever_rings_reads_all_that_was_agreed() -> None:
    contact = _agreed(
        ways={"phone": NUMBER, "email": "somebody@mail.example"},
        never=frozenset({"post"}),
        code_word="bluebell",
        leave_words="Please ring\nme",
        who_else="My sister",
        more="Ring twice.",
        notify_by="email",
        links=True,
        may_tell=frozenset({"new_era"}),
    )
    assert _rows(contact) == {
        "Phone call": NUMBER,
        "E-mail": "somebody@mail.example",
        "Never": "Letter. Any other way was not agreed.",
        "Days and hours": "Mon to Fri 9am to 4pm. Now is within them.",
        "Code word, which they say and you never first": "bluebell",
        "If nobody answers": "Leave only this: “Please ring me”",
        "If somebody else answers": "My sister",
        "Messages from here": "E-mail, with a link, English",
        "If we cannot reach them, we may tell": "New Era",
        "Besides": "Ring twice.",
    }


def test_what_was_not_said_is_a_no() -> None:
    assert _rows(_agreed()) == {
        "Phone call": NUMBER,
        "Never": "Any other way was not agreed.",
        "Days and hours": "Mon to Fri 9am to 4pm. Now is within them.",
        "Code word": "None was set",
        "If nobody answers": "Leave no message",
        "If somebody else answers": "Nobody else was named: say nothing of the case",
        "Messages from here": "None",
        "If we cannot reach them, we may tell": "Nobody",
    }
    assert _rows(SafeContact()) == {}


def test_in_safe_mode_no_message_goes_out_whatever_was_agreed() -> None:
    texts = _agreed(ways={"text": NUMBER}, notify_by="text")
    assert _rows(texts)["Messages from here"] == "Text message, without a link, English"
    flagged = _rows(texts, "domestic_abuse")
    assert flagged["Messages from here"] == "None: safe mode"


def test_in_safe_mode_nobody_writes_where_messages_are_sent_though_it_was_agreed_before() -> None:
    contact = _agreed(ways={"phone": NUMBER, "text": NUMBER, "post": "Flat 4\n1 Example Road"})
    line = contact_line(contact, NOW, RULES, safe_mode=True)
    assert line.startswith(f"Safe mode. Only as agreed: phone call {NUMBER}, letter. Mon")
    assert "Text message" not in _rows(contact, "domestic_abuse")
    assert _rows(contact)["Letter"] == "Flat 4, 1 Example Road"


def test_words_that_run_the_other_way_turn_nothing_around_them() -> None:
    rows = _rows(_agreed(who_else="\u202emy sister", code_word="blue\u2066bell"))
    assert rows["If somebody else answers"] == "my sister"
    assert rows["Code word, which they say and you never first"] == "bluebell"


def test_a_block_says_who_asked_and_until_when_it_may_be_relied_on() -> None:
    case = _case()

    def block(contact: SafeContact) -> tuple[str, bool, bool]:
        made = contact_block(case, case.victims[0], ContactShown(contact), NOW, RULES)
        return made.note, made.holds, made.may_ring

    assert block(SafeContact()) == (
        "Nobody has asked them yet how to contact them safely.", False, False
    )  # fmt: skip
    assert block(_agreed()) == (
        ("Confirmed by PC Example, Monday 2 November 2026 at 10am. "
        "It may be relied on until Sunday 31 January 2027."), True, True
    )  # fmt: skip
    assert block(_agreed(confirmed_by="victim", confirmed_at=TOO_OLD)) == (
        ("Confirmed by the victim, Sunday 2 August 2026 at 11am. It is too old since "
        "Saturday 31 October 2026: do not contact them by it. Ask again."), False, False
    )  # fmt: skip
    assert block(_agreed(ways={"post": "1 Example Road"}))[1:] == (True, False)
    assert block(_agreed(never=frozenset({"phone"})))[1:] == (True, False)


def test_a_page_has_a_line_for_each_victim_that_is_known() -> None:
    case = _case()
    known = {VictimKey(victim.key): ContactShown() for victim in case.victims}
    assert [each.name for each in contact_first(case, known, NOW, RULES)] == [
        "Victim V1",
        "Victim V2",
    ]
    assert contact_first(case, {}, NOW, RULES) == []

"""When safe mode is on: by crime type and flags, by wish, and until an officer confirmed it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.cases import Case, CaseKey, Officer, OfficerId, TeamId
from chalicelib.domain.contact import BY_VICTIM
from chalicelib.domain.safety import (
    Safety,
    asked_off,
    asks_to_be_off,
    confirmed_off,
    in_safe_mode,
    turned_on,
)
from chalicelib.rules import load_rules

RULES = load_rules()
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
NOBODY_KNOWN = Safety()
WISHES_ON = turned_on(NOBODY_KNOWN, NOW, BY_VICTIM)
WISHES_OFF = asked_off(NOBODY_KNOWN, NOW)


def _case(crime_type: str = "burglary", *flags: str) -> Case:
    return Case(
        key=CaseKey("k"),
        reference="12/345678/90",
        crime_type=crime_type,
        flags=frozenset(flags),
        reported_on=date(2026, 11, 2),
        officer=Officer(OfficerId("pc"), "PC Example", "0001", TeamId("stafford")),
        victims=(),
        entries=(),
        updates=(),
    )


def _confirmed(case: Case) -> Safety:
    return confirmed_off(WISHES_OFF, case, NOW, by="PC Example", why="They live alone now.")


ABUSE = _case("burglary", "domestic_abuse")


@pytest.mark.parametrize(
    ("case", "safety", "is_on"),
    [
        (_case(), NOBODY_KNOWN, False),
        (ABUSE, NOBODY_KNOWN, True),
        (_case("nobody knows this"), NOBODY_KNOWN, True),
        (_case("burglary", "nobody knows this"), NOBODY_KNOWN, True),
        (_case(), WISHES_ON, True),
        (ABUSE, WISHES_ON, True),
        # A wish alone turns nothing off, and whoever asks for it is treated as in danger.
        (ABUSE, WISHES_OFF, True),
        (_case(), WISHES_OFF, True),
        (ABUSE, _confirmed(ABUSE), False),
        (_case(), _confirmed(_case()), False),
        # What came after the confirmation turns it on again; what went does not.
        (ABUSE, _confirmed(_case()), True),
        (_case(), _confirmed(ABUSE), False),
        (_case("burglary", "child"), _confirmed(ABUSE), True),
        (_case("theft"), _confirmed(_case()), True),
    ],
)
def test_safe_mode_is_on_unless_wished_and_confirmed_off(
    case: Case, safety: Safety, *, is_on: bool
) -> None:
    assert in_safe_mode(case, safety, RULES) is is_on


def test_each_wish_needs_a_confirmation_of_its_own() -> None:
    case = _case("burglary", "domestic_abuse")
    confirmed = _confirmed(case)
    again = asked_off(turned_on(confirmed, NOW, BY_VICTIM), NOW)
    assert in_safe_mode(case, again, RULES)
    assert asks_to_be_off(again)
    assert in_safe_mode(case, asked_off(confirmed, NOW), RULES)


def test_only_a_wish_that_nobody_confirmed_waits() -> None:
    waits = {
        name: asks_to_be_off(safety)
        for name, safety in {
            "nothing said": NOBODY_KNOWN,
            "on": WISHES_ON,
            "off": WISHES_OFF,
            "confirmed": _confirmed(_case()),
        }.items()
    }
    assert waits == {"nothing said": False, "on": False, "off": True, "confirmed": False}


def test_what_else_was_chosen_stays() -> None:
    chosen = replace(NOBODY_KNOWN, hides_history=True, hears="here", version=3)
    for now in (turned_on(chosen, NOW, BY_VICTIM), asked_off(chosen, NOW)):
        assert (now.hides_history, now.hears, now.version) == (True, "here", 3)

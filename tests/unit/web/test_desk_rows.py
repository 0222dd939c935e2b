"""How a promise stands in a list on a given day, and which addresses are ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.promises import REPLY, TELL, Promise, Working
from chalicelib.services.worklist import Group, group_of
from chalicelib.web.staff.desk import our_path
from chalicelib.web.staff.rows import due_alone, row_of

FRIDAY = date(2026, 11, 20)
SATURDAY, SUNDAY, MONDAY = (FRIDAY + timedelta(days=days) for days in (1, 2, 3))


def _promise(due_on: date, kind: str = TELL) -> Promise:
    return Promise(
        id="p1",
        kind=kind,
        case_key="k",
        victim=VictimKey("v"),
        reference="12/345678/90",
        owed="An answer to your question",
        due_on=due_on,
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
        owner=OfficerId("o"),
        team=TeamId("t"),
        subject="1",
        working=Working("contact.reply", due_on, 5, "our standard"),
    )


@pytest.mark.parametrize(
    ("today", "due_on", "group"),
    [
        (FRIDAY, FRIDAY - timedelta(days=1), Group.LATE),
        (FRIDAY, FRIDAY, Group.TODAY),
        (FRIDAY, SATURDAY, Group.THIS_WEEK),
        (FRIDAY, SUNDAY, Group.THIS_WEEK),
        (FRIDAY, MONDAY, Group.LATER),
        (SUNDAY, SUNDAY, Group.TODAY),
        (SUNDAY, MONDAY, Group.LATER),
        (MONDAY, MONDAY + timedelta(days=6), Group.THIS_WEEK),
        (MONDAY, MONDAY + timedelta(days=7), Group.LATER),
    ],
)
def test_a_week_ends_on_sunday(today: date, due_on: date, group: Group) -> None:
    assert group_of(_promise(due_on), today) == group


@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_question_in_time_stands_with_the_questions_whenever_it_is_due(days: int) -> None:
    assert group_of(_promise(FRIDAY + timedelta(days=days), REPLY), FRIDAY) == Group.QUESTIONS


def test_a_late_question_is_late_first_of_all() -> None:
    assert group_of(_promise(FRIDAY - timedelta(days=1), REPLY), FRIDAY) == Group.LATE


@pytest.mark.parametrize(
    ("due_on", "state"),
    [
        (FRIDAY - timedelta(days=1), "Late by 1 day"),
        (FRIDAY - timedelta(days=9), "Late by 9 days"),
        (FRIDAY, "Today"),
        (SATURDAY, ""),
    ],
)
def test_late_and_today_are_said_in_words(due_on: date, state: str) -> None:
    assert row_of(_promise(due_on), FRIDAY).state == state


def test_a_due_date_alone_says_nothing_else() -> None:
    row = due_alone(_promise(FRIDAY, REPLY), FRIDAY)
    assert row.due == "Friday 20 November 2026"
    assert not any((row.what, row.reference, row.address, row.button))


@pytest.mark.parametrize(
    "path",
    ["/", "/team", "/cases/abc/told", "/cases/abc/codes/new?victim=a2&x=1", "/?after=MjA_-%3D"],
)
def test_our_own_paths_are_ours(path: str) -> None:
    assert our_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "team",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a/../..//evil",
        "/a?b=https://evil.example",
        "/a\r\nb",
        "/a#b",
        "/é",
        "/" + "a" * 500,
    ],
)
def test_whatever_else_is_the_first_page(path: str) -> None:
    assert our_path(path) == "/"

"""The officer's list, and what each role finds on its first page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.promises import REPLY
from chalicelib.domain.staff import Absence
from tests.builders import seed_case
from tests.integration.web.desk_steps import lines_about, new_officer, owe

if TYPE_CHECKING:
    from chalicelib.domain.cases import Officer
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

# The world's clock stands on Wednesday 18 November 2026.
TODAY = date(2026, 11, 18)


def _desk(world: World, officer: Officer, role: str = "officer") -> Visitor:
    return world.desk(officer.id, role=role, team=officer.team, name=officer.name)


def _headings(seen: Seen) -> list[str]:
    return [" ".join("".join(h.itertext()).split()) for h in seen.tree.iter("h2")]


def _rows(seen: Seen) -> list[str]:
    return [" ".join("".join(row.itertext()).split()) for row in seen.tree.iter("li")]


def _references(seen: Seen) -> list[str]:
    rows = [row for row in _rows(seen) if "Reference" in row]
    return [row.split("Reference ")[1].split()[0].strip(",") for row in rows]


def _title(seen: Seen) -> str:
    return next("".join(title.itertext()) for title in seen.tree.iter("title"))


def _next(seen: Seen) -> str | None:
    links = [a.get("href") for a in seen.tree.iter("a") if a.get("rel") == "next"]
    return links[0] if links else None


def test_the_list_is_in_groups_the_late_first_then_the_questions(world: World) -> None:
    officer = new_officer()
    later = owe(world, officer, TODAY + timedelta(days=12))
    week = owe(world, officer, date(2026, 11, 22))
    today = owe(world, officer, TODAY)
    question = owe(world, officer, TODAY + timedelta(days=5), kind=REPLY)
    late = owe(world, officer, TODAY - timedelta(days=1), kind=REPLY)
    seen = _desk(world, officer).get("/")
    assert _headings(seen) == [
        "Late (1)",
        "Questions waiting (1)",
        "Today (1)",
        "This week (1)",
        "Later (1)",
        "Find a case",
    ]
    assert _references(seen) == [p.reference for p in (late, question, today, week, later)]
    assert "Late by 1 day Tuesday 17 November 2026" in seen.main
    assert "Monday 23 November 2026 Answer a question Not read yet" in seen.main
    assert "Today Wednesday 18 November 2026 Tell the victim of a decision" in seen.main


def test_each_row_leads_to_the_shortest_way_to_keep_it(world: World) -> None:
    officer = new_officer()
    promise = owe(world, officer, TODAY, kind=REPLY)
    seen = _desk(world, officer).get("/")
    assert f'href="/cases/{promise.case_key}#promise-{promise.id}"' in seen.body


def test_the_title_counts_what_nobody_has_read(world: World) -> None:
    officer = new_officer()
    desk = _desk(world, officer)
    assert _title(desk.get("/")) == "Your list"
    first = owe(world, officer, TODAY, kind=REPLY)
    owe(world, officer, TODAY - timedelta(days=1), kind=REPLY)
    owe(world, officer, TODAY)
    assert _title(desk.get("/")) == "Your list: 2 unread questions"
    world.deps.ledger.write([world.deps.threads.see_promise(first, world.clock())])
    assert _title(desk.get("/")) == "Your list: 1 unread question"


def test_an_empty_list_says_so(world: World) -> None:
    assert "Nothing is waiting for you." in _desk(world, new_officer()).get("/").main


def test_a_kept_promise_leaves_the_list(world: World) -> None:
    officer = new_officer()
    promise = owe(world, officer, TODAY)
    world.deps.ledger.write(
        [
            world.deps.threads.keep_promise(
                promise, world.clock(), how="here", recorded_at=world.clock()
            )
        ]
    )
    assert not _references(_desk(world, officer).get("/"))


def test_pages_of_25_go_on_behind_the_last_row_whatever_happens_before_it(world: World) -> None:
    officer = new_officer()
    promises = [owe(world, officer, TODAY + timedelta(days=day)) for day in range(60)]
    desk = _desk(world, officer)
    first = desk.get("/")
    assert _references(first) == [p.reference for p in promises[:25]]
    assert "Later (55)" in _headings(first)
    # A row before it goes and another comes: the next page is the same all the same.
    world.deps.ledger.write(
        [
            world.deps.threads.keep_promise(
                promises[3], world.clock(), how="here", recorded_at=world.clock()
            )
        ]
    )
    owe(world, officer, TODAY - timedelta(days=3))
    second = desk.get(_next(first) or "")
    assert _references(second) == [p.reference for p in promises[25:50]]
    third = desk.get(_next(second) or "")
    assert _references(third) == [p.reference for p in promises[50:]]
    assert _next(third) is None
    assert "Back to the top of the list" in third.main


@pytest.mark.parametrize("cursor", ["", "%%%", "bm90IGpzb24=", "x" * 3000, "%00", "🦆"])
def test_a_cursor_that_is_not_ours_is_a_page_all_the_same(world: World, cursor: str) -> None:
    officer = new_officer()
    owe(world, officer, TODAY)
    assert _desk(world, officer).get(f"/?after={cursor}").status == 200
    assert _desk(world, officer, "supervisor").get(f"/team?after={cursor}").status == 200


def test_one_audit_line_names_the_cases_shown(world: World) -> None:
    officer = new_officer()
    promises = [owe(world, officer, TODAY + timedelta(days=day)) for day in range(27)]
    _desk(world, officer).get("/")
    ((who, what, _, cases),) = lines_about(f"staff {officer.id}")
    assert who == f"officer {officer.id}"
    assert what == "opened their list"
    assert cases == {promise.case_key for promise in promises[:25]}


def test_the_list_takes_five_requests_however_long_it_is(world: World) -> None:
    officer = new_officer()
    desk = _desk(world, officer)
    for rows in (0, 1, 30):
        for _ in range(rows):
            owe(world, officer, TODAY)
        with world.watched() as calls:
            desk.get("/")
        needs = {"BatchGetItem": 1} if rows else {}
        assert calls.names == {"GetItem": 1, "Query": 2, **needs, "TransactWriteItems": 1}


def test_nothing_is_shown_when_the_audit_line_cannot_be_written(world: World) -> None:
    officer = new_officer()
    promise = owe(world, officer, TODAY)
    desk = _desk(world, officer)
    world.deps.ledger.write([world.deps.access.end_sessions_of(officer.id, world.clock())])
    seen = desk.get("/")
    assert seen.location == "/sign-in?next=/"
    assert promise.reference not in seen.body


def test_who_answers_for_somebody_away_sees_their_rows_too(world: World) -> None:
    officer = new_officer("PC Away")
    cover = new_officer("PC Cover", officer.team)
    promise = owe(world, officer, TODAY, kind=REPLY)
    hidden = owe(world, officer, TODAY, flags=["restricted"])
    desk = _desk(world, cover)
    _desk(world, officer)
    assert not _references(desk.get("/"))
    _is_away(world, officer, cover)
    seen = desk.get("/")
    assert _references(seen) == [promise.reference]
    assert "for PC Away, who is away" in seen.main
    assert hidden.reference not in seen.body
    world.clock.forward(days=3)
    desk = _desk(world, cover)
    assert not _references(desk.get("/"))


def _is_away(world: World, officer: Officer, cover: Officer) -> None:
    until = TODAY + timedelta(days=2)
    absence = Absence(world.deps.new_id(), officer.id, TODAY, until, cover.id)
    world.deps.ledger.write([world.deps.cases.keep_absence(absence)])


# --- the first page of each role


def test_the_administrator_goes_to_the_staff_list(world: World) -> None:
    assert _desk(world, new_officer(), "administrator").get("/").location == "/admin"


def test_a_partner_of_no_agency_reads_whom_to_ask(world: World) -> None:
    seen = _desk(world, new_officer(), "partner").get("/")
    assert seen.status == 200
    assert "your team is not that of a partner agency" in seen.main
    assert "Ask the administrator" in seen.main
    assert not seen.has_form("/search")


def test_witness_care_is_told_which_cases_exist_for_them(world: World) -> None:
    seen = _desk(world, new_officer(), "witness_care").get("/")
    assert "from charge on" in seen.main
    assert seen.has_form("/search")


def test_a_supervisor_has_a_list_and_a_way_to_the_teams(world: World) -> None:
    officer = new_officer()
    promise = owe(world, officer, TODAY)
    seen = _desk(world, officer, "supervisor").get("/")
    assert promise.reference in seen.main
    assert 'href="/team"' in seen.body


def test_the_list_of_another_officer_is_not_mine(world: World) -> None:
    officer = new_officer()
    seed_case(world.deps, officer=officer)
    theirs = owe(world, new_officer("PC Other", officer.team), TODAY)
    assert theirs.reference not in _desk(world, officer).get("/").body

"""The supervisor's board: its numbers, its rows, and promises that change hands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.promises import REPLY, TELL, UPDATE, WELCOME
from tests.integration.web.board_steps import (
    REASON,
    TODAY,
    desk_of,
    forget_requests,
    ids,
    keep,
    listed,
    now,
    numbers,
    on_leave,
    owe,
    references,
    rows,
    supervisor,
    ticked,
)
from tests.integration.web.desk_steps import lines_about, new_officer
from tests.integration.web.hostile_steps import token_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.cases import Officer
    from chalicelib.domain.promises import Promise
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor


@pytest.fixture(autouse=True)
def _no_requests(world: World) -> Iterator[None]:  # noqa: ARG001 -- the tables are there with it
    forget_requests()
    yield
    forget_requests()


def _days(days: int) -> date:
    return TODAY + timedelta(days=days)


# --- numbers


def test_each_promise_is_counted_by_when_it_is_due(world: World) -> None:
    officer = listed(world, new_officer())
    for days in (-9, -1, 0, 1, 4, 5, 30):
        owe(world, officer, _days(days), seen_at=world.clock())
    seen = supervisor(world, officer.team).get("/team")
    assert numbers(seen) == {
        "Late": 2,
        "Before court without a review": 0,
        "At risk": 0,
        "Due today": 1,
        "Due this week": 2,
        "Due later": 2,
        "Unassigned": 0,
        "Away, nobody answers": 0,
        "With a supervisor": 0,
        "No news 3 times in a row": 0,
    }
    assert "7 promises." in seen.main


def test_at_risk_is_what_nobody_looked_at_until_the_next_working_day(world: World) -> None:
    # The 25th and the 28th are bank holidays, the 26th and the 27th a weekend.
    world.clock.moment = datetime(2026, 12, 24, 9, 30, tzinfo=UTC)
    officer = listed(world, new_officer())
    at_risk = [owe(world, officer, date(2026, 12, day)) for day in (24, 28, 29)]
    owe(world, officer, date(2026, 12, 24), seen_at=world.clock())
    owe(world, officer, date(2026, 12, 29), seen_at=world.clock())
    owe(world, officer, date(2026, 12, 30))
    owe(world, officer, date(2026, 12, 23))
    desk = supervisor(world, officer.team)
    seen = desk.get("/team?show=at-risk")
    assert numbers(seen)["At risk"] == 3
    assert references(seen) == [promise.reference for promise in at_risk]
    assert "At risk (3)" in seen.main
    assert "nobody has done anything about it" in seen.main
    assert all("At risk" in row for row in rows(seen))
    assert numbers(seen)["Due this week"] == 0


def test_unassigned_is_who_is_not_or_no_longer_on_the_staff_list(world: World) -> None:
    officer = listed(world, new_officer())
    gone = listed(world, new_officer("PC Gone", officer.team), active=False)
    mine = owe(world, officer, TODAY)
    nobodys = [owe(world, who, _days(1)) for who in (gone, new_officer("PC Never", officer.team))]
    seen = supervisor(world, officer.team).get("/team?show=unassigned")
    assert numbers(seen)["Unassigned"] == 2
    assert sorted(references(seen)) == sorted(promise.reference for promise in nobodys)
    assert all("Nobody: unassigned" in row for row in rows(seen))
    assert mine.reference not in seen.body


def test_away_counts_only_where_nobody_answers(world: World) -> None:
    cover = listed(world, new_officer("PC Cover"))
    left = listed(world, new_officer("PC Left", cover.team), active=False)
    covered, alone = (listed(world, new_officer(n, cover.team)) for n in ("PC Covered", "PC Alone"))
    owe(world, covered, TODAY)
    bare = owe(world, alone, TODAY)
    on_leave(world, covered, cover)
    on_leave(world, alone, left)
    desk = supervisor(world, cover.team)
    seen = desk.get("/team?show=away")
    assert numbers(seen)["Away, nobody answers"] == 1
    assert references(seen) == [bare.reference]
    assert "PC Alone (away: nobody answers)" in rows(seen)[0]
    assert "PC Covered (away: PC Cover answers)" in desk.get("/team").main
    assert "PC Alone (away)" in seen.main


def test_what_was_raised_says_who_looks_into_it(world: World) -> None:
    officer = listed(world, new_officer())
    by = "Sergeant Yew"
    promise = owe(world, officer, _days(-3), raised_at=world.clock(), raised_to=by)
    owe(world, officer, _days(-3))
    seen = supervisor(world, officer.team).get("/team?show=raised")
    assert numbers(seen)["With a supervisor"] == 1
    assert references(seen) == [promise.reference]
    assert "Late by 3 days" in rows(seen)[0]
    assert "Sergeant Yew is looking into this." in rows(seen)[0]


def test_three_times_no_news_in_a_row_tells_the_supervisor(world: World) -> None:
    officer = listed(world, new_officer())
    counts = {n: owe(world, officer, _days(3), kind=UPDATE, nothing_new=n) for n in (0, 2, 3, 4)}
    seen = supervisor(world, officer.team).get("/team?show=nothing-new")
    assert numbers(seen)["No news 3 times in a row"] == 2
    assert sorted(references(seen)) == sorted(counts[n].reference for n in (3, 4))
    assert "nothing new 3 times in a row" in seen.main


def test_each_kind_and_each_officer_leads_to_its_rows(world: World) -> None:
    one = listed(world, new_officer("PC Zed"))
    two = listed(world, new_officer("PC Ash", one.team))
    theirs = [owe(world, one, _days(1 + n), kind=k) for n, k in enumerate((TELL, UPDATE))]
    others = [owe(world, two, _days(-1), kind=WELCOME), owe(world, two, TODAY, kind=REPLY)]
    desk = supervisor(world, one.team)
    seen = desk.get("/team")
    tables = [" ".join("".join(t.itertext()).split()) for t in seen.tree.iter("table")]
    assert "First contact 1 1" in tables[1]
    assert "Regular updates 1 0" in tables[1]
    # By name, not by number: this is no league table. It is folded away.
    assert tables[2].index("PC Ash 2 1") < tables[2].index("PC Zed 2 0")
    folded = [e for e in seen.tree.iter("details") if e.get("open") is None]
    assert len([e for e in folded if "hub-details" in (e.get("class") or "")]) == 2
    links = {a.get("aria-label"): a.get("href") or "" for a in seen.tree.iter("a")}
    of_zed = desk.get(links["2: show the rows of PC Zed"].partition("#")[0])
    assert references(of_zed) == [promise.reference for promise in theirs]
    assert "PC Zed (2)" in of_zed.main
    assert one.id not in links["2: show the rows of PC Zed"]
    first = desk.get(links["1: show the rows of First contact"].partition("#")[0])
    assert references(first) == [others[0].reference]


def test_a_number_that_is_none_leads_nowhere_and_an_empty_board_says_so(world: World) -> None:
    seen = supervisor(world).get("/team")
    assert "nothing" in seen.main
    assert "Nothing is waiting here." in seen.main
    assert not list(seen.tree.iter("table"))


# --- rows


def test_without_a_group_the_board_shows_all_the_soonest_first(world: World) -> None:
    officer = listed(world, new_officer())
    due = [owe(world, officer, _days(days)) for days in (9, -4, 2)]
    seen = supervisor(world, officer.team).get("/team")
    assert references(seen) == [due[n].reference for n in (1, 2, 0)]
    assert "Late by 4 days Saturday 14 November 2026" in seen.main
    assert f'href="/cases/{due[0].case_key}#promise-{due[0].id}"' in seen.body
    assert "All that is open (3)" in seen.main


@pytest.mark.parametrize("show", ["nothing", "late'", "%00", "x" * 3000, "officer.x", "🦆"])
def test_a_group_that_is_none_shows_all(world: World, show: str) -> None:
    officer = listed(world, new_officer())
    owe(world, officer, TODAY)
    assert len(rows(supervisor(world, officer.team).get(f"/team?show={show}"))) == 1


@pytest.mark.parametrize(("query", "size"), [("", 25), ("show=later", 100)])
def test_pages_go_on_behind_the_last_row_whatever_happens_before_it(
    world: World, query: str, size: int
) -> None:
    officer = listed(world, new_officer())
    due = [owe(world, officer, _days(7 + n)) for n in range(size + 2)]
    boss = new_officer("Sergeant Boss", officer.team)
    desk = desk_of(world, boss)
    first = desk.get(f"/team?{query}")
    assert references(first) == [promise.reference for promise in due[:size]]
    keep(world, due[0])
    second = desk.get(_next(first))
    assert references(second) == [promise.reference for promise in due[size:]]
    assert _next(second) == ""
    assert "Back to the top of the list" in second.main
    named = [cases for _, _, _, cases in lines_about(f"staff {boss.id}")]
    assert {promise.case_key for promise in due[size:]} in named


def _next(seen: Seen) -> str:
    links = (a.get("href") or "" for a in seen.tree.iter("a") if a.get("rel") == "next")
    return next(links, "").partition("#")[0]


def _other_lists(world: World) -> int:
    """Return how many partner agencies and witness care teams are looked through as well."""
    others = {row.team for row in world.deps.rules.partners.values()}
    care = world.deps.cases.read_force().member(world.deps.rules.force.witness_care_contact_point)
    return len(others | {care.team} if care else others)


@pytest.mark.parametrize("count", [3, 60])
def test_the_board_takes_a_few_requests_however_long_it_is(world: World, count: int) -> None:
    officer = listed(world, new_officer())
    for _ in range(count):
        owe(world, officer, _days(7))
    desk = supervisor(world, officer.team)
    for path in ("/team", "/team?show=later", "/team?show=later&all=1"):
        with world.watched() as calls:
            seen = desk.get(path)
        # Contact, choices and needs of each row's victim: 100 items to a batch.
        batches = -(-3 * len(rows(seen)) // 100)
        reads = {"GetItem": 2, "Query": 2 + _other_lists(world), "BatchGetItem": batches}
        assert calls.names == {**reads, "TransactWriteItems": 1}


def test_a_restricted_case_is_a_date_and_nothing_else_but_for_who_is_named(world: World) -> None:
    officer = listed(world, new_officer("PC Only"))
    never = new_officer("PC Never", officer.team)
    hidden = owe(world, officer, TODAY, kind=REPLY, flags=["restricted"], nothing_new=5)
    owe(world, never, TODAY, flags=["restricted"], raised_at=world.clock(), raised_to="Somebody")
    boss = new_officer("Sergeant Boss", officer.team)
    desk = desk_of(world, boss)
    with world.watched() as calls:
        seen = desk.get("/team?all=1")
    assert calls.names["Query"] == 4 + _other_lists(world)
    found = {name: count for name, count in numbers(seen).items() if count}
    assert found == {"Due today": 2}
    assert set(rows(seen)) == {
        "Today Wednesday 18 November 2026 Only named people see more of this."
    }
    for secret in (hidden.reference, hidden.case_key, hidden.id, *ids([hidden])):
        assert secret not in seen.body
    assert not ticked(seen)
    assert not numbers(seen)["At risk"]
    assert {cases for _, _, _, cases in lines_about(f"staff {boss.id}")} == {frozenset()}
    case = world.deps.cases.read(hidden.case_key)  # type: ignore[arg-type]
    assert case is not None
    world.deps.ledger.write([world.deps.cases.name_person(case, boss.id, world.clock())])
    again = desk.get("/team?show=today")
    assert references(again) == [hidden.reference]
    assert any("Restricted" in row for row in rows(again))


def test_the_supervisor_is_told_of_opposed_victims_and_of_safe_mode(world: World) -> None:
    officer = listed(world, new_officer("PC Fair"))
    opposed = owe(world, officer, TODAY, flags=["opposed_victims"])
    owe(world, officer, _days(1))
    abuse = owe(world, officer, _days(2), flags=["domestic_abuse"])
    seen = rows(supervisor(world, officer.team).get("/team"))
    assert [opposed.reference in row for row in seen if "Opposed victims" in row] == [True]
    assert any(abuse.reference in row and "Safe mode" in row for row in seen)


@pytest.mark.parametrize("role", ["officer", "witness_care", "partner", "administrator"])
def test_only_supervisors_have_a_board_and_its_forms(world: World, role: str) -> None:
    officer = listed(world, new_officer())
    promise = owe(world, officer, TODAY)
    desk = desk_of(world, new_officer("PC Other", officer.team), role)
    desk.get("/admin" if role == "administrator" else "/")
    assert desk.seen is not None
    token = {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]}
    for path in ("/team", "/team?show=late", "/team/bulk"):
        seen = desk.get(path)
        assert seen.status == 403, path
        assert promise.reference not in seen.body
    fields = {"give": ids([promise]), "officer": officer.id, "reason": REASON}
    assert desk.send("/team/reassign", {**token, **fields}).status == 403
    for do in ("confirm", "refuse", "withdraw"):
        sent = desk.send("/team/bulk", {**token, "do": do, "team": officer.team, "asked": "x"})
        assert sent.status == 403
    assert now(promise).owner == officer.id


# --- giving


def _team(world: World) -> tuple[Officer, Officer, Visitor]:
    """Return who has something, who is to get it, and their supervisor's browser."""
    one = listed(world, new_officer("PC Alder"))
    two = listed(world, new_officer("DC Birch", one.team))
    return one, two, supervisor(world, one.team)


def _give(
    desk: Visitor,
    promises: list[Promise],
    to: str,
    *,
    reason: str = REASON,
    more: Sequence[str] = (),
) -> Seen:
    give = [*ids(promises), *more]
    return desk.post("/team/reassign", give=give, officer=to, reason=reason)


def test_what_is_ticked_goes_to_the_officer_and_its_date_stays(world: World) -> None:
    one, two, desk = _team(world)
    due = [owe(world, one, _days(-n)) for n in (1, 2, 3)]
    desk.get("/team?show=late")
    sent = _give(desk, due[:2], two.id)
    assert sent.status == 303
    assert sent.location.startswith("/team?show=late&done=")
    assert two.id not in sent.location
    seen = desk.follow()
    assert "2 promises are in DC Birch’s list now. Their dates are the same." in seen.main
    assert [now(promise).owner for promise in due] == [two.id, two.id, one.id]
    assert [now(promise).due_on for promise in due] == [p.due_on for p in due]
    (move,) = now(due[0]).moves
    assert (move.owner, move.why, move.by) == (two.id, REASON, "Sergeant Boss")
    only = desk.get("/team?show=late")
    assert "DC Birch" in next(row for row in rows(only) if due[0].reference in row)


def test_one_promise_is_spoken_of_as_one(world: World) -> None:
    one, two, desk = _team(world)
    promise = owe(world, one, TODAY)
    desk.get("/team")
    _give(desk, [promise], two.id)
    assert "1 promise is in DC Birch’s list now. Its date is the same." in desk.follow().main


def test_nothing_is_ticked_beforehand_and_a_link_ticks_what_is_shown(world: World) -> None:
    one, _, desk = _team(world)
    due = [owe(world, one, _days(-1)) for _ in range(3)]
    owe(world, one, _days(9))
    assert ticked(desk.get("/team?show=late")) == []
    link = next(a.get("href") for a in desk.seen.tree.iter("a") if a.text and "Tick all" in a.text)  # type: ignore[union-attr]
    assert link == "/team?show=late&all=1#rows"
    seen = desk.get("/team?show=late&all=1")
    assert sorted(ticked(seen)) == sorted(ids(due))
    assert "Tick none" in seen.main


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(world: World) -> None:
    one, two, desk = _team(world)
    due = [owe(world, one, _days(-1)) for _ in range(3)]
    desk.get("/team?show=late")
    seen = _give(desk, [], "", reason="short")
    assert seen.status == 400
    for sentence in (
        "Tick what you want to give to somebody.",
        "Choose somebody of the team who works with cases.",
        "Say why, in 10 to 500 characters.",
    ):
        assert seen.main.count(sentence) == 2
    seen = _give(desk, due[1:], two.id, reason="too short")
    assert seen.status == 400
    assert sorted(ticked(seen)) == sorted(ids(due[1:]))
    form = seen.fields("/team/reassign")
    assert (form["officer"], form["reason"].strip(), form["show"]) == (two.id, "too short", "late")
    assert "Late (3)" in seen.main
    assert {now(promise).owner for promise in due} == {one.id}


def test_an_error_keeps_the_page_of_the_list(world: World) -> None:
    one, two, desk = _team(world)
    due = [owe(world, one, _days(n)) for n in range(27)]
    second = desk.get(_next(desk.get("/team")))
    assert references(second) == [promise.reference for promise in due[25:]]
    seen = _give(desk, due[25:], two.id, reason="")
    assert references(seen) == [promise.reference for promise in due[25:]]
    assert sorted(ticked(seen)) == sorted(ids(due[25:]))


def test_what_was_kept_meanwhile_is_left_and_said(world: World) -> None:
    one, two, desk = _team(world)
    due = [owe(world, one, _days(-1)) for _ in range(3)]
    desk.get("/team")
    keep(world, due[0])
    _give(desk, due, two.id)
    seen = desk.follow()
    assert "2 promises are in DC Birch’s list now." in seen.main
    assert "1 promise is no longer here as you saw: kept, or moved meanwhile." in seen.main


def test_a_restricted_case_goes_only_to_who_is_named_for_it(world: World) -> None:
    one, two, _ = _team(world)
    boss = new_officer("Sergeant Boss", one.team)
    desk = desk_of(world, boss)
    promise = owe(world, one, TODAY, flags=["restricted"])
    token = token_of(desk)
    fields = {"give": ids([promise]), "officer": two.id, "reason": REASON}
    for name in (boss, two):
        desk.send("/team/reassign", {**token, **fields})
        seen = desk.follow()
        assert "Nothing was given to DC Birch." in seen.main
        assert "the case is not open to DC Birch, or not to you" in seen.main
        assert now(promise).owner == one.id
        case = world.deps.cases.read(promise.case_key)  # type: ignore[arg-type]
        assert case is not None
        world.deps.ledger.write([world.deps.cases.name_person(case, name.id, world.clock())])
    desk.send("/team/reassign", {**token, **fields})
    assert "1 promise is in DC Birch’s list now." in desk.follow().main
    assert now(promise).owner == two.id


@pytest.mark.parametrize("who", ["nobody", "elsewhere", "partner", "gone", "keeper"])
def test_nothing_goes_to_somebody_who_does_not_work_in_this_team(world: World, who: str) -> None:
    one, _, desk = _team(world)
    promise = owe(world, one, TODAY)
    there = new_officer("PC There", None if who == "elsewhere" else one.team)
    if who != "nobody":
        listed(world, there, active=who != "gone")
    role = {"partner": "partner", "keeper": "administrator"}.get(who)
    if role:
        world.deps.ledger.write([world.deps.cases.note_role(there.id, role)])
    desk.get("/team")
    seen = _give(desk, [promise], there.id)
    assert seen.status == 400
    assert "Choose somebody of the team who works with cases." in seen.main
    assert ticked(seen) == ids([promise])
    assert now(promise).owner == one.id


def test_a_promise_of_another_team_is_moved_by_no_form(world: World) -> None:
    one, two, desk = _team(world)
    owe(world, one, TODAY)
    theirs = owe(world, listed(world, new_officer("PC Far")), TODAY)
    desk.get("/team")
    _give(desk, [theirs], two.id, more=["x" * 3000, theirs.id, "\x00"])
    seen = desk.follow()
    assert "Nothing was given to DC Birch." in seen.main
    assert theirs.reference not in seen.body
    assert now(theirs).moves == ()


@pytest.mark.parametrize(
    "done",
    ["", "given", "given.1.2", "given.-1.0.0", "given.1.x.0", "given.1.2.3.4", "<b>", "9" * 400],
)
def test_an_address_that_somebody_made_up_says_nothing(world: World, done: str) -> None:
    _, _, desk = _team(world)
    for to in ("", "&to=nobody"):
        seen = desk.get(f"/team?done={done}{to}")
        assert seen.status == 200
        assert "list now" not in seen.main


# --- many


def _many(world: World, count: int = 30) -> tuple[Officer, Officer, Visitor, list[Promise]]:
    one, two, desk = _team(world)
    return one, two, desk, [owe(world, one, _days(7)) for _ in range(count)]


def _asked(world: World) -> tuple[Officer, Officer, Visitor, list[Promise]]:
    """Return the same after a supervisor asked for 30."""
    one, two, desk, due = _many(world)
    desk.get("/team?show=later&all=1")
    _give(desk, due, two.id)
    sent = desk.post("/team/reassign", give=ids(due), number=" 30 ")
    assert sent.location == "/team?show=later&done=asked"
    return one, two, desk, due


def _owners(due: list[Promise]) -> set[str]:
    return {now(promise).owner for promise in due}


def test_up_to_25_go_at_once(world: World) -> None:
    _, two, desk, due = _many(world, 25)
    desk.get("/team?show=later")
    _give(desk, due, two.id)
    assert "25 promises are in DC Birch’s list now." in desk.follow().main
    assert _owners(due) == {two.id}


@pytest.mark.parametrize("typed", ["", "29", "-30", "thirty", "9" * 400])
def test_more_need_their_number_typed(world: World, typed: str) -> None:
    one, two, desk, due = _many(world)
    desk.get("/team?show=later&all=1")
    page = _give(desk, due, two.id)
    assert page.status == 200
    assert "Give 30 promises to DC Birch" in page.main
    assert "Nothing has moved yet." in page.main
    seen = desk.post("/team/reassign", give=ids(due), number=typed)
    assert seen.status == 400
    assert "Type 30: so many would change hands." in seen.main
    assert seen.fields("/team/reassign")["number"] == typed
    assert REASON in seen.main
    assert _owners(due) == {one.id}
    assert "waits" not in desk.get("/team").main


def test_many_change_hands_once_a_second_supervisor_of_any_team_agrees(world: World) -> None:
    one, two, desk, due = _asked(world)
    seen = desk.follow()
    assert "You asked to give 30 promises to DC Birch. Nothing has moved yet" in seen.main
    assert _owners(due) == {one.id}
    second = supervisor(world, name="Inspector Oak")
    assert "A request waits for a second supervisor" in second.get("/team").main
    seen = second.get("/team/bulk")
    for words in ("Sergeant Boss", "DC Birch", "PC Alder (30)", REASON, "30 promises of"):
        assert words in seen.main
    for promise in due:
        assert promise.reference not in seen.body
        assert promise.case_key not in seen.body
    keep(world, due[0])
    sent = second.post("/team/bulk", do="confirm")
    assert sent.status == 303
    seen = second.follow()
    assert "29 promises are in DC Birch’s list now." in seen.main
    assert "1 promise is no longer here as you saw" in seen.main
    assert _owners(due[1:]) == {two.id}
    (move,) = now(due[1]).moves
    assert (move.why, move.by) == (REASON, "Sergeant Boss, confirmed by Inspector Oak")
    told = desk.get("/team").main
    assert "Inspector Oak confirmed what you asked: 29 of 30 promises" in told
    assert second.get("/team/bulk").main.count("Nothing waits.") == 1


def test_nobody_confirms_what_they_asked_for(world: World) -> None:
    one, _, desk, due = _asked(world)
    seen = desk.get("/team/bulk")
    assert "You asked for this." in seen.main
    assert "Confirm" not in seen.main
    for do in ("confirm", "refuse"):
        assert desk.post("/team/bulk", do=do, reason=REASON).status == 403
    assert _owners(due) == {one.id}


def test_who_asked_can_withdraw_and_ask_again(world: World) -> None:
    one, two, desk, due = _asked(world)
    second = supervisor(world, one.team, "Sergeant Oak")
    second.get("/team/bulk")
    desk.get("/team")
    assert desk.post("/team/bulk", do="withdraw").location == "/team?done=withdrawn"
    assert "Your request is withdrawn. Nothing has moved." in desk.follow().main
    assert second.post("/team/bulk", do="confirm").status == 409
    assert _owners(due) == {one.id}
    desk.get("/team?show=later&all=1")
    _give(desk, due, two.id)
    assert desk.post("/team/reassign", give=ids(due), number="30").status == 303


def test_a_refusal_needs_a_reason_which_who_asked_reads(world: World) -> None:
    one, _, desk, due = _asked(world)
    second = supervisor(world, one.team, "Sergeant Oak")
    second.get("/team/bulk")
    seen = second.post("/team/bulk", do="refuse", reason="no")
    assert seen.status == 400
    assert seen.main.count("Say why, in 10 to 500 characters.") == 2
    sent = second.post("/team/bulk", do="refuse", reason="Ask the inspector first")
    assert sent.location == "/team?done=refused"
    assert "Sergeant Oak said no" in desk.get("/team").main
    assert "Ask the inspector first" in desk.get("/team").main
    assert second.send("/team/bulk", {**token_of(second), "do": "confirm"}).status == 409
    assert _owners(due) == {one.id}


def test_a_request_ends_after_a_day(world: World) -> None:
    one, _, desk, due = _asked(world)
    second = new_officer("Inspector Oak")
    form = desk_of(world, second).get("/team/bulk").fields("/team/bulk")
    world.clock.forward(hours=24)
    later = desk_of(world, second)
    assert "waits" not in later.get("/team").main
    assert later.get("/team/bulk").main.count("Nothing waits.") == 1
    sent = later.send("/team/bulk", {**form, **token_of(later), "do": "confirm"})
    assert sent.status == 409
    assert _owners(due) == {one.id}
    assert desk.get("/team").status == 303


def test_a_team_asks_for_one_thing_at_a_time(world: World) -> None:
    one, two, desk, _ = _asked(world)
    more = [owe(world, one, _days(9)) for _ in range(26)]
    token = token_of(desk)
    fields = {"officer": two.id, "reason": REASON, "number": "26", "show": "later"}
    seen = desk.send("/team/reassign", {**token, **fields, "give": ids(more)})
    assert seen.status == 400
    assert "A request of your team waits already." in seen.main
    assert len(ticked(seen)) == 26


def test_requests_of_two_teams_are_told_apart(world: World) -> None:
    _asked(world)
    _asked(world)
    second = supervisor(world, name="Inspector Oak")
    assert "2 requests wait for a second supervisor" in second.get("/team").main
    seen = second.get("/team/bulk")
    assert not seen.has_form("/team/bulk")
    links = [a.get("href") or "" for a in seen.tree.iter("a")]
    one = next(link for link in links if "asked=" in link)
    assert second.get(one).has_form("/team/bulk")
    assert second.post("/team/bulk", do="refuse", reason="Not in this way").status == 303
    assert "A request waits" in second.get("/team").main


def test_no_made_up_field_is_a_fault_of_ours(world: World) -> None:
    one, two, desk = _team(world)
    owe(world, one, TODAY)
    token = token_of(desk)
    give = {"give": "x", "officer": two.id, "reason": REASON, "show": "", "after": "", "number": ""}
    bulk = {"do": "confirm", "team": one.team, "asked": "x", "reason": REASON}
    for path, fields in (("/team/reassign", give), ("/team/bulk", bulk)):
        for name in fields:
            for value in ("x" * 100_000, "\x00\x1b\ufffe", "9" * 400, ""):
                sent = desk.send(path, {**token, **fields, name: value})
                assert sent.status < 500, (path, name)

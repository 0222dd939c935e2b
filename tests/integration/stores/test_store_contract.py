"""What every kind of stores does alike with promises, transactions and lists.

The simulated year runs on the stores in memory; what it shows is worth as much as these tests.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.figures import CountKey
from chalicelib.domain.messages import Door
from chalicelib.services import promises
from chalicelib.services.ports import ConflictError
from tests.integration.stores.contract_steps import (
    BY,
    conflict,
    draft,
    ids,
    keep,
    move,
    new_name,
    of_owner,
    of_team,
)
from tests.seeding import Hub, officer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.cases import Officer
    from chalicelib.domain.promises import Promise


def test_a_promise_comes_back_as_it_was_made_one_version_on(hub: Hub) -> None:
    case, who = hub.seed(), officer(new_name())
    made = hub.promise(case, officer=who)
    (listed,) = hub.deps.threads.open_of_owner(who.id, after=None, limit=5).promises
    assert listed == made
    assert (made.version, made.owner_name, made.made_team) == (1, who.name, who.team)
    assert made.working.calendar == "England and Wales"


def test_a_promise_is_made_once(hub: Hub) -> None:
    promise = hub.promise(hub.seed())
    again = hub.deps.threads.new_promise(replace(promise, version=0))
    assert conflict(hub, again) == {"promise"}


def test_a_promise_that_was_kept_before_it_was_made_is_in_no_list(hub: Hub) -> None:
    case, who, now = hub.seed(), officer(new_name()), hub.clock()
    open_one = hub.promise(case, officer=who)
    kept = replace(
        open_one,
        id="kept",
        place="",
        subject="kept",
        kept_at=now,
        kept_how="phone",
        closed_at=now,
        version=0,
    )
    hub.write(hub.deps.threads.new_promise(kept))
    assert of_owner(hub, who) == of_team(hub, who) == [open_one.id]
    assert hub.stored(kept) == replace(kept, version=1)


def test_keeping_notes_when_how_and_when_it_was_recorded(hub: Hub) -> None:
    who = officer(new_name())
    promise = hub.promise(hub.seed(), officer=who)
    at = hub.clock() - timedelta(days=1)
    hub.write(hub.deps.threads.keep_promise(promise, at, how="in_person", recorded_at=hub.clock()))
    kept = hub.stored(promise)
    assert (kept.kept_at, kept.kept_how, kept.closed_at) == (at, "in_person", hub.clock())
    assert (kept.version, kept.is_open) == (promise.version + 1, False)
    assert of_owner(hub, who) == of_team(hub, who) == []


def test_keeping_notes_what_was_done(hub: Hub) -> None:
    promise, now = hub.promise(hub.seed(), officer=officer(new_name())), hub.clock()
    said = {"how": "done", "recorded_at": now, "note": "The screen is booked."}
    hub.write(hub.deps.threads.keep_promise(promise, now, **said))  # type: ignore[arg-type]
    assert hub.stored(promise).note == "The screen is booked."


def test_cancelling_notes_why_and_when(hub: Hub) -> None:
    who = officer(new_name())
    promise = hub.promise(hub.seed(), officer=who)
    hub.write(hub.deps.threads.cancel_promise(promise, "Another rhythm.", hub.clock()))
    cancelled = hub.stored(promise)
    assert (cancelled.cancelled_why, cancelled.closed_at) == ("Another rhythm.", hub.clock())
    assert (cancelled.kept_at, cancelled.kept_how, cancelled.is_open) == (None, "", False)
    assert of_owner(hub, who) == of_team(hub, who) == []


def test_moving_changes_owner_and_lists_and_never_the_date(hub: Hub) -> None:
    old, new = officer(new_name()), officer(new_name())
    promise = hub.promise(hub.seed(), officer=old)
    hub.write(move(hub, promise, new))
    moved = hub.stored(promise)
    assert (moved.owner, moved.owner_name, moved.team) == (new.id, new.name, new.team)
    assert (moved.due_on, moved.made_team) == (promise.due_on, old.team)
    assert [(move.owner, move.why, move.by) for move in moved.moves] == [
        (new.id, "Somebody is away.", BY)
    ]
    assert of_owner(hub, old) == of_team(hub, old) == []
    assert of_owner(hub, new) == of_team(hub, new) == [promise.id]


def test_what_stays_with_its_owner_follows_the_case_only_if_a_move_says_so(hub: Hub) -> None:
    made = hub.promise(hub.seed())
    stays = replace(made, id=f"{made.id}x", subject="x", place="", stays=True, version=0)
    hub.write(*promises.make(hub.deps, stays))
    hub.write(move(hub, hub.stored(stays), officer(new_name())))
    assert hub.stored(stays).stays
    hub.write(move(hub, hub.stored(stays), officer(new_name()), follows=True))
    assert not hub.stored(stays).stays
    hub.write(move(hub, hub.stored(made), officer(new_name())))
    assert not hub.stored(made).stays


def test_moves_stand_one_behind_the_other(hub: Hub) -> None:
    people = [officer(new_name()) for _ in range(3)]
    promise = hub.promise(hub.seed(), officer=people[0])
    for to in people[1:]:
        hub.clock.forward(days=1)
        hub.write(move(hub, hub.stored(promise), to))
    moves = hub.stored(promise).moves
    assert [move.owner for move in moves] == [people[1].id, people[2].id]
    assert moves[1].at - moves[0].at == timedelta(days=1)


def test_raising_notes_who_looks_into_it_and_leaves_the_lists(hub: Hub) -> None:
    who = officer(new_name())
    promise = hub.promise(hub.seed(), officer=who)
    hub.write(hub.deps.threads.raise_promise(promise, "Sergeant", hub.clock()))
    raised = hub.stored(promise)
    assert (raised.raised_at, raised.raised_to) == (hub.clock(), "Sergeant")
    assert (raised.owner, raised.is_open) == (who.id, True)
    assert of_owner(hub, who) == of_team(hub, who) == [promise.id]


def test_what_exactly_is_to_be_done_can_be_said_anew(hub: Hub) -> None:
    who = officer(new_name())
    promise = hub.promise(hub.seed(), officer=who)
    hub.write(hub.deps.threads.note_on_promise(promise, "A screen"))
    assert hub.stored(promise).task == "A screen"
    assert of_owner(hub, who) == of_team(hub, who) == [promise.id]


def test_raising_again_keeps_who_looked_into_it_before(hub: Hub) -> None:
    threads, promise, names = hub.deps.threads, hub.promise(hub.seed()), ("Ash", "Beech", "Cedar")
    moments = []
    for name in names:
        hub.clock.forward(days=1)
        moments.append(hub.clock())
        hub.write(threads.raise_promise(hub.stored(promise), name, hub.clock()))
    raised = hub.stored(promise)
    assert (raised.raised_at, raised.raised_to) == (moments[2], "Cedar")
    assert [(each.at, each.to) for each in raised.raised_before] == [
        (moments[0], "Ash"),
        (moments[1], "Beech"),
    ]
    hub.write(move(hub, raised, officer(new_name())))
    assert hub.stored(promise).raised_before == raised.raised_before


@pytest.mark.parametrize("first", ["kept", "cancelled", "moved", "raised", "noted"])
@pytest.mark.parametrize("second", ["kept", "cancelled", "moved", "raised", "noted"])
def test_of_two_who_read_the_same_promise_one_wins(hub: Hub, first: str, second: str) -> None:
    promise, threads = hub.promise(hub.seed()), hub.deps.threads
    to = officer(new_name())
    parts = {
        "kept": keep(hub, promise),
        "cancelled": threads.cancel_promise(promise, "why", hub.clock()),
        "moved": move(hub, promise, to),
        "raised": threads.raise_promise(promise, "Sergeant", hub.clock()),
        "noted": threads.note_on_promise(promise, "A screen"),
    }
    hub.write(parts[first])
    stands = hub.stored(promise)
    assert conflict(hub, parts[second]) == {"promise"}
    assert hub.stored(promise) == stands


def test_seeing_is_noted_once_and_moves_no_version(hub: Hub) -> None:
    promise = hub.promise(hub.seed())
    part = hub.deps.threads.see_promise(promise, hub.clock())
    hub.write(part)
    assert hub.stored(promise) == replace(promise, seen_at=hub.clock())
    assert conflict(hub, part) == {"seen"}
    hub.write(keep(hub, promise))
    assert hub.stored(promise).seen_at == hub.clock()


def test_what_was_never_promised_is_not_made_by_changing_it(hub: Hub) -> None:
    case = hub.seed()
    ghost = replace(hub.promise(case), id="ghost", place="", subject="ghost")
    assert conflict(hub, keep(hub, ghost)) == {"promise"}
    assert conflict(hub, hub.deps.threads.see_promise(ghost, hub.clock())) == {"seen"}
    assert len(hub.deps.threads.read(case.victim).owed) == 1


def test_what_is_owed_comes_in_one_order(hub: Hub) -> None:
    case = hub.seed()
    for number, kind in enumerate(("tell", "update", "welcome", "update")):
        hub.promise(case, kind=kind, subject=f"s{number}")
    owed = hub.deps.threads.read(case.victim).owed
    assert [one.kind for one in owed] == ["welcome", "update", "update", "tell"]
    assert owed[1].subject > owed[2].subject


def test_flags_reach_open_promises_only(hub: Hub) -> None:
    case = hub.seed(flags=("opposed_victims",))
    promise = hub.promise(case)
    hub.write(hub.imports.flag(promise, hub.case(case), safe_mode=True))
    flagged = hub.stored(promise)
    assert (flagged.opposed, flagged.safe_mode, flagged.version) == (True, True, promise.version)
    hub.write(keep(hub, promise))
    part = hub.imports.flag(promise, hub.case(case), safe_mode=True)
    assert conflict(hub, part) == {"promise"}


# --- transactions


def test_nothing_is_half_written_when_one_of_three_parts_fails(hub: Hub) -> None:
    case, month = hub.seed(), new_name()
    kept, moved = hub.promise(case), hub.promise(case)
    hub.write(keep(hub, kept))
    failed = conflict(
        hub,
        draft(hub, case),
        move(hub, moved, officer(new_name())),
        keep(hub, kept),
        hub.deps.figures.add(CountKey(month, "t", "update", "made"), 1),
    )
    assert failed == {"promise"}
    assert hub.stored(moved) == moved
    assert hub.deps.threads.read(case.victim).draft is None
    assert not hub.deps.figures.live(month)


def test_a_conflict_names_every_part_that_failed(hub: Hub) -> None:
    case = hub.seed()
    hub.write(hub.deps.threads.moved_door(case.victim, Door(), Door(threads=1)))
    failed = conflict(
        hub,
        hub.deps.threads.moved_door(case.victim, Door(), Door()),
        hub.deps.access.code_is_active("no such code"),
        draft(hub, case),
    )
    assert failed == {"door", "code"}


def test_one_transaction_touches_an_item_once(hub: Hub) -> None:
    case = hub.seed()
    with pytest.raises(Exception) as refusal:  # noqa: PT011 -- each kind of stores has its own
        hub.write(draft(hub, case), hub.deps.threads.drop_draft(case.victim))
    assert not isinstance(refusal.value, ConflictError | StoreUnavailableError)
    assert hub.deps.threads.read(case.victim).draft is None


def test_nothing_and_far_too_much_are_no_transaction(hub: Hub) -> None:
    month, add = new_name(), hub.deps.figures.add
    key = CountKey(month, "t", "reply", "made")
    for parts in ([], [add(replace(key, team=f"t{n}"), 1) for n in range(101)]):
        with pytest.raises(Exception) as refusal:  # noqa: PT011 -- each kind has its own
            hub.write(*parts)
        assert not isinstance(refusal.value, ConflictError | StoreUnavailableError)
    assert not hub.deps.figures.live(month)


def test_a_part_of_other_stores_is_refused(hub: Hub) -> None:
    class Strange:
        name = "strange"

    case = hub.seed()
    with pytest.raises(TypeError):
        hub.write(draft(hub, case), Strange())
    assert hub.deps.threads.read(case.victim).draft is None


# --- lists


def _list_of(hub: Hub, who: Officer, days: Sequence[int]) -> list[Promise]:
    return [hub.promise(hub.seed(), officer=who, days=day) for day in days]


def test_lists_run_by_day_then_by_when_it_was_promised(hub: Hub) -> None:
    who = officer(new_name())
    late, first, second, soon = _list_of(hub, who, (9, 4, 4, 1))
    wanted = [soon.id, first.id, second.id, late.id]
    assert of_owner(hub, who) == of_team(hub, who) == wanted


def test_pages_hold_what_they_are_asked_for_and_end(hub: Hub) -> None:
    who = officer(new_name())
    wanted = [promise.id for promise in _list_of(hub, who, range(1, 8))]
    for limit in (1, 2, 3, 6, 7, 8):
        found: list[str] = []
        after, is_more, pages = None, True, 0
        while is_more:
            page = hub.deps.threads.open_of_owner(who.id, after=after, limit=limit)
            found += ids(page)
            after = page.next_after
            is_more = after is not None
            pages += 1
        assert found == wanted
        assert pages == -(-7 // limit)


def test_a_cursor_holds_while_rows_before_and_at_it_vanish(hub: Hub) -> None:
    who = officer(new_name())
    rows = _list_of(hub, who, range(1, 7))
    page = hub.deps.threads.open_of_team(who.team, after=None, limit=2)
    assert ids(page) == [rows[0].id, rows[1].id]
    hub.write(keep(hub, rows[0]))
    hub.write(keep(hub, rows[1]))
    hub.write(keep(hub, rows[3]))
    rest = hub.deps.threads.open_of_team(who.team, after=page.next_after, limit=2)
    assert ids(rest) == [rows[2].id, rows[4].id]
    last = hub.deps.threads.open_of_team(who.team, after=rest.next_after, limit=2)
    assert ids(last) == [rows[5].id]
    assert last.next_after is None


def test_a_row_that_comes_in_before_a_cursor_is_not_shown_twice(hub: Hub) -> None:
    who = officer(new_name())
    rows = _list_of(hub, who, (2, 4, 6))
    page = hub.deps.threads.open_of_owner(who.id, after=None, limit=2)
    _list_of(hub, who, (1,))
    rest = hub.deps.threads.open_of_owner(who.id, after=page.next_after, limit=2)
    assert ids(rest) == [rows[2].id]


def test_what_is_no_cursor_is_the_top(hub: Hub) -> None:
    who = officer(new_name())
    (row,) = _list_of(hub, who, (1,))
    for nonsense in ("", "%%%", "bm90IGpzb24="):
        assert ids(hub.deps.threads.open_of_owner(who.id, after=nonsense, limit=2)) == [row.id]


def test_a_list_ends_before_a_day(hub: Hub) -> None:
    who = officer(new_name())
    rows = _list_of(hub, who, (1, 2, 2, 3))
    day = hub.deps.today() + timedelta(days=2)
    before = hub.deps.threads.open_of_team(who.team, after=None, limit=9, due_before=day)
    assert ids(before) == [rows[0].id]
    day += timedelta(days=1)
    first = hub.deps.threads.open_of_team(who.team, after=None, limit=2, due_before=day)
    assert ids(first) == [rows[0].id, rows[1].id]
    second = hub.deps.threads.open_of_team(
        who.team, after=first.next_after, limit=2, due_before=day
    )
    assert ids(second) == [rows[2].id]
    assert second.next_after is None


def test_a_list_before_a_day_long_past_is_empty(hub: Hub) -> None:
    who = officer(new_name())
    _list_of(hub, who, (1,))
    page = hub.deps.threads.open_of_team(who.team, after=None, limit=2, due_before=date(2001, 1, 1))
    assert (page.promises, page.next_after) == ((), None)

"""What every kind of stores does alike with counters and months that ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.audit import AuditLine
from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.figures import CountKey, Tally
from chalicelib.services.ports import ConflictError
from tests.integration.stores.contract_steps import conflict, draft, keep, new_name

if TYPE_CHECKING:
    from tests.seeding import Hub


def test_what_one_transaction_adds_to_a_counter_is_added_up(hub: Hub) -> None:
    month, add = new_name(), hub.deps.figures.add
    made = CountKey(month, "t", "tell:charged", "made")
    hub.write(add(made, 1), add(made, 1), add(replace(made, what="kept_late"), 1), add(made, 1))
    hub.write(add(made, -1))
    (tally,) = hub.deps.figures.live(month)
    assert (tally.team, tally.kind) == ("t", "tell:charged")
    assert dict(tally.counts) == {"made": 2, "kept_late": 1}


def test_what_adds_up_to_nought_changes_nothing(hub: Hub) -> None:
    month, case = new_name(), hub.seed()
    key = CountKey(month, "t", "rhythm", "followed")
    hub.write(hub.deps.figures.add(key, 1), hub.deps.figures.add(key, -1), draft(hub, case))
    assert hub.deps.figures.live(month) == ()
    assert hub.deps.threads.read(case.victim).draft is not None


def test_counters_of_teams_kinds_and_months_are_apart(hub: Hub) -> None:
    month, other, add = new_name(), new_name(), hub.deps.figures.add
    keys = [
        CountKey(of, team, kind, "made")
        for of in (month, other)
        for team in ("a", "b")
        for kind in ("reply", "update")
    ]
    hub.write(*(add(key, number) for number, key in enumerate(keys, start=1)))
    found = {(t.team, t.kind): t.count("made") for t in hub.deps.figures.live(month)}
    assert found == {("a", "reply"): 1, ("a", "update"): 2, ("b", "reply"): 3, ("b", "update"): 4}


def test_thirty_who_add_at_once_are_all_counted(hub: Hub) -> None:
    month, case = new_name(), hub.seed()
    made = CountKey(month, "t", "reply", "made")

    def add(number: int) -> None:
        line = AuditLine(f"{month}-{number}", case.key, "who", "what", hub.clock())
        hub.write(hub.deps.figures.add(made, 1), hub.deps.audit.line(line))

    with ThreadPoolExecutor(30) as threads:
        list(threads.map(add, range(30)))
    (tally,) = hub.deps.figures.live(month)
    assert tally.count("made") == 30


def test_of_thirty_who_keep_a_promise_at_once_one_does_and_it_is_counted_once(hub: Hub) -> None:
    month = new_name()
    promise = hub.promise(hub.seed())
    kept = CountKey(month, "t", "update", "kept_in_time")

    def try_to_keep(_: int) -> int:
        try:
            hub.write(keep(hub, promise), hub.deps.figures.add(kept, 1))
        except (ConflictError, StoreUnavailableError):
            return 0
        return 1

    with ThreadPoolExecutor(30) as threads:
        assert sum(threads.map(try_to_keep, range(30))) == 1
    (tally,) = hub.deps.figures.live(month)
    assert tally.count("kept_in_time") == 1


def test_a_month_that_ended_is_put_once(hub: Hub) -> None:
    team, figures = new_name(), hub.deps.figures
    tallies = [
        Tally("2026-10", team, "reply", {"made": 3, "within-008": 2}),
        Tally("2026-10", team, "tell:charged", {"made": 1}),
    ]
    hub.write(*figures.end_month(tallies, hub.clock()))
    assert figures.published(team) == tuple(tallies)
    again = figures.end_month([Tally("2026-10", team, "reply", {"made": 9})], hub.clock())
    assert conflict(hub, *again) == {"month"}
    assert figures.published(team) == tuple(tallies)


def test_ended_months_come_newest_first_and_not_for_ever(hub: Hub) -> None:
    team, figures = new_name(), hub.deps.figures
    months = [f"{2025 + number // 12}-{number % 12 + 1:02}" for number in range(15)]
    for month in months:
        hub.write(*figures.end_month([Tally(month, team, "reply", {"made": 1})], hub.clock()))
    assert [tally.month for tally in figures.published(team)] == months[:1:-1]


def test_one_end_of_a_month_makes_a_part_for_each_team(hub: Hub) -> None:
    one, two = new_name(), new_name()
    tallies = [Tally("2026-10", team, "reply", {"made": 1}) for team in (one, two)]
    parts = hub.deps.figures.end_month(tallies, hub.clock())
    assert len(parts) == 2
    hub.write(*parts)
    assert hub.deps.figures.published(two) == (tallies[1],)

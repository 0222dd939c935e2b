"""Do figures and promises agree on the stand-in, and what does a list cost in a crowd?

A list is counted in requests and in the items that DynamoDB looked at for it, never in
milliseconds: the stand-in's indexes slow down with the table, those of AWS do not (D14).
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from chalicelib.domain.cases import OfficerId, TeamId, VictimKey
from chalicelib.domain.counting import recounted
from chalicelib.domain.figures import CountKey
from chalicelib.domain.promises import OWED_UPDATE, UPDATE, Promise, Working
from chalicelib.domain.staff import StaffMember, StaffSession, Team
from chalicelib.services.board import open_board
from chalicelib.services.staff_case import promises_of
from chalicelib.services.worklist import open_worklist
from chalicelib.stores.imports import ImportStore
from chalicelib.stores.tables import ThreadsTable
from chalicelib.stores.thread_items import promise_item
from operate.cloud import prepare
from operate.hub_deps import deps_of, use_stand_in_account
from operate.simulation import Year
from operate.simulation_lived import SteppingClock
from operate.simulation_scene import OFFICER, SUPERVISOR
from operate.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.services.deps import Deps
    from operate.simulation_lived import Lived

CASES, SEED = 60, 1
# Three months end in them; a whole year is lived in memory, in tests/unit/test_simulated_year.py.
DAYS = 91
FEW, MANY = 1_000, 50_000
OWN, OF_THE_TEAM, OTHER_TEAMS = 40, 120, 20
MORNING = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
TEAM = TeamId("bench")


@dataclass(frozen=True, slots=True)
class Agreement:
    """The counters against the promises; `unlike` are the counters that stand differently."""

    cases: int
    days: int
    deeds: int
    promises: int
    unlike: int
    seconds: float

    def __str__(self) -> str:
        """Return a line for the terminal."""
        agree = "agree" if not self.unlike else f"differ in {self.unlike} counters"
        return (
            f"{self.cases} cases, {self.days} days, {self.deeds:,} deeds, "
            f"{self.promises:,} promises in {self.seconds:.0f} s: figures and promises {agree}"
        )


@dataclass(slots=True)
class Cost:
    """What DynamoDB was asked, and how many items it looked at for the answers."""

    requests: int = 0
    looked_at: int = 0

    def __str__(self) -> str:
        """Return the cost in words."""
        return f"{self.requests} requests, {self.looked_at} items looked at"


def bench_promises(cases: int = CASES, *, few: int = FEW, many: int = MANY) -> None:
    """Print whether figures agree, and what lists cost among few and many promises."""
    use_stand_in_account()
    with StandIn.started() as stand_in:
        prepare(stand_in.endpoint)
        print(f"simulated days             {measure_days(stand_in.endpoint, cases)}")
    with StandIn.started() as stand_in:
        prepare(stand_in.endpoint)
        for name, (among_few, among_many) in measure_lists(stand_in.endpoint, few, many).items():
            same = "the same" if among_few == among_many else "NOT the same"
            print(f"{name:<26} {among_few} among {few:,}; {among_many} among {many:,}: {same}")


def measure_days(endpoint: str, cases: int, days: int = DAYS) -> Agreement:
    """Let days pass on the stand-in, and compare counters with promises and doors."""
    clock, ids = SteppingClock(), count(1)
    deps = replace(deps_of(endpoint), now=clock, new_id=lambda: f"id{next(ids):08}")
    started = time.perf_counter()
    lived = Year(deps, ImportStore.alone(), clock, seed=SEED, cases=cases, days=days).run()
    seconds = time.perf_counter() - started
    promises = [one for victim in lived.victims for one in _promises_of(deps, victim)]
    doors = [deps.threads.read(victim).door for victim in lived.victims]
    wanted = recounted(promises, doors, deps.calendar, deps.rules)
    found = _counted(deps, lived, {key.month for key in wanted})
    unlike = {key for key in wanted | found if wanted[key] != found[key]}
    return Agreement(cases, days, sum(lived.deeds.values()), len(promises), len(unlike), seconds)


def _promises_of(deps: Deps, victim: VictimKey) -> Iterator[Promise]:
    file = deps.threads.read(victim)
    yield from promises_of(file)
    while file.has_older:
        file = deps.threads.read(victim, before=file.threads[-1].number)
        yield from promises_of(file)


def _counted(deps: Deps, lived: Lived, months: set[str]) -> Counter[CountKey]:
    return Counter(
        {
            CountKey(month, tally.team, tally.kind, what): amount
            for month in months | lived.counted_at.keys()
            for tally in deps.figures.live(month)
            for what, amount in tally.counts.items()
        }
    )


def measure_lists(endpoint: str, few: int, many: int) -> dict[str, tuple[Cost, Cost]]:
    """Return what worklist and board cost while other teams have few, then many, promises."""
    deps = replace(deps_of(endpoint), now=lambda: MORNING)
    officer = _session(deps, "pc-bench", OFFICER)
    supervisor = _session(deps, "sgt-bench", SUPERVISOR)
    own = [_promise(n, OfficerId("pc-bench"), TEAM) for n in range(OWN)]
    team = [_promise(n, OfficerId("pc-other"), TEAM) for n in range(OWN, OF_THE_TEAM)]
    _put([*own, *team])
    numbers = count(OF_THE_TEAM)
    costs: list[dict[str, Cost]] = []
    there = 0
    for size in (few, many):
        _put(_of_others(next(numbers)) for _ in range(size - there))
        there = size
        costs.append(
            {
                "worklist": _cost(lambda: open_worklist(deps, officer, None)),
                "team's board": _cost(lambda: open_board(deps, supervisor)),
                "late on the board": _cost(lambda: open_board(deps, supervisor, "late")),
            }
        )
    return {name: (costs[0][name], costs[1][name]) for name in costs[0]}


def _session(deps: Deps, identity: str, role: str) -> StaffSession:
    member = StaffMember(OfficerId(identity), identity, "0001", TEAM)
    session = StaffSession(f"bench-{identity}", member, role, MORNING, MORNING, fresh_at=MORNING)
    deps.ledger.write(
        [
            deps.cases.keep_member(member),
            deps.cases.keep_team(Team(TEAM, "Bench")),
            deps.access.new_staff_session(session, MORNING + timedelta(days=1)),
        ]
    )
    return session


def _of_others(number: int) -> Promise:
    other = number % OTHER_TEAMS
    return _promise(number, OfficerId(f"pc-elsewhere-{other}"), TeamId(f"elsewhere-{other}"))


def _promise(number: int, owner: OfficerId, team: TeamId) -> Promise:
    made_on = date(2026, 11, 2)
    return Promise(
        id=f"bench{number:08}",
        kind=UPDATE,
        case_key=f"case-{number // 2}",
        victim=VictimKey(f"bench-victim-{number:08}"),
        reference="12/000000/34",
        owed=OWED_UPDATE,
        due_on=made_on + timedelta(days=number % 60),
        made_at=datetime.combine(made_on, datetime.min.time(), UTC) + timedelta(seconds=number),
        owner=owner,
        owner_name=owner,
        team=team,
        made_team=team,
        subject=f"bench{number:08}",
        working=Working("rhythm.every_10", made_on, 10, "what was agreed with you"),
    )


def _put(promises: Iterator[Promise] | list[Promise]) -> None:
    with ThreadsTable.batch_write() as batch:
        for promise in promises:
            batch.save(promise_item(promise))


def _cost(look: Any) -> Cost:  # noqa: ANN401 -- what it returns is nothing to us
    with _watched() as cost:
        look()
    return cost


@contextmanager
def _watched() -> Iterator[Cost]:
    """Count the requests of DynamoDB, and the items that it looked at, inside the block."""
    cost = Cost()

    def note(parsed: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 -- as botocore calls it
        cost.requests += 1
        cost.looked_at += parsed.get("ScannedCount", 0)

    events = ThreadsTable._get_connection().connection.client.meta.events  # noqa: SLF001
    events.register("after-call", note, unique_id="bench")
    try:
        yield cost
    finally:
        events.unregister("after-call", unique_id="bench")

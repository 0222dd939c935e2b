"""What the service does by itself when an agreement with a partner agency has ended.

Its pages refuse it from that day on. What its people were still to do must be in somebody's
list who can do it: each morning it goes to the officer in charge, if anybody else can.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from chalicelib.domain.cases import Case, CaseKey, TeamId, VictimKey
from chalicelib.domain.promises import LINE, Promise
from chalicelib.rules import Partner
from chalicelib.services.deps import Deps
from chalicelib.services.isva_lines import ended_parts
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.rounds import fitting
from chalicelib.services.tasks import given_back
from chalicelib.services.worklist import MOST_ROWS

SERVICE = "service"
ENDED = "Their agreement to this service's support has ended."


def take_back_ended(deps: Deps) -> int:
    """Give to officers what partners can no longer do, and return how many promises.

    Running it again moves nothing twice. What changes meanwhile is looked at the next time.
    """
    return sum(_take_back(deps, partner) for partner in deps.rules.partners.values())


def _take_back(deps: Deps, partner: Partner) -> int:
    """Return how many of a partner's open promises were moved, case by case."""
    over = sorted(_no_longer_agreed(deps, partner), key=lambda each: each.case_key)
    moved = 0
    for key, of_case in groupby(over, key=lambda each: each.case_key):
        case = deps.cases.read(CaseKey(key))
        if case is not None:
            moved += _move(deps, case.key, _units(deps, partner, case, list(of_case)))
    return moved


def _no_longer_agreed(deps: Deps, partner: Partner) -> Iterator[Promise]:
    """Give the open promises in a partner's lists whose victims do not agree today."""
    after, is_more, today = None, True, deps.today()
    while is_more:
        page = deps.threads.open_of_team(TeamId(partner.team), after=after, limit=MOST_ROWS)
        after, is_more = page.next_after, page.next_after is not None
        victims = list(dict.fromkeys(promise.victim for promise in page.promises))
        found = deps.threads.agreements_of(partner.key, victims) if victims else ()
        agreed = {each.victim for each in found if each.holds(today)}
        yield from (promise for promise in page.promises if promise.victim not in agreed)


def _lines_of(deps: Deps, partner: Partner, case: Case, key: VictimKey) -> list[Part]:
    """Return the writes for what police and ISVAs owe together, which has its own rule."""
    victim = case.victim(key)
    if victim is None:
        return []
    return ended_parts(deps, case, victim, deps.threads.read(key), partner.key, SERVICE)


def _units(
    deps: Deps, partner: Partner, case: Case, owed: Sequence[Promise]
) -> list[tuple[list[Part], int]]:
    """Return what is written together, each with the number of its promises.

    That is each promise by itself, and all that is owed together with ISVAs for a victim.
    """
    tasks = [promise for promise in owed if promise.kind != LINE]
    lines = Counter(promise.victim for promise in owed if promise.kind == LINE)
    return [
        *((given_back(deps, p, case.officer, why=ENDED, by=SERVICE), 1) for p in tasks),
        *((_lines_of(deps, partner, case, key), count) for key, count in lines.items()),
    ]


def _move(deps: Deps, key: CaseKey, units: Sequence[tuple[list[Part], int]]) -> int:
    """Write as many units a transaction as fit, and return how many promises were moved."""
    moved, left = 0, [unit for unit in units if unit[0]]
    while left:
        parts, count = fitting([], (parts for parts, _ in left))
        some, left = left[:count], left[count:]
        line = deps.audited(key, SERVICE, "took back what a partner was to do")
        try:
            deps.ledger.write([*parts, line])
            moved += sum(each for _, each in some)
        except ConflictError:
            # One of them changed meanwhile; alone, it is left where it is.
            if count > 1:
                moved += sum(_move(deps, key, [unit]) for unit in some)
    return moved

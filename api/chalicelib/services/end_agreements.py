"""What the service does by itself when an agreement with a partner agency has ended.

Its pages refuse it from that day on. What its people were still to do must be in somebody's
list who can do it: each morning it goes to the officer in charge.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from chalicelib.domain.cases import Case, CaseKey, TeamId, VictimKey
from chalicelib.domain.promises import LINE, Promise
from chalicelib.rules import Partner
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.isva_lines import ended_parts
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.worklist import MOST_ROWS

SERVICE = "service"
ENDED = "Their agreement to this service's support has ended."
PROMISES_A_TRANSACTION = 20


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
        owed = list(of_case)
        for start in range(0, len(owed), PROMISES_A_TRANSACTION):
            some = owed[start : start + PROMISES_A_TRANSACTION]
            moved += _move(deps, partner, CaseKey(key), some)
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


def _move(deps: Deps, partner: Partner, key: CaseKey, owed: Sequence[Promise]) -> int:
    case = deps.cases.read(key)
    if case is None:
        return 0
    officer = case.officer
    to = (officer.id, officer.name, officer.team)
    parts = [
        part
        for promise in owed
        if promise.kind != LINE
        for part in promises.move(deps, promise, to, why=ENDED, by=SERVICE, follows=True)
    ]
    for key_of_victim in dict.fromkeys(p.victim for p in owed if p.kind == LINE):
        parts += _lines_of(deps, partner, case, key_of_victim)
    line = deps.audited(key, SERVICE, "took back what a partner was to do")
    try:
        deps.ledger.write([*parts, line])
    except ConflictError:
        # One of them changed meanwhile; alone, it is left where it is.
        return sum(_move(deps, partner, key, [each]) for each in owed) if len(owed) > 1 else 0
    return len(owed)

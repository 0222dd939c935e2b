"""The minimum expectations of police and ISVAs begin by themselves, with what begins them.

Each function gives the writes for the transaction of what happened; for a case that is not a
sexual offence there are none.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from chalicelib.domain.agreements import Agreement
from chalicelib.domain.cases import Case, Officer, StageEntry, Victim
from chalicelib.domain.expectations import (
    COURT_DATE,
    DATE_CHANGED,
    DATE_PASSED,
    ENDING,
    NO_DATE,
    PLAN,
    PLEA,
    REFERRAL,
    REPORT,
    STOPPING,
    Begun,
    isva_with,
    line_of,
    lines_begun,
    triggers_of,
)
from chalicelib.domain.messages import Door
from chalicelib.domain.promises import LINE, Promise
from chalicelib.rules import Expectation
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.line_owners import LineOwners
from chalicelib.services.ports import Part, VictimFile

OFFER = "offer"
NOTHING_YET = VictimFile(Door(), (), (), (), None, has_older=False)


def begun_parts(
    deps: Deps,
    case: Case,
    victim: Victim,
    file: VictimFile,
    begun: Begun,
    *,
    leave_out: str = "",
) -> list[Part]:
    """Return the writes of the lines that begin, each in the list of who owes it."""
    rows = lines_begun(begun, case, file.owed, deps.rules)
    owners = LineOwners(deps, case, victim, file, begun)
    return [
        part
        for row in rows
        if row.key != leave_out and (owner := owners.of(row)) is not None
        for part in promises.make(deps, _line(deps, row, begun, case, victim, owner))
    ]


def _line(
    deps: Deps, row: Expectation, begun: Begun, case: Case, victim: Victim, owner: Officer
) -> Promise:
    return line_of(
        row,
        begun,
        case,
        victim,
        owner=owner,
        identity=deps.new_id(),
        now=deps.now(),
        calendar=deps.calendar,
        rules=deps.rules,
    )


# --- what begins lines


def report_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile = NOTHING_YET
) -> list[Part]:
    """Return the writes of what begins when the hub hears of a case, or of what kind it is."""
    begun = Begun(REPORT, REPORT, case.reported_on, is_news=True)
    reached = entry_lines(deps, case, victim, file, case.current, is_news=True)
    agreement = isva_with(file.agreements, deps.today(), deps.rules)
    if agreement is None:
        return begun_parts(deps, case, victim, file, begun) + reached
    # Who has an ISVA is not offered one.
    parts = begun_parts(deps, case, victim, file, begun, leave_out=OFFER) + reached
    return parts + isva_begun(deps, case, victim, file, agreement)


def isva_begun(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, agreement: Agreement
) -> list[Part]:
    """Return the writes of what begins with an ISVA who was agreed to, once, and before its end."""
    rows = deps.rules.expectations.values()
    first = {row.key for row in rows if row.begins == REFERRAL}
    parts: list[Part] = []
    if first.isdisjoint(p.line for p in file.owed if p.kind == LINE):
        referral = Begun(REFERRAL, agreement.given_at.isoformat(), deps.today())
        parts += begun_parts(deps, case, victim, file, referral)
    ending = Begun(ENDING, f"{agreement.until}", agreement.until, is_ahead=True)
    return parts + begun_parts(deps, case, victim, file, ending)


def entry_lines(
    deps: Deps,
    case: Case,
    victim: Victim,
    file: VictimFile,
    entry: StageEntry,
    *,
    is_news: bool = False,
) -> list[Part]:
    """Return the writes of what a new stage or outcome begins, counted from its day.

    `is_news` if the hub hears of the case itself only now.
    """
    triggers = [
        trigger
        for rung in (entry.stage, entry.outcome or "")
        for trigger in triggers_of(rung, deps.rules)
    ]
    parts: list[Part] = []
    for trigger in dict.fromkeys(triggers):
        begun = Begun(trigger, entry.id, entry.since, is_news=is_news)
        parts += begun_parts(deps, case, victim, file, begun)
    return parts


def plan_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile, day: date) -> list[Part]:
    """Return the writes of what begins with the first contact of a day."""
    return begun_parts(deps, case, victim, file, Begun(PLAN, PLAN, day))


def plea_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile, day: date) -> list[Part]:
    """Return the writes of what a not-guilty plea of a day begins."""
    return begun_parts(deps, case, victim, file, Begun(PLEA, day.isoformat(), day))


def stopping_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> list[Part]:
    """Return the writes of what begins when a victim thinks of stopping; once while it is open."""
    if any(p.kind == LINE and p.is_open and p.line == STOPPING for p in file.owed):
        return []
    today = deps.today()
    return begun_parts(deps, case, victim, file, Begun(STOPPING, deps.new_id(), today))


def hearing_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, on: date | None
) -> list[Part]:
    """Return the writes that let the lines before court follow a victim's next date.

    `case` is as it stands afterwards, `on` the date on which they may be needed. What is open
    for another date is cancelled; what was missed stays late until there is one.
    """
    keys = {row.key for row in deps.rules.expectations.values() if row.begins in COURT_DATE}
    gone = [p for p in open_lines(file) if p.line in keys and p.subject != f"{on}"]
    parts = [part for p in gone for part in promises.cancel(deps, p, _why_gone(deps, p, on))]
    if on is None or on < deps.today():
        return parts
    left = without(file, gone)
    for trigger in COURT_DATE:
        begun = Begun(trigger, f"{on}", on, is_ahead=True)
        parts += begun_parts(deps, case, victim, left, begun)
    return parts


def _why_gone(deps: Deps, line: Promise, on: date | None) -> str:
    if line.subject < f"{deps.today()}":
        return DATE_PASSED
    return NO_DATE if on is None else DATE_CHANGED


def open_lines(file: VictimFile) -> list[Promise]:
    """Return the lines that are owed to a victim now."""
    return [promise for promise in file.owed if promise.kind == LINE and promise.is_open]


def without(file: VictimFile, gone: Iterable[Promise]) -> VictimFile:
    """Return what stands of a victim without some promises."""
    closed = {promise.id for promise in gone}
    return replace(file, owed=tuple(p for p in file.owed if p.id not in closed))

"""What police and ISVAs owe together follows what a victim agrees with an ISVA service."""

from dataclasses import replace

from chalicelib.domain.agreements import DATES, Agreement, agreement_with
from chalicelib.domain.cases import Case, Victim
from chalicelib.domain.expectations import (
    COURT_DATE,
    ENDING,
    NO_DATES,
    NOBODY,
    NOT_AGREED,
    OTHER_END,
    REFERRAL,
    WITNESS_CARE,
    Begun,
    is_isva,
    isva_with,
    whose_is,
)
from chalicelib.domain.promises import Promise
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.expect import OFFER, begun_parts, open_lines, without
from chalicelib.services.line_owners import witness_care_of
from chalicelib.services.ports import Part, VictimFile

OFFERED = "by their agreement to a service"


def agreed_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, agreement: Agreement, *, by: str = ""
) -> list[Part]:
    """Return the writes of what begins when a victim agrees to an ISVA service, or to another day.

    The offer is kept by it, and what tells of the day at court goes to somebody else where
    dates are no longer agreed. `file` is as it was read, `agreement` as it stands
    afterwards; `by` is who noted it, as staff read it.
    """
    if not is_isva(agreement.partner, deps.rules):
        return []
    others = tuple(a for a in file.agreements if a.partner != agreement.partner)
    gone = [p for p in open_lines(file) if p.line == ENDING and p.subject != f"{agreement.until}"]
    after = replace(without(file, gone), agreements=(*others, agreement))
    parts = [part for promise in gone for part in promises.cancel(deps, promise, OTHER_END)]
    parts += _without_dates(deps, case, victim, file, agreement, by)
    parts += [
        part
        for promise in open_lines(file)
        if promise.line == OFFER
        for part in promises.keep(deps, promise, deps.now(), OFFERED)
    ]
    if isva_with(file.agreements, deps.today(), deps.rules) is None:
        referral = Begun(REFERRAL, agreement.given_at.isoformat(), deps.today())
        parts += begun_parts(deps, case, victim, after, referral)
    ending = Begun(ENDING, f"{agreement.until}", agreement.until, is_ahead=True)
    return parts + begun_parts(deps, case, victim, after, ending)


def ended_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, partner: str, by: str
) -> list[Part]:
    """Return the writes for the open lines of a service whose agreement is withdrawn or over.

    What others can do goes to them, the rest is cancelled; the officer says how to come back.
    `file` is as it was read; `by` is who ended it, as staff read it.
    """
    row, agreement = deps.rules.partners[partner], agreement_with(file.agreements, partner)
    if not row.isva or agreement is None:
        return []
    others = tuple(a for a in file.agreements if a.partner != partner)
    theirs = [promise for promise in open_lines(file) if promise.team == row.team]
    parts: list[Part] = []
    for promise in theirs:
        parts += _without_isva(deps, case, victim, promise, by)
    after = replace(without(file, theirs), agreements=others)
    ended = Begun(ENDING, f"ended.{agreement.given_at.isoformat()}", deps.today())
    return parts + begun_parts(deps, case, victim, after, ended)


def _without_dates(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, agreement: Agreement, by: str
) -> list[Part]:
    """Return the writes for the service's lines before court once it may not see the day."""
    if DATES in agreement.scope:
        return []
    team, rows = deps.rules.partners[agreement.partner].team, deps.rules.expectations
    keys = {row.key for row in rows.values() if row.begins in COURT_DATE}
    theirs = [p for p in open_lines(file) if p.team == team and p.line in keys]
    if not theirs:
        return []
    # With the door, as in `agree.py`: who hands the case over at this moment moves it as well.
    parts = promises.move_door(deps, victim.key, file.door, file.door)
    for promise in theirs:
        parts += _without_isva(deps, case, victim, promise, by, why=NO_DATES)
    return parts


def _without_isva(
    deps: Deps, case: Case, victim: Victim, promise: Promise, by: str, *, why: str = NOT_AGREED
) -> list[Part]:
    """Return the writes that give a line to who stands in for an ISVA, or cancel it."""
    line = deps.rules.expectations.get(promise.line)
    is_over = line is None or line.begins == ENDING
    who = NOBODY if line is None or is_over else whose_is(line, victim, with_isva=False)
    if who == NOBODY:
        return promises.cancel(deps, promise, why)
    owner = case.officer if who != WITNESS_CARE else witness_care_of(deps, case)
    to = (owner.id, owner.name, owner.team)
    follows = owner.id == case.officer.id
    return promises.move(deps, promise, to, why=why, by=by, follows=follows)

"""Partner agency: one person who agreed to its support, and of them only what they agreed to.

What a page may show is taken out of the stored things here: no message, no evidence, no news
and no other victim ever reaches it. Like the victim, a partner learns of a charge, and of a
date at court, only once a person has told the victim (D10).
"""

from collections.abc import Callable, Iterable
from datetime import date

from chalicelib.domain.agreements import (
    DATES,
    MEASURES,
    NEEDS,
    Agreement,
    agreement_with,
    may_hear_of_court,
    partner_of,
)
from chalicelib.domain.cases import Case, CaseKey, CaseShown, Officer, VictimKey, shown_to
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.expectations import COURT_DATE
from chalicelib.domain.measures import Measure, MeasureStep, step_shown
from chalicelib.domain.needs import Needs
from chalicelib.domain.promises import LINE, TASK, Promise
from chalicelib.domain.reviews import Court, is_red
from chalicelib.domain.staff import StaffSession
from chalicelib.frozen import frozen
from chalicelib.rules import Partner, Rules
from chalicelib.rules.measures import load_measures
from chalicelib.services.deps import Deps
from chalicelib.services.hidden_news import Hidden, as_before, hidden_of
from chalicelib.services.ports import VictimFile
from chalicelib.services.read_needs import needs_seen_parts
from chalicelib.services.staff_sessions import need_role, write_as


@frozen
class Supported:
    """One person as a partner may see them; what they did not agree to is none.

    `tasks` is what the partner's people are to do; `knows_of_charge` whether what only
    happens before court may be spoken of. `missed` is what the police owe by the minimum
    expectations and are late with, so that an ISVA service can speak with them.
    """

    partner: Partner
    agreement: Agreement
    officer: Officer
    needs: Needs | None
    hearing: date | None
    court: str | None
    is_red: bool
    measures: tuple[tuple[Measure, MeasureStep], ...] | None
    tasks: tuple[Promise, ...]
    knows_of_charge: bool
    missed: tuple[Promise, ...] = ()


def need_agreement(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey
) -> tuple[Partner, Agreement]:
    """Return what holds now between a victim and this person's agency.

    Raises:
        NotAllowedError: the role is not that of a partner agency.
        NotFoundError: nothing does, or no longer, or there is no such case: one answer for all.
    """
    need_role(deps, session, "supports")
    partner = partner_of(session.member, deps.rules)
    found = deps.threads.agreements_of(partner.key, [victim]) if partner else ()
    agreement = next(iter(found), None)
    if partner is None or agreement is None or agreement.case_key != key:
        raise NotFoundError
    if not agreement.holds(deps.today()):
        raise NotFoundError
    return partner, agreement


def open_supported(deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey) -> Supported:
    """Return what a victim agreed that this person may see; their needs count as read by them.

    Raises:
        As `need_agreement`.
    """
    partner, _ = need_agreement(deps, session, key, victim)
    file, case = deps.threads.read(victim), deps.cases.read(key)
    agreement = agreement_with(file.agreements, partner.key)
    if case is None or case.victim(victim) is None or agreement is None:
        raise NotFoundError
    seen = []
    if agreement.covers(NEEDS, deps.today()):
        seen = needs_seen_parts(deps, session, case, {victim: file})
    supported = _supported(deps, partner, agreement, case, file)
    write_as(deps, session, "opened what was agreed", *seen, about=key)
    return supported


def _supported(
    deps: Deps, partner: Partner, agreement: Agreement, case: Case, file: VictimFile
) -> Supported:
    today, rules = deps.today(), deps.rules
    shown = shown_to(agreement.victim, case, rules)
    knows = knows_of_charge(shown, rules)
    sees_dates = agreement.covers(DATES, today)
    hearing = hearing_ahead(deps, shown) if sees_dates else None
    sees_measures = agreement.covers(MEASURES, today)
    hidden = hidden_of(case, shown.entry, file.measures)
    owed = as_before(file.owed, hidden, rules)
    seen = [each for each in owed if may_be_seen(each, agreement, today, rules, knows=knows)]
    return Supported(
        partner=partner,
        agreement=agreement,
        officer=case.officer,
        needs=file.needs if agreement.covers(NEEDS, today) else None,
        hearing=hearing,
        court=shown.court if hearing else None,
        is_red=is_red_for(deps, file.court, hearing, lambda: hidden),
        measures=_measures(file, knows=knows) if sees_measures else None,
        tasks=_tasks_of(seen, partner),
        knows_of_charge=knows and may_hear_of_court(agreement, today),
        missed=_missed_of(deps, seen, partner, sees_dates=sees_dates),
    )


def missed_of(deps: Deps, partner: Partner, agreement: Agreement) -> tuple[Promise, ...]:
    """Return what a person's page shows as late with others; two requests."""
    file, case = deps.threads.read(agreement.victim), deps.cases.read(agreement.case_key)
    if case is None or case.victim(agreement.victim) is None:
        return ()
    return _supported(deps, partner, agreement, case, file).missed


def _measures(file: VictimFile, *, knows: bool) -> tuple[tuple[Measure, MeasureStep], ...]:
    rules = load_measures()
    steps = [(each, step_shown(each, rules, knows_of_charge=knows)) for each in file.measures]
    return tuple((each, step) for each, step in steps if step is not None)


def _tasks_of(seen: Iterable[Promise], partner: Partner) -> tuple[Promise, ...]:
    """Return what the partner's people are to do for a victim, the soonest first."""
    theirs = [each for each in seen if each.is_open and each.team == partner.team]
    return tuple(sorted(theirs, key=lambda each: (each.due_on, each.made_at, each.id)))


def _missed_of(
    deps: Deps, seen: Iterable[Promise], partner: Partner, *, sees_dates: bool
) -> tuple[Promise, ...]:
    """Return the lines of others that are late and that somebody looks into, the oldest first."""
    if not partner.isva:
        return ()
    late = [
        each
        for each in seen
        if each.kind == LINE
        and each.is_late(deps.today())
        and each.raised_at is not None
        and each.team != partner.team
        and (sees_dates or not is_of_court(each, deps.rules))
    ]
    return tuple(sorted(late, key=lambda each: (each.due_on, each.made_at, each.id)))


# --- what a victim agreed to


def may_be_seen(
    promise: Promise, agreement: Agreement, today: date, rules: Rules, *, knows: bool
) -> bool:
    """Return whether a task or line tells a partner of no more than was agreed and told."""
    task = rules.tasks.get(promise.event) if promise.kind == TASK else None
    if task is not None and task.staff_only:
        return False
    if not is_of_court(promise, rules):
        return True
    if not knows:
        return False
    # By when it is due tells of the day at court.
    row = rules.expectations.get(promise.line) if promise.kind == LINE else None
    if row is not None and row.begins in COURT_DATE:
        return agreement.covers(DATES, today)
    return may_hear_of_court(agreement, today)


# --- what a victim was told


def knows_of_charge(shown: CaseShown, rules: Rules) -> bool:
    """Return whether a victim was told that somebody is charged, or of what came after it."""
    return rules.stages[shown.entry.stage].from_charge


def is_of_court(promise: Promise, rules: Rules) -> bool:
    """Return whether a task, or a line of the minimum expectations, would tell of a charge."""
    rows = {TASK: rules.tasks.get(promise.event), LINE: rules.expectations.get(promise.line)}
    row = rows.get(promise.kind)
    return row is not None and row.from_charge


def hearing_ahead(deps: Deps, shown: CaseShown) -> date | None:
    """Return the next day at court that a victim was told of, while it lies ahead."""
    hearing = shown.next_hearing_on
    return hearing if hearing is not None and hearing >= deps.today() else None


def is_red_for(
    deps: Deps, court: Court | None, hearing: date | None, hidden: Callable[[], Hidden]
) -> bool:
    """Return whether the day at court that a victim knows is near and nobody held the review.

    `hidden` is asked for only where a review that was held is open again.
    """
    # A date that moved with news that nobody told yet is not the one that the victim knows.
    if court is None or hearing is None or court.on != hearing:
        return False
    if not is_red(court, deps.today(), deps.calendar, deps.rules):
        return False
    return not (_was_held(court) and _is_opened_behind(court, hidden()))


def _was_held(court: Court) -> bool:
    return any(closing.for_on == court.on for closing in court.closings)


def _is_opened_behind(court: Court, hidden: Hidden) -> bool:
    """Return whether a review was opened again for what nobody has told the victim yet."""
    since = min((each for each in (hidden.news, hidden.decision) if each), default=None)
    return since is not None and court.reopened_at is not None and court.reopened_at >= since

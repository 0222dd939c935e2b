"""A victim's next court date follows the case, and the review before it is owed by itself."""

from dataclasses import replace
from datetime import date

from chalicelib.domain.cases import Case, Victim, court_is_over, is_high_harm
from chalicelib.domain.dates import long_date
from chalicelib.domain.expectations import DATE_CHANGED, NO_DATE
from chalicelib.domain.messages import Door
from chalicelib.domain.needs import Needs
from chalicelib.domain.promises import (
    BEFORE_COURT,
    OUR_STANDARD,
    OWED_REVIEW,
    REVIEW,
    Promise,
    Working,
    promise_of,
)
from chalicelib.domain.reviews import Court, is_under_review, review_due_on
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.expect import hearing_parts
from chalicelib.services.follow import open_of
from chalicelib.services.ports import Part, VictimFile

NO_FILE = VictimFile(Door(), (), (), (), None, has_older=False)
MISSED = "That court date passed without a review."
NOT_UNDER_REVIEW = "Nothing puts this case under review any more."


def court_parts(
    deps: Deps,
    case: Case,
    victim: Victim,
    file: VictimFile,
    *,
    needs: Needs | None = None,
    changed: str = "",
) -> list[Part]:
    """Return the writes that bring a victim's court date and its review to what a case says.

    Args:
        deps: stores, rules and clock.
        case: as it stands afterwards.
        victim: whose date it is.
        file: what stands of them before this transaction.
        needs: their needs afterwards; none if they stay as they are.
        changed: what changed that a closed review did not know of, in words for staff.
    """
    seen = file.court or Court(victim.key, case.key, case.reference, victim.label)
    now = replace(
        seen,
        team=case.officer.team,
        on=_needed_on(deps, case, victim),
        high_harm=is_high_harm(case.crime_type, case.flags, deps.rules),
        has_needs=bool(file.needs if needs is None else needs),
        restricted=case.restricted,
    )
    if now.on is None and file.court is None:
        return []
    # What was looked at for one date was not looked at for another, also if it comes back.
    changed = changed or (DATE_CHANGED if now.on != seen.on else "")
    if seen.on is not None and now.on != seen.on:
        changed += _arranged(seen, seen.on)
        now = replace(now, travel="", interpreter="")
    if changed and seen.is_reviewed:
        now = replace(now, reopened_why=changed, reopened_at=deps.now())
    return [
        *written_parts(deps, now, file),
        *review_parts(deps, case, victim, file, now),
        *hearing_parts(deps, case, victim, file, now.on),
    ]


def _arranged(seen: Court, on: date) -> str:
    """Return in words for staff what was arranged for a day that is no longer the one."""
    words = "; ".join(each.rstrip(".") for each in (seen.travel, seen.interpreter) if each)
    return f" For {long_date(on)} was arranged: {words}." if words else ""


def _needed_on(deps: Deps, case: Case, victim: Victim) -> date | None:
    """Return the next court date on which a victim may be needed, while court is not over."""
    is_over = court_is_over(victim.key, case, deps.rules)
    return None if is_over else case.needed_on(victim.key)


def written_parts(deps: Deps, now: Court, file: VictimFile) -> list[Part]:
    """Return the write of a court date and its review, or none when nothing changed."""
    return [] if now == file.court else [deps.threads.keep_court(now)]


def review_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, now: Court
) -> list[Part]:
    """Return the writes that owe the review before the date that stands, and no other."""
    is_owed = is_under_review(now) and not now.is_reviewed
    waiting = open_of(file, REVIEW)
    # One that was missed stays late until there is another date.
    stay = [promise for promise in waiting if is_owed and promise.subject == f"{now.on}"]
    parts = [
        part
        for promise in waiting
        if promise not in stay
        for part in promises.cancel(deps, promise, _why_gone(deps, now, promise))
    ]
    if is_owed and not stay and now.on is not None and now.on >= deps.today():
        parts += promises.make(deps, _review_of(deps, case, victim, now.on))
    return parts


def _why_gone(deps: Deps, now: Court, promise: Promise) -> str:
    if promise.working.counted_from < deps.today():
        return MISSED
    if now.on is None:
        return NO_DATE
    return DATE_CHANGED if is_under_review(now) else NOT_UNDER_REVIEW


def _review_of(deps: Deps, case: Case, victim: Victim, hearing: date) -> Promise:
    """Return what is owed before a hearing; one that is near already is owed today."""
    limit = deps.rules.limits.review_working_days
    due = max(review_due_on(hearing, deps.calendar, deps.rules), deps.today())
    return promise_of(
        kind=REVIEW,
        identity=deps.new_id(),
        case=case,
        victim=victim.key,
        subject=hearing.isoformat(),
        owed=OWED_REVIEW,
        made_at=deps.now(),
        due=(due, Working(BEFORE_COURT, hearing, limit, OUR_STANDARD)),
        rules=deps.rules,
    )

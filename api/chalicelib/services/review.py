"""Staff: the review before court, from what is noted in the meeting to closing it."""

from dataclasses import replace

from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey
from chalicelib.domain.errors import HubError, StaleError
from chalicelib.domain.promises import REVIEW
from chalicelib.domain.reviews import Closing, Court, is_under_review
from chalicelib.domain.staff import Force, StaffSession
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.before_court import change_before_court, court_of
from chalicelib.services.court_dates import review_parts
from chalicelib.services.deps import Deps
from chalicelib.services.follow import open_of
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.read_needs import needs_seen_parts
from chalicelib.services.staff_case import stored_id, victim_of
from chalicelib.services.staff_sessions import find_case, need_role, write_as

IN_A_MEETING = "in a meeting"


class NotUnderReviewError(HubError):
    """There is no court date for which this victim's case is looked at."""


class CourtIsOverError(HubError):
    """The court date for which this victim's case was looked at is over."""


@frozen
class OpenedReview:
    """What the people in the meeting look at; `force` says to whom they can give something."""

    case: Case
    victim: Victim
    file: VictimFile
    force: Force

    @property
    def court(self) -> Court:
        """Return the court date and its review, one without a date where nothing is kept."""
        return court_of(self.case, self.victim, self.file)


@frozen
class Coming:
    """How a victim comes to court: who is with them, how they get there, who interprets."""

    supporter: str
    travel: str
    interpreter: str


def open_review(deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey) -> OpenedReview:
    """Return a victim's case before court; who opens it has read their needs.

    Raises:
        NotAllowedError: this role has no part in reviews.
        NotFoundError: the case does not exist for this person, or the victim not in it.
    """
    need_role(deps, session, "reviews")
    case = find_case(deps, session, key)
    whose = victim_of(case, victim)
    file, force = deps.threads.read(victim), deps.cases.read_force()
    seen = needs_seen_parts(deps, session, case, {victim: file})
    write_as(deps, session, "opened the review before court", *seen, about=key)
    return OpenedReview(case, whose, file, force)


def review_stamp(file: VictimFile) -> str:
    """Return what a form brings back to say upon what somebody decided in the meeting."""
    versions = (
        file.court.version if file.court else 0,
        file.needs.version,
        sum(measure.version for measure in file.measures),
        sum(agreement.version for agreement in file.agreements),
    )
    return ".".join(map(str, versions))


def close_review(  # noqa: PLR0913 -- whose, what was decided, who was there, upon what
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    *,
    decisions: str,
    there: str,
    seen: str,
) -> None:
    """Close the review before the date that stands: it is kept, with who was there.

    Raises:
        NotAllowedError: this role has no part in reviews.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        NotUnderReviewError: there is no date for which this case is looked at.
        CourtIsOverError: that date is over.
        StaleError: something changed since the page was opened; nothing was stored.
    """

    def parts(_: Case, court: Court, file: VictimFile) -> list[Part] | None:
        if court.on is None or not is_under_review(court):
            raise NotUnderReviewError
        closing = Closing(deps.now(), session.member.name, court.on, decisions, there)
        if review_stamp(file) != seen:
            # Sent twice, unless it was opened again since; the same words upon what stands now
            # are another closing.
            is_there = any(replace(each, at=closing.at) == closing for each in court.closings)
            if court.is_reviewed and is_there:
                return None
            raise StaleError
        if court.on < deps.today():
            raise CourtIsOverError
        now = replace(court, closings=(*court.closings, closing), reopened_why="", reopened_at=None)
        return [
            deps.threads.keep_court(now),
            # Needs and measures as they were read: what is told at this moment comes after,
            # and opens the review again.
            deps.threads.keep_needs(victim, file.needs),
            *promises.move_door(deps, victim, file.door, file.door),
            *(
                part
                for promise in open_of(file, REVIEW)
                for part in promises.keep(deps, promise, deps.now(), IN_A_MEETING)
            ),
        ]

    change_before_court(deps, session, key, victim, "closed the review before court", parts)


def reopen_review(
    deps: Deps, session: StaffSession, key: CaseKey, victim: VictimKey, reason: str
) -> None:
    """Open a closed review again; it is owed anew, never before today.

    Raises:
        NotAllowedError: this role has no part in reviews.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: it is not closed, or somebody opened it for another reason.
    """
    why = f"{session.member.name}: {reason}"

    def parts(case: Case, court: Court, file: VictimFile) -> list[Part] | None:
        if court.reopened_why == why:
            return None
        if not court.is_reviewed:
            raise StaleError
        now = replace(court, reopened_why=why, reopened_at=deps.now())
        owed = review_parts(deps, case, victim_of(case, victim), file, now)
        return [deps.threads.keep_court(now), *owed]

    change_before_court(deps, session, key, victim, "opened a review again", parts)


def coming_of(court: Court) -> Coming:
    """Return how a victim comes to court, as far as it is known."""
    return Coming(court.supporter, court.travel, court.interpreter)


def coming_stamp(coming: Coming) -> str:
    """Return what a form brings back to say upon which words somebody decided."""
    return stored_id("coming", coming.supporter, coming.travel, coming.interpreter)


def keep_coming(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    coming: Coming,
    *,
    seen: str,
) -> None:
    """Store how a victim comes to court.

    Raises:
        NotAllowedError: this role has no part in reviews.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: somebody else wrote it meanwhile; nothing was stored.
    """

    def parts(_: Case, court: Court, __: VictimFile) -> list[Part] | None:
        there = coming_of(court)
        if there == coming:
            return None
        if coming_stamp(there) != seen:
            raise StaleError
        now = replace(
            court,
            supporter=coming.supporter,
            travel=coming.travel,
            interpreter=coming.interpreter,
        )
        return [deps.threads.keep_court(now)]

    change_before_court(deps, session, key, victim, "noted how they come to court", parts)

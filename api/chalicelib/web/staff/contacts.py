"""Keep a promise: record a contact with a victim, or say in one press that there is nothing new."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import Case, Told, VictimKey
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.events import ways_of
from chalicelib.domain.promises import TELL, WELCOME, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import HERE, WAYS_OF_NEWS, WAYS_OF_TELLING
from chalicelib.services.nothing_new import ToldTodayError, UntoldNewsError, say_nothing_new
from chalicelib.services.post_update import OpposedVictimsError
from chalicelib.services.record_contact import (
    is_kept_by_contact,
    open_contact,
    record_contact,
    starts_on,
)
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import need_role
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import DAY_HINT, Errors, key_of, past_day, sentence
from chalicelib.web.staff.case_words import rhythm_words, victim_name, working_words
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.rows import is_told_first, row_of, tries_address

pages = Pages()

BACK_TO_LIST = "list"


@pages.page("/cases/{case}/contact", "GET")
@signed_in
def contact_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask how and when a victim was contacted, for what is owed to them."""
    need_role(visit.deps, session, "answers")
    query = visit.request.query
    return _page(visit, session, case, query.get("victim", ""), query.get("promise", ""))


@pages.page("/cases/{case}/contact", "POST")
@signed_in
def contact(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the contact once, or show the form with what is missing."""
    form, key = visit.form, key_of(case)
    whose, which = form.text("victim"), form.text("promise")
    found, _, promise = open_contact(visit.deps, session, key, VictimKey(whose), which)
    errors: list[tuple[str, str]] = []
    told = _told(visit, found, promise, errors)
    if told is None:
        return _page(visit, session, case, whose, which, errors=errors)
    rhythm = form.text("rhythm")
    try:
        record_contact(
            visit.deps,
            session,
            key,
            VictimKey(whose),
            told,
            promise_id=which,
            rhythm=rhythm if rhythm in visit.deps.rules.rhythms else "",
        )
    except StaleError:
        return _page(visit, session, case, whose, which, status=HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=contact")


@pages.page("/cases/{case}/nothing-new", "POST")
@signed_in
def nothing_new(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Write that there is nothing new, and go back to where it was pressed."""
    key, form = key_of(case), visit.form
    whose, which = VictimKey(form.text("victim")), form.text("promise")
    try:
        say_nothing_new(visit.deps, session, key, whose, which)
        done = "nothing-new"
    except StaleError:
        done = "first"
    except UntoldNewsError:
        done = "untold"
    except ToldTodayError:
        done = "today"
    except OpposedVictimsError:
        done = "opposed"
    page = "/" if form.text("back") == BACK_TO_LIST else f"/cases/{key}"
    return Redirect(f"{page}?done={done}")


def _ways(visit: Visit, promise: Promise) -> dict[str, str]:
    """Return how this can have been kept by a contact; words on the page are an update."""
    if promise.kind == TELL:
        ways = ways_of(visit.deps.rules.code_limits[promise.event])
    else:
        ways = dict(WAYS_OF_TELLING if promise.kind == WELCOME else WAYS_OF_NEWS)
    ways.pop(HERE, None)
    return ways


def _told(visit: Visit, case: Case, promise: Promise, errors: list[tuple[str, str]]) -> Told | None:
    how, ways = visit.form.text("how"), _ways(visit, promise)
    if how not in ways:
        errors.append(("how", "Say how they were contacted."))
    day = past_day(
        visit.form.text("on"),
        first=starts_on(case, promise),
        first_is="the day from which it was owed",
        today=visit.deps.today(),
    )
    if day.day is None:
        errors.append(("on", sentence(day.problem)))
    return Told(day.day, ways[how]) if day.day is not None and how in ways else None


def _page(  # noqa: PLR0913 -- whose promise, and what happened to the form
    visit: Visit,
    session: StaffSession,
    case: str,
    whose: str,
    which: str,
    *,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    found, file, promise = open_contact(visit.deps, session, key_of(case), VictimKey(whose), which)
    if not is_kept_by_contact(found, promise):
        raise NotFoundError
    form, rules = visit.form, visit.deps.rules
    context: dict[str, Any] = {
        "name": victim_name(victim_of(found, promise.victim)),
        "row": row_of(promise, visit.deps.today(), rules),
        "working": working_words(promise.working),
        "is_open": promise.is_open,
        "tries": tries_address(promise) if is_told_first(promise, rules) else "",
        "victim": whose,
        "promise": which,
        "ways": [(key, words.capitalize()) for key, words in _ways(visit, promise).items()],
        "how": form.text("how"),
        "on": form.text("on"),
        "day_hint": DAY_HINT,
        "rhythms": [(row.key, row.label) for row in rules.rhythms.values()]
        if promise.kind == WELCOME and file.door.closed_on is None
        else [],
        "rhythm": form.text("rhythm") or file.door.rhythm,
        "rhythm_now": rhythm_words(file.door, rules),
        "errors": errors,
        "error_of": dict(errors),
    }
    return case_desk_page(
        visit,
        found,
        "staff/contact.html",
        context,
        files={promise.victim: file},
        status=HTTPStatus.BAD_REQUEST if errors else status,
    )

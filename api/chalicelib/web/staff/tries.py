"""Somebody could not reach a victim: note the try in two presses, or let their page tell it."""

import re
from datetime import UTC, datetime, time
from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import CaseKey, Event, StageEntry, VictimKey
from chalicelib.domain.dates import LONDON, in_london, long_date
from chalicelib.domain.errors import StaleError
from chalicelib.domain.reaching import Try
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.rules import Rules
from chalicelib.services.reach_victim import (
    OpenedTries,
    first_moment,
    note_try,
    open_tries,
)
from chalicelib.services.release_news import can_be_read, may_release, release_news
from chalicelib.services.staff_case import need_recent
from chalicelib.services.staff_sessions import need_fresh, need_role
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    DAY_HINT,
    Errors,
    key_of,
    length_problem,
    past_day,
    sentence,
)
from chalicelib.web.staff.case_words import news_label, victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.hears_words import hears_words, tries_words

pages = Pages()

CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
TIME_HINT = "Hours and minutes, for example 14:30."
Errs = list[tuple[str, str]]


@pages.page("/cases/{case}/tries", "GET")
@signed_in
def tries_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show the tries so far to tell a victim of one piece of news, and ask for another."""
    query = visit.request.query
    return _shown(visit, session, key_of(case), query.get("victim", ""), query.get("news", ""))


@pages.page("/cases/{case}/tries", "POST")
@signed_in
def tried(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Note a try once, or show the form with what is missing."""
    key, form, errors = key_of(case), visit.form, Errs()
    whose, which = VictimKey(form.text("victim")), form.text("news")
    try:
        opened = open_tries(visit.deps, session, key, whose, which)
        attempt = _attempt(visit, session, opened, errors)
        if attempt is None:
            return _page(visit, session, opened, errors)
        note_try(visit.deps, session, key, whose, which, attempt)
    except StaleError:
        return Redirect(f"/cases/{key}?done=first")
    return Redirect(f"/cases/{key}?done=tried")


def _attempt(visit: Visit, session: StaffSession, opened: OpenedTries, errors: Errs) -> Try | None:
    """Return the try that was typed, or none with a sentence for each field that is not right."""
    form, now, first = visit.form, visit.deps.now(), first_moment(opened.waiting)
    how = form.text("how")
    if how not in WAYS_OF_TELLING:
        errors.append(("how", "Say how you tried to reach them."))
    day = past_day(
        form.text("on"),
        first=in_london(first).date(),
        first_is="the day on which it was recorded",
        today=visit.deps.today(),
    )
    if day.day is None:
        errors.append(("on", sentence(day.problem)))
    clock = CLOCK.fullmatch(form.text("at").strip())
    if clock is None:
        errors.append(("at", "Write the time like 14:30."))
    if errors or day.day is None or clock is None:
        return None
    typed = datetime.combine(day.day, time(int(clock[1]), int(clock[2])), LONDON)
    at = typed.astimezone(UTC)
    if at > now:
        errors.append(("at", "That time has not come yet."))
    elif at < first:
        recorded = f"{in_london(first):%H:%M}"
        errors.append(("at", f"The news was recorded at {recorded}. Write that time or a later."))
    return None if errors else Try(at, how, session.member.name)


def _shown(visit: Visit, session: StaffSession, key: CaseKey, whose: str, which: str) -> Answer:
    try:
        opened = open_tries(visit.deps, session, key, VictimKey(whose), which)
    except StaleError:
        return Redirect(f"/cases/{key}?done=first")
    return _page(visit, session, opened)


def _page(visit: Visit, session: StaffSession, opened: OpenedTries, errors: Errors = ()) -> Page:
    form, rules, deps = visit.form, visit.deps.rules, visit.deps
    return case_desk_page(
        visit,
        opened.case,
        "staff/tries.html",
        {
            **_news_words(opened, rules),
            "ways": [(key, words.capitalize()) for key, words in WAYS_OF_TELLING.items()],
            "how": form.text("how"),
            "on": form.text("on") or "today",
            "at": form.text("at") or f"{in_london(deps.now()):%H:%M}",
            "day_hint": DAY_HINT,
            "time_hint": TIME_HINT,
            "limits": rules.limits,
            "same_day": opened.waiting.same_day,
            "told_address": _told_address(opened),
            "may_release": rules.roles[session.role].team_list and _may_release(visit, opened),
            "errors": errors,
            "error_of": dict(errors),
        },
        files={opened.victim.key: opened.file},
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )


def _news_words(opened: OpenedTries, rules: Rules) -> dict[str, Any]:
    """Return what both pages say of the news, of whom, and of what was tried."""
    news, promise = opened.waiting.news, opened.waiting.promise
    return {
        "name": victim_name(opened.victim),
        "victim": opened.victim.key,
        "news": news.id,
        "what": _label(news, rules),
        "due": long_date(promise.due_on) if promise else "",
        "hears": hears_words(opened.file.safety),
        "tries": tries_words(opened.file.reached(news.id)),
    }


def _label(news: StageEntry | Event, rules: Rules) -> str:
    return rules.code_limits[news.key].event if isinstance(news, Event) else news_label(news, rules)


def _told_address(opened: OpenedTries) -> str:
    """Return where it is recorded that they were told."""
    case, whose = f"/cases/{opened.case.key}", f"victim={opened.victim.key}"
    news, promise = opened.waiting.news, opened.waiting.promise
    if isinstance(news, Event) and promise is not None:
        return f"{case}/contact?{whose}&promise={promise.id}"
    return f"{case}/told?{whose}&entry={news.id}"


def _may_release(visit: Visit, opened: OpenedTries) -> bool:
    return may_release(visit.deps, opened.case, opened.victim, opened.file, opened.waiting)


# --- a supervisor lets the page tell it


@pages.page("/cases/{case}/release", "GET")
@signed_in
def release_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask a supervisor why a victim's page tells news that no person told, if it may."""
    need_role(visit.deps, session, "team_list")
    need_fresh(visit.deps, session)
    key, query = key_of(case), visit.request.query
    whose = VictimKey(query.get("victim", ""))
    try:
        opened = open_tries(visit.deps, session, key, whose, query.get("news", ""))
    except StaleError:
        return Redirect(f"/cases/{key}?done=first")
    return _release_page(visit, opened)


@pages.page("/cases/{case}/release", "POST")
@signed_in
def release(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Let their page tell it, or ask for the reason; what was typed is still there."""
    need_role(visit.deps, session, "team_list")
    need_recent(visit.deps, session)
    key, form = key_of(case), visit.form
    whose, which, why = VictimKey(form.text("victim")), form.text("news"), form.text("why").strip()
    try:
        opened = open_tries(visit.deps, session, key, whose, which)
        if not _may_release(visit, opened):
            return _release_page(visit, opened, status=HTTPStatus.CONFLICT)
        if problem := _problem(visit, why):
            return _release_page(visit, opened, [("why", problem)])
        release_news(visit.deps, session, key, whose, which, why)
    except StaleError:
        return Redirect(f"/cases/{key}?done=first")
    return Redirect(f"/cases/{key}?done=released")


def _problem(visit: Visit, why: str) -> str:
    """Return what is wrong with the reason, or nothing."""
    if not why:
        return "Say why their page tells it now. The reason is kept."
    return length_problem(why, visit.deps.rules.limits.note_characters, "Your reason")


def _release_page(
    visit: Visit,
    opened: OpenedTries,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    rules = visit.deps.rules
    return case_desk_page(
        visit,
        opened.case,
        "staff/release.html",
        {
            **_news_words(opened, rules),
            "reads": _reads(opened.waiting.news, rules),
            "may": _may_release(visit, opened),
            "can_be_read": can_be_read(
                visit.deps, opened.case, opened.victim, opened.file, opened.waiting
            ),
            "limits": rules.limits,
            "why": visit.form.text("why"),
            "limit": rules.limits.note_characters,
            "errors": errors,
            "error_of": dict(errors),
        },
        files={opened.victim.key: opened.file},
        status=HTTPStatus.BAD_REQUEST if errors else status,
    )


def _reads(news: StageEntry | Event, rules: Rules) -> list[str]:
    """Return what their page will say."""
    if isinstance(news, Event):
        return [rules.code_limits[news.key].here]
    outcome = rules.outcomes[news.outcome] if news.outcome else None
    stage = rules.stages[news.stage]
    return [f"{stage.label}. {stage.meaning}", *([outcome.explanation] if outcome else [])]

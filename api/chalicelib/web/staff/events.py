"""Record an event of the Victims' Code for the victims that it is for, and say what it made."""

from datetime import date
from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import Case, CaseKey, Told, Victim, VictimKey
from chalicelib.domain.errors import StaleError
from chalicelib.domain.events import (
    MOST_NAMED,
    RECORDED_AS_EVENT,
    events_to_record,
    is_read_here,
    left_problem,
    twice_problem,
    untold_problem,
    ways_of,
    when_problem,
)
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import (
    FROM_RECEIPT,
    HERE,
    LETTER,
    WAYS_OF_NEWS,
    untold_entries,
)
from chalicelib.rules import CodeLimit
from chalicelib.services.record_event import EventNews, record_event
from chalicelib.services.staff_case import read_files
from chalicelib.services.staff_sessions import find_case, need_role, open_case_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    DAY_HINT,
    Errors,
    kept_form_key,
    key_of,
    length_problem,
    number_of,
    past_day,
    sentence,
)
from chalicelib.web.staff.case_words import in_order, victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.hears_words import hears_hint
from chalicelib.web.staff.text_checks import personal_words
from chalicelib.web.staff.updates import meanwhile_words

pages = Pages()

NOT_FOR_THEM, NOT_YET = "no", "not_yet"
WHO_TELLS = {"police": "Police", "WCU": "Witness Care", "police or CPS": "Police", "CPS": "Police"}
Errs = list[tuple[str, str]]


@pages.page("/cases/{case}/event", "GET")
@signed_in
def event_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show the events that can happen in this case as it stands."""
    need_role(visit.deps, session, "answers")
    found = open_case_page(visit.deps, session, key_of(case), "opened the event form")
    return _page(visit, found)


@pages.page("/cases/{case}/event", "POST")
@signed_in
def record(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the event once, or show the form with what is missing; nothing typed is lost."""
    key = key_of(case)
    found = find_case(visit.deps, session, key)
    errors: Errs = []
    news = _news(visit, found, errors)
    if news is None:
        return _again(visit, session, key, errors)
    personal = personal_words(visit, session, found, news.text)
    if personal:
        return _again(visit, session, key, (), personal=personal)
    try:
        made = record_event(
            visit.deps,
            session,
            key,
            news,
            seen=number_of(visit.form.text("version")),
            form_key=kept_form_key(visit),
        )
    except StaleError:
        opened = open_case_page(visit.deps, session, key, "saw a change made meanwhile")
        return _page(visit, opened, (), HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=event&event={made}")


def _again(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    errors: Errors,
    *,
    personal: dict[str, Any] | None = None,
) -> Page:
    found = open_case_page(visit.deps, session, key, "opened the event form")
    return _page(visit, found, errors, HTTPStatus.BAD_REQUEST, personal=personal)


def _news(visit: Visit, case: Case, errors: Errs) -> EventNews | None:
    """Return what was recorded, or none with a sentence for each field that is not right."""
    rules, form = visit.deps.rules, visit.form
    row = rules.code_limits.get(form.text("event"))
    if row is None or row.recorded_as != RECORDED_AS_EVENT:
        errors.append(("event", "Choose what happened."))
        row = None
    elif problem := when_problem(row, case, rules):
        errors.append(("event", problem))
    happened = past_day(
        form.text("happened_on"),
        first=case.reported_on,
        first_is="the report",
        today=visit.deps.today(),
    )
    if happened.problem:
        errors.append(("happened_on", sentence(happened.problem)))
    text = form.text("text").strip()
    victims = _victims(visit, case, row, happened.day, errors)
    _check_words(visit, case, victims, text, errors)
    if row is None or happened.day is None or errors:
        return None
    twice = twice_problem(case, row.key, happened.day, victims)
    if twice:
        errors.append(("happened_on", twice))
        return None
    return EventNews(row.key, happened.day, victims, text)


def _victims(
    visit: Visit, case: Case, row: CodeLimit | None, day: date | None, errors: Errs
) -> dict[VictimKey, Told | None]:
    """Return whom it is for, and how and when those were told who were."""
    named: dict[VictimKey, Told | None] = {}
    for victim in in_order(case):
        how = visit.form.text(f"how_{victim.key}")
        if how in {"", NOT_FOR_THEM}:
            continue
        if left := left_problem(victim):
            errors.append((f"how_{victim.key}", f"{victim_name(victim)} {left}"))
        named[victim.key] = None
        if how in {HERE, LETTER} and (untold := _untold(visit, case, victim, how)):
            errors.append((f"how_{victim.key}", f"{victim_name(victim)} {untold}"))
        if how != NOT_YET:
            named[victim.key] = _told(visit, victim, how, row, day or case.reported_on, errors)
    if not named and not errors:
        errors.append((_first_field(case), "Choose whom this is for. Nobody is named beforehand."))
    if len(named) > MOST_NAMED:
        fewer = f"Name up to {MOST_NAMED} victims at once, then record it for the others."
        errors.append((_first_field(case), fewer))
    return named


def _untold(visit: Visit, case: Case, victim: Victim, how: str) -> str:
    file, rules = visit.deps.threads.read(victim.key), visit.deps.rules
    return untold_problem(how, untold_entries(case, victim.key, file.owed, rules))


def _told(
    visit: Visit, victim: Victim, how: str, row: CodeLimit | None, first: date, errors: Errs
) -> Told | None:
    name, today = victim_name(victim), visit.deps.today()
    if row is not None and how not in ways_of(row):
        first_told = f"{name}: a person tells this first, not a page or a letter. Choose who did."
        errors.append((f"how_{victim.key}", first_told))
        return None
    if is_read_here(how):
        return Told(today, how)
    day = past_day(
        visit.form.text(f"on_{victim.key}"), first=first, first_is="the day of it", today=today
    )
    if day.day is None:
        errors.append((f"on_{victim.key}", f"{name} was told on: {day.problem}"))
        return None
    return Told(day.day, WAYS_OF_NEWS.get(how, how))


def _check_words(
    visit: Visit, case: Case, victims: dict[VictimKey, Told | None], text: str, errors: Errs
) -> None:
    here = any(told and is_read_here(told.how) for told in victims.values())
    if here and case.opposed:
        nothing = "Nothing is written to the victims of this case. Tell them yourself."
        errors.append((_first_field(case), nothing))
    elif here and not text:
        errors.append(("text", "Write what they read on their page, or choose another way."))
    elif text and not here and not errors:
        nobody = "Nobody reads these words: choose On their page for somebody, or empty the box."
        errors.append(("text", nobody))
    too_long = length_problem(text, visit.deps.rules.limits.message_characters, "Your text")
    if too_long:
        errors.append(("text", too_long))


def _first_field(case: Case) -> str:
    return f"how_{in_order(case)[0].key}"


def _page(
    visit: Visit,
    case: Case,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
    *,
    personal: dict[str, Any] | None = None,
) -> Page:
    form, rules = visit.form, visit.deps.rules
    ways = {NOT_YET: "Not yet", **{k: w.capitalize() for k, w in WAYS_OF_NEWS.items()}}
    ways["letter"] = "By letter (only hearings and other practical news)"
    ways["here"] = "On their page, with the words below (only hearings and other practical news)"
    files = read_files(visit.deps, case)
    return case_desk_page(
        visit,
        case,
        "staff/event.html",
        {
            "errors": errors,
            "error_of": dict(errors),
            "personal": personal,
            "meanwhile": meanwhile_words(visit, case) if status == HTTPStatus.CONFLICT else None,
            "form_key": kept_form_key(visit),
            "version": case.version,
            "entry_count": len(case.entries),
            "update_count": len(case.updates),
            "groups": _groups(case, visit),
            "event": form.text("event"),
            "happened_on": form.text("happened_on"),
            "day_hint": DAY_HINT,
            "victims": [
                {
                    "key": victim.key,
                    "name": victim_name(victim),
                    "how": form.text(f"how_{victim.key}"),
                    "on": form.text(f"on_{victim.key}"),
                    "hears": hears_hint(files[victim.key].safety),
                }
                for victim in in_order(case)
            ],
            "ways": [(NOT_FOR_THEM, "Not for them"), *ways.items()],
            "text": form.text("text"),
            "limit": rules.limits.message_characters,
        },
        files=files,
        status=status,
    )


def _groups(case: Case, visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices by who tells, each with the limits that it has."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in events_to_record(case, visit.deps.rules):
        label = row.event + (" (day on which it was received)" if _is_received(row) else "")
        groups.setdefault(WHO_TELLS.get(row.who_tells, row.who_tells), []).append((row.key, label))
    return list(groups.items())


def _is_received(row: CodeLimit) -> bool:
    return row.clock_from.startswith(FROM_RECEIPT)

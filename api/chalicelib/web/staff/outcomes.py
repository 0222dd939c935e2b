"""Record an outcome or other news that a person tells first; note how each victim was told."""

from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Any

from chalicelib.domain.cases import Case, StageEntry, Told, Victim, VictimKey
from chalicelib.domain.errors import NotFoundError, StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import (
    WAYS_OF_TELLING,
    outcomes_to_record,
    stages_to_record,
    untold_entries,
)
from chalicelib.rules import Rules
from chalicelib.services.read_first import Files
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from chalicelib.services.staff_case import read_files
from chalicelib.services.staff_sessions import (
    find_case,
    need_fresh,
    need_role,
    open_case_page,
)
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    DAY_HINT,
    Errors,
    kept_form_key,
    key_of,
    length_problem,
    number_of,
    past_day,
    victims_ticked,
)
from chalicelib.web.staff.case_words import (
    entry_words,
    in_order,
    news_label,
    victim_name,
)
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.hears_words import hears_hint, hears_words, tries_words
from chalicelib.web.staff.text_checks import personal_words
from chalicelib.web.staff.updates import meanwhile_words

pages = Pages()

NOT_YET = "not_yet"
HOW = [(way, words.capitalize()) for way, words in WAYS_OF_TELLING.items()]
OUTCOME, STAGE = "outcome", "stage"
Errs = list[tuple[str, str]]


@pages.page("/cases/{case}/outcome", "GET")
@signed_in
def outcome_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show the form behind a fresh sign-in."""
    need_role(visit.deps, session, "records_outcomes")
    need_fresh(visit.deps, session)
    found = open_case_page(visit.deps, session, key_of(case), "opened the outcome form")
    return _outcome_page(visit, found)


@pages.page("/cases/{case}/outcome", "POST")
@signed_in
def record(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the news once, or show the form with what is missing; nothing typed is lost."""
    key = key_of(case)
    errors: Errs = []
    case_found = find_case(visit.deps, session, key)
    news = _news(visit, case_found, errors)
    if news is None:
        found = open_case_page(visit.deps, session, key, "opened the outcome form")
        return _outcome_page(visit, found, errors, HTTPStatus.BAD_REQUEST)
    personal = personal_words(visit, session, case_found, news.text)
    if personal:
        found = open_case_page(visit.deps, session, key, "opened the outcome form")
        return _outcome_page(visit, found, (), HTTPStatus.BAD_REQUEST, personal=personal)
    seen = number_of(visit.form.text("version"))
    form_key = kept_form_key(visit)
    try:
        record_outcome(visit.deps, session, key, news, seen=seen, form_key=form_key)
    except StaleError:
        found = open_case_page(visit.deps, session, key, "saw a change made meanwhile")
        return _outcome_page(visit, found, (), HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=recorded")


def _news(visit: Visit, case: Case, errors: Errs) -> News | None:
    """Return what was recorded, or none with a sentence for each field that is not right."""
    rules, today = visit.deps.rules, visit.deps.today()
    since = past_day(
        visit.form.text("since"), first=case.reported_on, first_is="the report", today=today
    )
    told = {}
    for victim in in_order(case):
        first = since.day or case.reported_on
        heard = _told(visit, victim, errors, first=first, may_wait=True)
        if heard is not None:
            told[victim.key] = heard
    stage, outcome = _chosen(visit.form.text("news"), rules)
    if stage is None:
        errors.append(("news", "Choose what happened."))
    if since.problem:
        errors.append(("since", f"The day it was decided: {since.problem}"))
    text, to = visit.form.text("text").strip(), victims_ticked(visit, case)
    _check_words(visit, case, text, to, errors)
    if errors or stage is None or since.day is None:
        return None
    return News(stage, since.day, outcome, told, text, to)


def _check_words(
    visit: Visit, case: Case, text: str, to: frozenset[VictimKey], errors: Errs
) -> None:
    if case.opposed and text:
        errors.append(("news", "Words are not shared in this case. Tell each victim yourself."))
    elif text and not to:
        errors.append(("to", "Choose who reads your words. Nobody is ticked beforehand."))
    too_long = length_problem(text, visit.deps.rules.limits.message_characters, "Your text")
    if too_long:
        errors.append(("text", too_long))


def _chosen(choice: str, rules: Rules) -> tuple[str | None, str | None]:
    """Return the stage and the outcome of a choice of the form; none for what is not on it."""
    kind, _, key = choice.partition(":")
    if kind == OUTCOME:
        outcome = next((row for row in outcomes_to_record(rules) if row.key == key), None)
        return (outcome.stage, outcome.key) if outcome else (None, None)
    stages = {stage.key for stage in stages_to_record(rules)}
    return (key, None) if kind == STAGE and key in stages else (None, None)


def _told(
    visit: Visit, victim: Victim, errors: Errs, *, first: date, may_wait: bool
) -> Told | None:
    """Return how and when a victim was told, or none for not yet and for what is not right."""
    name, how = victim_name(victim), visit.form.text(f"how_{victim.key}")
    if may_wait and how == NOT_YET:
        return None
    if how not in WAYS_OF_TELLING:
        or_wait = ", or choose Not yet" if may_wait else ""
        errors.append((f"how_{victim.key}", f"{name}: say how they were told{or_wait}."))
        return None
    day = past_day(
        visit.form.text(f"on_{victim.key}"),
        first=first,
        first_is="the day of the news",
        today=visit.deps.today(),
    )
    if day.day is None:
        errors.append((f"on_{victim.key}", f"{name} was told on: {day.problem}"))
        return None
    return Told(day.day, WAYS_OF_TELLING[how])


def _outcome_page(
    visit: Visit,
    case: Case,
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
    *,
    personal: dict[str, Any] | None = None,
) -> Page:
    form, rules = visit.form, visit.deps.rules
    files = read_files(visit.deps, case)
    return case_desk_page(
        visit,
        case,
        "staff/outcome.html",
        {
            "stage": news_label(case.current, rules),
            "errors": errors,
            "error_of": dict(errors),
            "personal": personal,
            "meanwhile": meanwhile_words(visit, case) if status == HTTPStatus.CONFLICT else None,
            "form_key": kept_form_key(visit),
            "version": case.version,
            "entry_count": len(case.entries),
            "update_count": len(case.updates),
            "victims": [(v.key, victim_name(v)) for v in in_order(case)],
            "tellings": [_telling(visit, v, files) for v in in_order(case)],
            "ways": [*HOW, (NOT_YET, "Not yet")],
            "groups": _groups(rules),
            "news": form.text("news"),
            "since": form.text("since"),
            "day_hint": DAY_HINT,
            "is_opposed": case.opposed,
            "to": form.every("to"),
            "text": form.text("text"),
            "limit": rules.limits.message_characters,
        },
        files=files,
        status=status,
    )


def _telling(visit: Visit, victim: Victim, files: Files) -> dict[str, str]:
    return {
        "hears": hears_words(files[victim.key].safety),
        "hint": hears_hint(files[victim.key].safety),
        "victim": victim.key,
        "name": victim_name(victim),
        "how": visit.form.text(f"how_{victim.key}"),
        "on": visit.form.text(f"on_{victim.key}"),
    }


def _groups(rules: Rules) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices by stage, in the order of the ladder."""
    order = list(rules.stages)
    choices = [(row.stage, f"{OUTCOME}:{row.key}", row.label) for row in outcomes_to_record(rules)]
    choices += [(row.key, f"{STAGE}:{row.key}", row.label) for row in stages_to_record(rules)]
    by_stage = groupby(sorted(choices, key=lambda c: order.index(c[0])), key=lambda c: c[0])
    return [
        (rules.stages[stage].label, [(value, label) for _, value, label in rows])
        for stage, rows in by_stage
    ]


@pages.page("/cases/{case}/told", "GET")
@signed_in
def telling_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Ask how and when a victim heard news; where several tellings wait, which one it is."""
    need_role(visit.deps, session, "records_outcomes")
    need_fresh(visit.deps, session)
    found = open_case_page(visit.deps, session, key_of(case), "opened the telling form")
    query = visit.request.query
    return _telling_page(visit, found, (query.get("victim", ""), query.get("entry", "")))


@pages.page("/cases/{case}/told", "POST")
@signed_in
def tell(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Record the telling once, or show the form with what is missing."""
    key, form = key_of(case), visit.form
    found = find_case(visit.deps, session, key)
    entry = next((e for e in found.entries if e.id == form.text("entry")), None)
    whose = found.victim(VictimKey(form.text("victim")))
    if entry is None or whose is None:
        raise NotFoundError
    errors: Errs = []
    told = _told(visit, whose, errors, first=entry.since, may_wait=False)
    if told is None:
        found = open_case_page(visit.deps, session, key, "opened the telling form")
        return _telling_page(visit, found, (whose.key, entry.id), errors, HTTPStatus.BAD_REQUEST)
    try:
        record_telling(visit.deps, session, key, whose.key, told, entry_id=entry.id)
    except StaleError:
        found = open_case_page(visit.deps, session, key, "saw a change made meanwhile")
        return _telling_page(visit, found, (whose.key, entry.id), (), HTTPStatus.CONFLICT)
    return Redirect(f"/cases/{key}?done=told")


def _telling_page(
    visit: Visit,
    case: Case,
    asked: tuple[str, str],
    errors: Errors = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    """Return the form for the victim and the entry asked for, or the choice where it is open."""
    rules = visit.deps.rules
    files = read_files(visit.deps, case)
    untold = _untold(visit, case, files)
    chosen = [pair for pair in untold if _is_asked_for(pair, asked)]
    victim, entry = chosen[0] if len(chosen) == 1 else (None, _entry(case, asked[1]))
    return case_desk_page(
        visit,
        case,
        "staff/outcome_told.html",
        {
            "news": entry_words(entry, case, rules),
            "entry": entry.id,
            "untold": [
                {"victim": v.key, "name": victim_name(v), "entry": e.id, "news": label}
                for v, e in untold
                for label in [news_label(e, rules)]
            ],
            "telling": _telling(visit, victim, files) if victim else None,
            "tries": tries_words(files[victim.key].reached(entry.id)) if victim else [],
            "typed": _typed_telling(visit) if status == HTTPStatus.CONFLICT else "",
            "ways": HOW,
            "day_hint": DAY_HINT,
            "errors": errors,
            "error_of": dict(errors),
        },
        files=files,
        status=status,
    )


def _untold(visit: Visit, case: Case, files: Files) -> list[tuple[Victim, StageEntry]]:
    """Return who is still to be told of what, by victim, oldest news first."""
    return [
        (victim, entry)
        for victim in in_order(case)
        for entry in untold_entries(case, victim.key, files[victim.key].owed, visit.deps.rules)
    ]


def _is_asked_for(pair: tuple[Victim, StageEntry], asked: tuple[str, str]) -> bool:
    """Return whether victim and entry are those asked for; nothing asks for any."""
    victim, entry = pair
    return asked[0] in ("", victim.key) and asked[1] in ("", entry.id)


def _entry(case: Case, identity: str) -> StageEntry:
    return next((e for e in case.entries if e.id == identity), case.current)


def _typed_telling(visit: Visit) -> str:
    """Return what was about to be recorded when somebody else was first."""
    victim = visit.form.text("victim")
    how = WAYS_OF_TELLING.get(visit.form.text(f"how_{victim}"), "")
    return f"{how} on {visit.form.text(f'on_{victim}')}"

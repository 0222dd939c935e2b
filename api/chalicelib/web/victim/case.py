"""The case: what is owed by when, where it stands, and what was said."""

from datetime import date
from typing import Any

from chalicelib.domain.applying import is_after_limit
from chalicelib.domain.dates import date_and_time, long_date
from chalicelib.domain.messages import Thread
from chalicelib.domain.promises import CALENDAR, Promise
from chalicelib.rules import Rules
from chalicelib.services.ask_officer import draft_of, kept_until, may_ask
from chalicelib.services.read_case import (
    changed_on,
    expectations,
    ladder_of,
    left_on,
    outcome_shown,
    who_to_ask,
)
from chalicelib.services.victim_sessions import Opened, open_officer_page, open_page
from chalicelib.web.page import Answer, Page, Pages, Visit
from chalicelib.web.victim.measures import measures_context
from chalicelib.web.victim.rhythm import rhythm_has_ended, rhythm_line
from chalicelib.web.victim.visits import case_page, day_of, number_of, token_of
from chalicelib.web.victim.words import (
    away_sentence,
    excerpt,
    folded_line,
    kept_words,
    late_sentence,
    officer_change,
    officer_line,
    owed_words,
    who_context,
    working_sentence,
)

UPDATES_ENDED = "Regular updates ended with the decision."

pages = Pages()


@pages.page("/case", "GET")
def your_case(visit: Visit) -> Answer:
    """Show the case, or with `?older=` the questions before a number."""
    return _your_case(visit, "read the case")


@pages.page("/case", "POST")
def your_case_with_the_past(visit: Visit) -> Answer:
    """Show the same with what they chose to hide, on this page alone: nothing is changed."""
    return _your_case(visit, "read the case with what is hidden")


def _your_case(visit: Visit, what: str) -> Page:
    older = visit.request.query.get("older")
    if older is not None:
        return _older(visit, number_of(older))
    opened = open_officer_page(visit.deps, token_of(visit), what)
    return case_page(
        visit,
        opened,
        "victim/case.html",
        "case",
        context={
            **_where_things_are(visit, opened),
            **_promises(visit, opened),
            **_said_so_far(visit, opened),
            **_officer(opened),
            **measures_context(visit, opened),
            "may_ask": may_ask(opened),
            "draft_until": _draft_until(visit, opened),
        },
    )


def _older(visit: Visit, before: int) -> Page:
    opened = open_page(visit.deps, token_of(visit), "read older questions", before=before)
    context = _said_so_far(visit, opened)
    context["show_address"] = f"/case?older={before}"
    return case_page(visit, opened, "victim/older.html", "case", context=context)


def _is_hidden(visit: Visit, opened: Opened) -> bool:
    """Return whether they chose to hide what was before, and did not press to see it here."""
    return opened.file.safety.hides_history and visit.request.method == "GET"


def _said_so_far(visit: Visit, opened: Opened) -> dict[str, Any]:
    """Return updates, questions and answers; none of them where they are hidden."""
    if _is_hidden(visit, opened):
        return {"past_is_hidden": True, "show_address": "/case", "older": None}
    updates = [{"on": day_of(u.posted_at), "text": u.text} for u in opened.shown.updates]
    threads = _threads(visit, opened)
    asked = [day_of(thread.question.sent_at) for thread in opened.file.threads]
    return {
        "past_is_hidden": False,
        "updates": updates,
        "updates_fold": folded_line("update", [update["on"] for update in updates]),
        **threads,
        "threads_fold": folded_line("question", asked),
    }


def _where_things_are(visit: Visit, opened: Opened) -> dict[str, Any]:
    rules, entry, today = visit.deps.rules, opened.shown.entry, visit.deps.today()
    stage, outcome = rules.stages[entry.stage], outcome_shown(entry, rules)
    return {
        "stage": stage,
        "since": long_date(entry.since),
        # A charge says the same as its stage; other decisions say why.
        "reason": outcome if outcome and outcome.explanation != stage.meaning else None,
        "ladder": ladder_of(entry.stage, rules),
        "changed_on": long_date(changed_on(opened)),
        "hearing": _hearing(visit, opened),
        "who": who_context(who_to_ask(opened, rules, today)) if not may_ask(opened) else None,
    }


def _hearing(visit: Visit, opened: Opened) -> str | None:
    """Return the next date at court while it lies ahead."""
    shown = opened.shown
    if shown.next_hearing_on is None or shown.next_hearing_on < visit.deps.today():
        return None
    place = f", {shown.court}" if shown.court else ""
    return long_date(shown.next_hearing_on) + place


def _promises(visit: Visit, opened: Opened) -> dict[str, Any]:
    rules, officer, left = visit.deps.rules, opened.case.officer, left_on(opened)
    today = visit.deps.today()
    owed = expectations(opened, today, rules)
    return {
        "late": [late_sentence(one, officer, rules, opened.away) for one in owed.late],
        "due": [_due(visit, promise, opened) for promise in owed.due],
        "kept": [] if _is_hidden(visit, opened) else [_kept(p, rules) for p in owed.kept],
        "calendar": owed.due[0].working.calendar if owed.due else CALENDAR,
        "complaint": rules.contacts["complaint"],
        "rhythm": rhythm_line(opened, rules),
        "updates_ended": UPDATES_ENDED if rhythm_has_ended(opened) else None,
        "left_on": long_date(left) if left else None,
    }


def _kept(promise: Promise, rules: Rules) -> dict[str, str]:
    return {"what": owed_words(promise, rules), "how": kept_words(promise)}


def _due(visit: Visit, promise: Promise, opened: Opened) -> dict[str, Any]:
    rules, is_today = visit.deps.rules, promise.due_on == visit.deps.today()
    return {
        "what": owed_words(promise, rules),
        "by": f"{'today, ' if is_today else ''}{long_date(promise.due_on)}",
        "working": working_sentence(
            promise.working,
            opened.file.door.rhythm_by,
            is_after_limit=is_after_limit(promise, visit.deps.calendar),
        ),
    }


def _officer(opened: Opened) -> dict[str, Any]:
    case, away = opened.case, opened.away
    return {
        "officer": officer_line(case.officer),
        "officer_change": officer_change(case),
        "away": away_sentence(away, restricted=case.restricted) if away else None,
    }


def _draft_until(visit: Visit, opened: Opened) -> str | None:
    draft = draft_of(visit.deps, opened)
    return date_and_time(kept_until(visit.deps, draft)) if draft else None


def _threads(visit: Visit, opened: Opened) -> dict[str, Any]:
    threads, today = opened.file.threads, visit.deps.today()
    return {
        "threads": [_row(thread, today) for thread in threads],
        "older": threads[-1].number if opened.file.has_older else None,
    }


def _row(thread: Thread, today: date) -> dict[str, Any]:
    seen = thread.promise.seen_at
    return {
        "number": thread.number,
        "asked": date_and_time(thread.question.sent_at),
        "excerpt": excerpt(thread.question.text),
        "seen": date_and_time(seen) if seen else None,
        "answered": date_and_time(thread.answers[-1].sent_at) if thread.answers else None,
        "due": long_date(thread.promise.due_on),
        "late": thread.promise.is_late(today),
    }

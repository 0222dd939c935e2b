"""Everything about one case on one page, in the order in which an officer needs it."""

from typing import Any

from chalicelib.domain.cases import CaseKey, Event, StageEntry, Victim, VictimKey
from chalicelib.domain.dates import date_and_time, long_date
from chalicelib.domain.expectations import STOPPING
from chalicelib.domain.messages import Thread
from chalicelib.domain.promises import OWED_NEWS, REPLY, TELL, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import untold_entries
from chalicelib.services.follow import open_of
from chalicelib.services.hand_over import may_hand_over, may_name
from chalicelib.services.issue_code import may_confirm
from chalicelib.services.staff_case import StaffCase, open_older_threads, open_staff_case
from chalicelib.web.page import Answer, Page, Pages, Visit
from chalicelib.web.staff.answers import ready_answers
from chalicelib.web.staff.case_fields import key_of, number_of
from chalicelib.web.staff.case_words import (
    entry_words,
    flags_of,
    harm_of,
    in_order,
    kept_words,
    made_words,
    newest_first,
    news_label,
    promise_owner,
    rhythm_words,
    thread_words,
    update_words,
    victim_name,
    working_words,
)
from chalicelib.web.staff.court_words import court_section
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.hears_words import hears_words, tried_words
from chalicelib.web.staff.line_words import lines_of
from chalicelib.web.staff.measure_words import measures_section
from chalicelib.web.staff.needs_words import needs_by_kind
from chalicelib.web.staff.rows import is_told_first, row_of, tries_address
from chalicelib.web.staff.safety_words import hides_words, looked_words, safe_mode_state
from chalicelib.web.staff.updates import update_form
from chalicelib.web.staff.worklist import NOT_DONE

pages = Pages()

DONE = {
    "answered": "Your answer is on their page now.",
    "event": "Recorded.",
    "contact": "Recorded: you were in touch. What that kept stands under what is done.",
    "nothing-new": "Written: there is nothing new. The next update is owed by the date below.",
    "rhythm": "Noted. The next update is owed by the date below.",
    "safe-on": "Safe mode is on for them. Nothing is ever sent to them.",
    "safe-off": "Confirmed: safe mode is off for them.",
    "hears": "Noted: how they want to hear hard news.",
    "left": "Noted. Nobody writes to them; what they asked themselves is still answered.",
    "back": "Noted. They are followed again, and a first contact is owed to them.",
    "safe-contact": "Written down. It stands first on every page of this case.",
    "safe-contact-confirmed": "Noted: it is still right. It may be relied on anew from today.",
    "need": "Written down. Everybody who opens this case reads it first.",
    "need-withdrawn": "Withdrawn. What it was stays under their needs.",
    "hearing": "Recorded. Who is to be told of the date stands under what is owed.",
    "task": "Recorded: it is done.",
    "task-dropped": "Cancelled: it is no longer needed.",
    "plea": "Recorded. The limit to apply for special measures is counted from that day.",
    "line": "Recorded. It stands among the police and ISVA expectations.",
    "stopping": "Noted. Somebody tells them what they can choose, by the date below.",
    "posted": "Posted. It is on their page, or waits for who has not been told the news.",
    "recorded": "Recorded.",
    "told": "Recorded: they have been told.",
    "tried": "Noted. The tries so far stand with the news.",
    "released": "Recorded: their page tells it now.",
    "handed-over": "Handed over. The new officer has the case and all that is owed.",
    "moved": "What is owed is in the list of the officer in charge now.",
    "named": "They can open this case now.",
    "activated": "The code is active. If it is not used, it ends after {days} days.",
    "waiting": "The code waits for a supervisor of the team. Ask one to open this case.",
    "confirmed": "Confirmed: the code is active.",
    "cancelled": "The code is cancelled. Whoever it let in is out with their next step.",
}


@pages.page("/cases/{case}", "GET")
@signed_in
def case_page(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show the case, or with `?older=` a victim's questions before a number."""
    older = visit.request.query.get("older")
    if older is not None:
        return _older(visit, session, key_of(case), older)
    opened = open_staff_case(visit.deps, session, key_of(case))
    everything = _everything(visit, session, opened)
    return case_desk_page(visit, opened.case, "staff/case.html", everything, files=opened.files)


def _everything(visit: Visit, session: StaffSession, opened: StaffCase) -> dict[str, Any]:
    case, deps = opened.case, visit.deps
    role = deps.rules.roles[session.role]
    return {
        **case_head(visit, opened),
        **_done(visit),
        "may_answer": role.answers,
        "may_record": role.records_outcomes,
        "may_issue": role.issues_codes,
        "may_confirm": may_confirm(deps, session, case),
        "may_hand_over": may_hand_over(deps, session, case),
        "may_name": may_name(deps, session, case),
        "needs": needs_by_kind(case, opened.files, deps.rules),
        "measures": measures_section(visit, opened),
        "court": court_section(visit, opened, may_review=role.reviews),
        "lines": lines_of(opened, visit.deps.today(), deps.rules),
        "escalate_days": deps.rules.limits.escalate_working_days,
        "stopping_days": deps.rules.expectations[STOPPING].working_days,
        "untold": _untold(visit, opened),
        "questions": [_question(visit, opened, v, t) for v, t in opened.open_threads()],
        "owed": [_owed(visit, opened, v, p) for v, p in opened.open_promises()],
        "made": _made(visit, opened),
        # What stays with its owner is meant to be there.
        "elsewhere": any(promise_owner(p, case) and not p.stays for _, p in opened.open_promises()),
        "update": update_form(visit, case),
        "people": [_person(visit, opened, victim) for victim in in_order(case)],
        "officer_id": case.officer.id,
        "officer_since": long_date(case.officer_since) if case.officer_since else "",
        "officer_before": case.officer_before,
        **_history(visit, opened),
    }


def _done(visit: Visit) -> dict[str, str]:
    said = visit.request.query.get("done", "")
    done = DONE.get(said) or NOT_DONE.get(said, "")
    return {
        "done": done.format(days=visit.deps.rules.limits.code_unused_days),
        "done_kind": "warning" if said in NOT_DONE else "good",
    }


def case_head(visit: Visit, opened: StaffCase) -> dict[str, Any]:
    """Return what the top of the page says: which case, and what to know before anything else."""
    case, rules = opened.case, visit.deps.rules
    hearing = long_date(case.next_hearing_on) if case.next_hearing_on else ""
    return {
        "crime_type": rules.crime_type(case.crime_type).label,
        "stage": news_label(case.current, rules),
        "since": long_date(case.current.since),
        "reported": long_date(case.reported_on),
        "officer": f"{case.officer.name}, number {case.officer.number}",
        "hearing": f"{hearing}, {case.court}" if hearing and case.court else hearing,
        "harm": harm_of(case, rules),
        "flags": flags_of(case, rules),
        "glass": [
            {"who": g.name, "when": date_and_time(g.at), "why": g.reason}
            for g in reversed(case.glass_breaks)
        ],
    }


def _untold(visit: Visit, opened: StaffCase) -> list[dict[str, Any]]:
    """Return whom a person has yet to tell of what."""
    return [
        _telling(visit, opened, victim, entry)
        for victim in in_order(opened.case)
        for entry in untold_entries(
            opened.case, victim.key, opened.files[victim.key].owed, visit.deps.rules
        )
    ]


def _telling(visit: Visit, opened: StaffCase, victim: Victim, entry: StageEntry) -> dict[str, Any]:
    file = opened.files[victim.key]
    promise = next((p for p in open_of(file, TELL) if p.subject == entry.id), None)
    row = row_of(promise, visit.deps.today()) if promise else None
    return {
        "victim": victim.key,
        "name": victim_name(victim),
        "news": news_label(entry, visit.deps.rules),
        "entry": entry.id,
        "may_ask": file.door.closed_on is None,
        "hears": hears_words(file.safety),
        "tried": tried_words(file.reached(entry.id)),
        "id": promise.id if promise else "",
        "due": row.due if row else "",
        "state": row.state if row else "",
    }


def _question(visit: Visit, opened: StaffCase, victim: Victim, thread: Thread) -> dict[str, Any]:
    return {
        **thread_words(thread),
        "id": thread.promise.id,
        "victim": victim.key,
        "name": victim_name(victim),
        "behind": len(thread.answers),
        "state": row_of(thread.promise, visit.deps.today()).state,
        "working": working_words(thread.promise.working),
        "ready": ready_answers(visit, opened.case, victim.key),
        "personal": None,
        "form_key": visit.deps.new_token(),
        "limit": visit.deps.rules.limits.message_characters,
    }


def _owed(visit: Visit, opened: StaffCase, victim: Victim, promise: Promise) -> dict[str, Any]:
    row = row_of(promise, visit.deps.today(), visit.deps.rules)
    is_entry = promise.kind == TELL and promise.owed != OWED_NEWS
    # A try counts for the news, whether it is that promise or the first try of the day.
    tried = tried_words(opened.files[victim.key].reached(promise.subject))
    return {
        "row": row,
        "what": _news(visit, opened, promise) if is_entry else row.what,
        # A question and news of the ladder have their own place on this page.
        "id": "" if is_entry or promise.kind == REPLY else promise.id,
        "name": victim_name(victim),
        "working": working_words(promise.working),
        "owner": promise_owner(promise, opened.case),
        "tried": tried if promise.kind == TELL and not is_entry else "",
        "tries": tries_address(promise) if is_told_first(promise, visit.deps.rules) else "",
    }


def _news(visit: Visit, opened: StaffCase, promise: Promise) -> str:
    """Return what a promise to tell is about."""
    entry = next(e for e in opened.case.entries if e.id == promise.subject)
    return f"Tell them: {news_label(entry, visit.deps.rules)}"


def _made(visit: Visit, opened: StaffCase) -> list[str]:
    """Return what recording an event has just made, one sentence for each victim."""
    event = visit.request.query.get("event", "")
    return [
        made_words(victim_name(victim), promise)
        for victim in in_order(opened.case)
        for promise in opened.files[victim.key].owed
        if event and promise.kind == TELL and promise.subject == event
    ]


def _person(visit: Visit, opened: StaffCase, victim: Victim) -> dict[str, Any]:
    file = opened.files[victim.key]
    every = newest_first(file.codes)
    return {
        "rhythm": rhythm_words(file.door, visit.deps.rules),
        "looked": looked_words(file.visited_at),
        "safe_mode": safe_mode_state(opened.case, file.safety, visit.deps.rules),
        "hears": hears_words(file.safety),
        "hides": hides_words(file.safety),
        "left": long_date(victim.left_on) if victim.left_on else "",
        "victim": victim.key,
        "name": victim_name(victim),
        "enhanced": victim.enhanced_rights,
        "codes": [code for code in every if code["is_open"]],
        "cancelled": [code for code in every if not code["is_open"]],
    }


def _history(visit: Visit, opened: StaffCase) -> dict[str, Any]:
    case, rules = opened.case, visit.deps.rules
    posted = sorted(case.updates, key=lambda update: (update.posted_at, update.id), reverse=True)
    return {
        "entries": [entry_words(entry, case, rules) for entry in reversed(case.entries)],
        "events": [event_words(visit, opened, event) for event in reversed(case.events)],
        "kept": [
            kept_words(victim_name(victim), promise, rules)
            for victim in in_order(case)
            for promise in opened.files[victim.key].owed
            if not promise.is_open
        ],
        "updates_posted": [update_words(update, case, rules) for update in posted],
        "answered": [
            {
                "name": victim_name(victim),
                "victim": victim.key,
                "threads": [thread_words(t) for t in file.threads if t.promise.kept_at],
                "older": file.threads[-1].number if file.has_older else None,
            }
            for victim in in_order(case)
            if (file := opened.files[victim.key]).threads
        ],
    }


def event_words(visit: Visit, opened: StaffCase, event: Event) -> dict[str, Any]:
    """Return an event of the history, and for each victim whether and how they were told."""
    told = [
        made_words(victim_name(victim), promise)
        for victim in in_order(opened.case)
        for promise in opened.files[victim.key].owed
        if promise.kind == TELL and promise.subject == event.id
    ]
    return {
        "what": visit.deps.rules.code_limits[event.key].event,
        "on": long_date(event.happened_on),
        "recorded": f"{date_and_time(event.recorded_at)} by {event.by}",
        "told": told,
    }


def _older(visit: Visit, session: StaffSession, key: CaseKey, older: str) -> Page:
    whose, _, before = older.partition(".")
    case, file = open_older_threads(
        visit.deps, session, key, VictimKey(whose), max(number_of(before), 1)
    )
    victim = next(v for v in case.victims if v.key == whose)
    return case_desk_page(
        visit,
        case,
        "staff/case_older.html",
        {
            "victim": victim.key,
            "name": victim_name(victim),
            "threads": [thread_words(thread) for thread in file.threads],
            "older": file.threads[-1].number if file.has_older else None,
        },
        # What was read are older questions alone: the needs are not among them.
    )

"""Answer a question in the place where it stands, or add to an answer."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import Case, CaseKey, VictimKey, entry_shown_to
from chalicelib.domain.errors import StaleError
from chalicelib.domain.messages import Thread
from chalicelib.domain.staff import StaffSession
from chalicelib.services.answer_message import Answer as WrittenAnswer
from chalicelib.services.answer_message import answer_message, open_thread
from chalicelib.services.staff_case import victim_of
from chalicelib.services.staff_sessions import find_case
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    Errors,
    kept_form_key,
    key_of,
    length_problem,
    number_of,
)
from chalicelib.web.staff.case_words import thread_words, victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.text_checks import personal_words

pages = Pages()


@pages.page("/cases/{case}/answer", "GET")
@signed_in
def answer_form(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Show one question with its box: an old one, or one that was answered already."""
    query = visit.request.query
    whose, number = query.get("victim", ""), number_of(query.get("thread", ""))
    return _page(visit, session, key_of(case), VictimKey(whose), number)


@pages.page("/cases/{case}/answer", "POST")
@signed_in
def answer(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Store the answer once, or show the box with what was typed and what to do."""
    key, form = key_of(case), visit.form
    written = WrittenAnswer(
        victim=VictimKey(form.text("victim")),
        thread=number_of(form.text("thread")),
        behind=number_of(form.text("behind")),
        text=form.text("answer"),
    )
    if form.text("fill") or (form.text("ready") and not written.text.strip()):
        return _page(visit, session, key, written.victim, written.thread, filled=True)
    problem = _problem(written.text, visit.deps.rules.limits.message_characters)
    if problem:
        errors = [("answer", problem)]
        return _page(visit, session, key, written.victim, written.thread, errors=errors)
    found = find_case(visit.deps, session, key)
    personal = personal_words(visit, session, found, written.text)
    if personal:
        return _page(visit, session, key, written.victim, written.thread, personal=personal)
    try:
        answer_message(visit.deps, session, key, written, kept_form_key(visit))
    except StaleError:
        return _page(visit, session, key, written.victim, written.thread, meanwhile=True)
    return Redirect(f"/cases/{key}?done=answered")


def _problem(text: str, limit: int) -> str:
    if not text.strip():
        return "Write your answer in the box, then press Send."
    return length_problem(text, limit, "Your answer")


def _page(  # noqa: PLR0913 -- whose question it is, and what happened to the words
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    whose: VictimKey,
    number: int,
    *,
    errors: Errors = (),
    meanwhile: bool = False,
    filled: bool = False,
    personal: dict[str, Any] | None = None,
) -> Page:
    case, thread = open_thread(visit.deps, session, key, whose, number)
    status = HTTPStatus.BAD_REQUEST if errors or personal else HTTPStatus.OK
    return case_desk_page(
        visit,
        case,
        "staff/case_answer.html",
        {
            "question": _question(visit, thread)
            | {
                "victim": whose,
                "name": victim_name(victim_of(case, whose)),
                "ready": ready_answers(visit, case, whose),
                "personal": personal,
                "value": _with_ready(visit) if filled else visit.form.text("answer"),
            },
            "errors": errors,
            "error": dict(errors).get("answer", ""),
            "meanwhile": meanwhile,
        },
        status=HTTPStatus.CONFLICT if meanwhile else status,
    )


def ready_answers(visit: Visit, case: Case, whose: VictimKey) -> list[tuple[str, str]]:
    """Return the answers that stand ready for the stage which this victim may read."""
    rules = visit.deps.rules
    stage = entry_shown_to(whose, case, rules).stage
    return [(row.key, row.label) for row in rules.replies_for(stage)]


def _with_ready(visit: Visit) -> str:
    """Return what was typed with the ready answer below it."""
    ready = visit.deps.rules.replies.get(visit.form.text("ready"))
    parts = (visit.form.text("answer").strip(), ready.text if ready else "")
    return "\n\n".join(part for part in parts if part)


def _question(visit: Visit, thread: Thread) -> dict[str, Any]:
    return {
        **thread_words(thread),
        "behind": len(thread.answers),
        "form_key": kept_form_key(visit),
        "limit": visit.deps.rules.limits.message_characters,
    }

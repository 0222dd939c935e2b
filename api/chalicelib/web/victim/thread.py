"""One question with its answers, and the page that confirms a question was stored."""

from typing import Any

from chalicelib.domain.dates import date_and_time, long_date
from chalicelib.domain.messages import Message, Thread, receipt_in_groups
from chalicelib.services.read_case import open_thread
from chalicelib.services.victim_sessions import Opened
from chalicelib.web.page import Answer, Pages, Visit
from chalicelib.web.victim.visits import case_page, number_of, token_of
from chalicelib.web.victim.words import late_sentence, working_words

pages = Pages()


@pages.page("/case/message/{number}", "GET")
def sent(visit: Visit, number: str) -> Answer:
    """Say that the question is stored, its receipt and by when it is answered."""
    opened, thread = _thread(visit, number, "read a receipt")
    promise, officer = thread.promise, opened.case.officer
    is_late = promise.is_late(visit.deps.today())
    return case_page(
        visit,
        opened,
        "victim/sent.html",
        "sent",
        context={
            "number": thread.number,
            "late": late_sentence(promise, officer, visit.deps.rules) if is_late else None,
            "owner": promise.owner_name or officer.name,
            "receipt": receipt_in_groups(thread.receipt),
            "due": long_date(promise.due_on),
            "ask_line": visit.deps.rules.force.ask_line,
        },
    )


@pages.page("/case/thread/{number}", "GET")
def question_and_answer(visit: Visit, number: str) -> Answer:
    """Show one question: sent, seen by the officer, answered, and by when it was promised."""
    opened, thread = _thread(visit, number, "read a question")
    promise, officer = thread.promise, opened.case.officer
    is_late = promise.is_late(visit.deps.today())
    return case_page(
        visit,
        opened,
        "victim/thread.html",
        "thread",
        context={
            "late": late_sentence(promise, officer, visit.deps.rules) if is_late else None,
            "due": long_date(promise.due_on),
            "times": _times(thread),
            "question": _message(thread.question, "You asked"),
            "answers": [_message(a, f"{a.officer_name} answered") for a in thread.answers],
        },
    )


def _thread(visit: Visit, number: str, what: str) -> tuple[Opened, Thread]:
    asked_for = number_of(number)
    return open_thread(visit.deps, token_of(visit), asked_for, what)


def _times(thread: Thread) -> list[tuple[str, str]]:
    promise, seen = thread.promise, thread.promise.seen_at
    answered = [date_and_time(answer.sent_at) for answer in thread.answers]
    # Somebody else may have answered, for an officer who never saw it: then nothing is said.
    seen_row = [("Seen by the officer", date_and_time(seen) if seen else "Not yet")]
    return [
        ("Sent", date_and_time(thread.question.sent_at)),
        *(seen_row if seen or not answered else []),
        ("Answered", answered[0] if answered else "Not yet"),
        ("Answer due", f"{long_date(promise.due_on)} ({working_words(promise.working)})"),
        ("Receipt", receipt_in_groups(thread.receipt)),
    ]


def _message(message: Message, who: str) -> dict[str, Any]:
    return {"who": who, "when": date_and_time(message.sent_at), "text": message.text}

"""Ask the officer: no word is lost, whatever happens to the session, the case or the store."""

from datetime import datetime
from http import HTTPStatus

from chalicelib.domain.dates import date_and_time, iso, long_date
from chalicelib.domain.errors import SessionEndedError, StoreUnavailableError
from chalicelib.services.ask_officer import (
    ClosedToQuestionsError,
    PerhapsStoredError,
    answer_due_on,
    ask_officer,
    draft_of,
    keep_after_expiry,
    keep_for_later,
    kept_until,
    may_ask,
)
from chalicelib.services.read_case import who_to_ask
from chalicelib.services.victim_sessions import Opened, find_session, open_officer_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.visits import Errors, case_page, open_visit, token_of
from chalicelib.web.victim.words import away_sentence, who_context, working_days

NOT_SENT = "Your question was not sent. Our system did not answer."
NOT_KEPT = "Your words were not kept. Our system did not answer."
PERHAPS_SENT = (
    "Our system did not answer in time. We cannot say whether your question reached us: please "
    "send it again."
)

pages = Pages()


@pages.page("/case/message", "GET")
def question_form(visit: Visit) -> Answer:
    """Show the box, with words kept for later in it; after a decision who to ask instead."""
    opened = _opened(visit)
    draft = draft_of(visit.deps, opened)
    text = draft.text if draft else ""
    if not may_ask(opened):
        return _closed(visit, opened, text, status=HTTPStatus.OK)
    saved_at = draft.saved_at if draft else None
    return _form(visit, opened, text, saved_at=saved_at)


@pages.page("/case/message", "POST")
def ask(visit: Visit) -> Answer:
    """Store the question once, or keep the words; an error gives every word back."""
    text = visit.form.text("message")
    try:
        return _keep(visit, text) if visit.form.text("keep") else _ask(visit, text)
    except SessionEndedError:
        return _ended(visit, text)
    except PerhapsStoredError:
        return _not_sent(visit, text, "send_again", PERHAPS_SENT)
    except StoreUnavailableError:
        return _not_sent(visit, text, "not_sent", NOT_KEPT if visit.form.text("keep") else NOT_SENT)


def _ask(visit: Visit, text: str) -> Answer:
    problems = _problems(text, visit.deps.rules.limits.message_characters)
    if problems:
        return _ask_again(visit, text, problems)
    session = find_session(visit.deps, token_of(visit))
    try:
        form_key, draft = _form_key(visit), visit.form.text("draft")
        receipt = ask_officer(visit.deps, session, text, form_key, draft_shown=draft)
    except ClosedToQuestionsError as closed:
        return _closed(visit, closed.opened, text, status=HTTPStatus.CONFLICT)
    return Redirect(f"/case/message/{receipt.thread}")


def _keep(visit: Visit, text: str) -> Answer:
    keep_for_later(visit.deps, find_session(visit.deps, token_of(visit)), text)
    return Redirect("/case/message/kept")


def _problems(text: str, limit: int) -> Errors:
    if not text.strip():
        return [("message", "Write your question in the box, then press Send.")]
    over = len(text) - limit
    if over <= 0:
        return []
    characters = f"{over:,} character{'' if over == 1 else 's'}"
    what_to_do = (
        "Everything you typed is still in the box. Shorten it, or send the rest as a second "
        "question."
    )
    too_long = f"Your question is {characters} too long: up to {limit:,} fit."
    return [("message", too_long), (None, what_to_do)]


def _opened(visit: Visit) -> Opened:
    return open_officer_page(visit.deps, token_of(visit), "opened the question form")


def _ask_again(visit: Visit, text: str, errors: Errors) -> Answer:
    opened = _opened(visit)
    if not may_ask(opened):
        return _closed(visit, opened, text, status=HTTPStatus.CONFLICT)
    return _form(visit, opened, text, errors=errors)


def _form(
    visit: Visit,
    opened: Opened,
    text: str,
    *,
    errors: Errors = (),
    saved_at: datetime | None = None,
) -> Page:
    rules, away = visit.deps.rules, opened.away
    return case_page(
        visit,
        opened,
        "victim/ask.html",
        "ask",
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
        errors=errors,
        context={
            "officer": opened.case.officer.name,
            "away": away_sentence(away, restricted=opened.case.restricted) if away else None,
            "due": long_date(answer_due_on(visit.deps)),
            "days": working_days(rules.limits.reply_working_days),
            "ask_line": rules.force.ask_line,
            "limit": rules.limits.message_characters,
            "text": text,
            "kept_on": date_and_time(saved_at) if saved_at else None,
            "draft": iso(saved_at) if saved_at else visit.form.text("draft"),
            "form_key": _form_key(visit),
        },
    )


def _form_key(visit: Visit) -> str:
    """Return the key of the form that was sent, so that Send again stores once, or a new one."""
    return visit.form.key() or visit.deps.new_token()


def _closed(visit: Visit, opened: Opened, text: str, *, status: HTTPStatus) -> Page:
    who = who_to_ask(opened, visit.deps.rules, visit.deps.today())
    context = {"who": who_context(who), "text": text, "officer": opened.case.officer.name}
    return case_page(visit, opened, "victim/closed.html", "ask", status=status, context=context)


def _ended(visit: Visit, text: str) -> Page:
    """Keep the words for the same person; where that cannot be, the error page gives them back."""
    if not text.strip() or not keep_after_expiry(visit.deps, token_of(visit), text):
        raise SessionEndedError
    limits = visit.deps.rules.limits
    closed = (
        f"We closed your information after {limits.session_idle_minutes} minutes. Open it again "
        "and your words will be there."
    )
    kept = f"Your question was not sent. We keep it for {limits.draft_hours} hours, only for you."
    return Page(
        "errors/error.html",
        {
            "title": visit.deps.rules.titles["ended"].text,
            "sentences": [closed, kept],
            "typed": "",
            "links": [("/case/open", "Open your information")],
        },
        status=HTTPStatus.UNAUTHORIZED,
        private=True,
    )


def _not_sent(visit: Visit, text: str, title: str, what: str) -> Page:
    """Give every word back in a box that can be sent again: the form's key stores it once."""
    rules = visit.deps.rules
    context = {
        "title": rules.titles[title].text,
        "what": what,
        "keep": bool(visit.form.text("keep")),
        "text": text,
        "draft": visit.form.text("draft"),
        "limit": rules.limits.message_characters,
        "form_key": _form_key(visit),
        "ask_line": rules.force.ask_line,
    }
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return Page("victim/not_sent.html", context, status=status, private=True, form=True)


@pages.page("/case/message/kept", "GET")
def kept(visit: Visit) -> Answer:
    """Say until when the words are kept, and for whom."""
    opened = open_visit(visit, "read what is kept")
    draft = draft_of(visit.deps, opened)
    until = date_and_time(kept_until(visit.deps, draft)) if draft else None
    return case_page(visit, opened, "victim/kept.html", "kept", context={"until": until})

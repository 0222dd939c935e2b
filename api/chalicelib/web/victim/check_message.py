"""Is this really us? Two check words of a message, typed by anybody. Nothing is kept."""

from http import HTTPStatus

from chalicelib.domain.errors import KeysUnavailableError, StoreUnavailableError
from chalicelib.domain.pairs import EXAMPLE_PAIR, read_pair
from chalicelib.services.check_words import Sent, TooManyChecksError, when_sent
from chalicelib.web.page import Answer, Page, Pages, Visit
from chalicelib.web.victim.contact_words import examples

TWO_WORDS = (
    f"Type the two words that stand after “Check words:”, with a gap between them. "
    f"For example: {EXAMPLE_PAIR}. If the message has no check words, we did not send it."
)
NO_ANSWER = (
    "Our system did not answer, so we cannot say now. What you typed is still here: try again in "
    "a minute. Until then press no link in the message and ring no number in it."
)
TOO_MANY = (
    "Many messages were checked from your address in a short time, perhaps by others. You did "
    "nothing wrong. Wait {minutes} minutes and try again. If you cannot wait, call 101 and ask. "
    "Until then press no link in the message and ring no number in it."
)

pages = Pages()


@pages.page("/check-a-message", "GET")
def check_form(visit: Visit) -> Answer:
    """Show the empty form; nothing is asked of any store."""
    return _page(visit, HTTPStatus.OK)


@pages.page("/check-a-message", "POST")
def check(visit: Visit) -> Answer:
    """Say whether a message with these words was sent by us today or yesterday, and no more."""
    pair = read_pair(visit.form.text("words"))
    if pair is None:
        return _page(visit, HTTPStatus.BAD_REQUEST, error=TWO_WORDS)
    try:
        sent = when_sent(visit.deps, pair, address=visit.request.address)
    except TooManyChecksError:
        minutes = visit.deps.rules.limits.failure_window_minutes
        words = TOO_MANY.format(minutes=minutes)
        return _page(visit, HTTPStatus.TOO_MANY_REQUESTS, no_answer=words)
    except (KeysUnavailableError, StoreUnavailableError):
        return _page(visit, HTTPStatus.SERVICE_UNAVAILABLE, no_answer=NO_ANSWER)
    return _page(visit, HTTPStatus.OK, sent=sent)


def _page(
    visit: Visit,
    status: HTTPStatus,
    *,
    sent: Sent | None = None,
    error: str = "",
    no_answer: str = "",
) -> Page:
    errors = [("words", error)] if error else []
    return Page(
        "victim/check_message.html",
        {
            # Nobody's information: the bar says which site this is.
            "is_open_to_all": True,
            "title": visit.deps.rules.titles["check_message"].text,
            "sent": sent,
            "no_answer": no_answer,
            "words": visit.form.text("words"),
            "examples": examples(visit.deps.rules, visit.settings.public_origin),
            "errors": errors,
            "error_of": dict(errors),
        },
        status=status,
        private=True,
        form=True,
    )

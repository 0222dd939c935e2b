"""Every error of the public service as a page: what happened to the words, what to do now."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import parse_qs

from chalicelib.domain.errors import (
    KeysUnavailableError,
    NotFoundError,
    SessionEndedError,
    StoreUnavailableError,
)
from chalicelib.frozen import frozen
from chalicelib.rules.measures import load_measures
from chalicelib.web.contact_typed import TEXTS
from chalicelib.web.http import Form, FormTokenError, FormTooLargeError, StatusError
from chalicelib.web.page import Answer, Page, Visit
from chalicelib.web.victim.measures import ADD, VIEW

# The text that a person may have typed, given back on an error page, besides all about needs
# and safe contact (no address and no code word), what they think of a measure, and the names of
# measures that they ticked.
# A form from elsewhere is never read, so that nobody can put words on our page.
TYPED_FIELD = "message"
MOST_GIVEN_BACK_BYTES = 1_000_000

OPEN = ("/case/open", "Open your information")
BACK = ("/case", "Back to your information")
START = ("/check-your-case/", "Check your case")


@frozen
class Words:
    """What an error page says: its neutral title, what happened, what to do now, where to go.

    `lost` is what became of what a person typed, or of what they ticked.
    """

    title: str
    happened: str
    to_do: str
    links: Sequence[tuple[str, str]]
    lost: str = "What you {did} was not sent. It is in the box below, so that you can copy it."


NOT_READ = Words(
    "not_understood",
    "We could not read what was sent. Nothing was changed.",
    "Go back to your information and try it from there, or call 101.",
    (BACK, START),
)
CANNOT_BE_OPENED = Words(
    "not_allowed",
    "This page opens only from a page before it. Nothing was changed.",
    "Go back to your information and try it from there, or call 101.",
    (BACK, START),
)
UNFORESEEN = Words(
    "problem",
    "Something went wrong on our side, not on yours. We are sorry.",
    "Try again in a few minutes, or call 101.",
    (BACK, START),
    lost="We cannot say whether what you {did} was stored. It is in the box below: copy it, then "
    "look in your information whether it is there before you send it again.",
)
WORDS = {
    HTTPStatus.UNAUTHORIZED: Words(
        "ended",
        "Your information is not open in this browser. We close it after {minutes} minutes "
        "without use, when you leave, and when its code is changed.",
        "To read on, open it again with your reference and your code. If the code no longer "
        "works, call 101 and ask for the officer in your case.",
        (OPEN,),
        lost="What you {did} was not sent, and we could not keep it for you. It is in the box "
        "below: copy it before you open your information again.",
    ),
    HTTPStatus.FORBIDDEN: Words(
        "not_allowed",
        "This form did not come from the information that is open now. It may have been closed, "
        "or opened again in another tab. Nothing was changed.",
        "Open your information again and try it from there, or call 101.",
        (OPEN,),
    ),
    HTTPStatus.NOT_FOUND: Words(
        "not_found",
        "Nothing is at this address. Nothing was changed.",
        "Your case is at Check your case. Or call 101 and ask for the officer in your case.",
        (START, BACK),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: CANNOT_BE_OPENED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Words(
        "too_long",
        "What was sent is longer than we can take. A question can have up to {characters:,} "
        "characters.",
        "Shorten it, or send it in parts. Or call 101 and ask for the officer in your case.",
        (BACK,),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Words(
        "wait",
        "Many requests came at the same time, from others at this address or from many people "
        "at once. You did nothing wrong and you are not locked out.",
        "Wait 5 minutes and try again: a right code still works. If you cannot wait, call 101.",
        (OPEN,),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Words(
        "closed_now",
        "Our system did not answer. You did nothing wrong, and nothing of yours is lost.",
        "Try again in a few minutes, or call 101 and ask for the officer in your case.",
        (BACK, START),
    ),
}
# Whoever answers the finder's questions has no information to open, and nothing was kept.
FINDER = "/what-might-help"
FINDER_CLOSED = Words(
    "not_allowed",
    "Your browser had let go of this form. That happens when you leave this site in another tab, "
    "or when it takes no cookies. We kept nothing of what you chose.",
    "Open the page again and answer the questions again. Or call 101 and say what is hard for you.",
    ((FINDER, "What might help"),),
)
CHECK = "/check-a-message"
CHECK_CLOSED = Words(
    "not_allowed",
    "Your browser had let go of this form. That happens when you leave this site in another tab, "
    "or when it takes no cookies. Nothing was checked.",
    "Open the page again and type the two words again. Or call 101 and ask.",
    ((CHECK, "Check a message"),),
)
CLOSED = {FINDER: FINDER_CLOSED, CHECK: CHECK_CLOSED}
STATUS: Mapping[type[Exception], HTTPStatus] = {
    SessionEndedError: HTTPStatus.UNAUTHORIZED,
    NotFoundError: HTTPStatus.NOT_FOUND,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    KeysUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    FormTokenError: HTTPStatus.FORBIDDEN,
    FormTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


def error_page(visit: Visit, error: Exception) -> Answer:
    """Return the page of an error; what nobody foresaw is a 500 that says what to do."""
    status = _status(error)
    words, rules = _words(status), visit.deps.rules
    if isinstance(error, FormTokenError):
        words = CLOSED.get(visit.request.path, words)
    ticked = _ticked(visit)
    text = "\n".join(ticked) or _typed(visit, error)
    did = "ticked" if ticked else "typed"
    happened = words.happened.format(
        minutes=rules.limits.session_idle_minutes, characters=rules.limits.message_characters
    )
    return Page(
        "errors/error.html",
        {
            "title": rules.titles[words.title].text,
            "sentences": [happened, *([words.lost.format(did=did)] if text else []), words.to_do],
            "typed": text,
            "did": did,
            "links": words.links,
        },
        status=status,
        private=True,
    )


def _status(error: Exception) -> HTTPStatus:
    if isinstance(error, StatusError):
        return HTTPStatus(error.status)
    return STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)


def _words(status: HTTPStatus) -> Words:
    if status in WORDS:
        return WORDS[status]
    return UNFORESEEN if status >= HTTPStatus.INTERNAL_SERVER_ERROR else NOT_READ


def _typed(visit: Visit, error: Exception) -> str:
    form = visit.form
    if isinstance(error, FormTooLargeError):
        # Nothing of it is used; the person only gets their own words back.
        body = visit.request.body[:MOST_GIVEN_BACK_BYTES].decode("utf-8", errors="replace")
        form = Form(parse_qs(body, keep_blank_values=True))
    views = (name for name in form.fields if name.startswith(VIEW))
    names = (TYPED_FIELD, *TEXTS, *visit.deps.rules.need_parts, *views)
    texts = (form.text(name) for name in names)
    return "\n\n".join(text for text in texts if text.strip())


def _ticked(visit: Visit) -> list[str]:
    """Return the names of the measures that were ticked to be added; only our own words."""
    if visit.request.path != ADD:
        return []
    rows = load_measures().measures
    return [rows[key].name for key in visit.form.every("measure") if key in rows]

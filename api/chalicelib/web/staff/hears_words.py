"""How a victim wants to hear hard news, and the tries to tell them, in words for staff."""

from chalicelib.domain.dates import date_and_time
from chalicelib.domain.reaching import Reaching
from chalicelib.domain.safety import HERE, PERSON, PERSON_THEN_HERE, Safety
from chalicelib.domain.tellings import WAYS_OF_TELLING
from chalicelib.web.staff.safety_words import said_words

HEARS = {
    PERSON: "Wants to hear hard news from a person.",
    PERSON_THEN_HERE: (
        "Wants to hear hard news from a person, and from their page once its day has passed."
    ),
    HERE: "Chose to read hard news on their page at once.",
}
AT_ONCE = (
    "If you choose Not yet, their page tells them as soon as you record this, if it has words "
    "for it and no other news waits."
)


def hears_words(safety: Safety) -> str:
    """Return how a victim wants to hear hard news, and who said so when."""
    if safety.hears_at is None:
        return HEARS[safety.hears]
    said = said_words(safety.hears_by, safety.hears_at)
    return f"{HEARS[safety.hears]} {said[:1].upper()}{said[1:]}."


def hears_hint(safety: Safety) -> str:
    """Return the same where news is recorded, and what then follows."""
    words = hears_words(safety)
    return f"{words} {AT_ONCE}" if safety.hears == HERE else words


def tries_words(reaching: Reaching) -> list[str]:
    """Return the tries to tell somebody of a piece of news, one line each, oldest first."""
    return [
        f"{date_and_time(each.at)}, {WAYS_OF_TELLING.get(each.how, each.how)}, by {each.by}"
        for each in reaching.tries
    ]


def tried_words(reaching: Reaching) -> str:
    """Return how often somebody tried and when last, in a sentence; nothing without a try."""
    lines = tries_words(reaching)
    if not lines:
        return ""
    times = "once" if len(lines) == 1 else f"{len(lines)} times"
    return f"Tried {times} so far, last {lines[-1]}."

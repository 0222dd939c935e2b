"""How a victim wants to hear hard news, and the tries to tell them, in words for staff."""

from chalicelib.domain.dates import date_and_time
from chalicelib.domain.reaching import Reaching
from chalicelib.domain.safety import HERE, PERSON, PERSON_THEN_HERE, Safety
from chalicelib.domain.tellings import WAYS_OF_TELLING

HEARS = {
    PERSON: "Wants to hear hard news from a person.",
    PERSON_THEN_HERE: (
        "Wants to hear hard news from a person, and from their page once its day has passed."
    ),
    HERE: (
        "Chose to read hard news on their page at once. If you choose Not yet, their page tells "
        "them as soon as you record this."
    ),
}


def hears_words(safety: Safety) -> str:
    """Return how a victim wants to hear hard news."""
    return HEARS[safety.hears]


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

"""Messages go out: what is due, one at a time, and only what the gate clears at that moment.

The only module that hands a message to a provider. What a message goes through is told in
`domain.notices`: it is read and claimed, handed over here, and marked.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.domain.gate import Answer
from chalicelib.domain.notices import FAILED, TAKEN, UNKNOWN, Notice, Recipient
from chalicelib.domain.pairs import pair_of
from chalicelib.rules.pair_words import load_pair_words
from chalicelib.services.carriers import Carriers
from chalicelib.services.claim import Claimed, Claims, StoppedError
from chalicelib.services.clear import GateNow
from chalicelib.services.deps import Deps
from chalicelib.services.mark import mark
from chalicelib.services.ports import Provider

# Check words of a message that was not begun are made when it is.
NOT_MADE_YET = "… …"


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that waits, and what the gate says of it at this moment."""

    notice: Notice
    answer: Answer


def planned(deps: Deps, *, home: str, limit: int) -> tuple[Planned, ...]:
    """Return what the gate says of the messages that wait, the soonest first; sends nothing."""
    waiting = deps.threads.waiting_notices(limit)
    if not waiting:
        return ()
    gate = GateNow(deps, deps.cases.read_force(), home, lambda _: NOT_MADE_YET)
    asked = (gate.ask(notice.to) for notice in waiting)
    return tuple(Planned(one.notice, one.answer) for one in asked if one is not None)


def send_due(deps: Deps, providers: Mapping[str, Provider], *, home: str) -> int:
    """Send what is due and return how many messages a provider took; none without providers.

    Two runs at a time send nothing twice: each message is claimed before it is handed over.

    Args:
        deps: stores, rules, clock.
        providers: who carries messages, by channel; to have none is the switch that stops all.
        home: the plain home page, for whoever chose a link.

    Raises:
        StoreUnavailableError: no answer in time; the next run goes on from what is stored.
    """
    if not providers or deps.access.brake().stopped_at is not None:
        return 0
    due = deps.threads.due_notices(deps.now(), deps.rules.limits.notices_page)
    if not due:
        return 0
    carriers = Carriers(deps, providers)
    gate = GateNow(deps, deps.cases.read_force(), home, _words_of)
    # Whoever was tried least finds out whether a provider takes messages again.
    least_tried = sorted(due, key=lambda notice: notice.tries)
    return _send(deps, Claims(deps, carriers, gate), [notice.to for notice in least_tried])


def _words_of(receipt: str) -> str:
    return pair_of(receipt, load_pair_words())


def _send(deps: Deps, claims: Claims, due: Iterable[Recipient]) -> int:
    sent = 0
    with suppress(StoppedError):
        for to in due:
            claimed = claims.claimed(to)
            if claimed is not None:
                sent += _hand_over(deps, claims.carriers, claimed) == TAKEN
    return sent


def _hand_over(deps: Deps, carriers: Carriers, claimed: Claimed) -> str:
    outcome = claimed.provider.deliver(claimed.message)
    mark(deps, claimed.to, claimed.message.receipt, outcome)
    if outcome in {FAILED, UNKNOWN}:
        carriers.went_down(claimed.provider)
    return outcome

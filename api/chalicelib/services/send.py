"""Messages go out: what is due, one at a time, and only what the gate clears at that moment.

The only module that hands a message to a provider. What a message goes through is told in
`domain.notices`: it is read and claimed, handed over here, and marked.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from chalicelib.domain.errors import HubError
from chalicelib.domain.gate import Answer
from chalicelib.domain.notices import FAILED, TAKEN, UNKNOWN, Notice, Recipient
from chalicelib.domain.pairs import pair_of
from chalicelib.frozen import frozen
from chalicelib.rules.pair_words import load_pair_words
from chalicelib.services.carriers import Carriers
from chalicelib.services.claim import Claimed, Claims, StoppedError
from chalicelib.services.clear import Asked, GateNow
from chalicelib.services.deps import Deps
from chalicelib.services.mark import mark
from chalicelib.services.ports import Provider

# Check words of a message that was not begun are made when it is.
NOT_MADE_YET = "… …"
Found = TypeVar("Found")
LOG = logging.getLogger("hub")
# Alarms go by these lines. The figure is read out of its line, so its words stand as they are; at
# a lower level than a warning Lambda keeps nothing.
NOT_LOOKED_AT = "a message could not be looked at"
NOT_TAKEN = "a provider did not take a message"
OLDEST_DUE = "outbox: oldest due %d s"
# The function is stopped after five minutes, perhaps in the middle of a message: it begins none
# so late. The next run goes on.
RUN_LASTS = timedelta(minutes=1)


@frozen
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
    asked = (_asked(gate, notice.to) for notice in waiting)
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
    LOG.warning(OLDEST_DUE, _oldest_due_seconds(deps, due))
    carriers = Carriers(deps, providers)
    gate = GateNow(deps, deps.cases.read_force(), home, _words_of)
    # Whoever was tried least finds out whether a provider takes messages again.
    least_tried = sorted(due, key=lambda notice: notice.tries)
    return _send(deps, Claims(deps, carriers, gate), [notice.to for notice in least_tried])


def _oldest_due_seconds(deps: Deps, due: Iterable[Notice]) -> int:
    """Return for how long the message that has waited longest has been due."""
    now = deps.now()
    return max(int((now - (notice.due_at or now)).total_seconds()) for notice in due)


def _words_of(receipt: str) -> str:
    return pair_of(receipt, load_pair_words())


def _send(deps: Deps, claims: Claims, due: Iterable[Recipient]) -> int:
    sent, ends = 0, deps.now() + RUN_LASTS
    with suppress(StoppedError):
        for to in due:
            if deps.now() >= ends:
                break
            claimed = _claimed(claims, to)
            if claimed is not None:
                sent += _hand_over(deps, claims.carriers, claimed) == TAKEN
    return sent


def _claimed(claims: Claims, to: Recipient) -> Claimed | None:
    return _by_itself(lambda: claims.claimed(to))


def _asked(gate: GateNow, to: Recipient) -> Asked | None:
    return _by_itself(lambda: gate.ask(to))


def _by_itself(look: Callable[[], Found | None]) -> Found | None:
    """Return what is found of one message, none where it cannot even be looked at.

    An item that cannot be read takes nobody else's turn; a store that does not answer does.
    """
    try:
        return look()
    except HubError:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever it is, the others have their turn
        LOG.error("%s: %s", NOT_LOOKED_AT, type(error).__name__)  # noqa: TRY400 -- no content
        return None


def _hand_over(deps: Deps, carriers: Carriers, claimed: Claimed) -> str:
    outcome = claimed.provider.deliver(claimed.message)
    mark(deps, claimed.to, claimed.message.receipt, outcome)
    if outcome in {FAILED, UNKNOWN}:
        LOG.warning(NOT_TAKEN)
        carriers.went_down(claimed.provider)
    return outcome

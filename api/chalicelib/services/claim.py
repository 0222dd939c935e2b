"""Whether a message that is due goes now, through whom, and that no other sender has it."""

import logging
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.brake import Brake, with_one_more
from chalicelib.domain.errors import HubError
from chalicelib.domain.gate import LOOK_AGAIN, Cleared, Later, Never
from chalicelib.domain.notices import (
    MOST_UNKNOWN,
    NOT_KNOWN_WHETHER_SENT,
    TOO_MANY_TRIES,
    Notice,
    Recipient,
    after_lost_sender,
    after_sending,
    claimed_by_sender,
    ended,
    given_up,
    has_tries_left,
    is_leased,
    known_not_to_have_left,
    look_again_at,
    ready_at,
    set_aside,
)
from chalicelib.frozen import frozen
from chalicelib.services.carriers import Carriers
from chalicelib.services.clear import Asked, GateNow
from chalicelib.services.deps import Deps
from chalicelib.services.mark import SENDER, audited, give_up, keep_notice, rest_of
from chalicelib.services.ports import ConflictError, Provider

LOG = logging.getLogger("hub")
# An alarm goes by this line.
TOO_MANY = "messages stopped: too many in an hour"
TRIES = 6


class StoppedError(HubError):
    """The brake holds all sending until two supervisors release it."""


@frozen
class Claimed:
    """A message that this run alone may hand over now, and to whom."""

    to: Recipient
    message: Cleared
    provider: Provider


@frozen
class _Keep:
    """A message that does not go now: how it waits or ends, and what the audit says of that."""

    notice: Notice
    what: str = ""


@frozen
class _Go:
    """A message that goes now."""

    notice: Notice
    message: Cleared
    provider: Provider


@frozen
class Claims:
    """What one run decides about each message that is due."""

    deps: Deps
    carriers: Carriers
    gate: GateNow

    def claimed(self, to: Recipient) -> Claimed | None:
        """Return a message that is claimed, or none once it is noted why it does not go now.

        Raises:
            StoppedError: the brake stops it and all that follow.
        """
        for _ in range(TRIES):
            asked, now = self.gate.ask(to), self.deps.now()
            if asked is None or not _has_its_turn(asked.notice, now):
                return None
            try:
                decided = self._decided(after_lost_sender(asked.notice, now), asked)
                if isinstance(decided, _Go) and not self._still_cleared(to, decided.message):
                    continue
                return self._written(decided)
            except ConflictError:
                # Another reason, another sender, or a change of what is allowed: ask anew.
                continue
        return None

    def _still_cleared(self, to: Recipient, message: Cleared) -> bool:
        """Return whether the gate says the same right before the claim.

        To ask a provider can take long, and not every change of what is allowed moves the
        message's own version: that of a case does not.
        """
        again = self.gate.ask(to)
        answer = again.answer if again else None
        return isinstance(answer, Cleared) and _goes_where(answer) == _goes_where(message)

    def _written(self, decided: _Keep | _Go) -> Claimed | None:
        if isinstance(decided, _Go):
            return self._claim(decided)
        if decided.notice.gave_up_why and not decided.notice.is_waiting:
            give_up(self.deps, decided.notice)
        else:
            keep_notice(self.deps, decided.notice, decided.what)
        return None

    def _decided(self, notice: Notice, asked: Asked) -> _Keep | _Go:
        answer = asked.answer
        if isinstance(answer, Never):
            return _Keep(ended(notice), f"ended a message: {answer.why}")
        if isinstance(answer, Later):
            return _later(notice, answer.at)
        if notice.is_begun and notice.channel != answer.channel:
            return _Keep(set_aside(notice), "set a message aside: another way was agreed")
        provider = self.carriers.by_channel.get(answer.channel)
        if provider is None:
            return _later(notice, self.deps.now() + LOOK_AGAIN)
        return self._through(provider, notice, answer)

    def _through(self, provider: Provider, notice: Notice, message: Cleared) -> _Keep | _Go:
        now, rules = self.deps.now(), self.deps.rules
        if down_until := self.carriers.down_until(provider):
            return _later(notice, down_until)
        unsent = self._unsent(provider, notice)
        if isinstance(unsent, _Keep):
            return unsent
        if unsent.is_begun and not has_tries_left(unsent, rules):
            return _Keep(given_up(unsent, now, TOO_MANY_TRIES))
        ready = ready_at(unsent, self.carriers.up_since(provider), rules)
        if ready is not None and now < ready:
            return _later(unsent, look_again_at(unsent, now, rules))
        return _Go(unsent, message, provider)

    def _unsent(self, provider: Provider, notice: Notice) -> Notice | _Keep:
        """Return a message that may be handed over as far as can be known, or how it waits.

        A provider that cannot be asked gets a message again once where nobody can say whether
        it left; then it is given up, and a supervisor sees it.
        """
        now = self.deps.now()
        if not notice.may_have_left:
            return notice
        if not provider.knows:
            if notice.unknown < MOST_UNKNOWN:
                return notice
            return _Keep(given_up(notice, now, NOT_KNOWN_WHETHER_SENT))
        has = provider.has(notice.receipt)
        if has is None:
            return _later(notice, self.carriers.went_down(provider))
        if has:
            sent = after_sending(notice, notice.tried_at or now, rest_of(self.deps, notice))
            return _Keep(sent, "a provider has a message")
        return known_not_to_have_left(notice)

    def _claim(self, go: _Go) -> Claimed:
        """Return a message once it is ours and counted, with the check words that go with it."""
        deps, now, message = self.deps, self.deps.now(), go.message
        brake = self._braked(now)
        claimed = claimed_by_sender(
            go.notice, now, receipt=message.receipt, channel=message.channel, rules=deps.rules
        )
        deps.ledger.write(
            [
                deps.threads.keep_notice(claimed),
                deps.access.keep_brake(brake),
                deps.access.new_pair(message.pair, now),
                audited(deps, go.notice, f"handed over a message: {message.channel}"),
            ]
        )
        return Claimed(go.notice.to, message, go.provider)

    def _braked(self, now: datetime) -> Brake:
        """Return the brake with one message more.

        Raises:
            StoppedError: that is one too many, or somebody else's was; it stands in the store.
        """
        deps, before = self.deps, self.deps.access.brake()
        if before.stopped_at is not None:
            raise StoppedError
        brake = with_one_more(before, now, deps.rules)
        if brake.stopped_at is not None:
            line = deps.audited("sending", SENDER, TOO_MANY)
            deps.ledger.write([deps.access.keep_brake(brake), line])
            LOG.error(TOO_MANY)
            raise StoppedError
        return brake


def _goes_where(message: Cleared) -> tuple[str, str, str, bool]:
    return message.channel, message.address, message.template, message.linked


def _later(notice: Notice, at: datetime) -> _Keep:
    return _Keep(replace(notice, due_at=at))


def _has_its_turn(notice: Notice, now: datetime) -> bool:
    is_due = notice.due_at is not None and notice.due_at <= now
    return is_due and not is_leased(notice, now)

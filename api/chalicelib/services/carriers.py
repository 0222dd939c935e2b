"""Who carries messages, and whether they answer: what is down is asked, and given nothing.

A provider that did not take a message, or of which nobody can say whether it did, counts as
down. Every few minutes it is asked whether it answers; until it does, no message is handed to
it and none uses up a try.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from datetime import datetime

from chalicelib.domain.brake import Carrier, ask_again_at, gone_down, up_again
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, Provider


@frozen
class Carriers:
    """The providers of one run by channel, with what is known of each."""

    deps: Deps
    by_channel: Mapping[str, Provider]
    _known: dict[str, Carrier] = field(default_factory=dict)

    def down_until(self, provider: Provider) -> datetime | None:
        """Return when a provider that is down is asked next; none if it may be given a message.

        It is asked here when its time has come.
        """
        known, now = self._of(provider), self.deps.now()
        ask_at = ask_again_at(known, self.deps.rules)
        if ask_at is None or now < ask_at:
            return ask_at
        answers = provider.answers()
        known = self._keep(up_again(known, now) if answers else gone_down(known, now))
        return ask_again_at(known, self.deps.rules)

    def up_since(self, provider: Provider) -> datetime | None:
        """Return since when a provider that was down answers again; none if it never was."""
        return self._of(provider).up_since

    def went_down(self, provider: Provider) -> datetime:
        """Note that a provider took nothing or did not say; return when it is asked next."""
        now = self.deps.now()
        known = self._keep(gone_down(self._of(provider), now))
        return ask_again_at(known, self.deps.rules) or now

    def _of(self, provider: Provider) -> Carrier:
        if provider.name not in self._known:
            self._known[provider.name] = self.deps.access.carrier(provider.name)
        return self._known[provider.name]

    def _keep(self, now: Carrier) -> Carrier:
        """Return what is known from here on: where another sender was first, what it noted."""
        with suppress(ConflictError):
            self.deps.ledger.write([self.deps.access.keep_carrier(now)])
        self._known[now.name] = self.deps.access.carrier(now.name)
        return self._known[now.name]

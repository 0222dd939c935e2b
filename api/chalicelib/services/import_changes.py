"""What a file changes in a case that is there already, written so that nothing typed is lost.

A change is written in rounds of one transaction each, every one with the case's version.
Until the last of them the file's item has no digest, so that an import which was cut
short goes on where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.domain.cases import Case, CaseKey, Victim, VictimKey, is_safe_mode
from chalicelib.domain.errors import HubError
from chalicelib.domain.joining import Joined, join, told_kept
from chalicelib.domain.statements import FiledCase, Stamp, Statement
from chalicelib.rules import Rules
from chalicelib.services.deps import Deps
from chalicelib.services.follow import owe_first_contact
from chalicelib.services.hand_over import move_open_promises
from chalicelib.services.import_parts import flag_open_promises
from chalicelib.services.import_ports import ImportStore
from chalicelib.services.import_rounds import Planner, Round
from chalicelib.services.ports import ConflictError

TRIES = 8
RECORDS_SYSTEM = "the records system"
NEW, CHANGED, SAME, KEPT = "new", "changed", "same", "kept"


class CaseBusyError(HubError):
    """Others kept changing the case while the file was to change it."""


@dataclass(slots=True)
class CaseChange:
    """A case of which a file speaks again; `counted` tells for each line what became of it.

    `settle` is the form's own way to bring what it says together with what it said last.
    """

    deps: Deps
    store: ImportStore
    key: CaseKey
    said: Statement
    settle: Callable[[FiledCase, Statement], Statement]
    counted: dict[int, str] = field(default_factory=dict)
    _round: Round = field(default_factory=Round)
    _done: frozenset[VictimKey] = frozenset()
    _case_differs: bool = False
    _lists_follow: bool = False
    _officer_differs: bool = False

    @property
    def differs(self) -> bool:
        """Return whether the round that was planned has anything to write."""
        return bool(self._round.parts)

    def look(self) -> None:
        """Read the case, plan the next round and count the rows of its victims.

        Raises:
            CaseBusyError: the case is gone.
            RowNotUsableError: the form finds that it is another case.
        """
        seen = self.store.read(self.key)
        if seen is None:
            raise CaseBusyError
        said = self.settle(seen, self.said)
        joined = self._joined(seen, said)
        if not self._done:
            changed = joined.facts != seen.facts or joined.is_new or joined.since is not None
            changed = changed or joined.yields
            self._case_differs = changed or not seen.digest
            rules = self.deps.rules
            moved = _in_lists(seen.case, rules) != _in_lists(joined.case, rules)
            self._lists_follow = moved or not seen.digest
            self._officer_differs = seen.case.officer.id != joined.case.officer.id
        # The same words as last time change nothing; they can only differ from what was typed,
        # and follow that once its day has passed.
        is_known = seen.digest == self.said.digest and not joined.yields
        self._round = (
            Round(victims=joined.case.victims)
            if is_known
            else Planner(self.deps, self.store, seen, joined, self._lists_follow).plan(
                done=self._done, digest=self.said.digest
            )
        )
        for victim in self._round.victims:
            self._count(seen, joined, victim)

    def carry_out(self) -> None:
        """Write what `look` planned, and what is left after it.

        Raises:
            CaseBusyError: others changed the case again and again meanwhile.
        """
        conflicts = 0
        while self.differs:
            try:
                self.deps.ledger.write(self._round.parts)
            except ConflictError:
                conflicts += 1
                if conflicts == TRIES:
                    raise CaseBusyError from None
            else:
                self._done |= {victim.key for victim in self._round.victims}
                if self._round.is_last:
                    break
            self.look()
        if self._lists_follow and self._done:
            self._let_lists_follow()

    def _joined(self, seen: FiledCase, said: Statement) -> Joined:
        ids = [row.victim_id for row in said.rows]
        return join(
            seen,
            said,
            {identity: self.deps.keys.victim_key(self.key, identity) for identity in ids},
            Stamp(self.deps.new_id(), self.deps.now(), self.deps.today()),
            self.deps.rules,
        )

    def _count(self, seen: FiledCase, joined: Joined, victim: Victim) -> None:
        row = joined.rows.get(victim.key)
        if row is None:
            return
        word = SAME
        if self._case_differs or victim in self._round.touched:
            word = CHANGED
        if seen.case.victim(victim.key) is None:
            word = NEW
        if joined.kept or told_kept(joined, victim.key):
            word = KEPT
        self.counted[row.line] = word

    def _let_lists_follow(self) -> None:
        """Move what is open to the officer in charge, show it as flags ask, and finish."""
        seen = self.store.read(self.key)
        if seen is None:
            raise CaseBusyError
        move_open_promises(self.deps, seen.case, seen.case.officer, by=RECORDS_SYSTEM)
        if self._officer_differs:
            owe_first_contact(self.deps, seen.case, RECORDS_SYSTEM)
        flag_open_promises(self.deps, self.store, seen.case)
        self.deps.ledger.write([self.store.finished(self.key, self.said.digest)])


def _in_lists(case: Case, rules: Rules) -> tuple[str, str, bool, bool, bool]:
    """Return what the lists of open promises show of a case."""
    safe = is_safe_mode(case.crime_type, case.flags, rules)
    return case.officer.id, case.officer.team, case.restricted, case.opposed, safe

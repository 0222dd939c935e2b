"""One transaction of what a file changes in a case: the case, and as many victims as fit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chalicelib.domain.cases import (
    FROM_FILE,
    Case,
    Officer,
    Told,
    Victim,
    VictimKey,
    is_sexual,
    needs_telling,
)
from chalicelib.domain.joining import Joined, heard_now, told_beside
from chalicelib.domain.statements import FiledCase
from chalicelib.domain.tellings import CHOSEN_HERE
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.change_case import door_parts, withdrawn_parts
from chalicelib.services.court_dates import court_parts
from chalicelib.services.court_end import end_of_court
from chalicelib.services.deps import Deps
from chalicelib.services.expect import entry_lines, report_parts
from chalicelib.services.follow import begin_parts, handed_parts, informed_parts
from chalicelib.services.given_work import returned_parts
from chalicelib.services.import_parts import kept_parts, read_here_parts, telling_parts
from chalicelib.services.import_ports import ImportStore
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.tell_here import chose_here

# A transaction holds 100 writes; one victim needs fewer than twenty-seven.
PARTS_A_ROUND = 68


@frozen
class Round:
    """Writes for some victims of a case; without parts there is nothing to write for them.

    `touched` are the victims of whom the file says something new.
    """

    parts: tuple[Part, ...] = ()
    victims: tuple[Victim, ...] = ()
    touched: tuple[Victim, ...] = ()
    is_last: bool = True


@frozen
class Planner:
    """Plans rounds for a case as it was read and as the file leaves it.

    `lists_follow` is whether open promises have to be moved or hidden afterwards. Then
    every victim's door moves, so that a question asked this very moment is decided anew.
    """

    deps: Deps
    store: ImportStore
    seen: FiledCase
    joined: Joined
    lists_follow: bool

    def plan(self, *, done: frozenset[VictimKey], digest: str) -> Round:
        """Return the next transaction for the victims that are not done.

        Args:
            done: who was handled by an earlier round of this change.
            digest: of the file's rows; it is written with the last transaction only.
        """
        waiting = [victim for victim in self.joined.case.victims if victim.key not in done]
        parts: list[Part] = []
        planned: list[Victim] = []
        heard: dict[VictimKey, Told] = {}
        beside: dict[VictimKey, date] = {}
        for victim in waiting:
            if len(parts) > PARTS_A_ROUND:
                break
            file = self.deps.threads.read(victim.key)
            told = heard_now(self.joined, victim.key, self.deps.rules)
            told = told or self._chosen(victim, file)
            if told is not None:
                heard[victim.key] = told
            elif day := told_beside(self.joined, victim.key, self.deps.rules):
                beside[victim.key] = day
            parts += self._of_victim(victim, file, told)
            planned.append(victim)
        is_last = len(planned) == len(waiting)
        parts = [*self._of_entry(heard, beside), *parts]
        is_news = self.joined.facts != self.seen.facts or self.joined.yields
        if parts or is_news or not self.seen.digest:
            parts = [*self._of_case(digest if is_last else ""), *parts]
        known = self.seen.case.victims
        noted = heard.keys() | beside.keys()
        touched = tuple(v for v in planned if v.key in noted or v not in known)
        return Round(tuple(parts), tuple(planned), touched, is_last)

    def _of_case(self, digest: str) -> list[Part]:
        written = "" if self.lists_follow else digest
        return [
            self.deps.cases.desk_change(
                self.seen.case,
                officer=None,
                at=self.deps.now(),
                file_holds=self.joined.yields,
            ),
            self.store.file(self.seen.case.key, self.joined.facts, written, handed=self._handed()),
        ]

    def _handed(self) -> tuple[date, Officer] | None:
        """Return since when another officer has the case, and who had it; none when nobody new."""
        before, after = self.seen.case.officer, self.joined.case.officer
        return (self.deps.today(), before) if before.id != after.id else None

    def _of_entry(
        self, heard: Mapping[VictimKey, Told], beside: Mapping[VictimKey, date]
    ) -> list[Part]:
        case, since = self.joined.case, self.joined.since
        entry = replace(case.current, told_beside={**case.current.told_beside, **beside})
        if self.joined.is_new:
            return [self.deps.cases.new_entry(case.key, replace(entry, told=heard))]
        if heard or beside or since:
            entry = replace(entry, since=since or entry.since)
            return [self.store.entry(case.key, entry, heard)]
        return []

    def _chosen(self, victim: Victim, file: VictimFile) -> Told | None:
        """Return that the page tells it now, if it is new to them and they chose that."""
        if victim not in self.seen.case.victims or not self._is_owed(victim, file):
            return None
        return Told(self.deps.today(), CHOSEN_HERE) if chose_here(victim, file) else None

    def _of_victim(self, victim: Victim, file: VictimFile, told: Told | None) -> list[Part]:
        case = self._heard(victim, told)
        parts: list[Part] = []
        if victim not in self.seen.case.victims:
            parts.append(self.store.victim(case.key, victim))
        parts += self._of_news(victim, file, told)
        parts += self._of_door(victim, file, told)
        parts += self._of_lines(victim, file)
        if told or self.joined.is_new:
            ended, left = end_of_court(self.deps, case, victim, file)
            if ended:
                return parts + ended + returned_parts(self.deps, self.seen.case, case, left)
        parts += returned_parts(self.deps, self.seen.case, case, file)
        return parts + court_parts(self.deps, case, victim, file)

    def _heard(self, victim: Victim, told: Told | None) -> Case:
        """Return the case with what the file says that a victim was told."""
        case, entry = self.joined.case, self.joined.case.current
        if not told:
            return case
        heard = replace(entry, told={**entry.told, victim.key: told})
        return replace(case, entries=(*case.entries[:-1], heard))

    def _of_lines(self, victim: Victim, file: VictimFile) -> list[Part]:
        """Return the writes of the minimum expectations that begin for a victim who was there."""
        case, before = self.joined.case, self.seen.case
        if before.victim(victim.key) is None:
            return []
        rules = self.deps.rules
        was_sexual = is_sexual(before.crime_type, before.flags, rules)
        if not was_sexual and file.door.team and file.door.closed_on is None:
            return report_parts(self.deps, case, victim, file)
        if self.joined.is_new:
            return entry_lines(self.deps, case, victim, file, case.current)
        return []

    def _of_news(self, victim: Victim, file: VictimFile, told: Told | None) -> list[Part]:
        """Return the writes for who was told, and the promise to tell who was not."""
        case, entry = self.joined.case, self.joined.case.current
        parts = withdrawn_parts(self.deps, file, case, entry)
        if told and told.how == CHOSEN_HERE:
            return parts + read_here_parts(self.deps, entry, victim, case, file, told)
        if told:
            return parts + kept_parts(self.deps, file, entry, told)
        if self._is_owed(victim, file):
            parts += telling_parts(self.deps, entry, victim, case)
        return parts

    def _is_owed(self, victim: Victim, file: VictimFile) -> bool:
        """Return whether the file's own news is to be told to a victim and nobody owes it yet."""
        entry = self.joined.case.current
        if victim.left_on is not None or victim.key in entry.told or entry.origin != FROM_FILE:
            return False
        promised = any(promise.subject == entry.id for promise in file.owed)
        return needs_telling(entry, self.deps.rules) and not promised

    def _of_door(self, victim: Victim, file: VictimFile, told: Told | None) -> list[Part]:
        case = self._heard(victim, told)
        if told or self.joined.is_new:
            parts = door_parts(self.deps, case, victim.key, file)
            if parts:
                return parts
        if told and self.seen.case.victim(victim.key) is not None:
            # Being told counts as an update, and the rhythm begins anew.
            at = min(promises.kept_on(self.deps, told.on), self.deps.now())
            moved = self._of_lists(victim, file)
            return moved + informed_parts(
                self.deps, case, victim.key, file, told.how, at=at, guard=not moved
            )
        if self.seen.case.victim(victim.key) is None:
            return begin_parts(self.deps, case, victim)
        return self._of_lists(victim, file)

    def _of_lists(self, victim: Victim, file: VictimFile) -> list[Part]:
        case = self.joined.case
        if self._handed():
            return handed_parts(self.deps, case, victim, file)
        if self.lists_follow:
            return promises.move_door(self.deps, victim.key, file.door, file.door)
        return []

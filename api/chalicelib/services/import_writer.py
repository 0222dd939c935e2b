"""Brings statements of a file into the hub: new cases many at a time, others one by one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chalicelib.domain.case_file import RowNotUsableError
from chalicelib.domain.cases import CaseKey, untold_victims
from chalicelib.domain.import_report import Rejected, Report
from chalicelib.domain.statements import (
    FiledCase,
    FileMark,
    Stamp,
    Statement,
    case_said,
    entry_said,
)
from chalicelib.services.court_dates import NO_FILE, court_parts
from chalicelib.services.deps import Deps
from chalicelib.services.follow import begin_parts
from chalicelib.services.import_changes import CaseBusyError, CaseChange
from chalicelib.services.import_parts import telling_parts
from chalicelib.services.import_ports import ImportStore
from chalicelib.services.import_roster import Roster
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.rounds import writes_of

CASES_A_READ = 50
CASES_A_LINE = 25
# A transaction holds 100 writes, the audit line among them. A new case has at most ten a
# victim and two of its own, and about ten counters, which cases of the same team share.
PARTS_A_TRANSACTION = 99
VICTIMS_AT_ONCE = 8
IMPORT = "import"
BUSY = "Others kept changing this case; import the file again."

Filed = tuple[CaseKey, Statement]


class Writer:
    """Writes what a file says and counts it in the report.

    New cases go 25 to a transaction, together with the audit line that names them: on the
    stand-in that is as fast as a batch, it is written whole or not at all, and a case that
    appeared meanwhile is not overwritten.
    """

    def __init__(
        self,
        deps: Deps,
        store: ImportStore,
        settle: Callable[[FiledCase, Statement], Statement],
        report: Report,
    ) -> None:
        self._deps, self._store, self._settle, self._report = deps, store, settle, report
        self._roster = Roster(deps, store)

    def take(self, statements: Sequence[Statement]) -> None:
        """Bring these cases, all different, into the hub."""
        keys = {s.reference: self._keys(s) for s in statements}
        marks = self._store.marks([key for either in keys.values() for key in either])
        new: list[Filed] = []
        known: list[Filed] = []
        for statement in statements:
            either = keys[statement.reference]
            here = next((key for key in either if key in marks), None)
            if here is None:
                new.append((either[0], statement))
            elif marks[here] == FileMark(statement.digest, desk_changed=False):
                self._report.same += len(statement.rows)
            else:
                known.append((here, statement))
        self._make_all(new)
        for start in range(0, len(known), CASES_A_LINE):
            self._change_all(known[start : start + CASES_A_LINE])

    def _keys(self, statement: Statement) -> list[CaseKey]:
        """Return the key of a case, and the one it would have from before the secret changed."""
        current = self._deps.keys.case_key(statement.reference)
        previous = self._deps.keys.previous_case_key(statement.reference)
        return [current, previous] if previous else [current]

    # --- new cases ---------------------------------------------------------------

    def _make_all(self, new: Sequence[Filed]) -> None:
        self._roster.keep([statement.rows[0].facts.officer for _, statement in new])
        for chunk, parts in self._chunks(new):
            try:
                self._write(chunk, parts)
            except ConflictError:
                # Another import made one of them meanwhile; each is looked at for itself.
                self._make_one_by_one(chunk)
            else:
                self._made(chunk)

    def _chunks(self, new: Sequence[Filed]) -> Iterator[tuple[list[Filed], list[Part]]]:
        chunk: list[Filed] = []
        parts: list[Part] = []
        for key, statement in new:
            more = self._new_case(key, statement)
            is_full = len(chunk) == CASES_A_LINE or writes_of([*parts, *more]) > PARTS_A_TRANSACTION
            if chunk and is_full:
                yield chunk, parts
                chunk, parts = [], []
            chunk.append((key, statement))
            parts += more
        if chunk:
            yield chunk, parts

    def _write(self, chunk: Sequence[Filed], parts: Sequence[Part]) -> None:
        self._deps.ledger.write([*parts, self._line("imported cases", chunk)])

    def _line(self, what: str, chunk: Sequence[Filed]) -> Part:
        return self._deps.audited(IMPORT, IMPORT, what, cases=tuple(key for key, _ in chunk))

    def _made(self, chunk: Sequence[Filed]) -> None:
        for key, statement in chunk:
            self._report.new += len(statement.rows)
            if len(statement.rows) > VICTIMS_AT_ONCE:
                self._change(key, statement).carry_out()

    def _make_one_by_one(self, chunk: Sequence[Filed]) -> None:
        for key, statement in chunk:
            try:
                self._write([(key, statement)], self._new_case(key, statement))
            except ConflictError:
                self._change_all([(key, statement)])
            else:
                self._made([(key, statement)])

    def _new_case(self, key: CaseKey, statement: Statement) -> list[Part]:
        """Return the writes of a new case; of very many victims only the first."""
        deps, store = self._deps, self._store
        digest = statement.digest if len(statement.rows) <= VICTIMS_AT_ONCE else ""
        said = replace(self._placed(statement), rows=statement.rows[:VICTIMS_AT_ONCE])
        ids = [row.victim_id for row in said.rows]
        stamp = Stamp(deps.new_id(), deps.now(), deps.today())
        entry = entry_said(said, (), stamp, deps.rules)
        case = case_said(
            key, said, {i: deps.keys.victim_key(key, i) for i in ids}, entry, deps.rules
        )
        parts = [
            store.new_file(key, said.reference, said.facts, digest),
            deps.cases.new_entry(key, case.current),
            *(store.victim(key, victim) for victim in case.victims),
        ]
        for victim in untold_victims(case, deps.rules):
            parts += telling_parts(deps, case.current, victim, case)
        for victim in case.victims:
            parts += begin_parts(deps, case, victim)
            parts += court_parts(deps, case, victim, NO_FILE)
        return parts

    # --- cases that are there ------------------------------------------------------

    def _change_all(self, known: Sequence[Filed]) -> None:
        """Change up to 25 cases, named by one audit line before the first is written."""
        looked = [(filed, self._looked(*filed)) for filed in known]
        differing = [(filed, change) for filed, change in looked if change and change.differs]
        if differing:
            named = [filed for filed, _ in differing]
            self._roster.keep([statement.rows[0].facts.officer for _, statement in named])
            self._deps.ledger.write([self._line("imported changes", named)])
        for _, change in looked:
            if change is not None:
                self._carry_out(change)

    def _change(self, key: CaseKey, statement: Statement) -> CaseChange:
        change = CaseChange(self._deps, self._store, key, self._placed(statement), self._settle)
        change.look()
        return change

    def _looked(self, key: CaseKey, statement: Statement) -> CaseChange | None:
        try:
            return self._change(key, statement)
        except RowNotUsableError as error:
            self._reject(statement, str(error))
        except CaseBusyError:
            self._reject(statement, BUSY)
        return None

    def _carry_out(self, change: CaseChange) -> None:
        try:
            change.carry_out()
        except CaseBusyError:
            self._reject(change.said, BUSY)
            return
        for word in change.counted.values():
            setattr(self._report, word, getattr(self._report, word) + 1)

    def _reject(self, statement: Statement, reason: str) -> None:
        self._report.rejected += [Rejected(row.line, reason) for row in statement.rows]

    def _placed(self, statement: Statement) -> Statement:
        """Return the statement with the officer's team as the hub knows it."""
        officer = self._roster.placed(statement.facts.officer)
        return replace(statement, facts=replace(statement.facts, officer=officer))

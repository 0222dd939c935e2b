"""The writes that follow from a file for one victim."""

from dataclasses import replace

from chalicelib.domain.cases import Case, StageEntry, Told, Victim, is_safe_mode
from chalicelib.domain.promises import TELL, Promise
from chalicelib.domain.tellings import telling_of
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.first_try import first_try_parts, tried_parts
from chalicelib.services.follow import open_of
from chalicelib.services.import_ports import ImportStore
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.staff_case import open_promises_of
from chalicelib.services.tell_here import here_parts

PROMISES_A_TRANSACTION = 20


def telling_parts(deps: Deps, entry: StageEntry, victim: Victim, case: Case) -> list[Part]:
    """Return the promise to tell a victim of news, a row in the officer's worklist.

    Of a release somebody tries to tell them today.
    """
    made = promises.make(deps, _telling(deps, entry, victim, case))
    return made + first_try_parts(deps, case, victim, entry)


def _telling(deps: Deps, entry: StageEntry, victim: Victim, case: Case) -> Promise:
    promise = telling_of(
        entry,
        victim,
        case,
        identity=deps.new_id(),
        calendar=deps.calendar,
        rules=deps.rules,
    )
    # The news may be older than what is written now, for example to one more victim.
    return replace(promise, made_at=deps.now())


def kept_parts(deps: Deps, file: VictimFile, entry: StageEntry, told: Told) -> list[Part]:
    """Return the writes that keep the open promises to tell this news, on the day of telling."""
    at = min(promises.kept_on(deps, told.on), deps.now())
    kept = [
        part
        for promise in open_of(file, TELL)
        if promise.subject == entry.id
        for part in promises.keep(deps, promise, at, told.how)
    ]
    return kept + tried_parts(deps, file, entry.id, at, told.how)


def read_here_parts(
    deps: Deps, entry: StageEntry, victim: Victim, case: Case, file: VictimFile, told: Told
) -> list[Part]:
    """Return the writes of news that a victim chose to read here at once: a kept promise, word."""
    promise = _telling(deps, entry, victim, case)
    kept = promises.make_kept(deps, promise, promises.kept_on(deps, told.on), told.how)
    return kept + here_parts(deps, case, victim, file)


def flag_open_promises(deps: Deps, store: ImportStore, case: Case) -> None:
    """Let lists show what is open as the case's flags ask: only its day, or with a warning."""
    unlike = [
        promise
        for victim in case.victims
        for promise in open_promises_of(deps, victim.key)
        if (promise.restricted, promise.opposed, promise.safe_mode) != _shown(deps, case)
    ]
    for start in range(0, len(unlike), PROMISES_A_TRANSACTION):
        _flag(deps, store, case, unlike[start : start + PROMISES_A_TRANSACTION])


def _flag(deps: Deps, store: ImportStore, case: Case, owed: list[Promise]) -> None:
    try:
        safe = _shown(deps, case)[2]
        deps.ledger.write([store.flag(promise, case, safe_mode=safe) for promise in owed])
    except ConflictError:
        # One of them was kept meanwhile; alone, it is on no list any more.
        if len(owed) > 1:
            for promise in owed:
                _flag(deps, store, case, [promise])


def _shown(deps: Deps, case: Case) -> tuple[bool, bool, bool]:
    """Return what lists show of a case by its flags: restricted, opposed victims, safe mode."""
    return case.restricted, case.opposed, is_safe_mode(case.crime_type, case.flags, deps.rules)

"""Victim: what they wish for, what they think of it, and that they want something else now."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from chalicelib.domain.cases import Victim
from chalicelib.domain.errors import HubError, NotFoundError, StoreUnavailableError
from chalicelib.domain.measures import APPLIED, WITHDRAWN, Measure, step_shown
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.wishes import may_wish, may_withdraw, view_mark, with_wish, withdrawn
from chalicelib.frozen import frozen
from chalicelib.rules.measures import load_measures
from chalicelib.services import promises
from chalicelib.services.apply_tasks import apply_parts
from chalicelib.services.deps import Deps
from chalicelib.services.notices import word_to_officer
from chalicelib.services.ports import ConflictError, Part
from chalicelib.services.read_case import knows_of_charge
from chalicelib.services.talks import talk_parts
from chalicelib.services.victim_sessions import Opened, read_victim, write_admitted

TRIES = 6


class ViewChangedError(HubError):
    """Somebody wrote down what this victim thinks while they were writing; nothing was stored."""


@frozen
class Wished:
    """What became of the wishes: how many are new, were there already, and are not known."""

    new: int
    there: int
    unknown: int


@frozen
class _Written:
    """The measures that change, and what the talk about them is about; no words for no talk."""

    measures: tuple[Measure, ...]
    words: str = ""


def wish_measures(deps: Deps, session: VictimSession, keys: Sequence[str]) -> Wished:
    """Store what a victim asked for, once; a talk about it is owed to them from then on.

    Raises:
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    rules, asked = load_measures(), tuple(dict.fromkeys(keys))
    known = [key for key in asked if key in rules.measures]
    found = Wished(0, 0, len(asked) - len(known))

    def decide(opened: Opened) -> _Written:
        nonlocal found
        knows = knows_of_charge(opened, deps.rules)
        file = opened.file
        new = [k for k in known if may_wish(file.measure(k), rules, knows_of_charge=knows)]
        found = Wished(len(new), len(known) - len(new), found.unknown)
        made = [
            with_wish(file.measure(k), k, deps.now(), rules=rules, knows_of_charge=knows)
            for k in new
        ]
        return _Written(tuple(made), f"They asked for: {_names(new)}")

    _write(deps, session, "asked for measures", decide)
    return found


def say_view(deps: Deps, session: VictimSession, key: str, view: str, *, mark: str) -> None:
    """Store what a victim thinks of a measure, in place of what stood there with this mark.

    Raises:
        NotFoundError: there is no such measure of theirs.
        ViewChangedError: something else stands there by now.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """

    def decide(opened: Opened) -> _Written:
        measure = _measure(deps, opened, key)
        if view == measure.view:
            return _Written(())
        if mark != view_mark(measure.view):
            raise ViewChangedError
        words = f"They wrote what they think of: {_names([key])}"
        return _Written((replace(measure, view=view),), words)

    _write(deps, session, "said what they think of a measure", decide)


def change_mind(deps: Deps, session: VictimSession, key: str) -> None:
    """Note that a victim wants something else than what is under way; a talk is owed to them.

    Raises:
        NotFoundError: there is no such measure of theirs.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """

    def decide(opened: Opened) -> _Written:
        measure = _measure(deps, opened, key)
        if measure.changed_mind_at is not None:
            return _Written(())
        now = replace(measure, changed_mind_at=deps.now())
        return _Written((now,), f"They changed their mind about: {_names([key])}")

    _write(deps, session, "changed their mind about a measure", decide)


def withdraw_wish(deps: Deps, session: VictimSession, key: str) -> bool:
    """Withdraw a wish before a decision that the victim knows of; return whether it is withdrawn.

    One that they withdrew before stays so.

    Raises:
        NotFoundError: there is no such measure of theirs.
        SessionEndedError: the code was cancelled meanwhile; nothing was stored.
        StoreUnavailableError: nothing is stored as far as can be known.
    """
    is_withdrawn = False

    def decide(opened: Opened) -> _Written:
        nonlocal is_withdrawn
        measure, rules = _measure(deps, opened, key), load_measures()
        knows = knows_of_charge(opened, deps.rules)
        may = may_withdraw(measure, rules, knows_of_charge=knows)
        shown = step_shown(measure, rules, knows_of_charge=knows)
        is_withdrawn = may or (shown is not None and shown.state == WITHDRAWN)
        if not may:
            return _Written(())
        is_applied = any(step.state == APPLIED for step in measure.steps)
        more = ". The prosecutor has applied for it: tell them" if is_applied else ""
        return _Written(
            (withdrawn(measure, deps.now()),), f"They no longer want: {_names([key])}{more}"
        )

    _write(deps, session, "withdrew a wish", decide)
    return is_withdrawn


def _write(
    deps: Deps, session: VictimSession, what: str, decide: Callable[[Opened], _Written]
) -> None:
    """Read, decide and write in one transaction, again where somebody was first."""
    for _ in range(TRIES):
        opened = read_victim(deps, session)
        written = decide(opened)
        try:
            return write_admitted(deps, session, what, *_parts(deps, opened, written))
        except ConflictError:
            continue
        except StoreUnavailableError:
            # The answer may have been lost after the write: read once and tell the truth.
            if not written.measures or not _stands(deps, session, written.measures):
                raise
            return None
    raise StoreUnavailableError


def _parts(deps: Deps, opened: Opened, written: _Written) -> list[Part]:
    if not written.measures:
        return []
    whose, file = _victim(opened), opened.file
    changed = {measure.key: measure for measure in written.measures}
    after = {measure.key: measure for measure in file.measures} | changed
    # The door as it was read: a plea that is recorded at this moment decides anew what is owed.
    parts = promises.move_door(deps, whose.key, file.door, file.door)
    parts += [deps.threads.keep_measure(whose.key, now) for now in written.measures]
    parts += apply_parts(deps, opened.case, whose, file, after.values())
    if written.words:
        parts += talk_parts(deps, opened.case, whose, file, written.words)
        parts += word_to_officer(deps, opened.case.officer.id)
    return parts


def _stands(deps: Deps, session: VictimSession, measures: Collection[Measure]) -> bool:
    file = deps.threads.read(session.victim)
    return all(replace(now, version=now.version + 1) == file.measure(now.key) for now in measures)


def _victim(opened: Opened) -> Victim:
    whose = opened.case.victim(opened.session.victim)
    if whose is None:
        raise NotFoundError
    return whose


def _measure(deps: Deps, opened: Opened, key: str) -> Measure:
    """Return a measure of which they may read something: of others no answer tells (D10)."""
    measure, knows = opened.file.measure(key), knows_of_charge(opened, deps.rules)
    if measure is None or step_shown(measure, load_measures(), knows_of_charge=knows) is None:
        raise NotFoundError
    return measure


def _names(keys: Sequence[str]) -> str:
    rows = load_measures().measures
    return "; ".join(rows[key].name for key in keys if key in rows)

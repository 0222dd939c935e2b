"""News that nobody could tell a victim is released to their page: by a supervisor, or by itself.

Releasing is telling: the same writes follow as when a person told them (D10).
"""

from contextlib import ExitStack, suppress

from chalicelib.domain.cases import Case, CaseKey, StageEntry, Told, Victim, VictimKey
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.domain.promises import OWED_NEWS, TELL, Promise
from chalicelib.domain.reaching import may_be_released
from chalicelib.domain.safety import PERSON
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import LIMIT, RELEASED
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.deps import Deps
from chalicelib.services.late import late_of
from chalicelib.services.ports import ConflictError, Part, VictimFile
from chalicelib.services.reach_victim import Waiting, waiting_with
from chalicelib.services.staff_case import need_recent, victim_of
from chalicelib.services.staff_sessions import need_role
from chalicelib.services.tell import told_entry_parts, told_event_parts
from chalicelib.services.tell_here import here_parts, may_read_event, words_here

SERVICE = "service"
AS_CHOSEN = "The day by which it was owed has passed, and the victim chose to read it here then."


def may_release(deps: Deps, case: Case, victim: Victim, file: VictimFile, waiting: Waiting) -> bool:
    """Return whether a supervisor may release news now: tried enough, or it is of the day.

    Source:
        Our standard, keys `told.attempts` and `told.attempt_days` in rules/limits.toml, and
        `same_day` in rules/code_limits.toml: there safety may need it at once.
    """
    reaching = file.reached(waiting.news.id)
    is_time = waiting.same_day or may_be_released(reaching, deps.rules)
    return is_time and can_be_read(deps, case, victim, file, waiting)


def can_be_read(deps: Deps, case: Case, victim: Victim, file: VictimFile, waiting: Waiting) -> bool:
    """Return whether the page can tell it: a stage can, an event only where there are words."""
    if isinstance(waiting.news, StageEntry):
        return True
    row = deps.rules.code_limits[waiting.news.key]
    return may_read_event(deps, case, victim, file, row)


def release_news(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    subject: str,
    why: str,
) -> None:
    """Let a victim read news that nobody could tell them, for a reason that is kept.

    Raises:
        NotAllowedError: no supervisor, no reason, or it was not tried enough.
        FreshSignInNeededError: the form cannot have been opened behind a fresh sign-in.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: they were told meanwhile, or are not owed it any more.
    """
    need_role(deps, session, "team_list")
    need_recent(deps, session)
    if not why:
        raise NotAllowedError
    told = Told(deps.today(), RELEASED)
    change = Change(
        "released news to a victim's page",
        is_done=lambda case: _is_released(deps, case, victim, subject),
        parts_of=lambda case: _release_parts(deps, case, victim, subject, told),
        why=why,
    )
    change_case(deps, session, key, change)


def _is_released(deps: Deps, case: Case, victim: VictimKey, subject: str) -> bool:
    if any(e.id == subject and victim in e.told for e in case.entries):
        told = next(e.told[victim] for e in case.entries if e.id == subject)
        return told.how == RELEASED
    owed = deps.threads.read(victim_of(case, victim).key).owed
    return any(p.kind == TELL and p.subject == subject and p.kept_how == RELEASED for p in owed)


def _release_parts(deps: Deps, case: Case, key: VictimKey, subject: str, told: Told) -> list[Part]:
    victim, file = victim_of(case, key), deps.threads.read(key)
    waiting = waiting_with(deps, case, victim, file, subject)
    if waiting is None:
        raise StaleError
    if not may_release(deps, case, victim, file, waiting):
        raise NotAllowedError
    parts = _told_parts(deps, case, victim, file, waiting, told)
    return parts + here_parts(deps, case, victim, file)


def _told_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, waiting: Waiting, told: Told
) -> list[Part]:
    news, promise = waiting.news, waiting.promise
    if isinstance(news, StageEntry):
        return told_entry_parts(deps, case, victim, file, news, told)
    if promise is None:
        raise StaleError
    words = words_here(deps, case, [victim.key], deps.rules.code_limits[news.key])
    return [words, *told_event_parts(deps, case, victim, file, promise, told)]


# --- by itself


def release_due(deps: Deps) -> int:
    """Release what was owed by yesterday to whom chose that, and return how many pieces of news.

    Running it again releases nothing twice. What changes meanwhile is looked at the next time.
    Each piece of news has its turn also where one before it failed; that is raised at the end.
    """
    late = [
        promise
        for team in deps.cases.read_force().all_teams()
        for promise in late_of(deps, team.id)
        if promise.kind == TELL
    ]
    # Stages before events: an event is not told before a stage that it would tell of.
    in_order = sorted(late, key=lambda promise: (promise.owed == OWED_NEWS, promise.made_at))
    released: list[Promise] = []
    with ExitStack() as turns:
        # Whatever is put last is done first.
        for promise in reversed(in_order):
            turns.callback(_release, deps, promise, released)
    return len(released)


def _release(deps: Deps, promise: Promise, released: list[Promise]) -> None:
    case = deps.cases.read(CaseKey(promise.case_key))
    victim = case.victim(promise.victim) if case else None
    if case is None or victim is None or victim.left_on is not None:
        return
    file = deps.threads.read(victim.key)
    waiting = waiting_with(deps, case, victim, file, promise.subject)
    # Whoever wants to read all news here at once wants to read this one here by now.
    if waiting is None or file.safety.hears == PERSON:
        return
    if not can_be_read(deps, case, victim, file, waiting):
        return
    parts = _told_parts(deps, case, victim, file, waiting, Told(deps.today(), LIMIT))
    line = deps.audited(case.key, SERVICE, "released news to a victim's page", why=AS_CHOSEN)
    moved = deps.cases.desk_change(case, officer=None, at=deps.now())
    # What changed meanwhile is decided anew tomorrow.
    with suppress(ConflictError):
        deps.ledger.write([line, moved, *parts, *here_parts(deps, case, victim, file)])
        released.append(promise)

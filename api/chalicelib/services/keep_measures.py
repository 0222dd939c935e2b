"""Staff: a step of a measure, from talking about it to what the court decided.

A decision is an event of the Victims' Code as well, so that the victim is owed to be told of
it like of any other; how they were told is noted with the step by the same contact.
"""

from dataclasses import replace
from datetime import date

from chalicelib.domain.cases import Case, CaseKey, Event, Told, Victim, VictimKey, shown_to
from chalicelib.domain.errors import HubError, NotAllowedError, StaleError
from chalicelib.domain.measures import (
    DISCUSSED,
    PARTLY,
    REFUSED,
    WISHED,
    WITHDRAWN,
    Measure,
    MeasureStep,
    is_from_charge,
    may_become,
    step_shown,
    told_of,
    with_step,
)
from chalicelib.domain.promises import TELL, Promise
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import CHOSEN_HERE, event_telling_of, untold_entries
from chalicelib.frozen import frozen
from chalicelib.rules.measures import load_measures
from chalicelib.services import promises
from chalicelib.services.apply_tasks import apply_parts
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.court_dates import court_parts
from chalicelib.services.deps import Deps
from chalicelib.services.follow import informed_parts, open_of
from chalicelib.services.notices import word_to_victim
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.staff_case import stored_id, victim_of
from chalicelib.services.staff_sessions import need_role
from chalicelib.services.talks import talked_parts
from chalicelib.services.tell_here import chose_here, here_parts

RESULT = "special_measures_result"
NOT_ALLOWED = "The court refused a measure."
NOT_ALL_ALLOWED = "The court allowed a part of a measure."
REOPENS = {REFUSED: NOT_ALLOWED, PARTLY: NOT_ALL_ALLOWED}
# Whatever is recorded so was said by the victim, or in a talk with them.
SPOKEN_OF = {WISHED, DISCUSSED, WITHDRAWN}
WHY_ASKED = "Asked for all the same, because: "


class BeforeChargeError(HubError):
    """Nobody is charged in this case as it is recorded: the court has nothing to decide yet."""


@frozen
class StepGiven:
    """What somebody records of a measure: which, the state it came to, and on which day.

    `seen` is the version of the measure that was decided upon, 0 for one that is not there
    yet. `reason` says why it is asked for although the law seems not to open it: the court
    decides, and the note keeps the reason. `view` is what the victim thinks of it in their own
    words, none to leave it as it is; `told` is how they heard a decision, none for not yet.
    """

    measure: str
    state: str
    on: date
    seen: int = 0
    note: str = ""
    reason: str = ""
    view: str | None = None
    told: Told | None = None


def keep_step(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    given: StepGiven,
    *,
    form_key: str,
) -> None:
    """Record a step once, however often its form is sent.

    In one transaction: the step, what is owed because of it, and for a decision the Code's
    event with the promise to tell the victim, kept already if they were told or chose to read
    such news here.

    Args:
        deps: stores, rules and clock.
        session: who records it.
        key: the case.
        victim: whose measure it is.
        given: the step.
        form_key: the key of the form.

    Raises:
        BeforeChargeError: the step is one that comes after a charge, and none is recorded.
        NotAllowedError: the role may not, or the day cannot be right; the form says why first.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: somebody else was first; nothing was stored.
    """
    need_role(deps, session, "answers")
    rules = load_measures()
    if given.measure not in rules.measures or given.state not in rules.states:
        raise NotAllowedError
    made = stored_id(form_key, victim, given)
    change = Change(
        f"recorded a measure: {given.state}",
        is_done=lambda case: _is_done(deps, session, case, victim, given),
        parts_of=lambda case: _parts(deps, session, case, victim, given, made),
    )
    change_case(deps, session, key, change)


def first_day(case: Case, measure: Measure | None) -> date:
    """Return the first day on which the next step of a measure can have been."""
    return max(case.reported_on, measure.current.on) if measure else case.reported_on


def told_parts(
    deps: Deps, file: VictimFile, victim: VictimKey, event: str, told: Told
) -> list[Part]:
    """Return the writes that note with each decision of an event how the victim heard it."""
    return [
        deps.threads.keep_measure(victim, now)
        for measure in file.measures
        if (now := told_of(measure, event, told)) != measure
    ]


def _is_done(
    deps: Deps,
    session: StaffSession,
    case: Case,
    victim: VictimKey,
    given: StepGiven,
) -> bool:
    """Return whether this very step is stored: then its form was sent twice."""
    measure = deps.threads.read(victim_of(case, victim).key).measure(given.measure)
    if measure is None or measure.version <= given.seen:
        return False
    mine = (given.state, given.on, session.member.name)
    is_stored = any(
        (step.state, step.on, step.by) == mine and _says(step, given) for step in measure.steps
    )
    return is_stored and given.view in {None, measure.view}


def _says(step: MeasureStep, given: StepGiven) -> bool:
    """Return whether a step's note is what was given; a reason is asked for only once."""
    begins = "\n".join(filter(None, (given.note, WHY_ASKED)))
    return step.note == _note(given) or (not given.reason and step.note.startswith(begins))


def _note(given: StepGiven) -> str:
    reason = WHY_ASKED + given.reason if given.reason else ""
    return "\n".join(filter(None, (given.note, reason)))


def _parts(
    deps: Deps,
    session: StaffSession,
    case: Case,
    victim: VictimKey,
    given: StepGiven,
    made: str,
) -> list[Part]:
    whose, file = victim_of(case, victim), deps.threads.read(victim)
    before = file.measure(given.measure)
    if (before.version if before else 0) != given.seen:
        raise StaleError
    _need_recordable(deps, case, before, given)
    here: list[Part] = []
    if _reads_here(deps, case, whose, file, given):
        given = replace(given, told=Told(deps.today(), CHOSEN_HERE))
        here = here_parts(deps, case, whose, file)
    event, parts = _telling_parts(deps, session, case, whose, file, given, made)
    step = MeasureStep(
        given.state,
        given.on,
        deps.now(),
        session.member.name,
        _note(given),
        given.told if load_measures().states[given.state].decided else None,
        event,
    )
    now = with_step(before, given.measure, step)
    if before is not None and load_measures().states[given.state].from_charge:
        # Only a talk settles a changed mind; what a court does leaves it to be talked about.
        now = replace(now, changed_mind_at=before.changed_mind_at)
    if given.view is not None:
        now = replace(now, view=given.view)
    parts += [
        *here,
        *_word_parts(deps, case, whose, file, given, now),
        deps.threads.keep_measure(victim, now),
        *promises.move_door(deps, victim, file.door, file.door),
    ]
    others = [each for each in file.measures if each.key != given.measure]
    parts += apply_parts(deps, case, whose, file, [*others, now], on=given.on)
    if given.state == DISCUSSED and given.view:
        parts += talked_parts(deps, case, whose, file, given.on)
    if given.state in REOPENS:
        parts += court_parts(deps, case, whose, file, changed=REOPENS[given.state])
    return parts


def _reads_here(deps: Deps, case: Case, victim: Victim, file: VictimFile, given: StepGiven) -> bool:
    """Return whether nobody told them what a court decided, and they chose to read it here.

    Their page shows it with the measure, so no more words are needed; behind news that waits to
    be told it would show nothing.
    """
    if given.told is not None or not load_measures().states[given.state].decided:
        return False
    waits = untold_entries(case, victim.key, file.owed, deps.rules)
    return _is_charged(deps, case) and chose_here(victim, file) and not waits


def _word_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, given: StepGiven, now: Measure
) -> list[Part]:
    """Return the write of word that their page shows a step of which nobody spoke with them."""
    if given.told is not None or given.state in SPOKEN_OF:
        return []
    stage = shown_to(victim.key, case, deps.rules).entry.stage
    knows = deps.rules.stages[stage].from_charge
    before = file.measure(now.key)
    shown = [
        step_shown(measure, load_measures(), knows_of_charge=knows) if measure else None
        for measure in (before, now)
    ]
    return word_to_victim(deps, case, victim, file) if shown[0] != shown[1] else []


def _need_recordable(deps: Deps, case: Case, before: Measure | None, given: StepGiven) -> None:
    """Refuse what the form refuses in words: here it can only come from a forged one."""
    state = load_measures().states[given.state]
    needs_charge = is_from_charge(given.measure, state, load_measures())
    if needs_charge and not _is_charged(deps, case):
        raise BeforeChargeError
    if not may_become(before, given.state, load_measures()):
        raise StaleError
    is_wrong_day = not first_day(case, before) <= given.on <= deps.today()
    if is_wrong_day or (given.told is not None and not given.on <= given.told.on <= deps.today()):
        raise NotAllowedError


def _telling_parts(  # noqa: PLR0913, PLR0917 -- as keep_step
    deps: Deps,
    session: StaffSession,
    case: Case,
    victim: Victim,
    file: VictimFile,
    given: StepGiven,
    made: str,
) -> tuple[str, list[Part]]:
    """Return the id of the event that a decision is, and the writes of it; none for others.

    What was decided on the same day and is not told either is told with it, in one go. Whoever
    asked to hear nothing more is owed nothing until they want to hear of the case again, and
    still told if somebody did. What is arranged before a charge is no decision of a court.
    """
    if not load_measures().states[given.state].decided:
        return "", []
    if not _is_charged(deps, case):
        return "", _heard_parts(deps, case, victim, file, given.told)
    waiting = _waiting_event(file, victim, given.on)
    if waiting and given.told is None:
        return waiting, []
    event = Event(made, RESULT, given.on, deps.now(), session.member.name, frozenset({victim.key}))
    promise = event_telling_of(
        event,
        victim,
        case,
        identity=deps.new_id(),
        calendar=deps.calendar,
        rules=deps.rules,
    )
    parts: list[Part] = [deps.cases.new_event(case.key, event)]
    if given.told is not None:
        at = promises.kept_on(deps, given.told.on)
        parts += promises.make_kept(deps, promise, at, given.told.how)
    elif victim.left_on is None:
        parts += promises.make(deps, promise)
    return made, parts + _heard_parts(deps, case, victim, file, given.told)


def _heard_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, told: Told | None
) -> list[Part]:
    if told is None:
        return []
    at = promises.kept_on(deps, told.on)
    return informed_parts(deps, case, victim.key, file, told.how, at=at, guard=False)


def waiting_results(file: VictimFile) -> list[Promise]:
    """Return what is owed to a victim to be told of the court's decisions on measures."""
    return [promise for promise in open_of(file, TELL) if promise.event == RESULT]


def _waiting_event(file: VictimFile, victim: Victim, day: date) -> str:
    """Return the event of a day that waits to be told, or that would if they had not left."""
    if victim.left_on is None:
        owed = (p for p in waiting_results(file) if p.working.counted_from == day)
        return next((promise.subject for promise in owed), "")
    steps = (step for measure in file.measures for step in measure.steps)
    return next((s.event for s in steps if s.event and s.on == day and s.told is None), "")


def _is_charged(deps: Deps, case: Case) -> bool:
    return deps.rules.stages[case.current.stage].from_charge

"""Staff: an event of the Victims' Code, and by when each victim whom the officer names is told."""

from collections.abc import Mapping, Sequence
from datetime import date

from chalicelib.domain.cases import Case, CaseKey, Event, Told, Update, Victim, VictimKey
from chalicelib.domain.errors import NotAllowedError
from chalicelib.domain.events import (
    MOST_NAMED,
    RECORDED_AS_EVENT,
    is_read_here,
    left_problem,
    twice_problem,
    untold_problem,
    when_problem,
)
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import CHOSEN_HERE, event_telling_of, untold_entries
from chalicelib.frozen import frozen
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case
from chalicelib.services.deps import Deps
from chalicelib.services.first_try import first_try_parts
from chalicelib.services.follow import informed_parts
from chalicelib.services.notices import word_to_victim
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.post_update import OpposedVictimsError
from chalicelib.services.staff_case import read_files, stored_id, victim_of
from chalicelib.services.staff_sessions import need_role
from chalicelib.services.tell_here import (
    as_many_as_fit,
    here_parts,
    may_read_event,
    who_chose_here,
    words_here,
)


@frozen
class EventNews:
    """An event, the day its clock starts, and the victims it is for.

    `victims` maps each of them to when and how they were told, or to none for not yet;
    `text` is what those read who are told here.
    """

    key: str
    happened_on: date
    victims: Mapping[VictimKey, Told | None]
    text: str = ""


def record_event(
    deps: Deps, session: StaffSession, key: CaseKey, news: EventNews, *, seen: int, form_key: str
) -> str:
    """Record an event once, however often its form is sent, and return its id.

    In one transaction: the event, the case's version, for each victim the promise to tell
    them (kept already for whom was told), words for whom is told here. Who chose to read hard
    news here counts as told, here and now, with the words that stand ready.

    Raises:
        NotAllowedError: the role may not, or the event cannot be recorded so; the form says
            why before it comes to that.
        NotFoundError: the case does not exist for this person, or a victim not in it.
        OpposedVictimsError: words were given where nothing but the stage is shared.
        StaleError: somebody else changed the case meanwhile.
    """
    need_role(deps, session, "answers")
    said = (news.key, news.happened_on, sorted(news.victims), news.text)
    made = stored_id(form_key, *said)
    change = Change(
        "recorded an event",
        is_done=lambda case: any(event.id == made for event in case.events),
        parts_of=lambda case: _parts(deps, session, case, news, made),
        seen=seen,
    )
    change_case(deps, session, key, change)
    return made


def _parts(deps: Deps, session: StaffSession, case: Case, news: EventNews, made: str) -> list[Part]:
    victims = [victim_of(case, victim) for victim in news.victims]
    files = read_files(deps, case)
    _need_recordable(deps, case, news, victims, files)
    event = Event(
        made,
        news.key,
        news.happened_on,
        deps.now(),
        session.member.name,
        frozenset(news.victims),
    )
    words = _read_here_parts(deps, case, news, made, files)
    return as_many_as_fit(
        _who_chose_here(deps, case, news, files),
        lambda chose: [
            deps.cases.new_event(case.key, event),
            *words,
            *_tellings(deps, case, news, event, files, chose),
            *_here_parts(deps, case, news, chose, files),
        ],
    )


def _tellings(
    deps: Deps,
    case: Case,
    news: EventNews,
    event: Event,
    files: Mapping[VictimKey, VictimFile],
    chose: Sequence[Victim],
) -> list[Part]:
    here = {victim.key: Told(deps.today(), CHOSEN_HERE) for victim in chose}
    return [
        part
        for key, told in {**news.victims, **here}.items()
        for part in _telling(deps, case, victim_of(case, key), files[key], event, told)
    ]


def _telling(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, event: Event, told: Told | None
) -> list[Part]:
    """Return the writes of the promise to tell a victim, kept already for whom was told."""
    promise = event_telling_of(
        event,
        victim,
        case,
        identity=deps.new_id(),
        calendar=deps.calendar,
        rules=deps.rules,
    )
    if told is None:
        tried = first_try_parts(deps, case, victim, event)
        return [*promises.make(deps, promise), *tried]
    at = promises.kept_on(deps, told.on)
    kept = promises.make_kept(deps, promise, at, told.how)
    return kept + informed_parts(deps, case, victim.key, file, told.how, at=at)


def _read_here_parts(
    deps: Deps, case: Case, news: EventNews, made: str, files: Mapping[VictimKey, VictimFile]
) -> list[Part]:
    """Return the writes of words for whom is told here, as the officer says."""
    readers = frozenset(v for v, told in news.victims.items() if told and is_read_here(told.how))
    if not readers:
        return []
    if case.opposed:
        raise OpposedVictimsError
    update = Update(made, news.text, deps.now(), readers)
    word = [
        part
        for reader in sorted(readers)
        for part in word_to_victim(deps, case, victim_of(case, reader), files[reader])
    ]
    return [deps.cases.new_update(case.key, update), *word]


def _who_chose_here(
    deps: Deps, case: Case, news: EventNews, files: Mapping[VictimKey, VictimFile]
) -> tuple[Victim, ...]:
    """Return those who were told by nobody and read it here at once, because they chose to."""
    row = deps.rules.code_limits[news.key]
    untold = [victim_of(case, victim) for victim, told in news.victims.items() if told is None]
    can = [v for v in untold if may_read_event(deps, case, v, files[v.key], row)]
    return who_chose_here(can, files)


def _here_parts(
    deps: Deps,
    case: Case,
    news: EventNews,
    chose: Sequence[Victim],
    files: Mapping[VictimKey, VictimFile],
) -> list[Part]:
    if not chose:
        return []
    row = deps.rules.code_limits[news.key]
    words = words_here(deps, case, [victim.key for victim in chose], row)
    more = [part for victim in chose for part in here_parts(deps, case, victim, files[victim.key])]
    return [words, *more]


def _need_recordable(
    deps: Deps,
    case: Case,
    news: EventNews,
    victims: list[Victim],
    files: Mapping[VictimKey, VictimFile],
) -> None:
    """Refuse what the form refuses in words: here it can only come from a forged one."""
    row = deps.rules.code_limits.get(news.key)
    if row is None or row.recorded_as != RECORDED_AS_EVENT:
        raise NotAllowedError
    if not 0 < len(victims) <= MOST_NAMED:
        raise NotAllowedError
    is_wrong_day = not case.reported_on <= news.happened_on <= deps.today()
    read_here = any(told and is_read_here(told.how) for told in news.victims.values())
    if is_wrong_day or (read_here and not (row.shown and news.text)):
        raise NotAllowedError
    problems = [
        when_problem(row, case, deps.rules),
        twice_problem(case, news.key, news.happened_on, news.victims),
        *(left_problem(victim) for victim in victims),
        *(
            untold_problem(told.how, untold_entries(case, v, files[v].owed, deps.rules))
            for v, told in news.victims.items()
            if told
        ),
    ]
    if any(problems):
        raise NotAllowedError

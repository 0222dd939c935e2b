"""Staff: news that a person tells first, and the note of how and when each victim was told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.domain.cases import (
    FROM_DESK,
    Case,
    CaseKey,
    StageEntry,
    Told,
    VictimKey,
    needs_telling,
)
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.domain.promises import TELL
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import untold_entries
from chalicelib.services import promises
from chalicelib.services.change_case import Change, change_case, door_parts, entry_parts
from chalicelib.services.court_end import end_of_court
from chalicelib.services.deps import Deps
from chalicelib.services.follow import informed_parts, open_of
from chalicelib.services.ports import Part
from chalicelib.services.post_update import Post, has_made, words_part
from chalicelib.services.rounds import reach_everyone
from chalicelib.services.staff_case import need_recent, read_files, stored_id, victim_of
from chalicelib.services.staff_sessions import need_role


@dataclass(frozen=True, slots=True)
class News:
    """What happened since when, who heard it from a person, and words that explain it."""

    stage: str
    since: date
    outcome: str | None = None
    told: Mapping[VictimKey, Told] = field(default_factory=dict)
    text: str = ""
    to: frozenset[VictimKey] = frozenset()


def record_outcome(
    deps: Deps, session: StaffSession, key: CaseKey, news: News, *, seen: int, form_key: str
) -> None:
    """Record news once, however often its form is sent; untold victims go on as before (D10).

    In one transaction: the entry with who was told, the case's version, the words that
    explain it, a closed door for whom was told of a decision, a promise to tell whom was
    not. Questions that were asked before stay owed an answer.

    Raises:
        NotAllowedError: the role may not, or the stage needs no telling.
        FreshSignInNeededError: the form cannot have been opened behind a fresh sign-in.
        NotFoundError: the case does not exist for this person, or a victim not in it.
        OpposedVictimsError: words were given where nothing but the stage is shared.
        StaleError: somebody else changed the case meanwhile.
    """
    need_role(deps, session, "records_outcomes")
    need_recent(deps, session)
    said = (news.stage, news.outcome, news.since, sorted(news.told.items()), sorted(news.to))
    made = stored_id(form_key, *said, news.text)
    change = Change(
        "recorded an outcome",
        is_done=lambda case: has_made(case, made),
        parts_of=lambda case: _parts(deps, case, news, made),
        seen=seen,
    )
    change_case(deps, session, key, change)
    if not deps.rules.stages[news.stage].ahead:
        reach_everyone(
            deps,
            session,
            key,
            "ended what was owed before court",
            lambda case, victim, file: end_of_court(deps, case, victim, file)[0],
            holds=lambda case: case.current.id == made,
        )


def _parts(deps: Deps, case: Case, news: News, made: str) -> list[Part]:
    told = {victim_of(case, victim).key: told for victim, told in news.told.items()}
    entry = StageEntry(
        made, news.stage, news.since, deps.now(), FROM_DESK, outcome=news.outcome, told=told
    )
    if not needs_telling(entry, deps.rules):
        raise NotAllowedError
    parts = entry_parts(deps, case, read_files(deps, case), entry)
    if news.text:
        parts.append(words_part(deps, case, Post(news.text, news.to), made, entry.id))
    return parts


def record_telling(
    deps: Deps,
    session: StaffSession,
    key: CaseKey,
    victim: VictimKey,
    told: Told,
    *,
    entry_id: str,
) -> None:
    """Note how and when a victim heard news that they were owed; it is theirs to read then.

    In one transaction: told, the door as what they may read now leaves it, the kept
    promise. `entry_id` is the news that the person had before them: the newest, or
    earlier news of which this victim is still to be told.

    Raises:
        NotAllowedError: the role may not.
        FreshSignInNeededError: the form cannot have been opened behind a fresh sign-in.
        NotFoundError: the case does not exist for this person, or the victim not in it.
        StaleError: it is not owed any more, or somebody noted another telling of it.
    """
    need_role(deps, session, "records_outcomes")
    need_recent(deps, session)
    change = Change(
        "recorded a telling",
        is_done=lambda case: any(
            e.id == entry_id and e.told.get(victim) == told for e in case.entries
        ),
        parts_of=lambda case: _telling_parts(deps, case, victim, told, entry_id),
    )
    change_case(deps, session, key, change)


def _telling_parts(
    deps: Deps, case: Case, victim: VictimKey, told: Told, entry_id: str
) -> list[Part]:
    file = deps.threads.read(victim_of(case, victim).key)
    untold = untold_entries(case, victim, file.owed, deps.rules)
    entry = next((e for e in untold if e.id == entry_id), None)
    if entry is None:
        raise StaleError
    heard = replace(entry, told={**entry.told, victim: told})
    after = replace(case, entries=tuple(heard if e == entry else e for e in case.entries))
    kept = [
        part
        for promise in open_of(file, TELL)
        if promise.subject == entry.id
        for part in promises.keep(deps, promise, promises.kept_on(deps, told.on), told.how)
    ]
    # A door that closes ends the rhythm; otherwise being told counts as an update.
    door = door_parts(deps, after, victim, file)
    ended, file = end_of_court(deps, after, victim_of(after, victim), file)
    at = promises.kept_on(deps, told.on)
    more = [] if door else informed_parts(deps, after, victim, file, told.how, at=at)
    return [deps.cases.told(case.key, entry, victim, told), *door, *ended, *kept, *more]

"""Staff: news that a person tells first, and the note of how and when each victim was told."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from chalicelib.domain.cases import (
    FROM_DESK,
    Case,
    CaseKey,
    StageEntry,
    Told,
    Victim,
    VictimKey,
    needs_telling,
)
from chalicelib.domain.errors import NotAllowedError, StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import CHOSEN_HERE, untold_entries
from chalicelib.frozen import frozen
from chalicelib.services.change_case import Change, change_case, entry_parts
from chalicelib.services.court_end import end_of_court
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.post_update import Post, has_made, words_part
from chalicelib.services.rounds import reach_everyone
from chalicelib.services.staff_case import need_recent, read_files, stored_id, victim_of
from chalicelib.services.staff_sessions import need_role
from chalicelib.services.tell import told_entry_parts
from chalicelib.services.tell_here import as_many_as_fit, here_parts, who_chose_here


@frozen
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
    not. Who chose to read such news here counts as told, here and now; of very many as many
    as fit. Questions that were asked before stay owed an answer.

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
    files = read_files(deps, case)
    told = {victim_of(case, victim).key for victim in news.told}
    untold = (victim for victim in case.victims if victim.key not in told)
    return as_many_as_fit(
        who_chose_here(untold, files),
        lambda chose: _parts_with(deps, case, news, made, files, chose),
    )


def _parts_with(
    deps: Deps,
    case: Case,
    news: News,
    made: str,
    files: Mapping[VictimKey, VictimFile],
    chose: Sequence[Victim],
) -> list[Part]:
    here = {victim.key: Told(deps.today(), CHOSEN_HERE) for victim in chose}
    entry = StageEntry(
        made,
        news.stage,
        news.since,
        deps.now(),
        FROM_DESK,
        outcome=news.outcome,
        told={**news.told, **here},
    )
    if not needs_telling(entry, deps.rules):
        raise NotAllowedError
    besides = [part for one in chose for part in here_parts(deps, case, one, files[one.key])]
    if news.text:
        besides.append(words_part(deps, case, Post(news.text, news.to), made, entry.id))
    return entry_parts(deps, case, files, entry, besides)


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
    whose = victim_of(case, victim)
    file = deps.threads.read(victim)
    untold = untold_entries(case, victim, file.owed, deps.rules)
    entry = next((e for e in untold if e.id == entry_id), None)
    if entry is None:
        raise StaleError
    return told_entry_parts(deps, case, whose, file, entry, told)

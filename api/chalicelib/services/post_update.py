"""Staff: plain words for named victims, and stages that a page may be first to show."""

from collections.abc import Iterable, Iterator, Mapping

from chalicelib.domain.cases import (
    FROM_DESK,
    Case,
    CaseKey,
    StageEntry,
    Update,
    VictimKey,
)
from chalicelib.domain.errors import HubError, NotAllowedError
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import HERE, stages_to_post, untold_entries
from chalicelib.frozen import frozen
from chalicelib.services.change_case import Change, change_case, entry_parts
from chalicelib.services.deps import Deps
from chalicelib.services.follow import informed_parts
from chalicelib.services.notices import word_to_victim
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.rounds import fitting
from chalicelib.services.staff_case import read_files, stored_id, victim_of
from chalicelib.services.staff_sessions import need_role


class OpposedVictimsError(HubError):
    """The victims may be each other's danger: nothing is shared but the stage (D17)."""


@frozen
class Post:
    """Words for these victims, a new stage for all of them, or both."""

    text: str = ""
    to: frozenset[VictimKey] = frozenset()
    stage: str | None = None


def post_update(
    deps: Deps, session: StaffSession, key: CaseKey, post: Post, *, seen: int, form_key: str
) -> None:
    """Post an update once, however often its form is sent.

    `seen` is the version of the case that the person had before them.

    Raises:
        NotAllowedError: the role may not, or the stage is news that a person tells first.
        NotFoundError: the case does not exist for this person, or a victim not in it.
        OpposedVictimsError: words were given where nothing but the stage is shared.
        StaleError: somebody else changed the case meanwhile.
    """
    need_role(deps, session, "answers")
    _need_postable(deps, post)
    made = stored_id(form_key, post.stage, sorted(post.to), post.text)
    change = Change(
        "posted an update",
        is_done=lambda case: has_made(case, made),
        parts_of=lambda case: _parts(deps, case, post, made),
        seen=seen,
    )
    change_case(deps, session, key, change)


def has_made(case: Case, made: str) -> bool:
    """Return whether a form's update or entry is stored."""
    ids = {update.id for update in case.updates} | {entry.id for entry in case.entries}
    return made in ids


def _need_postable(deps: Deps, post: Post) -> None:
    postable = {stage.key for stage in stages_to_post(deps.rules)}
    if post.stage is not None and post.stage not in postable:
        raise NotAllowedError


def _parts(deps: Deps, case: Case, post: Post, made: str) -> list[Part]:
    parts: list[Part] = []
    files = read_files(deps, case)
    if post.text:
        waits_for = _explains(deps, case, post.to, files)
        parts.append(words_part(deps, case, Post(post.text, post.to), made, waits_for))
        for victim in sorted(post.to):
            parts += _rhythm_parts(deps, case, victim, files[victim])
    if post.stage is not None:
        now = deps.now()
        entry = StageEntry(made, post.stage, deps.today(), now, FROM_DESK)
        parts += entry_parts(deps, case, files, entry)
    readers = post.to if post.stage is None else files.keys()
    # For very many victims not all of the messages may fit: the words themselves always do.
    return fitting(parts, _words_of_news(deps, case, readers, files))[0]


def _words_of_news(
    deps: Deps, case: Case, readers: Iterable[VictimKey], files: Mapping[VictimKey, VictimFile]
) -> Iterator[list[Part]]:
    """Give each reader's word that something is new, but for whom it waits behind other news."""
    for victim in sorted(readers):
        if not untold_entries(case, victim, files[victim].owed, deps.rules):
            yield word_to_victim(deps, case, victim_of(case, victim), files[victim])


def _rhythm_parts(deps: Deps, case: Case, victim: VictimKey, file: VictimFile) -> list[Part]:
    """Return the writes that keep a victim's rhythm; words that wait to be told keep nothing."""
    if untold_entries(case, victim, file.owed, deps.rules):
        return []
    return informed_parts(deps, case, victim, file, HERE)


def _explains(
    deps: Deps, case: Case, to: Iterable[VictimKey], files: Mapping[VictimKey, VictimFile]
) -> str | None:
    """Return the entry that words posted now belong to: the newest that a reader was not told.

    Words written under news may give it away; tied to it they wait until it is told (D10).
    """
    untold = {
        entry.id
        for victim in to
        if victim in files
        for entry in untold_entries(case, victim, files[victim].owed, deps.rules)
    }
    newest_first = (entry.id for entry in reversed(case.entries))
    return next((entry for entry in newest_first if entry in untold), None)


def words_part(deps: Deps, case: Case, post: Post, made: str, entry_id: str | None) -> Part:
    """Return the write of an update for named victims of this case.

    Raises:
        NotFoundError: one of them is no victim of this case.
        OpposedVictimsError: nothing but the stage is shared in this case.
    """
    if case.opposed:
        raise OpposedVictimsError
    to = frozenset(victim_of(case, victim).key for victim in post.to)
    return deps.cases.new_update(case.key, Update(made, post.text, deps.now(), to, entry_id))

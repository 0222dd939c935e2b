"""A talk that is owed to a victim for what they said on their page, and kept by having it."""

from collections.abc import Callable
from datetime import date, datetime

from chalicelib.domain.cases import Case, Victim
from chalicelib.domain.promises import TASK, Promise
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.follow import open_of
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.tasks import TaskGiven, task_parts

TALK = "talk"
IN_A_TALK = "in a talk"
APART = "; "
# Safe mode stays on until this was asked, which no other talk does.
ASK_WHETHER_SAFE = "They would like safe mode to be off. Ask whether it is safe."
MOST_CHARACTERS = 1000


def talk_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile, words: str) -> list[Part]:
    """Return the writes that owe a victim a talk, or that say what else one is about.

    `words` say to staff what it is about; of very much only the newest is kept. It is a talk
    with the officer: one that was given to a partner stays about what was agreed with them.
    Whoever asked to hear nothing more is owed none: what they told stands with the case all
    the same.
    """
    if victim.left_on is not None:
        return []
    if waiting := [promise for promise in open_talks(file) if not promise.stays]:
        return promises.note_task(deps, waiting[0], _with_more(waiting[0].task, words))
    return task_parts(deps, case, victim, TaskGiven(TALK, words=words))


def _with_more(before: str, words: str) -> str:
    """Return what a talk is about, oldest first and each thing once."""
    said = [each for each in before.split(APART) if each and each != words]
    while said and len(APART.join([*said, words])) > MOST_CHARACTERS:
        said.pop(0)
    return APART.join([*said, words])


def talked_parts(deps: Deps, case: Case, victim: Victim, file: VictimFile, on: date) -> list[Part]:
    """Return the writes that keep what was owed when somebody talked with a victim on a day.

    Whether safe mode may be off stays owed by its day: it is asked on a page of its own.
    """
    parts: list[Part] = []
    for promise in open_talks(file):
        if promise.working.counted_from > on:
            continue
        parts += promises.keep(deps, promise, promises.kept_on(deps, on), IN_A_TALK)
        if ASK_WHETHER_SAFE in promise.task.split(APART):
            due = (promise.due_on, promise.working)
            given = TaskGiven(TALK, words=ASK_WHETHER_SAFE, due=due)
            parts += task_parts(deps, case, victim, given)
    return parts


def settled_parts(
    deps: Deps,
    file: VictimFile,
    words: str,
    since: datetime | None,
    close: Callable[[Promise], list[Part]],
) -> list[Part]:
    """Return the writes once a talk need not be about this any more.

    One that is owed since then for this alone is closed; what else a talk is about stays owed.
    """
    parts: list[Part] = []
    for promise in open_talks(file):
        said = promise.task.split(APART)
        rest = APART.join(each for each in said if each != words)
        if words not in said:
            continue
        if rest or since is None or promise.made_at < since:
            parts += promises.note_task(deps, promise, rest)
        else:
            parts += close(promise)
    return parts


def open_talks(file: VictimFile) -> list[Promise]:
    """Return the talks that are owed to a victim."""
    return [promise for promise in open_of(file, TASK) if promise.event == TALK]

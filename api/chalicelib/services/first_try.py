"""A release or a change of bail: somebody tries to reach the victim on the day it is recorded.

What is owed here stands in lists of staff alone: on a victim's page it would tell (D10).
"""

from datetime import datetime

from chalicelib.domain.cases import Case, Event, StageEntry, Victim
from chalicelib.domain.promises import TASK
from chalicelib.domain.tellings import FIRST_TRY, is_same_day
from chalicelib.services import promises
from chalicelib.services.deps import Deps
from chalicelib.services.follow import open_of
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.tasks import TaskGiven, task_parts

BY_A_TRY = "by a first try to reach them"


def first_try_parts(deps: Deps, case: Case, victim: Victim, news: StageEntry | Event) -> list[Part]:
    """Return the writes that owe a first try today; none for news that can wait for its day.

    Source:
        Our standard, `same_day` in rules/code_limits.toml and `first_try` in rules/tasks.toml.
    """
    if not is_same_day(news, deps.rules):
        return []
    return task_parts(deps, case, victim, TaskGiven(FIRST_TRY, subject=news.id))


def tried_parts(
    deps: Deps, file: VictimFile, subject: str, at: datetime, how: str = BY_A_TRY
) -> list[Part]:
    """Return the writes that keep a first try of a piece of news, by a try or by telling them."""
    return [
        part
        for promise in open_of(file, TASK)
        if promise.event == FIRST_TRY and promise.subject == subject
        # Who was told before it was recorded was reached in time.
        for part in promises.keep(deps, promise, max(at, promise.made_at), how)
    ]

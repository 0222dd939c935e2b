"""What is owed before court ends when a victim was told that the case is over.

Until then it stays as it is: what went away would tell of news that nobody told them (D10).
"""

from chalicelib.domain.cases import Case, Victim, court_is_over
from chalicelib.domain.events import LISTED
from chalicelib.domain.expectations import COURT_DATE, PLEA
from chalicelib.domain.promises import LINE, TASK, TELL, Promise
from chalicelib.services import promises
from chalicelib.services.court_dates import court_parts
from chalicelib.services.deps import Deps
from chalicelib.services.expect import without
from chalicelib.services.ports import Part, VictimFile

OVER = "The case at court is over, and they were told."


def turned_parts(
    deps: Deps, before: Case, after: Case, victim: Victim, file: VictimFile
) -> tuple[list[Part], VictimFile]:
    """Return as `end_of_court`; a case that was over and goes on has its date again."""
    was_over = court_is_over(victim.key, before, deps.rules)
    if was_over and not court_is_over(victim.key, after, deps.rules):
        return court_parts(deps, after, victim, file), file
    return end_of_court(deps, after, victim, file)


def end_of_court(
    deps: Deps, after: Case, victim: Victim, file: VictimFile
) -> tuple[list[Part], VictimFile]:
    """Return the writes that end what was owed before court, and what stands without it.

    None where the case goes on, as far as this victim knows. `after` is the case with what
    they were told.
    """
    if not court_is_over(victim.key, after, deps.rules):
        return [], file
    gone = [promise for promise in file.owed if promise.is_open and _ends(deps, promise)]
    left = without(file, gone)
    parts = [part for promise in gone for part in promises.cancel(deps, promise, OVER)]
    return parts + court_parts(deps, after, victim, left), left


def _ends(deps: Deps, promise: Promise) -> bool:
    """Return whether something is owed for court; what was late to be told stays late."""
    if promise.kind == TELL:
        return promise.event == LISTED and not promise.is_late(deps.today())
    if promise.kind == TASK:
        task = deps.rules.tasks.get(promise.event)
        return task is not None and task.from_charge
    line = deps.rules.expectations.get(promise.line) if promise.kind == LINE else None
    return line is not None and line.from_charge and line.begins in (PLEA, *COURT_DATE)

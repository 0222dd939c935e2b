"""What a team owes and is late with, page by page."""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.cases import TeamId
from chalicelib.domain.promises import Promise
from chalicelib.services.deps import Deps

PAGE = 500


def late_of(deps: Deps, team: TeamId, before: date | None = None) -> Iterator[Promise]:
    """Give a team's open promises that were due before a day, or before today."""
    after, is_more = None, True
    while is_more:
        page = deps.threads.open_of_team(
            team, after=after, limit=PAGE, due_before=before or deps.today()
        )
        yield from page.promises
        after = page.next_after
        is_more = after is not None

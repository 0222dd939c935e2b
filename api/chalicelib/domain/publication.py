"""What of the counts may be published: force-wide, never less than a few people in a number.

Nothing published is a sum of other numbers on the page: there is no total of months or of
kinds, and none of what was kept. A total would have to stay the same for ever, and each
month that follows would let old hidden numbers be subtracted out. Within a row two numbers
are hidden or none, because what was made, kept and left over belongs together.
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.figures import (
    FOLLOWED,
    HALF,
    KEPT_IN_TIME,
    KEPT_LATE,
    MADE,
    NEARLY_ALL,
    OPEN_LATE,
    RHYTHM,
    WITH_RHYTHM,
    Hours,
    Tally,
    added_up,
    percent,
    percentile,
)
from chalicelib.frozen import frozen

# A row's numbers. Where one alone is hidden, the first of these that still stands goes with
# it: always in this order, which says nothing about their sizes, and the ones that people
# come for go last.
GIVEN_UP_FIRST = (OPEN_LATE, MADE, KEPT_LATE, KEPT_IN_TIME)
# Of fewer, 19 in 20 are all of them, and the figure is one person's wait.
LEAST_FOR_NEARLY_ALL = NEARLY_ALL.denominator


@frozen
class PublishedRow:
    """One kind in one month, for the whole force; a number that is none is hidden."""

    month: str
    kind: str
    made: int | None
    kept_in_time: int | None
    kept_late: int | None
    open_late: int | None
    half: Hours | None
    nearly_all: Hours | None

    @property
    def in_time_percent(self) -> int | None:
        """Return the share in time of what was kept, where both its parts are shown."""
        if self.kept_in_time is None or self.kept_late is None:
            return None
        return percent(self.kept_in_time, self.kept_late)


def publish(tallies: Iterable[Tally], least: int) -> tuple[PublishedRow, ...]:
    """Return what may be shown of each kind in each month, the newest month first.

    Args:
        tallies: of finished months, of one team or several; they are added up.
        least: a number below it is hidden, also 0; at least 1.
    """
    months = (tally for tally in tallies if tally.kind != RHYTHM)
    return tuple(_row(tally, least) for tally in added_up(months))


def share_with_rhythm(tally: Tally, least: int) -> int | None:
    """Return how many in 100 of the victims followed agreed on a rhythm of updates.

    Hidden where those with one or those without are fewer than `least`.
    """
    with_one = tally.count(WITH_RHYTHM)
    without = tally.count(FOLLOWED) - with_one
    return percent(with_one, without) if min(with_one, without) >= least else None


def _row(tally: Tally, least: int) -> PublishedRow:
    shown = _shown(tally, least)
    # Whether a time is shown depends on numbers that are shown. The time of nearly all would
    # move with a hidden number of late ones, so it is shown only where both numbers are.
    kept = (shown[KEPT_IN_TIME] or 0) + (shown[KEPT_LATE] or 0)
    both = shown[KEPT_IN_TIME] is not None and shown[KEPT_LATE] is not None
    enough_for_nearly_all = both and kept >= max(least, LEAST_FOR_NEARLY_ALL)
    return PublishedRow(
        month=tally.month,
        kind=tally.kind,
        made=shown[MADE],
        kept_in_time=shown[KEPT_IN_TIME],
        kept_late=shown[KEPT_LATE],
        open_late=shown[OPEN_LATE],
        half=percentile(tally.counts, HALF) if kept >= least else None,
        nearly_all=percentile(tally.counts, NEARLY_ALL) if enough_for_nearly_all else None,
    )


def _shown(tally: Tally, least: int) -> Mapping[str, int | None]:
    hidden = {what for what in GIVEN_UP_FIRST if tally.count(what) < least}
    if len(hidden) == 1:
        hidden.add(next(what for what in GIVEN_UP_FIRST if what not in hidden))
    return {what: None if what in hidden else tally.count(what) for what in GIVEN_UP_FIRST}

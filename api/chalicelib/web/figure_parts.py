"""Figures as pages of both services show them: the kinds in plain words, charts and cells."""

from collections.abc import Iterable, Sequence
from datetime import time

from chalicelib.domain.dates import NOON
from chalicelib.domain.figures import EDGES, Hours
from chalicelib.domain.promises import LINE, REPLY, REVIEW, TASK, TELL, UPDATE, WELCOME
from chalicelib.frozen import frozen

HIDDEN = "hidden"
BAR_ROOM = 318
LINE_HEIGHT = 44
MOST_HOURS = EDGES[-1]
ALL_OF_THEM = 100
# What each kind is called, and what it is, in the order of the page.
KINDS = {
    REPLY: ("Answers to questions", "A victim asked the officer in their case a question."),
    TELL: ("Telling people what happened", "A person must tell the victim of news in their case."),
    UPDATE: (
        "Regular updates",
        "The victim and the police agreed how often there is an update, even with no news.",
    ),
    WELCOME: ("First contact", "The officer in the case gets in touch for the first time."),
    REVIEW: (
        "Review before court",
        "The police and support services look at a serious case before court.",
    ),
    TASK: (
        "What somebody does by a day",
        "Somebody does something for the victim by a day that was set.",
    ),
    LINE: (
        "Police and ISVA expectations",
        "What the police and Independent Sexual Violence Advisers do for a victim.",
    ),
}


@frozen
class Part:
    """A piece of a bar: where it begins and how wide it is, in the units of the drawing."""

    x: int
    width: int


@frozen
class Bar:
    """A bar under its words; a part that is none has no length that may be shown."""

    words: str
    first: Part | None
    second: Part | None


@frozen
class Chart:
    """A drawing of bars, one under the other, and what it is of in words."""

    id: str
    title: str
    about: str
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        """Return how high the drawing is, in its own units."""
        return LINE_HEIGHT * len(self.bars)


def in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return each kind once, in the order of the page; one that is not known comes last."""
    found = set(kinds)
    return (*(kind for kind in KINDS if kind in found), *sorted(found - set(KINDS)))


def kind_words(kind: str) -> tuple[str, str]:
    """Return what a kind is called, and what it is."""
    return KINDS.get(kind, (kind.capitalize(), ""))


def kept_chart(kind: str, months: Sequence[tuple[str, int | None, int | None]]) -> Chart:
    """Return the bars of what was kept in time and late.

    Args:
        kind: whose chart it is.
        months: the month in words, how many in time, how many late; none is hidden.
    """
    longest = max((first or 0) + (second or 0) for _, first, second in months)
    return Chart(
        id=f"chart-{kind}",
        title=f"{kind_words(kind)[0]}: kept in time and kept late",
        about="One bar a month, the newest first. The table below has the same numbers.",
        bars=[_kept_bar(longest, *month) for month in months],
    )


def _kept_bar(longest: int, month: str, first: int | None, second: int | None) -> Bar:
    if first is None and second is None:
        return Bar(f"{month}: {HIDDEN}", None, None)
    filled = _width(first, longest)
    return Bar(
        f"{month}: {_counted(first, 'in time')}, {_counted(second, 'late')}",
        Part(1, filled) if first else None,
        Part(1 + filled, _width(second, longest)) if second else None,
    )


def _counted(number: int | None, what: str) -> str:
    return f"{what} {HIDDEN}" if number is None else f"{number:,} {what}"


def hours_chart(months: Sequence[tuple[str, Hours | None]]) -> Chart:
    """Return the bars of the working hours within which half of the answers came."""
    longest = max((_length(hours) for _, hours in months if hours), default=MOST_HOURS)
    return Chart(
        id="chart-half",
        title="Half of the answers came within so many working hours",
        about="One bar a month, the newest first. The table below has the same numbers.",
        bars=[_hours_bar(longest, *month) for month in months],
    )


def _hours_bar(longest: int, month: str, hours: Hours | None) -> Bar:
    if hours is None:
        return Bar(f"{month}: {HIDDEN}", None, None)
    # The title says that they are working hours; here they would not fit beside the month.
    words = str(hours).replace("working ", "")
    return Bar(f"{month}: {words}", Part(1, _width(_length(hours), longest)), None)


def _length(hours: Hours) -> int:
    """Return how long a time is drawn: the longest has no end, and is as long as the one before."""
    return hours.within or MOST_HOURS


def rhythm_chart(months: Sequence[tuple[str, int | None]]) -> Chart:
    """Return the bars of how many in 100 victims agreed on how often they get an update."""
    return Chart(
        id="chart-rhythm",
        title="Victims who agreed how often they get an update, of 100",
        about="One bar a month, the newest first. The table below has the same numbers.",
        bars=[
            Bar(
                f"{month}: {shown_percent(number)}",
                Part(1, _width(number, ALL_OF_THEM)) if number else None,
                None,
            )
            for month, number in months
        ],
    )


def _width(count: int | None, longest: int) -> int:
    return round((count or 0) * BAR_ROOM / longest) if longest else 0


def shown(number: int | None) -> str:
    """Return a number as a cell shows it, or that it is hidden."""
    return HIDDEN if number is None else f"{number:,}"


def shown_percent(number: int | None) -> str:
    """Return a share as a cell shows it, or that it is hidden."""
    return HIDDEN if number is None else f"{number}%"


def hours_cell(hours: Hours | None) -> str | int | None:
    """Return a time as a cell of a file has it: a number where it is one."""
    return None if hours is None else hours.within or str(hours)


def steps_in_words() -> str:
    """Return the steps in which working hours are counted: "1, 2, 4, 8, 12 and so on up to 160"."""
    return f"{', '.join(str(edge) for edge in EDGES[:5])} and so on up to {EDGES[-1]}"


def hour_of(moment: time) -> str:
    """Return a time of day as people say it: "9am", "5:30pm"."""
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % NOON or NOON}{minutes}{'am' if moment.hour < NOON else 'pm'}"


def hours_a_day(starts: time, ends: time) -> int:
    """Return how many whole hours a working day has."""
    return ends.hour - starts.hour

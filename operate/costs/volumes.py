"""How often each journey is walked in a month, from the assumptions: in words, and worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from operate.costs.data import Assumption
    from operate.costs.meter import Usage

MONTHS, DAYS, HOURS, MINUTES = 12, 365 / 12, 24, 60
# DynamoDB bills these for each item and each entry of an index, besides their own bytes.
OVERHEAD_BYTES = 100


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run measured.

    `journeys` are means of one: a visit, an answer, a run of a job, a row of a case file;
    `mb` is the memory of the function that each runs in. `start` is what a new process of a
    function uses. `items` and `stored_bytes` are of all tables and indexes, of so many victims.
    """

    journeys: Mapping[str, Usage]
    mb: Mapping[str, int]
    start: Usage
    items: int
    stored_bytes: int
    victims: int

    @property
    def bytes_a_victim(self) -> float:
        """Return what DynamoDB bills as kept for one victim, indexes and audit lines included."""
        return (self.stored_bytes + self.items * OVERHEAD_BYTES) / self.victims


@dataclass(frozen=True, slots=True)
class Size:
    """For whom it is: so many times the force, with so many hubs."""

    name: str
    times: float
    hubs: float


@dataclass(frozen=True, slots=True)
class Values:
    """The assumptions by name, and the size: what formulas of volumes are made of."""

    size: Size
    assumed: Mapping[str, Assumption]

    def __getattr__(self, name: str) -> float:
        """Return an assumption's value.

        Raises:
            KeyError: costs.toml has none of this name.
        """
        return self.assumed[name].value

    @property
    def visits(self) -> float:
        """Return visits to cases a month."""
        asked = self.calls_a_year * self.asking_share / MONTHS
        return asked * self.visits_a_call * self.size.times

    @property
    def questions(self) -> float:
        """Return questions a month."""
        return self.visits * self.questions_a_visit

    @property
    def cases(self) -> float:
        """Return new cases a month."""
        return self.cases_a_month * self.size.times

    @property
    def officer_days(self) -> float:
        """Return days of all officers in a month."""
        return self.officers * self.working_days * self.size.times

    @property
    def supervisor_days(self) -> float:
        """Return days of all supervisors in a month."""
        return self.supervisors * self.working_days * self.size.times

    @property
    def updates(self) -> float:
        """Return updates posted in a month."""
        return self.cases * self.updates_a_case

    @property
    def codes_made(self) -> float:
        """Return codes made in a month."""
        return self.cases * self.codes_a_case

    @property
    def messages(self) -> float:
        """Return messages sent in a month."""
        return (self.updates + self.questions) * self.agreed_share


@dataclass(frozen=True, slots=True)
class Volume:
    """How often a journey is walked in a month: in words, and worked out."""

    journey: str
    what: str
    words: str
    of: Callable[[Values, Measured], float]


VOLUMES = (
    Volume(
        "page_first",
        "first page of a reader of guidance",
        "other readers",
        lambda v, _: v.other_readers * v.size.times,
    ),
    Volume(
        "page_next",
        "another page of guidance",
        "visits x pages a visit",
        lambda v, _: v.visits * v.pages_a_visit,
    ),
    Volume(
        "visit",
        "victim opens, reads and leaves a case",
        "calls a year x share that asks / 12 x visits a call",
        lambda v, _: v.visits,
    ),
    Volume("ask", "victim asks", "visits x questions a visit", lambda v, _: v.questions),
    Volume(
        "sign_in",
        "officer signs in, sees the worklist",
        "(officers + supervisors) x working days x sign-ins a day",
        lambda v, _: (v.officer_days + v.supervisor_days) * v.sign_ins_a_day,
    ),
    Volume(
        "worklist",
        "officer looks at the worklist",
        "officers x working days x worklists a day",
        lambda v, _: v.officer_days * v.worklists_a_day,
    ),
    Volume(
        "case",
        "officer opens a case",
        "officers x working days x cases a day + those that the next three rows open",
        lambda v, _: v.officer_days * v.cases_a_day + v.questions + v.updates + v.codes_made,
    ),
    Volume("answer", "officer answers", "as many as questions", lambda v, _: v.questions),
    Volume("update", "officer posts an update", "cases x updates a case", lambda v, _: v.updates),
    Volume(
        "code",
        "officer makes a code, signing in anew for some",
        "cases x codes a case",
        lambda v, _: v.codes_made,
    ),
    Volume(
        "board",
        "supervisor looks at the board",
        "supervisors x working days x boards a day",
        lambda v, _: v.supervisor_days * v.boards_a_day,
    ),
    Volume(
        "minute_idle",
        "the job of every minute finds nothing",
        "minutes of a month x hubs",
        lambda v, _: MINUTES * HOURS * DAYS * v.size.hubs,
    ),
    Volume(
        "minute_message",
        "it sends a message",
        "(updates + questions) x share agreed",
        lambda v, _: v.messages,
    ),
    Volume(
        "morning",
        "the job of every morning, as for the demonstration force",
        "days x cases of the file / victims of the demonstration force",
        lambda v, m: DAYS * v.cases * v.file_months / m.victims,
    ),
    Volume("import_new", "a new case comes in", "cases", lambda v, _: v.cases),
    Volume(
        "import_same",
        "a case of the nightly file that did not change",
        "cases x months of the file x nights",
        lambda v, _: v.cases * v.file_months * DAYS,
    ),
)


def sizes(assumed: Mapping[str, Assumption]) -> tuple[Size, Size]:
    """Return the force, and all of England and Wales by the number of people who live there."""
    value = {key: row.value for key, row in assumed.items()}
    times = value["people_of_all"] / value["people_of_the_force"]
    return (
        Size("A force like Staffordshire", 1, 1),
        Size("All of England and Wales", times, value["forces"]),
    )

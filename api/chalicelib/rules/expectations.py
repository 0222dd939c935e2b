"""The minimum expectations of police and ISVAs: what begins each, who owes it, by when."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

from chalicelib.frozen import frozen
from chalicelib.rules.rows import CodeLimit, Row
from chalicelib.rules.tables import DataFile, Table

Basis = Literal["code", "national", "local"]
Begins = Literal[
    "report", "referral", "officer_named", "plan", "event", "no_news", "question", "stopping",
    "file_to_prosecutor", "not_charged", "charged", "plea", "measures_decided", "before_trial",
    "hearing", "trial", "outcome", "sentence", "ending", "missed",
]  # fmt: skip
Owner = Literal["officer", "isva", "supervisor", "witness_care"]
ElseOwner = Literal["officer", "witness_care", "nobody"]
TELL = "tell:"
KINDS_THAT_COVER = frozenset({"reply", "update", "welcome"})
MISSED = "missed"
# On a page that somebody else may see, none of these stands.
UNSAID = ("isva", "sexual", "rape", "assault")


@frozen(kw_only=True)
class Expectation(Row):
    """A row of what police and ISVAs are to do; a local one is still to be agreed.

    `stage`, `who` and `what` are for pages that anybody reads, `between` and `does` for
    staff, `victim_says` for the page of the person it is about,
    `says_after` for that page where what it comes before is over.
    """

    number: int
    stage: str
    who: str
    what: str
    basis: Basis
    between: str
    does: str
    begins: Begins
    owner: Owner
    else_owner: ElseOwner = "nobody"
    at: tuple[str, ...] = ()
    covered_by: tuple[str, ...] = ()
    working_days: int | None = None
    due_days: int | None = None
    before: bool = False
    once: bool = False
    until_decided: bool = False
    from_charge: bool = False
    when: str = ""
    code_limit: str = ""
    victim_says: str = ""
    says_after: str = ""

    @property
    def is_promised(self) -> bool:
        """Return whether it makes a promise of its own."""
        return not self.covered_by and self.begins != MISSED


def read_expectations(folder: Path) -> Table[Expectation]:
    """Return the rows of a folder; they are counted from 1 without a gap, since people cite it.

    Raises:
        RulesError: a row cannot be used; names file and line.
    """
    file = DataFile(folder / "expectations.toml", frozenset({"expectation"}))
    table = file.table("expectation", Expectation)
    for number, row in enumerate(table.rows.values(), start=1):
        if row.number != number:
            raise table.error(row, f"this row is number {number}", "number")
        if row.basis == "local" and row.trust in {"A", "B"}:
            raise table.error(row, "what is still to be agreed is marked U", "trust")
    return table


def check_expectations(
    table: Table[Expectation], ladder: Collection[str], code_limits: Mapping[str, CodeLimit]
) -> None:
    """Refuse a promise without days, unknown or doubled cover, and words that name the crime.

    `ladder` are the keys of all stages and outcomes.
    """
    covered: set[str] = set()
    for row in table.rows.values():
        _check_days(table, row, code_limits)
        for name in row.at:
            if name not in ladder:
                raise table.error(row, f"no such stage or outcome: {name!r}", "at")
        for name in row.covered_by:
            known = name in KINDS_THAT_COVER or name.removeprefix(TELL) in code_limits
            if not known or name in covered:
                raise table.error(row, f"no such promise, or twice: {name!r}", "covered_by")
            covered.add(name)
        if any(word in f"{row.victim_says} {row.says_after}".lower() for word in UNSAID):
            raise table.error(row, "a person's page names neither crime nor ISVA", "victim_says")


def _check_days(
    table: Table[Expectation], row: Expectation, code_limits: Mapping[str, CodeLimit]
) -> None:
    if row.code_limit and row.code_limit not in code_limits:
        raise table.error(row, f"no such event: {row.code_limit!r}", "code_limit")
    if row.is_promised and days_of(row, code_limits) is None:
        raise table.error(row, "say within how many working days", "begins")


def days_of(row: Expectation, code_limits: Mapping[str, CodeLimit]) -> int | None:
    """Return within how many working days it is done: the Code's, the standard's or ours."""
    if row.code_limit:
        return code_limits[row.code_limit].enhanced_working_days
    return row.due_days if row.working_days is None else row.working_days

"""The rules as data: stages, crime types, outcomes, limits and words, each with its source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chalicelib.frozen import frozen
from chalicelib.rules import checks
from chalicelib.rules.expectations import (
    Expectation,
    check_expectations,
    read_expectations,
)
from chalicelib.rules.rows import (
    Channel,
    CodeLimit,
    Contact,
    CrimeType,
    Flag,
    Force,
    LimitRow,
    Limits,
    NeedChoice,
    NeedKind,
    NeedPart,
    NoticeWords,
    Outcome,
    Partner,
    PlainReply,
    PlainUpdate,
    Rhythm,
    Role,
    Row,
    Stage,
    Step,
    Task,
    Title,
    Wait,
)
from chalicelib.rules.tables import DataFile, RowT, RulesError, Table

__all__ = [
    "Channel",
    "CodeLimit",
    "Contact",
    "CrimeType",
    "Expectation",
    "Flag",
    "Force",
    "LimitRow",
    "Limits",
    "NeedChoice",
    "NeedKind",
    "NeedPart",
    "NoticeWords",
    "Outcome",
    "Partner",
    "PlainReply",
    "PlainUpdate",
    "Rhythm",
    "Role",
    "Row",
    "Rules",
    "RulesError",
    "Stage",
    "Step",
    "Task",
    "Title",
    "Wait",
    "load_rules",
    "read_rules",
]

RULES_FOLDER = Path(__file__).parent


@frozen(kw_only=True)
class Rules:
    """All rules by key; stages stand in the order of the ladder."""

    steps: Mapping[str, Step]
    stages: Mapping[str, Stage]
    updates: Mapping[str, PlainUpdate]
    replies: Mapping[str, PlainReply]
    rhythms: Mapping[str, Rhythm]
    crime_types: Mapping[str, CrimeType]
    flags: Mapping[str, Flag]
    outcomes: Mapping[str, Outcome]
    limits: Limits
    limit_rows: Mapping[str, LimitRow]
    code_limits: Mapping[str, CodeLimit]
    force: Force
    contacts: Mapping[str, Contact]
    titles: Mapping[str, Title]
    roles: Mapping[str, Role]
    need_kinds: Mapping[str, NeedKind]
    need_parts: Mapping[str, NeedPart]
    need_choices: Mapping[str, NeedChoice]
    partners: Mapping[str, Partner]
    tasks: Mapping[str, Task]
    expectations: Mapping[str, Expectation]
    channels: Mapping[str, Channel]
    notices: Mapping[str, NoticeWords]
    waits: Mapping[str, Wait]

    def updates_for(self, stage: str) -> tuple[PlainUpdate, ...]:
        """Return the sentences that an officer can post at this stage."""
        return tuple(update for update in self.updates.values() if update.stage == stage)

    def replies_for(self, stage: str) -> tuple[PlainReply, ...]:
        """Return the answers that an officer can send to a question asked at this stage."""
        return tuple(reply for reply in self.replies.values() if reply.stage == stage)

    def crime_type(self, key: str) -> CrimeType:
        """Return the crime type with this key, or the one for what is not known."""
        return self.crime_types.get(key, self.crime_types[checks.UNKNOWN_TYPE])

    def crime_type_for_police_uk(self, name: str) -> CrimeType:
        """Return the crime type of a data.police.uk name, or the one for what is not known."""
        found = (row for row in self.crime_types.values() if name and row.police_uk == name)
        return next(found, self.crime_types[checks.UNKNOWN_TYPE])

    def outcome_for_police_uk(self, category: str) -> Outcome | None:
        """Return the outcome of a "Last outcome category", or none when it is not known."""
        return next((row for row in self.outcomes.values() if category in row.police_uk), None)

    def outcome_for_home_office(self, number: str) -> Outcome | None:
        """Return the outcome of a Home Office type such as 15 or 1A, or none."""
        return next(
            (row for row in self.outcomes.values() if number in row.home_office_types), None
        )


@cache
def load_rules() -> Rules:
    """Return the rules of this release, read and checked once in a process."""
    return read_rules(RULES_FOLDER)


def read_rules(folder: Path) -> Rules:
    """Return the rules of a folder of data files.

    Raises:
        RulesError: a row cannot be used; names file and line.
    """
    stage_file = DataFile(folder / "stages.toml", frozenset({"step", "stage", "update", "reply"}))
    force_file = DataFile(folder / "force.toml", frozenset({"force", "contact", "title"}))
    steps = stage_file.table("step", Step)
    stages = stage_file.table("stage", Stage)
    updates = stage_file.table("update", PlainUpdate)
    replies = stage_file.table("reply", PlainReply)
    rhythms = _only(folder, "rhythm", Rhythm)
    crime_types = _only(folder, "crime_type", CrimeType)
    outcomes = _only(folder, "outcome", Outcome)
    limit_rows = _only(folder, "limit", LimitRow)
    code_limits = _only(folder, "code_limit", CodeLimit)
    forces = force_file.table("force", Force)
    contacts = force_file.table("contact", Contact)
    roles = _only(folder, "role", Role)
    need_file = DataFile(
        folder / "needs.toml", frozenset({"need_kind", "need_part", "need_choice"})
    )
    need_kinds = need_file.table("need_kind", NeedKind)
    need_parts = need_file.table("need_part", NeedPart)
    need_choices = need_file.table("need_choice", NeedChoice)
    partners = _only(folder, "partner", Partner)
    contact_file = DataFile(folder / "contact.toml", frozenset({"channel", "notice", "wait"}))
    notices = contact_file.table("notice", NoticeWords)
    waits = contact_file.table("wait", Wait)
    expectations = read_expectations(folder)

    checks.check_stages(stages, updates, code_limits)
    checks.check_ladder(stages, steps)
    checks.check_crime_types(crime_types)
    checks.check_outcomes(outcomes, stages)
    checks.check_code_limits(code_limits)
    checks.check_rhythms(rhythms)
    checks.check_force(forces, contacts)
    checks.check_roles(roles)
    checks.check_needs(need_kinds, need_parts, need_choices)
    checks.check_partners(partners)
    limits = checks.limits_of(limit_rows)
    checks.check_replies(replies, stages, limits)
    checks.check_notices(notices)
    checks.check_waits(waits)
    ladder = {*stages.rows, *outcomes.rows}
    check_expectations(expectations, ladder, code_limits.rows)
    return Rules(
        steps=steps.rows,
        stages=stages.rows,
        updates=updates.rows,
        replies=replies.rows,
        rhythms=rhythms.rows,
        crime_types=crime_types.rows,
        flags=_only(folder, "flag", Flag).rows,
        outcomes=outcomes.rows,
        limits=limits,
        limit_rows=limit_rows.rows,
        code_limits=code_limits.rows,
        force=next(iter(forces.rows.values())),
        contacts=contacts.rows,
        titles=force_file.table("title", Title).rows,
        roles=roles.rows,
        need_kinds=need_kinds.rows,
        need_parts=need_parts.rows,
        need_choices=need_choices.rows,
        partners=partners.rows,
        tasks=_only(folder, "task", Task).rows,
        expectations=expectations.rows,
        channels=contact_file.table("channel", Channel).rows,
        notices=notices.rows,
        waits=waits.rows,
    )


def _only(folder: Path, kind: str, row: type[RowT]) -> Table[RowT]:
    """Return the one table of a file that is named after it."""
    return DataFile(folder / f"{kind}s.toml", frozenset({kind})).table(kind, row)

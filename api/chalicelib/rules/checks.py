"""What must hold between the rows of the data files, beyond the form of each row."""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import time
from itertools import pairwise
from string import Formatter
from typing import Any, TypeVar

from chalicelib.rules.rows import (
    CodeLimit,
    Contact,
    CrimeType,
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
    PlainText,
    PlainUpdate,
    Rhythm,
    Role,
    Stage,
    Step,
    Wait,
)
from chalicelib.rules.tables import RowT, RulesError, Table

TextT = TypeVar("TextT", bound=PlainText)
UNKNOWN_TYPE = "unknown"
RIGHTS_OF_THE_CODE = 12
FIRST_LANGUAGE, TO_OFFICERS = "en", "officer"
PRINTABLE_TRUST = frozenset({"A", "B"})


def check_stages(
    stages: Table[Stage], updates: Table[PlainUpdate], code_limits: Table[CodeLimit]
) -> None:
    """Refuse a stage that names an unknown event, or that has no sentence to post."""
    for stage in stages.rows.values():
        for event in stage.code_events:
            if event not in code_limits.rows:
                raise stages.error(stage, f"no such event: {event!r}", "code_events")
        if stage.key not in {update.stage for update in updates.rows.values()}:
            raise stages.error(stage, f"the stage {stage.key!r} has no update to post")
    _check_texts(updates, stages)


def check_replies(replies: Table[PlainReply], stages: Table[Stage], limits: Limits) -> None:
    """Refuse an answer where nobody can ask or too long to send, and a stage without one."""
    _check_texts(replies, stages)
    for reply in replies.rows.values():
        if stages.rows[reply.stage].decided:
            raise replies.error(reply, f"no one asks at the stage {reply.stage!r}", "stage")
        if len(reply.text) > limits.message_characters:
            sentence = f"the text is longer than {limits.message_characters} characters"
            raise replies.error(reply, sentence, "text")
    answered = {reply.stage for reply in replies.rows.values()}
    for stage in stages.rows.values():
        if not stage.decided and stage.key not in answered:
            raise stages.error(stage, f"the stage {stage.key!r} has no reply to send")


def _check_texts(texts: Table[TextT], stages: Table[Stage]) -> None:
    """Refuse words for an unknown stage, and two that a list of its stage shows alike."""
    seen: set[tuple[str, str]] = set()
    for row in texts.rows.values():
        if row.stage not in stages.rows:
            raise texts.error(row, f"no such stage: {row.stage!r}", "stage")
        if (row.stage, row.label) in seen:
            raise texts.error(row, f"{row.label!r} stands twice at this stage", "label")
        seen.add((row.stage, row.label))


def check_rhythms(rhythms: Table[Rhythm]) -> None:
    """Refuse a rhythm of no days, and any number but one of those that have no updates."""
    without = [row for row in rhythms.rows.values() if row.working_days is None]
    for row in rhythms.rows.values():
        if row.working_days is not None and row.working_days < 1:
            raise rhythms.error(row, "a rhythm is at least 1 working day", "working_days")
    if len(without) != 1:
        place = rhythms.places[without[1].key] if without else next(iter(rhythms.places.values()))
        raise place.error("exactly one rhythm has no working_days")


def check_ladder(stages: Table[Stage], steps: Table[Step]) -> None:
    """Refuse a stage whose steps are unknown, out of order, or both behind and ahead."""
    order = list(steps.rows)
    for stage in stages.rows.values():
        for key, names in (("behind", stage.behind), ("ahead", stage.ahead)):
            for name in names:
                if name not in steps.rows:
                    raise stages.error(stage, f"no such step: {name!r}", key)
        places = [order.index(name) for name in (*stage.behind, *stage.ahead)]
        if any(after <= before for before, after in pairwise(places)):
            raise stages.error(stage, "the steps do not stand in their order", "ahead")


def check_crime_types(crime_types: Table[CrimeType]) -> None:
    """Refuse a closed type without a reason, and a name of data.police.uk used twice."""
    for crime_type in crime_types.rows.values():
        if crime_type.open_to_lookup == bool(crime_type.closed_reason):
            sentence = "a type has a closed_reason if it is not open to lookup, and only then"
            raise crime_types.error(crime_type, sentence, "open_to_lookup")
    _once(crime_types, lambda row: [row.police_uk] if row.police_uk else [], "police_uk")
    unknown = crime_types.rows.get(UNKNOWN_TYPE)
    if unknown is None or not unknown.safe_mode or unknown.open_to_lookup:
        place = next(iter(crime_types.places.values()))
        raise place.error(f"the type {UNKNOWN_TYPE!r} must be there, in safe mode and closed")


def check_outcomes(outcomes: Table[Outcome], stages: Table[Stage]) -> None:
    """Refuse an outcome that contradicts its stage, and a name or type used twice."""
    for outcome in outcomes.rows.values():
        stage = stages.rows.get(outcome.stage)
        if stage is None:
            raise outcomes.error(outcome, f"no such stage: {outcome.stage!r}", "stage")
        if outcome.decided != stage.decided:
            sentence = f"decided differs from the stage {outcome.stage!r}"
            raise outcomes.error(outcome, sentence, "decided")
        if outcome.decided == (outcome.group == "none"):
            raise outcomes.error(outcome, "the group is none if nothing was decided", "group")
    _once(outcomes, lambda row: row.police_uk, "police_uk")
    _once(outcomes, lambda row: row.home_office_types, "home_office_types")


def limits_of(rows: Table[LimitRow]) -> Limits:
    """Return the limits by name; refuse an unknown, a missing and a doubled one."""
    kinds = {one.name: one.type for one in fields(Limits)}
    amounts: dict[str, Any] = {}
    for row in rows.rows.values():
        if row.name not in kinds or row.name in amounts:
            raise rows.error(row, f"no such limit, or twice: {row.name!r}", "name")
        if type(row.amount) is not kinds[row.name] or (row.unit == "london_time") != isinstance(
            row.amount, time
        ):
            raise rows.error(row, f"amount and unit do not fit the limit {row.name!r}", "amount")
        if isinstance(row.amount, int) and row.amount < 1:
            raise rows.error(row, "a limit is at least 1", "amount")
        amounts[row.name] = row.amount
    for missing in kinds.keys() - amounts.keys():
        place = next(iter(rows.places.values()))
        raise place.error(f"the limit {missing!r} is missing from this file")
    return Limits(**amounts)


def check_code_limits(code_limits: Table[CodeLimit]) -> None:
    """Refuse an unknown right, half a pair of limits, and news that a page would tell first."""
    for limit in code_limits.rows.values():
        if not 1 <= limit.right <= RIGHTS_OF_THE_CODE:
            raise code_limits.error(limit, "the Code has rights 1 to 12", "right")
        if limit.shown and limit.recorded_as == "outcome":
            raise code_limits.error(limit, "no page is the first to tell an outcome", "shown")
        pair = (limit.standard_working_days, limit.enhanced_working_days)
        if (pair[0] is None) != (pair[1] is None) or any(
            days is not None and days < 1 for days in pair
        ):
            sentence = "both limits are there, at least 1 working day, or neither"
            raise code_limits.error(limit, sentence)
        # Of what is recorded as a stage the page has the stage's own words.
        if bool(limit.here) != (limit.recorded_as == "event" and not limit.shown):
            sentence = "an event that a person tells first has words for the page, and no other"
            raise code_limits.error(limit, sentence, "here")
        if limit.same_day and (limit.shown or limit.recorded_as == "elsewhere"):
            raise code_limits.error(limit, "nobody has to be reached with this", "same_day")


def check_force(forces: Table[Force], contacts: Table[Contact]) -> None:
    """Refuse a second force, an example that does not fit, and an unconfirmed number."""
    for force in list(forces.rows.values())[1:]:
        raise forces.error(force, "there is one force")
    for force in forces.rows.values():
        if not re.fullmatch(force.reference_pattern, force.reference_example, re.ASCII):
            raise forces.error(force, "the example does not fit the pattern", "reference_example")
    for contact in contacts.rows.values():
        if contact.phone and contact.trust not in PRINTABLE_TRUST:
            raise contacts.error(contact, "a number marked C or U is not printed", "phone")
        if bool(contact.url) != bool(contact.link):
            sentence = "an address has words that name where it leads, and only then"
            raise contacts.error(contact, sentence, "link")
    # In a list of links, two of the same name are one.
    _once(contacts, lambda row: [row.link] if row.link else [], "link")


def check_roles(roles: Table[Role]) -> None:
    """Refuse a role that sees cases in no way or in two, or acts on what it cannot see."""
    for role in roles.rows.values():
        if role.sees_cases != (role.team_cases or role.from_charge_only):
            raise roles.error(role, "a role that sees cases says which", "sees_cases")
        if role.team_cases and role.from_charge_only:
            raise roles.error(
                role, "a role sees its team's cases or those from charge on", "sees_cases"
            )
        if role.keeps_staff and role.sees_cases:
            raise roles.error(role, "who keeps the staff sees no case", "keeps_staff")
        if role.supports and (role.sees_cases or role.keeps_staff):
            raise roles.error(role, "a partner sees who agreed to it, and nothing else", "supports")


def check_needs(kinds: Table[NeedKind], parts: Table[NeedPart], choices: Table[NeedChoice]) -> None:
    """Refuse a kind that asks for an unknown part or choice, and one that two kinds ask for."""
    for kind in kinds.rows.values():
        for key, names, known in (
            ("parts", kind.parts, parts.rows),
            ("choices", kind.choices, choices.rows),
        ):
            for name in names:
                if name not in known:
                    raise kinds.error(kind, f"no such row: {name!r}", key)
    _once(kinds, lambda row: (*row.parts, *row.choices), "parts")


def check_partners(partners: Table[Partner]) -> None:
    """Refuse two partners of one team: what their people see would be a matter of chance."""
    _once(partners, lambda row: [row.team], "team")


def check_notices(notices: Table[NoticeWords]) -> None:
    """Refuse words with any field but check words and the home page, and a missing language."""
    allowed = {"subject": [], "text": ["pair"], "linked": ["home", "pair"]}
    for row in notices.rows.values():
        for key, wanted in allowed.items():
            parsed = Formatter().parse(getattr(row, key))
            if sorted(name for _, name, _, _ in parsed if name is not None) != wanted:
                raise notices.error(row, f"{key!r} names these fields and no other: {wanted}", key)
    for language in (FIRST_LANGUAGE, TO_OFFICERS):
        if language not in notices.rows:
            raise RulesError(f"contact.toml:1: there are no words for {language!r}")


def check_waits(waits: Table[Wait]) -> None:
    """Refuse waits that do not follow the first failure, the second, and so on without a gap."""
    for number, row in enumerate(waits.rows.values(), start=1):
        if row.after != number:
            raise waits.error(row, f"a wait after {number} failures stands here", "after")


def _once(table: Table[RowT], names_of: Callable[[RowT], Iterable[str]], key: str) -> None:
    seen: set[str] = set()
    for row in table.rows.values():
        for name in names_of(row):
            if name in seen:
                raise table.error(row, f"{name!r} stands twice", key)
            seen.add(name)

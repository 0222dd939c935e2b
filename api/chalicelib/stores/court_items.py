"""Items about a victim's needs, measures, agreements and court date as domain values, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.agreements import Agreement, View
from chalicelib.domain.cases import CaseKey, OfficerId, TeamId, Told, VictimKey
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.needs import Need, Needs, NeedsSeen, PastNeed
from chalicelib.domain.reviews import Closing, Court
from chalicelib.stores.tables import (
    AgreementItem,
    CourtItem,
    MeasureItem,
    NeedsItem,
    NeedsSeenItem,
    PastNeedItem,
)
from chalicelib.stores.text import maybe_day, maybe_moment, maybe_stamp, moment, stamp

COURT, NEEDS = "victim#court", "victim#needs"
PAST_NEEDS = "needs-past#"
Values = Mapping[str, Any]


# --- needs -------------------------------------------------------------------------------


def needs_item(victim: VictimKey, now: Needs) -> NeedsItem:
    """Return the item of all needs, with the version that follows the one that was read."""
    values = [_need_values(need) for need in now.needs]
    return NeedsItem(victim, NEEDS, version=now.version + 1, needs=values)


def needs_of(item: NeedsItem) -> Needs:
    """Return all needs of an item."""
    return Needs(tuple(_need(values) for values in item.needs), int(item.version))


def seen_key(by: OfficerId) -> str:
    """Return under what it stands that somebody has read the needs."""
    return f"victim#seen#{by}"


def seen_item(victim: VictimKey, seen: NeedsSeen) -> NeedsSeenItem:
    """Return the item of who read the needs."""
    return NeedsSeenItem(
        victim,
        seen_key(seen.by),
        name=seen.name,
        role=seen.role,
        role_key=seen.role_key or None,
        at=stamp(seen.at),
        version=seen.version,
    )


def seen_of(item: NeedsSeenItem) -> NeedsSeen:
    """Return who read the needs, when, and as which version."""
    by = OfficerId(item.sk.removeprefix("victim#seen#"))
    at, version = moment(item.at), int(item.version)
    return NeedsSeen(by, item.name, item.role, at, version, item.role_key or "")


def past_need_item(victim: VictimKey, past: PastNeed) -> PastNeedItem:
    """Return the item of what a need was."""
    return PastNeedItem(
        victim,
        f"{PAST_NEEDS}{stamp(past.ended_at)}#{past.need.kind}",
        need=_need_values(past.need),
        ended_at=stamp(past.ended_at),
        ended_by=past.ended_by,
        withdrawn=past.withdrawn,
    )


def past_need_of(item: PastNeedItem) -> PastNeed:
    """Return what a need was, until when and by whom it was changed."""
    return PastNeed(
        _need(item.need), moment(item.ended_at), item.ended_by, withdrawn=bool(item.withdrawn)
    )


def _need_values(need: Need) -> dict[str, Any]:
    return {
        "kind": need.kind,
        "words": dict(need.words),
        "chosen": list(need.chosen),
        "told_at": stamp(need.told_at),
        "told_by": need.told_by,
        "since": need.since,
        "told_role": need.told_role,
    }


def _need(values: Values) -> Need:
    return Need(
        kind=values["kind"],
        words=dict(values["words"]),
        chosen=tuple(values["chosen"]),
        told_at=moment(values["told_at"]),
        told_by=values["told_by"],
        since=int(values["since"]),
        told_role=values.get("told_role", ""),
    )


# --- measures ----------------------------------------------------------------------------


def measure_item(victim: VictimKey, now: Measure) -> MeasureItem:
    """Return the item of a measure, with the version that follows the one that was read."""
    return MeasureItem(
        victim,
        f"victim#measure#{now.key}",
        version=now.version + 1,
        steps=[_step_values(step) for step in now.steps],
        view=now.view or None,
        changed_mind_at=maybe_stamp(now.changed_mind_at),
    )


def measure_of(item: MeasureItem) -> Measure:
    """Return the measure of an item."""
    return Measure(
        key=item.sk.removeprefix("victim#measure#"),
        steps=tuple(_step(values) for values in item.steps),
        view=item.view or "",
        changed_mind_at=maybe_moment(item.changed_mind_at),
        version=int(item.version),
    )


def _step_values(step: MeasureStep) -> dict[str, Any]:
    told = {"on": step.told.on.isoformat(), "how": step.told.how} if step.told else None
    return {
        "state": step.state,
        "on": step.on.isoformat(),
        "at": stamp(step.at),
        "by": step.by,
        "note": step.note,
        "told": told,
        "event": step.event,
    }


def _step(values: Values) -> MeasureStep:
    told = values["told"]
    return MeasureStep(
        state=values["state"],
        on=date.fromisoformat(values["on"]),
        at=moment(values["at"]),
        by=values["by"],
        note=values["note"],
        told=Told(date.fromisoformat(told["on"]), told["how"]) if told else None,
        event=values.get("event", ""),
    )


# --- agreements --------------------------------------------------------------------------


def agreement_key(partner: str) -> str:
    """Return where a victim's agreement with a partner stands in their partition."""
    return f"victim#agreement#{partner}"


def agreement_item(now: Agreement) -> AgreementItem:
    """Return the item of an agreement, in the partner's list unless it is withdrawn."""
    view = now.view
    item = AgreementItem(
        now.victim,
        agreement_key(now.partner),
        version=now.version + 1,
        case_key=now.case_key,
        reference=now.reference,
        scope=set(now.scope) or None,
        until=now.until.isoformat(),
        given_at=stamp(now.given_at),
        given_by=now.given_by,
        label=now.label or None,
        withdrawn_at=maybe_stamp(now.withdrawn_at),
        withdrawn_by=now.withdrawn_by or None,
        view={"text": view.text, "at": stamp(view.at), "by": view.by} if view else None,
        past=list(now.past) or None,
    )
    if now.withdrawn_at is None:
        item.agreed_with, item.agreed_until = now.partner, now.until.isoformat()
    return item


def agreement_of(item: AgreementItem) -> Agreement:
    """Return the agreement of an item, from the table or from a list."""
    view = item.view
    return Agreement(
        partner=item.sk.removeprefix(agreement_key("")),
        victim=VictimKey(item.pk),
        case_key=CaseKey(item.case_key),
        reference=item.reference,
        scope=frozenset(item.scope or ()),
        until=date.fromisoformat(item.until),
        given_at=moment(item.given_at),
        given_by=item.given_by,
        withdrawn_at=maybe_moment(item.withdrawn_at),
        withdrawn_by=item.withdrawn_by or "",
        view=View(view["text"], moment(view["at"]), view["by"]) if view else None,
        version=int(item.version),
        past=tuple(item.past or ()),
        label=item.label or "",
    )


# --- court -------------------------------------------------------------------------------


def court_item(now: Court) -> CourtItem:
    """Return the item of a court date and its review, in a team's list while there is a date."""
    item = CourtItem(
        now.victim,
        COURT,
        version=now.version + 1,
        case_key=now.case_key,
        reference=now.reference,
        label=now.label or None,
        high_harm=now.high_harm,
        has_needs=now.has_needs,
        restricted=now.restricted,
        supporter=now.supporter or None,
        travel=now.travel or None,
        interpreter=now.interpreter or None,
        closings=[_closing_values(closing) for closing in now.closings] or None,
        reopened_why=now.reopened_why or None,
        reopened_at=maybe_stamp(now.reopened_at),
    )
    if now.on is not None:
        item.court_team, item.court_on = now.team, now.on.isoformat()
    return item


def court_of(item: CourtItem) -> Court:
    """Return the court date and its review of an item, from the table or from a list."""
    return Court(
        victim=VictimKey(item.pk),
        case_key=CaseKey(item.case_key),
        reference=item.reference,
        label=item.label or "",
        team=TeamId(item.court_team or ""),
        on=maybe_day(item.court_on),
        high_harm=bool(item.high_harm),
        has_needs=bool(item.has_needs),
        restricted=bool(item.restricted),
        supporter=item.supporter or "",
        travel=item.travel or "",
        interpreter=item.interpreter or "",
        closings=tuple(_closing(values) for values in item.closings or ()),
        reopened_why=item.reopened_why or "",
        reopened_at=maybe_moment(item.reopened_at),
        version=int(item.version),
    )


def _closing_values(closing: Closing) -> dict[str, str]:
    return {
        "at": stamp(closing.at),
        "by": closing.by,
        "for_on": closing.for_on.isoformat(),
        "decisions": closing.decisions,
        "there": closing.there,
    }


def _closing(values: Values) -> Closing:
    return Closing(
        at=moment(values["at"]),
        by=values["by"],
        for_on=date.fromisoformat(values["for_on"]),
        decisions=values["decisions"],
        there=values["there"],
    )

"""The four tables on one screen: models, keys, indexes (decision D3).

| table   | partition    | sort keys                                                          |
|---------|--------------|--------------------------------------------------------------------|
| cases   | a case       | case#file, case#desk, entry#…, event#…, update#…, glass#…,         |
|         |              | victim#…                                                           |
|         | `force`      | absence#…, away, role#…, staff#…, team#…                           |
| threads | a victim     | victim#agreement#…, victim#code#…, victim#contact, victim#court,   |
|         |              | victim#door, victim#draft, victim#measure#…, victim#needs,         |
|         |              | victim#notice, victim#reaching#…, victim#safety, victim#seen#…,    |
|         |              | victim#visit;                                                      |
|         |              | victim#line#…, victim#review#…, victim#task#…, victim#tell#…,      |
|         |              | victim#update#…, victim#welcome#… (promises);                      |
|         |              | thread#NNNNN#000 (question), #001… (answers), #promise;            |
|         |              | form#…, needs-past#…                                               |
|         | officer#…    | victim#notice (word for an officer)                                |
|         | figures#…    | of a month and shard: team#kind#what (a counter); of a team or     |
|         |              | the force: the month (what was counted when it ended)              |
| access  | one item     | code#…, failures#…, pair#…, session#…; desk#…, desk-ended#…,       |
|         |              | glass#…, sign-in#…, waiting#…, waiting#bulk; sending#…             |
| audit   | a case or reader | time#random                                                    |

A victim's partition is read newest first, so that what every page needs (victim#…)
comes before the threads, and what no page needs (form#…) after them; what was
true of needs before (needs-past#…) has a page of its own.

Keys hold keyed hashes; a reference is an attribute, a code is nowhere. Dates and
times are ISO text that sorts; `expires_at` is the TTL attribute, in epoch seconds,
and readers filter by our own clock because expired items stay readable for days.
"""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    DiscriminatorAttribute,
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactGet

CALL_SECONDS = 2


class HubModel(Model):
    """A model that never prints what it holds."""

    def __repr__(self) -> str:
        """Return the class alone: items hold what people wrote."""
        return f"<{type(self).__name__}>"


class HubMeta:
    """What all four tables share; `bind_tables` fills in region and host."""

    billing_mode = "PAY_PER_REQUEST"
    region: str | None = None
    host: str | None = None
    connect_timeout_seconds = CALL_SECONDS
    read_timeout_seconds = CALL_SECONDS
    max_retry_attempts = 0
    max_pool_connections = 25


# --- cases: what the police say -------------------------------------------------


class CasesTable(HubModel):
    """Any item of a case, or of the force that keeps it."""

    class Meta(HubMeta):
        table_name = "cases"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()


class FileItem(CasesTable, discriminator="file"):
    """What the records system's file says of a case; only the importer writes it."""

    reference = UnicodeAttribute()
    crime_type = UnicodeAttribute()
    flags = UnicodeSetAttribute(null=True)
    reported_on = UnicodeAttribute()
    stage = UnicodeAttribute()
    outcome = UnicodeAttribute(null=True)
    outcome_on = UnicodeAttribute(null=True)
    officer_id = UnicodeAttribute()
    officer_name = UnicodeAttribute()
    officer_number = UnicodeAttribute()
    team = UnicodeAttribute()
    court = UnicodeAttribute(null=True)
    next_hearing_on = UnicodeAttribute(null=True)
    digest = UnicodeAttribute()
    officer_since = UnicodeAttribute(null=True)
    officer_before = UnicodeAttribute(null=True)


class DeskItem(CasesTable, discriminator="desk"):
    """What was typed in the hub and holds against the file; its version settles races."""

    version = NumberAttribute()
    officer_id = UnicodeAttribute(null=True)
    officer_name = UnicodeAttribute(null=True)
    officer_number = UnicodeAttribute(null=True)
    team = UnicodeAttribute(null=True)
    named = UnicodeSetAttribute(null=True)
    hearing_typed_at = UnicodeAttribute(null=True)
    hearing_on = UnicodeAttribute(null=True)
    hearing_court = UnicodeAttribute(null=True)
    hearing_filed_on = UnicodeAttribute(null=True)
    not_needed = UnicodeSetAttribute(null=True)
    plea_on = UnicodeAttribute(null=True)
    plea_court = UnicodeAttribute(null=True)
    changed_at = UnicodeAttribute(null=True)
    officer_since = UnicodeAttribute(null=True)
    officer_before = UnicodeAttribute(null=True)


class EntryItem(CasesTable, discriminator="entry"):
    """A stage of the case; `told` maps victim keys to when and how they heard.

    `told_beside` maps them to a file's day of telling that was not taken for one of this.
    """

    stage = UnicodeAttribute()
    outcome = UnicodeAttribute(null=True)
    since = UnicodeAttribute()
    recorded_at = UnicodeAttribute()
    origin = UnicodeAttribute()
    told: MapAttribute[str, Any] = MapAttribute(default=dict)
    told_beside: JSONAttribute = JSONAttribute(null=True)
    court_before = UnicodeAttribute(null=True)
    hearing_before = UnicodeAttribute(null=True)


class VictimItem(CasesTable, discriminator="victim"):
    """A person with rights in the case."""

    label = UnicodeAttribute()
    enhanced_rights = BooleanAttribute()
    left_on = UnicodeAttribute(null=True)


class UpdateItem(CasesTable, discriminator="update"):
    """Plain words for named victims."""

    text = UnicodeAttribute()
    posted_at = UnicodeAttribute()
    to = UnicodeSetAttribute()
    entry_id = UnicodeAttribute(null=True)


class EventItem(CasesTable, discriminator="event"):
    """Something that the Code says a victim is told of; whether they were is their promise's."""

    event = UnicodeAttribute()
    happened_on = UnicodeAttribute()
    recorded_at = UnicodeAttribute()
    by = UnicodeAttribute()
    to = UnicodeSetAttribute()


class GlassItem(CasesTable, discriminator="glass"):
    """A supervisor of another team opened the case, and why."""

    by = UnicodeAttribute()
    name = UnicodeAttribute()
    reason = UnicodeAttribute()
    at = UnicodeAttribute()


class StaffItem(CasesTable, discriminator="staff"):
    """A member of staff, kept by the administrator or named first by an import."""

    name = UnicodeAttribute()
    number = UnicodeAttribute()
    team = UnicodeAttribute()
    active = BooleanAttribute(default=True)
    email = UnicodeAttribute(null=True)


class RoleItem(CasesTable, discriminator="role"):
    """The role with which a member of staff signed in last."""

    role = UnicodeAttribute()


class TeamItem(CasesTable, discriminator="team"):
    """A team."""

    name = UnicodeAttribute()


class AbsenceItem(CasesTable, discriminator="absence"):
    """Days on which somebody else answers for an officer."""

    officer = UnicodeAttribute()
    first_day = UnicodeAttribute()
    last_day = UnicodeAttribute()
    cover = UnicodeAttribute()


class AwayItem(CasesTable, discriminator="away"):
    """All absences that are not over, with names: what a victim's page reads of them."""

    version = NumberAttribute()
    absences: JSONAttribute = JSONAttribute()


# --- threads: what passes between one victim and the police ------------------------


class OpenByOwner(GlobalSecondaryIndex[Any]):
    """An officer's open promises in order of due date."""

    class Meta:
        index_name = "open_by_owner"
        projection = AllProjection()

    open_owner = UnicodeAttribute(hash_key=True)
    due_order = UnicodeAttribute(range_key=True)


class OpenByTeam(GlobalSecondaryIndex[Any]):
    """A team's open promises in order of due date."""

    class Meta:
        index_name = "open_by_team"
        projection = AllProjection()

    open_team = UnicodeAttribute(hash_key=True)
    due_order = UnicodeAttribute(range_key=True)


class NextCourt(GlobalSecondaryIndex[Any]):
    """A team's victims in order of their next court date."""

    class Meta:
        index_name = "next_court"
        projection = AllProjection()

    court_team = UnicodeAttribute(hash_key=True)
    court_on = UnicodeAttribute(range_key=True)


class Agreed(GlobalSecondaryIndex[Any]):
    """A partner agency's victims in order of the day on which what they agreed to ends."""

    class Meta:
        index_name = "agreed"
        projection = AllProjection()

    agreed_with = UnicodeAttribute(hash_key=True)
    agreed_until = UnicodeAttribute(range_key=True)


class ToSend(GlobalSecondaryIndex[Any]):
    """Messages that wait to be sent, and those that were given up, in order of their moment."""

    class Meta:
        index_name = "to_send"
        projection = AllProjection()

    sending = UnicodeAttribute(hash_key=True)
    send_at = UnicodeAttribute(range_key=True)


class ThreadsTable(HubModel):
    """Any item of one victim; index keys are set only while an item belongs in a list."""

    class Meta(HubMeta):
        table_name = "threads"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    open_owner = UnicodeAttribute(null=True)
    open_team = UnicodeAttribute(null=True)
    due_order = UnicodeAttribute(null=True)
    court_team = UnicodeAttribute(null=True)
    court_on = UnicodeAttribute(null=True)
    agreed_with = UnicodeAttribute(null=True)
    agreed_until = UnicodeAttribute(null=True)
    sending = UnicodeAttribute(null=True)
    send_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)

    open_by_owner = OpenByOwner()
    open_by_team = OpenByTeam()
    next_court = NextCourt()
    agreed = Agreed()
    to_send = ToSend()


class DoorItem(ThreadsTable, discriminator="door"):
    """What every write of the partition agrees on."""

    version = NumberAttribute()
    threads = NumberAttribute(default=0)
    closed_on = UnicodeAttribute(null=True)
    team = UnicodeAttribute(null=True)
    rhythm = UnicodeAttribute(null=True)
    rhythm_on = UnicodeAttribute(null=True)
    rhythm_by = UnicodeAttribute(null=True)


class MessageItem(ThreadsTable, discriminator="message"):
    """A question or an answer."""

    text = UnicodeAttribute()
    sent_at = UnicodeAttribute()
    by_victim = BooleanAttribute()
    officer_name = UnicodeAttribute(null=True)
    receipt = UnicodeAttribute(null=True)


class PromiseItem(ThreadsTable, discriminator="promise"):
    """What is owed; its index entry is the worklist's row."""

    promise_id = UnicodeAttribute()
    what = UnicodeAttribute()
    case_key = UnicodeAttribute()
    reference = UnicodeAttribute()
    owed = UnicodeAttribute()
    due_on = UnicodeAttribute()
    made_at = UnicodeAttribute()
    owner = UnicodeAttribute()
    team = UnicodeAttribute()
    subject = UnicodeAttribute()
    working: JSONAttribute = JSONAttribute()
    event = UnicodeAttribute(null=True)
    label = UnicodeAttribute(null=True)
    owner_name = UnicodeAttribute(null=True)
    made_team = UnicodeAttribute(null=True)
    restricted = BooleanAttribute(default=False)
    opposed = BooleanAttribute(default=False)
    safe_mode = BooleanAttribute(default=False)
    nothing_new = NumberAttribute(default=0)
    task = UnicodeAttribute(null=True)
    line = UnicodeAttribute(null=True)
    stays = BooleanAttribute(default=False)
    seen_at = UnicodeAttribute(null=True)
    kept_at = UnicodeAttribute(null=True)
    kept_how = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    cancelled_why = UnicodeAttribute(null=True)
    closed_at = UnicodeAttribute(null=True)
    raised_at = UnicodeAttribute(null=True)
    raised_to = UnicodeAttribute(null=True)
    raised_before: JSONAttribute = JSONAttribute(null=True)
    moves: JSONAttribute = JSONAttribute(null=True)
    version = NumberAttribute(null=True)


class DraftItem(ThreadsTable, discriminator="draft"):
    """Words kept for later."""

    text = UnicodeAttribute()
    saved_at = UnicodeAttribute()


class FormItem(ThreadsTable, discriminator="form"):
    """A form that was stored, so that sending it again stores nothing."""

    thread = NumberAttribute()


class ContactItem(ThreadsTable, discriminator="contact"):
    """How one victim may be contacted, and when somebody confirmed that."""

    version = NumberAttribute()
    contact: JSONAttribute = JSONAttribute()
    confirmed_at = UnicodeAttribute(null=True)


class SafetyItem(ThreadsTable, discriminator="safety"):
    """What one victim chose for their pages: safe mode, history, how they hear bad news."""

    version = NumberAttribute()
    safety: JSONAttribute = JSONAttribute()


class ReachingItem(ThreadsTable, discriminator="reaching"):
    """Tries to tell a victim of one piece of news."""

    version = NumberAttribute()
    tries: JSONAttribute = JSONAttribute()


class VisitItem(ThreadsTable, discriminator="visit"):
    """When the victim last looked; for staff alone."""

    at = UnicodeAttribute()


class NoticeItem(ThreadsTable, discriminator="notice"):
    """A message that is wanted or under way; its index entry is the sender's row."""

    version = NumberAttribute()
    wanted = NumberAttribute()
    case_key = UnicodeAttribute(null=True)
    covered = NumberAttribute(default=0)
    receipt = UnicodeAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    claimed = NumberAttribute(default=0)
    claimed_until = UnicodeAttribute(null=True)
    tries = NumberAttribute(default=0)
    unknown = NumberAttribute(default=0)
    tried_at = UnicodeAttribute(null=True)
    sent_at = UnicodeAttribute(null=True)
    gave_up_why = UnicodeAttribute(null=True)
    wanted_at = UnicodeAttribute(null=True)


class CodeRecordItem(ThreadsTable, discriminator="code"):
    """What staff see of a code."""

    code_key = UnicodeAttribute()
    state = UnicodeAttribute()
    for_whom = UnicodeAttribute()
    checked_how = UnicodeAttribute()
    made_by = UnicodeAttribute()
    made_at = UnicodeAttribute()
    confirmed_by = UnicodeAttribute(null=True)
    cancelled_at = UnicodeAttribute(null=True)


class CourtItem(ThreadsTable, discriminator="court"):
    """The victim's next court date and its review; its index entry is the court list's row."""

    version = NumberAttribute()
    case_key = UnicodeAttribute()
    reference = UnicodeAttribute()
    label = UnicodeAttribute(null=True)
    high_harm = BooleanAttribute(default=False)
    has_needs = BooleanAttribute(default=False)
    restricted = BooleanAttribute(default=False)
    supporter = UnicodeAttribute(null=True)
    travel = UnicodeAttribute(null=True)
    interpreter = UnicodeAttribute(null=True)
    closings: JSONAttribute = JSONAttribute(null=True)
    reopened_why = UnicodeAttribute(null=True)
    reopened_at = UnicodeAttribute(null=True)


class NeedsItem(ThreadsTable, discriminator="needs"):
    """Everything that a person told us about their needs, as it stands."""

    version = NumberAttribute()
    needs: JSONAttribute = JSONAttribute()


class NeedsSeenItem(ThreadsTable, discriminator="seen"):
    """Who of the staff read the needs last as which version."""

    name = UnicodeAttribute()
    role = UnicodeAttribute()
    role_key = UnicodeAttribute(null=True)
    at = UnicodeAttribute()
    version = NumberAttribute()


class PastNeedItem(ThreadsTable, discriminator="past-need"):
    """A need as it was before it was put right or withdrawn."""

    need: JSONAttribute = JSONAttribute()
    ended_at = UnicodeAttribute()
    ended_by = UnicodeAttribute()
    withdrawn = BooleanAttribute()


class MeasureItem(ThreadsTable, discriminator="measure"):
    """A measure or arrangement with every step it took."""

    version = NumberAttribute()
    steps: JSONAttribute = JSONAttribute()
    view = UnicodeAttribute(null=True)
    changed_mind_at = UnicodeAttribute(null=True)


class AgreementItem(ThreadsTable, discriminator="agreement"):
    """What a partner may see; its index entry is the row of the partner's list."""

    version = NumberAttribute()
    case_key = UnicodeAttribute()
    reference = UnicodeAttribute()
    scope = UnicodeSetAttribute(null=True)
    until = UnicodeAttribute()
    given_at = UnicodeAttribute()
    given_by = UnicodeAttribute()
    label = UnicodeAttribute(null=True)
    withdrawn_at = UnicodeAttribute(null=True)
    withdrawn_by = UnicodeAttribute(null=True)
    view: JSONAttribute = JSONAttribute(null=True)
    past: JSONAttribute = JSONAttribute(null=True)


class CountItem(ThreadsTable, discriminator="count"):
    """One counter, in one of the shards that share its load."""

    amount = NumberAttribute()


class MonthItem(ThreadsTable, discriminator="month"):
    """What was counted of a team, or of the force, when a month ended."""

    counted_at = UnicodeAttribute()
    counts: JSONAttribute = JSONAttribute()


# --- access: codes, sessions, failure counters ---------------------------------------


class AccessTable(HubModel):
    """Any item that lets somebody in, or counts who was not let in."""

    class Meta(HubMeta):
        table_name = "access"

    pk = UnicodeAttribute(hash_key=True)
    kind = DiscriminatorAttribute()
    expires_at = NumberAttribute(null=True)


class CodeRow(AccessTable, discriminator="code"):
    """Found only by who knows reference and code."""

    case_key = UnicodeAttribute()
    victim_key = UnicodeAttribute()
    state = UnicodeAttribute()
    unused_until = UnicodeAttribute(null=True)
    used_at = UnicodeAttribute(null=True)


class SessionRow(AccessTable, discriminator="session"):
    """A victim's session."""

    case_key = UnicodeAttribute()
    victim_key = UnicodeAttribute()
    code_key = UnicodeAttribute()
    started_at = UnicodeAttribute()
    seen_at = UnicodeAttribute()


class FailuresRow(AccessTable, discriminator="failures"):
    """Failed look-ups from one client address in one window."""

    failures = NumberAttribute()


class DeskSessionRow(AccessTable, discriminator="desk"):
    """A signed-in member of staff."""

    staff_id = UnicodeAttribute()
    name = UnicodeAttribute()
    number = UnicodeAttribute()
    team = UnicodeAttribute()
    role = UnicodeAttribute()
    started_at = UnicodeAttribute()
    seen_at = UnicodeAttribute()
    fresh_at = UnicodeAttribute(null=True)


class DeskEndedRow(AccessTable, discriminator="desk-ended"):
    """When the administrator ended whatever sessions a person had: those begun before are over."""

    at = UnicodeAttribute()


class SignInRow(AccessTable, discriminator="sign-in"):
    """A sign-in under way: what its return from the provider must agree with."""

    start: JSONAttribute = JSONAttribute()


class BrokenGlassRow(AccessTable, discriminator="glass"):
    """Leave to open one case of another team."""

    by = UnicodeAttribute()
    name = UnicodeAttribute()
    team = UnicodeAttribute()
    case_key = UnicodeAttribute()
    reason = UnicodeAttribute()
    until = UnicodeAttribute()
    confirmed_by = UnicodeAttribute(null=True)


class BulkRow(AccessTable, discriminator="bulk"):
    """What waits for a second supervisor, of all teams: one item, so that one read finds it."""

    version = NumberAttribute()
    requests: JSONAttribute = JSONAttribute()


class PairRow(AccessTable, discriminator="pair"):
    """The check words of a message that was sent on a day."""

    at = UnicodeAttribute()


class BrakeRow(AccessTable, discriminator="brake"):
    """How much was sent in the last hour, and whether all sending stopped."""

    version = NumberAttribute()
    minutes: JSONAttribute = JSONAttribute()
    stopped_at = UnicodeAttribute(null=True)
    asked_by: JSONAttribute = JSONAttribute(null=True)
    asked_at = UnicodeAttribute(null=True)


class CarrierRow(AccessTable, discriminator="carrier"):
    """Whether a provider of messages answers."""

    version = NumberAttribute()
    down_since = UnicodeAttribute(null=True)
    asked_at = UnicodeAttribute(null=True)
    up_since = UnicodeAttribute(null=True)


# --- audit: only ever added to ---------------------------------------------------------


class AuditTable(HubModel):
    """Who, what, when, why; never content."""

    class Meta(HubMeta):
        table_name = "audit"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    who = UnicodeAttribute()
    what = UnicodeAttribute()
    at = UnicodeAttribute()
    why = UnicodeAttribute(null=True)
    cases = UnicodeSetAttribute(null=True)


TABLES: Mapping[str, type[HubModel]] = {
    "cases": CasesTable,
    "threads": ThreadsTable,
    "access": AccessTable,
    "audit": AuditTable,
}


def bind_tables(names: Mapping[str, str], *, region: str, endpoint: str | None) -> Connection:
    """Point the models at these tables and return the one connection they share.

    Args:
        names: table name for each key of `TABLES`.
        region: AWS region.
        endpoint: another address for DynamoDB, or none for AWS itself.

    One connection serves all four because a transaction spans them and because a
    botocore client takes a quarter of a second to make.
    """
    shared = Connection(
        region=region,
        host=endpoint,
        connect_timeout_seconds=CALL_SECONDS,
        read_timeout_seconds=CALL_SECONDS,
        max_retry_attempts=0,
        max_pool_connections=HubMeta.max_pool_connections,
    )
    for key, table in TABLES.items():
        table.Meta.table_name = names[key]
        table.Meta.region, table.Meta.host = region, endpoint
        table._connection = None  # noqa: SLF001 -- pynamodb has no public way to bind anew
        own = table._get_connection()  # noqa: SLF001 -- nor to share a connection
        shared.add_meta_table(own.get_meta_table())
        own.connection = shared
    return shared


def read_together() -> TransactGet:
    """Return a read of single items of any of the four tables, in one request."""
    shared = CasesTable._get_connection().connection  # noqa: SLF001 -- as in bind_tables
    return TransactGet(connection=shared)

"""What services need from outside: the protocols that stores, clients and the clock fulfil."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.access import CaseReference
from chalicelib.domain.agreements import Agreement
from chalicelib.domain.audit import AuditLine
from chalicelib.domain.brake import Brake, Carrier
from chalicelib.domain.cases import (
    Case,
    CaseKey,
    Event,
    GlassBreak,
    Hearing,
    Officer,
    OfficerId,
    Plea,
    StageEntry,
    TeamId,
    Told,
    Update,
    Victim,
    VictimKey,
)
from chalicelib.domain.codes import CodeItem, CodeRecord
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.errors import HubError
from chalicelib.domain.figures import CountKey, Tally
from chalicelib.domain.gate import Cleared
from chalicelib.domain.measures import Measure
from chalicelib.domain.messages import Door, Draft, FormReceipt, Message, Thread
from chalicelib.domain.needs import Needs, NeedsSeen, PastNeed
from chalicelib.domain.notices import Notice, Recipient
from chalicelib.domain.promises import Move, Promise
from chalicelib.domain.reaching import Reaching
from chalicelib.domain.reviews import Court
from chalicelib.domain.safety import Safety
from chalicelib.domain.sessions import VictimSession
from chalicelib.domain.staff import (
    Absence,
    Away,
    AwayNote,
    BrokenGlass,
    BulkRequest,
    BulkRequests,
    Force,
    SignInStart,
    StaffClaims,
    StaffMember,
    StaffSession,
    Team,
)
from chalicelib.frozen import frozen


class ConflictError(HubError):
    """A condition of a transaction failed; nothing was written."""

    def __init__(self, failed: frozenset[str]) -> None:
        super().__init__("a condition failed: " + ", ".join(sorted(failed)))
        self.failed = failed


class Part(Protocol):
    """One write of a transaction; only the store that made it knows more."""

    @property
    def name(self) -> str:
        """Return the name by which a conflict tells which part failed."""


@frozen
class VictimFile:
    """One victim's partition as a page needs it: newest threads first.

    `owed` is every promise but those of answers, which stand with their threads.
    """

    door: Door
    threads: tuple[Thread, ...]
    owed: tuple[Promise, ...]
    codes: tuple[CodeRecord, ...]
    draft: Draft | None
    has_older: bool
    court: Court | None = None
    needs: Needs = field(default_factory=Needs)
    seen: tuple[NeedsSeen, ...] = ()
    measures: tuple[Measure, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    contact: SafeContact = field(default_factory=SafeContact)
    safety: Safety = field(default_factory=Safety)
    reaching: tuple[Reaching, ...] = ()
    notice: Notice | None = None
    visited_at: datetime | None = None

    def reached(self, subject: str) -> Reaching:
        """Return the tries to tell of a piece of news; of what nobody tried, none."""
        found = (each for each in self.reaching if each.subject == subject)
        return next(found, Reaching(subject))

    def measure(self, key: str) -> Measure | None:
        """Return the measure with this key, or none."""
        return next((measure for measure in self.measures if measure.key == key), None)


@frozen
class ContactShown:
    """What stands first of one victim wherever staff read of them, and what they chose."""

    contact: SafeContact = field(default_factory=SafeContact)
    safety: Safety = field(default_factory=Safety)
    needs: Needs = field(default_factory=Needs)


@frozen
class PromisePage:
    """A page of open promises by due date, and the key after which the next begins."""

    promises: tuple[Promise, ...]
    next_after: str | None


class Ledger(Protocol):
    """Writes what belongs together."""

    def write(self, parts: Sequence[Part]) -> None:
        """Write all parts or none; ConflictError, StoreUnavailableError."""


class Budget(Protocol):
    """The time that one request has."""

    def begin(self, seconds: float) -> None:
        """Start the time of a new request."""

    def end(self) -> None:
        """Forget the request."""


class KeyRing(Protocol):
    """Keyed hashes; the keys never leave their keeper."""

    def mac_of_code(self, stretched: bytes) -> bytes:
        """Return the newest pepper's MAC by exactly one call; KeysUnavailableError."""

    def macs_of_code(self, stretched: bytes) -> tuple[bytes, ...]:
        """Return the MAC under each pepper, newest first, always all; KeysUnavailableError."""

    def case_key(self, reference: CaseReference) -> CaseKey:
        """Return the key of a case under the current secret."""

    def previous_case_key(self, reference: CaseReference) -> CaseKey | None:
        """Return the key of a case under the secret before, or none when there was none."""

    def victim_key(self, case_key: CaseKey, victim_id: str) -> VictimKey:
        """Return the key of one victim of a case."""

    def address_key(self, client_address: str) -> str:
        """Return a key under which an address is counted without being stored."""

    def csrf_token(self, cookie_token: str) -> str:
        """Return the form token that belongs to a cookie."""

    def csrf_token_is_right(self, form_token: str, cookie_token: str) -> bool:
        """Return, in constant time, whether a form token belongs to a cookie."""

    def origin_secret_is_right(self, given: str) -> bool:
        """Return, in constant time, whether a request brought what only our CDN knows."""


class SignIn(Protocol):
    """The provider that staff sign in with."""

    def begin(self, *, fresh: bool, random_token: Callable[[], str]) -> SignInStart:
        """Return where to send the browser and what its return must agree with."""

    def finish(self, code: str, start: SignInStart, now: datetime, *, fresh: bool) -> StaffClaims:
        """Return who signed in; SignInRefusedError."""

    def sign_out_url(self) -> str | None:
        """Return the provider's sign-out page, or none."""


class CaseStore(Protocol):
    """What the police say; a partition a case."""

    def read(self, key: CaseKey) -> Case | None:
        """Return the case by one query, or none."""

    def read_force(self) -> Force:
        """Return staff, teams and absences by one query."""

    def new_entry(self, key: CaseKey, entry: StageEntry) -> Part:
        """Put a stage entry."""

    def told(self, key: CaseKey, entry: StageEntry, victim: VictimKey, told: Told) -> Part:
        """Note on an entry when and how a victim heard it; fails if it was noted already."""

    def new_update(self, key: CaseKey, update: Update) -> Part:
        """Put an update."""

    def new_event(self, key: CaseKey, event: Event) -> Part:
        """Put an event of the Code."""

    def keep_victim(self, key: CaseKey, victim: Victim) -> Part:
        """Replace what is known of a victim; fails when they are not of the case."""

    def desk_change(
        self,
        case: Case,
        *,
        officer: Officer | None,
        at: datetime,
        hearing: Hearing | None = None,
        plea: Plea | None = None,
        file_holds: bool = False,
    ) -> Part:
        """Move the case's version, perhaps with what was typed; fails when it moved meanwhile.

        `file_holds` if what was typed of the next court date gives way to the file's.
        """

    def name_person(self, case: Case, officer: OfficerId, at: datetime) -> Part:
        """Let one more person open a restricted case; moves the version."""

    def glass_break(self, key: CaseKey, glass: GlassBreak) -> Part:
        """Put the note that the officer in charge sees."""

    def keep_member(self, member: StaffMember) -> Part:
        """Put or replace a member of staff."""

    def note_role(self, member: OfficerId, role: str) -> Part:
        """Put the role with which a member of staff signed in."""

    def keep_team(self, team: Team) -> Part:
        """Put or replace a team."""

    def keep_absence(self, absence: Absence) -> Part:
        """Put an absence."""

    def end_absence(self, absence: str) -> Part:
        """Delete an absence."""

    def note_away(self, seen: AwayNote, now: Iterable[Away]) -> Part:
        """Replace what victims read of absences; fails when it was replaced meanwhile."""


class ThreadStore(Protocol):
    """What passes between one victim and the police; a partition a victim."""

    def read(self, victim: VictimKey, *, before: int | None = None) -> VictimFile:
        """Return the newest threads, or those before a number, by one query."""

    def read_form(self, victim: VictimKey, form_key: str) -> FormReceipt | None:
        """Return what a form made if it was stored, by one read of its key."""

    def moved_door(self, victim: VictimKey, seen: Door, now: Door) -> Part:
        """Replace the door; fails when anything moved it meanwhile."""

    def new_thread(self, victim: VictimKey, thread: Thread) -> Part:
        """Put a question."""

    def new_promise(self, promise: Promise) -> Part:
        """Put a promise; while it is open, with its index entries."""

    def new_form(
        self, victim: VictimKey, form_key: str, receipt: FormReceipt, at: datetime
    ) -> Part:
        """Put the form's key where it is absent; fails when the form was stored already."""

    def form_is_unused(self, victim: VictimKey, form_key: str) -> Part:
        """Check that the form was not stored before."""

    def keep_draft(self, victim: VictimKey, draft: Draft) -> Part:
        """Put the draft in place of an earlier one."""

    def drop_draft(self, victim: VictimKey) -> Part:
        """Delete the draft; fine when there is none."""

    def new_answer(self, victim: VictimKey, thread: Thread, answer: Message) -> Part:
        """Put an answer behind those that stand; fails when another took its place."""

    def keep_promise(
        self, promise: Promise, at: datetime, *, how: str, recorded_at: datetime, note: str = ""
    ) -> Part:
        """Mark a promise kept and take it off the lists; fails when it changed meanwhile.

        `note` is what was done, for staff alone.
        """

    def cancel_promise(self, promise: Promise, why: str, at: datetime) -> Part:
        """Mark a promise cancelled and take it off the lists; fails when it changed meanwhile."""

    def see_promise(self, promise: Promise, at: datetime) -> Part:
        """Note when the officer first saw what is owed."""

    def move_promise(self, promise: Promise, move: Move, *, follows: bool = False) -> Part:
        """Give an open promise to another officer; fails when it changed meanwhile.

        One that `follows` goes with its case from now on, also where it stayed until now.
        """

    def note_on_promise(self, promise: Promise, words: str) -> Part:
        """Replace what exactly is to be done; fails when the promise changed meanwhile."""

    def raise_promise(self, promise: Promise, to: str, at: datetime) -> Part:
        """Note who looks into a late promise from now on, and keep who did before.

        Fails when it changed meanwhile.
        """

    def keep_code_record(self, victim: VictimKey, record: CodeRecord) -> Part:
        """Put or replace what staff see of a code."""

    def open_of_owner(self, owner: OfficerId, *, after: str | None, limit: int) -> PromisePage:
        """Return an officer's open promises by due date."""

    def open_of_team(
        self, team: TeamId, *, after: str | None, limit: int, due_before: date | None = None
    ) -> PromisePage:
        """Return a team's open promises by due date, perhaps only those due before a day."""

    def next_court(self, team: TeamId, first: date, last: date) -> tuple[Court, ...]:
        """Return a team's victims with a court date within these days, soonest first."""

    def courts_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, Court]:
        """Return the court dates and reviews of some victims, by one batch of reads."""

    def keep_court(self, now: Court) -> Part:
        """Put or replace a court date and its review that still carry the version that was read.

        They get the next version; fails when anything changed them meanwhile.
        """

    def needs_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, Needs]:
        """Return what is known of the needs of some victims, by one batch of reads."""

    def keep_needs(self, victim: VictimKey, now: Needs) -> Part:
        """Put or replace all needs, which still carry the version that was read.

        They get the next version; fails when anything changed them meanwhile.
        """

    def needs_seen_by(
        self, victims: Sequence[VictimKey], by: OfficerId
    ) -> Mapping[VictimKey, NeedsSeen]:
        """Return of which victims somebody has read the needs, and when, by one batch of reads."""

    def see_needs(self, victim: VictimKey, seen: NeedsSeen) -> Part:
        """Put that somebody has read the needs as they stand."""

    def new_past_need(self, victim: VictimKey, past: PastNeed) -> Part:
        """Put what a need was until now."""

    def past_needs(self, victim: VictimKey) -> tuple[PastNeed, ...]:
        """Return what needs were before, newest first, by one query."""

    def keep_measure(self, victim: VictimKey, now: Measure) -> Part:
        """Put or replace a measure that still carries the version that was read.

        It gets the next version; fails when anything changed it meanwhile.
        """

    def keep_agreement(self, now: Agreement) -> Part:
        """Put or replace an agreement that still carries the version that was read.

        It gets the next version, and stands in the partner's list unless it is withdrawn;
        fails when anything changed it meanwhile.
        """

    def agreed_with(self, partner: str, today: date) -> tuple[Agreement, ...]:
        """Return the agreements with a partner that hold today; a list may lag behind them."""

    def agreements_of(self, partner: str, victims: Sequence[VictimKey]) -> tuple[Agreement, ...]:
        """Return what some victims agreed with a partner, as it stands, by one batch of reads."""

    def contacts_of(self, victims: Sequence[VictimKey]) -> Mapping[VictimKey, ContactShown]:
        """Return contact, choices and needs of some victims, by one batch of reads.

        A batch is a request for every 33 victims.
        """

    def keep_contact(self, victim: VictimKey, now: SafeContact) -> Part:
        """Put or replace safe contact that still carries the version that was read.

        It gets the next version; fails when anything changed it meanwhile.
        """

    def keep_safety(self, victim: VictimKey, now: Safety) -> Part:
        """Put or replace what a victim chose, which still carries the version that was read.

        It gets the next version; fails when anything changed it meanwhile.
        """

    def keep_reaching(self, victim: VictimKey, now: Reaching) -> Part:
        """Put or replace the tries to tell of one piece of news, by their version as read.

        They get the next version; fails when anything changed them meanwhile.
        """

    def visited(self, victim: VictimKey, at: datetime) -> Part:
        """Put when the victim last looked."""

    def want_notice(self, to: Recipient, case: CaseKey | None, at: datetime) -> Part:
        """Say that there is a reason for a message; more of them in a transaction are one write."""

    def notice(self, to: Recipient) -> Notice | None:
        """Return what waits for a recipient and what went before, as it stands, or none."""

    def due_notices(self, now: datetime, limit: int) -> tuple[Notice, ...]:
        """Return messages to look at now, the longest due first; a list may lag behind them."""

    def waiting_notices(self, limit: int) -> tuple[Notice, ...]:
        """Return messages that wait, the soonest first."""

    def given_up_notices(self, limit: int) -> tuple[Notice, ...]:
        """Return messages that are not tried any more, the oldest first."""

    def keep_notice(self, now: Notice) -> Part:
        """Replace a message that still carries the version that was read; fails when it moved."""


class Provider(Protocol):
    """Somebody who carries messages: takes what the gate cleared, and nothing else.

    `name` tells it from others. It `knows` what it was given if it can be asked for a message
    by our reference.
    """

    name: str
    knows: bool

    def deliver(self, message: Cleared) -> str:
        """Hand a message over once; return `TAKEN`, `REFUSED`, `FAILED` or `UNKNOWN`."""

    def has(self, receipt: str) -> bool | None:
        """Return whether it was given the message with our reference; none if nobody can say."""

    def answers(self) -> bool:
        """Return whether it can be reached; asks it something that sends nothing."""


class AccessStore(Protocol):
    """Codes, sessions, failure counters."""

    def code(self, key: str) -> CodeItem | None:
        """Return the code item by one consistent read, or none."""

    def new_code(self, item: CodeItem) -> Part:
        """Put a code item; fails where one is."""

    def activate_code(self, key: str, unused_until: datetime) -> Part:
        """Make a pending code active; fails unless it is pending."""

    def use_code(self, item: CodeItem, at: datetime) -> Part:
        """Note the first use; fails unless the code opens at this moment."""

    def code_is_active(self, key: str) -> Part:
        """Check that the code of a session was not cancelled."""

    def cancel_code(self, key: str, name: str = "code") -> Part:
        """Cancel at once, which ends its sessions with the next request; fails when it was.

        `name` tells it from another code in the same transaction.
        """

    def confirm_code(self, key: str, at: datetime) -> Part:
        """Make a pending code active and used; fails unless it is pending and in time."""

    def session(self, key: str) -> VictimSession | None:
        """Return a victim's session, over or not, or none."""

    def session_and_away(self, key: str) -> tuple[VictimSession | None, AwayNote]:
        """Return a victim's session and what is noted of absences, by one request."""

    def new_session(self, session: VictimSession, keep_until: datetime) -> Part:
        """Put a session."""

    def touch_session(self, session: VictimSession, at: datetime) -> Part:
        """Note that the session was used; fails when it is gone."""

    def move_session(self, session: VictimSession, code_key: str, at: datetime) -> Part:
        """Let the session stand on another code; fails when it is gone or was moved already."""

    def end_session(self, key: str) -> None:
        """Delete a victim's session; fine when there is none."""

    def end_staff_session(self, key: str) -> None:
        """Delete a staff session; fine when there is none."""

    def new_pair(self, pair: str, at: datetime) -> Part:
        """Put the check words of a message that is sent on this day."""

    def pair_was_sent(self, pair: str, day: date) -> bool:
        """Return whether a message with these check words was sent on a day."""

    def brake(self) -> Brake:
        """Return how much was sent in the last hour, and whether all sending stopped."""

    def keep_brake(self, now: Brake) -> Part:
        """Put or replace the brake that still carries the version that was read."""

    def carrier(self, name: str) -> Carrier:
        """Return whether a provider of messages answered last."""

    def keep_carrier(self, now: Carrier) -> Part:
        """Put or replace what is known of a provider, by its version as read."""

    def count_failure(self, address_key: str, at: datetime) -> int:
        """Count one failed look-up and return how many this window has."""

    def staff_session(self, key: str) -> StaffSession | None:
        """Return a staff session, over or not, or none."""

    def new_staff_session(self, session: StaffSession, keep_until: datetime) -> Part:
        """Put a staff session."""

    def touch_staff_session(self, session: StaffSession, at: datetime) -> Part:
        """Note that the session was used; fails when it is gone."""

    def end_sessions_of(self, member: OfficerId, at: datetime) -> Part:
        """End every session that this person has by now, wherever it is open."""

    def session_stands(self, session: StaffSession) -> Part:
        """Check that this person's sessions were not ended since this one began."""

    def keep_sign_in(self, key: str, start: dict[str, str], until: datetime) -> None:
        """Put what a sign-in's return must agree with."""

    def take_sign_in(self, key: str, now: datetime) -> dict[str, str] | None:
        """Return and delete it: a sign-in comes back once."""

    def broken_glass(self, by: OfficerId, case: CaseKey) -> BrokenGlass | None:
        """Return the leave this person asked for, or none."""

    def keep_broken_glass(self, glass: BrokenGlass) -> Part:
        """Put or replace a leave."""

    def waiting_leave(self, case: CaseKey) -> BrokenGlass | None:
        """Return the newest leave for a restricted case that was asked for, or none."""

    def keep_waiting_leave(self, glass: BrokenGlass) -> Part:
        """Put a leave that waits for a second supervisor, in place of an earlier one."""

    def confirm_waiting_leave(self, seen: BrokenGlass, confirmed: BrokenGlass) -> Part:
        """Put the confirmed leave; fails when it was confirmed already or another waits now."""

    def bulk_requests(self) -> BulkRequests:
        """Return what supervisors of all teams asked for, by one read."""

    def keep_bulk_requests(
        self, seen: BulkRequests, requests: Sequence[BulkRequest], at: datetime
    ) -> Part:
        """Put these in place of what was seen; fails when anything changed it meanwhile."""

    def bulk_requests_stand(self, seen: BulkRequests) -> Part:
        """Check that what was asked for is as it was seen."""


class FigureStore(Protocol):
    """What is counted of promises."""

    def add(self, key: CountKey, amount: int) -> Part:
        """Add to a counter in the transaction of what it counts; it is made where absent."""

    def live(self, month: str) -> tuple[Tally, ...]:
        """Return the counters of a month by team and kind."""

    def published(self, team: str = "") -> tuple[Tally, ...]:
        """Return the newest ended months of a team, or of the whole force, by one query."""

    def end_month(self, tallies: Sequence[Tally], counted_at: datetime) -> Sequence[Part]:
        """Put what a month had, for each team and the force; fails where it is put already."""


class AuditStore(Protocol):
    """Lines that can only be added."""

    def line(self, line: AuditLine) -> Part:
        """Put a line where its key is absent."""

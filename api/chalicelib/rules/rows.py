"""One frozen class for each kind of row in the data files; a field is a key of the file.

A field with a default may be left out of a row; every other must be there, and a text
must not be empty.
"""

from datetime import date, time
from typing import Literal

from chalicelib.frozen import frozen

Trust = Literal["A", "B", "C", "U"]
OutcomeGroup = Literal["charge", "out_of_court", "nfa", "stopped", "other", "none"]
Review = Literal["police_vrr", "cps_vrr", "none"]
ContactUse = Literal["any", "support", "after_charge", "after_outcome", "review", "feedback"]
RecordedAs = Literal["event", "outcome", "elsewhere"]
AddressKind = Literal["phone", "email", "post"]
When = Literal["before_decision", "from_charge", "any"]
Unit = Literal[
    "working_days", "london_time", "seconds", "minutes", "hours", "days", "months",
    "years", "characters", "failures", "rows", "promises", "times", "messages",
]  # fmt: skip


@frozen(kw_only=True)
class Row:
    """What every row has: a key, where it comes from and how far to trust it."""

    key: str
    source: str
    trust: Trust
    checked_on: date


@frozen(kw_only=True)
class Step(Row):
    """A step of the ladder: the few words into which a page puts the stages around one."""

    label: str


@frozen(kw_only=True)
class Stage(Row):
    """Where a case is, in plain words for the person who reported it."""

    label: str
    meaning: str
    next_step: str
    who: str
    bad_news: bool
    decided: bool
    from_charge: bool
    code_events: tuple[str, ...]
    behind: tuple[str, ...]
    ahead: tuple[str, ...]


@frozen(kw_only=True)
class PlainText(Row):
    """Words that stand ready for a stage; `label` is what a list of them shows."""

    stage: str
    label: str
    text: str


@frozen(kw_only=True)
class PlainUpdate(PlainText):
    """A sentence that an officer can post when a case is at this stage."""


@frozen(kw_only=True)
class PlainReply(PlainText):
    """An answer that an officer can send to a question asked at this stage."""


@frozen(kw_only=True)
class Rhythm(Row):
    """How often a person is updated; `working_days` is none if only when something happens."""

    label: str
    short: str
    working_days: int | None = None


@frozen(kw_only=True)
class CrimeType(Row):
    """A crime type; `closed_reason` says why it is not open to lookup.

    `sexual` types come under the minimum expectations of police and ISVAs.
    """

    label: str
    open_to_lookup: bool
    high_harm: bool
    safe_mode: bool
    closed_reason: str = ""
    sexual: bool = False
    police_uk: str = ""


@frozen(kw_only=True)
class Flag(Row):
    """What a case is besides its crime type."""

    label: str
    safe_mode: bool
    high_harm: bool
    sexual: bool = False


@frozen(kw_only=True)
class Outcome(Row):
    """How a case was decided, or that it is not; `label` never goes without words."""

    home_office_types: tuple[str, ...]
    police_uk: tuple[str, ...]
    group: OutcomeGroup
    stage: str
    label: str
    explanation: str
    decided: bool
    bad_news: bool
    review: Review
    on_form: bool


@frozen(kw_only=True)
class LimitRow(Row):
    """One number with its unit; `name` is the attribute of `Limits` that carries it."""

    name: str
    amount: int | time
    unit: Unit


@frozen(kw_only=True)
class CodeLimit(Row):
    """An event of the Victims' Code and by when a person is told of it.

    `shown` if a page may be the first to tell of it; `recorded_as` and `when` say how and in
    which part of a case it is recorded. `same_day` if somebody tries to reach the victim on
    the very day; `here` is what their page says where it tells them after all.
    """

    event: str
    plain: str
    right: int
    who_tells: str
    clock_from: str
    shown: bool
    recorded_as: RecordedAs
    when: When
    standard_working_days: int | None = None
    enhanced_working_days: int | None = None
    same_day: bool = False
    here: str = ""


@frozen(kw_only=True)
class Force(Row):
    """The force as its pages name it, the form of its references and its fixed lines.

    The contact points are staff ids: whom ISVA services turn to when something was missed,
    and who has what Witness Care owes; where nobody of that id works, others have it.
    """

    name: str
    service_name: str
    reference_pattern: str
    reference_example: str
    reference_hint: str
    exit_url: str
    exit_name: str
    emergency_line: str
    phone_line: str
    ask_line: str
    safe_mode_line: str
    isva_contact_point: str = ""
    witness_care_contact_point: str = ""


@frozen(kw_only=True)
class Contact(Row):
    """Somebody to ask; `link` names where `url` leads, `leaves_out` what a review leaves out."""

    label: str
    text: str
    use: ContactUse
    phone: str = ""
    url: str = ""
    link: str = ""
    leaves_out: tuple[str, ...] = ()


@frozen(kw_only=True)
class Title(Row):
    """A neutral page title, which says nothing about any case."""

    text: str


@frozen(kw_only=True)
class Role(Row):
    """A staff role and what it may do."""

    label: str
    sees_cases: bool
    team_cases: bool
    from_charge_only: bool
    team_list: bool
    answers: bool
    records_outcomes: bool
    issues_codes: bool
    may_break_glass: bool
    keeps_staff: bool
    reviews: bool
    supports: bool


@frozen(kw_only=True)
class NeedKind(Row):
    """A kind of need; `parts` and `choices` are what is asked about it, by key.

    `question` is what the person reads, `label` what staff read.
    """

    label: str
    question: str
    hint: str
    parts: tuple[str, ...]
    choices: tuple[str, ...] = ()


@frozen(kw_only=True)
class NeedPart(Row):
    """One question about a need, answered in a person's own words.

    `short` stands before the answer in the line that staff read.
    """

    label: str
    hint: str = ""
    short: str = ""


@frozen(kw_only=True)
class NeedChoice(Row):
    """Something to tick about a need; `interpreter` if somebody has to be found who interprets."""

    label: str
    interpreter: bool = False


@frozen(kw_only=True)
class Partner(Row):
    """A partner agency; `team` is the team of its people in the staff list.

    `quiet` is what a page of safe mode says in place of `what`. `isva` if it has the advisers
    of the minimum expectations, `contact_point` is the staff id of whom the police turn to
    there.
    """

    name: str
    what: str
    quiet: str
    team: str
    isva: bool
    contact_point: str = ""


@frozen(kw_only=True)
class Task(Row):
    """Something that a review or a page lets somebody do for a victim by a day.

    `says` is what the victim reads, `working_days` by when it is done unless somebody
    chooses another day, 0 for the same day. `on_form` if it can be chosen in a review,
    `from_charge` if it would tell a victim of a charge, `police_only` if no partner agency can
    do it, `partner_only` if nobody else can, `staff_only` if neither a victim nor a partner
    ever reads of it.
    """

    label: str
    says: str
    working_days: int
    on_form: bool
    from_charge: bool
    police_only: bool = False
    partner_only: bool = False
    staff_only: bool = False


@frozen(kw_only=True)
class Channel(Row):
    """A way to reach a person; `sends` if the hub itself can send a message that way.

    `label` is what staff read, `ask` what the person is asked, `address` what is typed for it.
    """

    label: str
    ask: str
    address: AddressKind
    sends: bool


@frozen(kw_only=True)
class NoticeWords(Row):
    """The fixed words of a message in one language: `{pair}` are its check words.

    `linked` stands in place of `text` for whoever chose links, `{home}` is the plain home
    page. The key is the language, or `officer` for the words that go to staff.
    """

    label: str
    subject: str
    text: str
    linked: str


@frozen(kw_only=True)
class Wait(Row):
    """How long the next try of a message waits after so many that failed."""

    after: int
    minutes: int


@frozen(kw_only=True)
class Limits:
    """Every limit by name, its unit in the name; `london_time` is a time of day."""

    reply_working_days: int
    receipt_cut_off: time
    session_idle_minutes: int
    session_total_minutes: int
    session_warning_minutes: int
    staff_idle_minutes: int
    staff_total_minutes: int
    staff_fresh_minutes: int
    break_glass_minutes: int
    break_glass_reason_characters: int
    code_unused_days: int
    code_letters: int
    failures_allowed: int
    word_checks_allowed: int
    failure_window_minutes: int
    message_characters: int
    draft_hours: int
    form_key_hours: int
    worklist_page: int
    threads_page: int
    review_months: int
    request_seconds: int
    call_seconds: int
    reserve_seconds: int
    young_age_years: int
    facts_check_months: int
    calendar_reach_months: int
    welcome_working_days: int
    welcome_enhanced_working_days: int
    nothing_new_in_a_row: int
    at_risk_working_days: int
    raise_after_working_days: int
    bulk_promises: int
    bulk_request_hours: int
    figures_least_count: int
    working_day_starts: time
    need_characters: int
    note_characters: int
    agreement_months: int
    agreement_short_months: int
    review_working_days: int
    review_list_days: int
    review_page: int
    apply_crown_working_days: int
    apply_magistrates_working_days: int
    apply_near_working_days: int
    escalate_working_days: int
    contact_days: int
    contact_characters: int
    contact_code_characters: int
    contact_email_characters: int
    number_days: int
    notice_victim_hours: int
    notice_officer_minutes: int
    notice_lease_seconds: int
    notices_an_hour: int
    release_request_hours: int
    notice_probe_minutes: int
    notices_page: int
    told_attempts: int
    told_attempt_days: int

"""A case with something for every page and every form of the desk, for who tries them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.dates import in_london
from chalicelib.domain.measures import Measure, MeasureStep
from chalicelib.domain.promises import LINE, TASK, UPDATE, WELCOME
from chalicelib.domain.reviews import Court
from chalicelib.services.issue_code import Check, issue_code
from chalicelib.services.keep_needs import note_need
from chalicelib.services.need_changes import NeedTold
from chalicelib.services.review import Coming, coming_stamp
from chalicelib.services.tasks import TaskGiven, task_parts
from chalicelib.stores.tables import CasesTable, ThreadsTable
from tests.builders import OFFICER, SeededCase, seed_update
from tests.integration.services.contact_steps import notes_contact
from tests.integration.services.following import in_rhythm, only
from tests.integration.services.staff_steps import asked, case_of, colleague, file_of
from tests.integration.services.staff_steps import staff as staff_session
from tests.integration.web.victim_steps import record_outcome

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Visitor


@dataclass(frozen=True)
class Target:
    """A case with a question, untold news and a code; `forms` are what can be sent about it."""

    case: SeededCase
    code: str
    entry: str
    welcome: str
    update: str
    line: str
    task: str
    recorded_at: str

    @property
    def pages(self) -> list[str]:
        """Return every address that shows something of the case."""
        case, victim = f"/cases/{self.case.key}", self.case.victim
        return [
            case,
            f"{case}?older={victim}.9",
            f"{case}/answer?victim={victim}&thread=1",
            f"{case}/outcome",
            f"{case}/told?victim={victim}",
            f"{case}/tries?victim={victim}&news={self.entry}",
            f"{case}/release?victim={victim}&news={self.entry}",
            f"{case}/codes/new?victim={victim}",
            f"{case}/codes/new",
            f"{case}/codes/{self.code}/confirm",
            f"{case}/hand-over",
            f"{case}/named",
            f"{case}/event",
            f"{case}/contact?victim={victim}&promise={self.welcome}",
            f"{case}/rhythm?victim={victim}",
            f"{case}/safe-mode?victim={victim}",
            f"{case}/line?victim={victim}&promise={self.line}",
            f"{case}/support?victim={victim}",
            f"{case}/measures?victim={victim}",
            f"{case}/measures/step?victim={victim}&measure=screen&to=discussed",
            f"{case}/measures/view?victim={victim}&measure=supporter",
            f"{case}/unwell?victim={victim}",
            f"{case}/plea",
            f"{case}/hearing",
            f"{case}/review?victim={victim}",
            f"{case}/task?victim={victim}&promise={self.task}",
            f"{case}/safe-contact?victim={victim}",
            f"{case}/needs?victim={victim}",
            f"{case}/needs/health?victim={victim}",
        ]

    @property
    def forms(self) -> dict[str, dict[str, str]]:
        """Return every form that changes something, filled in so that it would."""
        victim = self.case.victim
        code = f"codes/{self.code}"
        check = {"checked": "face_to_face", "for_whom": "victim", "safe": "yes", "place": "paper"}
        who = {"officer": "robin", "from": OFFICER.id, "version": "0"}
        told = {f"how_{victim}": "phone", f"on_{victim}": "today"}
        words = {"form_key": "k", "version": "0", "to": victim, "text": "Words"}
        news = {"news": "outcome:no_suspect_found", "since": "today"}
        recorded = {"on": "today", "at": self.recorded_at}
        return {
            "answer": {"victim": victim, "thread": "1", "behind": "0", "answer": "Words"},
            "update": {**words, "choice": "none"},
            "outcome": {**words, **news, **told},
            "told": {"victim": victim, "entry": self.entry, **told},
            "tries": {"victim": victim, "news": self.entry, "how": "phone", **recorded},
            "release": {"victim": victim, "news": self.entry, "why": "Words"},
            "codes/new": {"victim": victim, **check},
            f"{code}/activate": {"victim": victim},
            f"{code}/confirm": {"victim": victim},
            f"{code}/cancel": {"victim": victim},
            "hand-over": who,
            "named": who,
            "event": {
                **words,
                "text": "",
                "event": "written_confirmation",
                "happened_on": "today",
                f"how_{victim}": "not_yet",
            },
            "contact": {"victim": victim, "promise": self.welcome, "how": "phone", "on": "today"},
            "nothing-new": {"victim": victim, "promise": self.update},
            "rhythm": {"victim": victim, "rhythm": "every_5"},
            "safe-mode": {"victim": victim, "seen": "0", "hears": "here", "why": "Words"},
            "left": {"victim": victim, "how": "phone"},
            "line": {
                "victim": victim,
                "promise": self.line,
                "how": "phone",
                "answer": "yes",
                "on": "today",
            },
            "stopping": {"victim": victim},
            "measures/step": {
                "form_key": "k",
                "victim": victim,
                "measure": "screen",
                "to": "discussed",
                "version": "0",
                "on": "today",
                "view": "Words",
                "note": "Words",
            },
            "measures/view": {
                "victim": victim,
                "measure": "supporter",
                "version": "1",
                "view": "Words",
            },
            "support": {
                "victim": victim,
                "partner": "new_era",
                "seen": "",
                "scope_new_era": "needs",
                "until_new_era": "day",
                "day_new_era": "tomorrow",
                "how_new_era": "phone",
            },
            "hearing": {
                "version": "0",
                "there": "date",
                "on": "tomorrow",
                "court": "Words",
                "needed": victim,
                "heard_on": "today",
            },
            "review": {"victim": victim, "seen": "x", "decisions": "Words", "there": "Words"},
            "review/again": {"victim": victim, "reason": "Words"},
            "review/coming": {
                "victim": victim,
                "seen": coming_stamp(Coming("", "", "")),
                "supporter": "Words",
                "travel": "Words",
                "interpreter": "Words",
            },
            "review/task": {
                "form_key": "k",
                "victim": victim,
                "task": "visit",
                "words": "Words",
                "owner": OFFICER.id,
                "due": "tomorrow",
            },
            "task": {"victim": victim, "promise": self.task, "note": "Words", "on": "today"},
            "task/drop": {"victim": victim, "promise": self.task, "why": "Words"},
            "safe-contact": {
                "victim": victim,
                "seen": "1",
                "way_phone": "yes",
                "address_phone": "07700 900123",
                "leave_words": "Words",
                "who_else": "Words",
                "code_word": "Words",
                "more": "Words",
            },
            "safe-contact/confirm": {"victim": victim, "seen": "1"},
            "plea": {"version": "0", "on": "today", "court": "crown"},
            "needs": {"victim": victim, "kind": "fear", "seen": "0", "fear_what": "Words"},
            "needs/withdraw": {"victim": victim, "kind": "health", "seen": "1"},
        }


def new_target(world: World, *flags: str) -> Target:
    """Put a case of which every page has something to show, and every form something to do."""
    colleague(world, "robin")
    case = in_rhythm(world, flags=(*flags, "sexual"))
    read = case_of(world, case)
    given = task_parts(world.deps, read, read.victims[0], TaskGiven("letter", "Words of a task"))
    world.deps.ledger.write(given)
    owed = {kind: only(world, case, kind).id for kind in (WELCOME, UPDATE, LINE, TASK)}
    seed_update(world.deps, case, "Words of an update")
    asked(world, case, "Words of a question")
    told = NeedTold("health", {"health_what": "Words of a need"}, (), 0)
    note_need(world.deps, staff_session(world), case.key, case.victim, told)
    notes_contact(world, case, leave_words="Words of safe contact")
    step = MeasureStep("discussed", world.deps.today(), world.clock(), "PC Example")
    measure = Measure("supporter", (step,), "Words of a view")
    world.deps.ledger.write([world.deps.threads.keep_measure(case.victim, measure)])
    court = file_of(world, case).court or Court(case.victim, case.key, case.reference, "V1")
    day = world.deps.today() + timedelta(days=9)
    dated = replace(court, on=day, team=OFFICER.team, high_harm=True)
    world.deps.ledger.write([world.deps.threads.keep_court(dated)])
    check = Check("face to face", "the victim")
    made = issue_code(world.deps, staff_session(world), case.key, case.victim, check)
    entry = record_outcome(world, case, "no_suspect_found")
    recorded = f"{in_london(entry.recorded_at):%H:%M}"
    return Target(
        case=case,
        code=made.record.id,
        entry=entry.id,
        welcome=owed[WELCOME],
        update=owed[UPDATE],
        line=owed[LINE],
        task=owed[TASK],
        recorded_at=recorded,
    )


def stored(case: SeededCase) -> list[str]:
    """Return everything that is stored of the case and its first victim."""
    items = [*CasesTable.query(case.key), *ThreadsTable.query(case.victim)]
    return [repr(item.serialize()) for item in items]


def token_of(desk: Visitor) -> dict[str, str]:
    """Return the token that forms of this browser bring."""
    desk.get("/")
    assert desk.seen is not None
    return {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]}

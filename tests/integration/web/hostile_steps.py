"""A case with something for every page and every form of the desk, for who tries them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.promises import UPDATE, WELCOME
from chalicelib.services.issue_code import Check, issue_code
from chalicelib.stores.tables import CasesTable, ThreadsTable
from tests.builders import OFFICER, SeededCase, seed_update
from tests.integration.services.following import in_rhythm, only
from tests.integration.services.staff_steps import asked, colleague
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
            f"{case}/codes/new?victim={victim}",
            f"{case}/codes/new",
            f"{case}/codes/{self.code}/confirm",
            f"{case}/hand-over",
            f"{case}/named",
            f"{case}/event",
            f"{case}/contact?victim={victim}&promise={self.welcome}",
            f"{case}/rhythm?victim={victim}",
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
        return {
            "answer": {"victim": victim, "thread": "1", "behind": "0", "answer": "Words"},
            "update": {**words, "choice": "none"},
            "outcome": {**words, **news, **told},
            "told": {"victim": victim, "entry": self.entry, **told},
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
            "left": {"victim": victim, "how": "phone"},
        }


def new_target(world: World, *flags: str) -> Target:
    """Put a case of which every page has something to show, and every form something to do."""
    colleague(world, "robin")
    case = in_rhythm(world, flags=flags)
    owed = {kind: only(world, case, kind).id for kind in (WELCOME, UPDATE)}
    seed_update(world.deps, case, "Words of an update")
    asked(world, case, "Words of a question")
    check = Check("face to face", "the victim")
    made = issue_code(world.deps, staff_session(world), case.key, case.victim, check)
    entry = record_outcome(world, case, "no_suspect_found")
    return Target(case, made.record.id, entry.id, owed[WELCOME], owed[UPDATE])


def stored(case: SeededCase) -> list[str]:
    """Return everything that is stored of the case and its first victim."""
    items = [*CasesTable.query(case.key), *ThreadsTable.query(case.victim)]
    return [repr(item.serialize()) for item in items]


def token_of(desk: Visitor) -> dict[str, str]:
    """Return the token that forms of this browser bring."""
    desk.get("/")
    assert desk.seen is not None
    return {"csrf_token": desk.seen.fields("/sign-out")["csrf_token"]}

"""Whole visits ask AWS for nothing that their stage's role may not do (D1, D3).

The stand-in lets everybody do everything. So the requests of a visit are noted and
held against the role's policy, as AWS would.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.settings import PUBLIC
from tests.builders import seed_case, seed_code
from tests.infra.permissions import Wish, read_policy, wishes
from tests.integration.web.victim_steps import ask, record_outcome, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.conftest import World
    from tests.pages import Seen


@dataclass
class Visits:
    """What visits asked of DynamoDB, apart from what a test put there itself."""

    world: World
    wishes: set[Wish] = field(default_factory=set)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what is asked inside the block."""
        with self.world.watched() as calls:
            yield
        for name, asked in calls.seen:
            if name != "GenerateMac":
                self.wishes |= set(wishes(name, asked["body"]))

    def used(self) -> set[tuple[str, str]]:
        """Return each action by table."""
        return {(wish.table, wish.action) for wish in self.wishes}


def _new_code(seen: Seen) -> str:
    shown = next(e for e in seen.tree.iter("p") if e.get("class") == "hub-code")
    return "".join("".join(span.itertext()) for span in shown.iter("span"))


def _victims_visits(world: World) -> Visits:
    """Do everything that a victim can do, with what can go wrong on the way."""
    visits, case = Visits(world), seed_case(world.deps)
    victim, code, wrong = world.visitor(), seed_code(world.deps, case), "BCDF GHJK MNPQ RSTP"
    with visits.noted():
        victim.get("/case/open")
        victim.post("/case/open", reference=case.reference, code=wrong)
        victim.post("/case/open", reference=case.reference, code=code)
        victim.get("/case")
        victim.get("/case/message")
        victim.post("/case/message", message="Is there news?", keep="yes")
        ask(victim, "Is there news?")
        victim.follow()
        victim.get("/case/code")
        new = _new_code(victim.post("/case/code", code=code))
        victim.post("/case/code/confirm", code=new)
        victim.follow()
        form = victim.get("/case/message").fields("/case/message")
        victim.send("/case/message", {**form, "message": "And now?"})
        victim.send("/case/message", {**form, "message": "And now?"})
    tell(world, case, record_outcome(world, case, "charged"))
    with visits.noted():
        victim.send("/case/message", {**form, "message": "And now?"})
        victim.send("/case/message", {**form, "message": "Too late", "form_key": "another"})
        world.clock.forward(minutes=16)
        victim.send("/case/message", {**form, "message": "While I was away"})
        victim.get("/case/exit")
    return visits


def test_a_victims_visits_need_all_that_the_public_role_may_do_and_no_more(world: World) -> None:
    visits, policy = _victims_visits(world), read_policy(PUBLIC)
    assert {wish for wish in visits.wishes if not policy.allows(wish)} == set()
    assert policy.table_actions() - visits.used() == set()

"""What people do on the deployed hub, through its real pages, in more than one journey."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.settings import STAFF

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from chalicelib.domain.cases import TeamId
    from tests.builders import SeededCase
    from tests.deployed.cdn import CdnVisitor
    from tests.deployed.conftest import Deployed, Person
    from tests.pages import Seen, Visitor

UPDATE = "We have the pictures from the shop now."


def desk_of(hub: Deployed, person: Person) -> CdnVisitor:
    """Return the browser of a member of staff who has just signed in."""
    desk = hub.browser(STAFF)
    assert desk.signs_in(person.identity).status == 200
    return desk


def in_team(hub: Deployed, person: Person, team: TeamId) -> Person:
    """Move a member of staff to another team, as the administrator would."""
    member = StaffMember(OfficerId(person.identity), person.name, "0000", team)
    keep = [hub.deps.cases.keep_team(Team(team, team.title()))]
    hub.deps.ledger.write([*keep, hub.deps.cases.keep_member(member)])
    return replace(person, team=team)


def press(browser: Visitor, ending: str) -> Seen:
    """Press the first button of the page whose form leads to an address with this ending."""
    assert browser.seen is not None
    actions = (form.get("action") or "" for form in browser.seen.tree.iter("form"))
    return browser.post(next(action for action in actions if action.endswith(ending)))


def tries(
    hub: Deployed, reference: str, code: str, address: str = "192.0.2.1"
) -> tuple[CdnVisitor, Seen]:
    """Return a browser that typed these into the look-up from this address, and the answer."""
    browser = hub.browser()
    browser.address = address
    browser.never_in_addresses = [reference, code]
    browser.get("/case/open")
    return browser, browser.post("/case/open", reference=reference, code=code)


def asks(victim: Visitor, words: str, **fields: str) -> Seen:
    """Type a question and send it, or with `keep="yes"` keep it; return where that leads."""
    victim.get("/case/message")
    assert victim.post("/case/message", message=words, **fields).status == 303
    return victim.follow()


def posts(desk: Visitor, case: SeededCase, words: str = UPDATE) -> None:
    """Post an update for the victim of a case."""
    path = f"/cases/{case.key}/update"
    desk.get(f"/cases/{case.key}")
    assert desk.post(path, to=case.victim, text=words).status == 303
    assert desk.follow().main.startswith("Posted.")


def before_opening(seen: Seen) -> str:
    """Return the words of the main part that are seen before anything folded is opened."""
    return " ".join(_unfolded(next(seen.tree.iter("main"))).split())


def _unfolded(element: Element) -> str:
    if element.tag == "details" and element.get("open") is None:
        return "".join(next(element.iter("summary")).itertext())
    inside = "".join(_unfolded(child) + (child.tail or "") for child in element)
    return (element.text or "") + inside


def box(seen: Seen) -> str:
    """Return what stands in the box for a question."""
    return seen.fields("/case/message")["message"]


def lets_see(victim: Visitor, partner: str, *scope: str) -> Seen:
    """Agree that a partner agency sees this, and return the answer."""
    form = _form_about(victim.get("/case/support"), partner, f"scope_{partner}")
    said = {f"scope_{partner}": list(scope), f"until_{partner}": "short"}
    return victim.send("/case/support", {**form, **said})


def stops_seeing(victim: Visitor, partner: str) -> Seen:
    """Take an agreement back with its one press, and return the answer."""
    form = _form_about(victim.get("/case/support"), partner, "stop")
    return victim.send("/case/support", {**form, "stop": "yes"})


def _form_about(seen: Seen, partner: str, having: str) -> dict[str, str]:
    """Return the hidden fields of the form about a partner that has a control of this name."""
    for form in seen.tree.iter("form"):
        controls = [each for each in form.iter() if each.get("name")]
        hidden = {
            each.get("name", ""): each.get("value", "")
            for each in controls
            if each.get("type") == "hidden"
        }
        named = {each.get("name") for each in controls}
        if hidden.get("partner") == partner and having in named:
            return hidden
    raise AssertionError((partner, having))

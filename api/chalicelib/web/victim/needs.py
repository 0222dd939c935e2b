"""Needs, said once: what a victim told us, who has read it, and how to change it."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.needs import BY_VICTIM, Need, NeedsSeen, may_be_named, seen_by
from chalicelib.rules import NeedKind, Rules
from chalicelib.services.keep_needs import NeedChangedError, tell_need, withdraw_need
from chalicelib.services.read_case import knows_of_charge
from chalicelib.services.victim_sessions import Opened, find_session
from chalicelib.web.need_forms import (
    INTERPRETER,
    kind_of,
    lacks_language,
    need_form,
    need_problems,
    need_told,
    said_of,
    seen_of,
)
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.victim.visits import (
    Errors,
    case_page,
    day_of,
    number_of,
    open_visit,
    token_of,
)

PAGE = "/case/needs"
DONE = {
    "told": "We have it. Everybody who works on your case can read it from now on.",
    "withdrawn": "You took it back. It no longer counts.",
}

pages = Pages()


@pages.page(PAGE, "GET")
def needs(visit: Visit) -> Answer:
    """Show what was told and what else could be."""
    return _all(visit, open_visit(visit, "read their needs"))


@pages.page(PAGE + "/{number}", "GET")
def form(visit: Visit, number: str) -> Answer:
    """Show the form of one kind with what is known of it; its address does not name it."""
    kind = _numbered(number, visit.deps.rules)
    return _form(visit, open_visit(visit, "opened a form of their needs"), kind)


@pages.page(PAGE, "POST")
def tell(visit: Visit) -> Answer:
    """Store what was told, or show the form with what to do; every word is still there."""
    rules = visit.deps.rules
    kind = kind_of(visit.form.text("kind"), rules)
    told = need_told(visit.form, kind)
    errors = need_problems(told, kind, rules)
    if errors:
        opened = open_visit(visit, "opened a form of their needs")
        return _form(visit, opened, kind, errors=errors)
    session = find_session(visit.deps, token_of(visit))
    try:
        tell_need(visit.deps, session, told)
    except NeedChangedError as changed:
        return _form(visit, changed.opened, kind, meanwhile=True)
    return Redirect(f"{PAGE}?done=told")


@pages.page(PAGE + "/{number}/withdraw", "GET")
def withdraw_form(visit: Visit, number: str) -> Answer:
    """Ask whether what was told is to be taken back."""
    rules = visit.deps.rules
    kind = _numbered(number, rules)
    opened = open_visit(visit, "opened a form of their needs")
    need = opened.file.needs.of(kind.key)
    if need is None:
        return Redirect(PAGE)
    context = {
        "label": kind.label,
        "kind": kind.key,
        "seen": need.since,
        "said": said_of(need, kind, rules),
    }
    return case_page(visit, opened, "victim/needs_withdraw.html", "needs", context=context)


@pages.page(PAGE + "/withdraw", "POST")
def withdraw(visit: Visit) -> Answer:
    """Take it back, or show what somebody made of it meanwhile."""
    kind = kind_of(visit.form.text("kind"), visit.deps.rules)
    session = find_session(visit.deps, token_of(visit))
    try:
        withdraw_need(visit.deps, session, kind.key, seen_of(visit.form))
    except NeedChangedError as changed:
        return _all(visit, changed.opened, meanwhile=kind.label)
    return Redirect(f"{PAGE}?done=withdrawn")


def _numbered(number: str, rules: Rules) -> NeedKind:
    place, kinds = number_of(number), tuple(rules.need_kinds.values())
    if place > len(kinds):
        raise NotFoundError
    return kinds[place - 1]


def _all(visit: Visit, opened: Opened, *, meanwhile: str = "") -> Page:
    rules = visit.deps.rules
    kinds = [(number, kind) for number, kind in enumerate(rules.need_kinds.values(), 1)]
    told = [
        _told(number, kind, need, opened, rules)
        for number, kind in kinds
        if (need := opened.file.needs.of(kind.key))
    ]
    return case_page(
        visit,
        opened,
        "victim/needs.html",
        "needs",
        status=HTTPStatus.CONFLICT if meanwhile else HTTPStatus.OK,
        context={
            "done": DONE.get(visit.request.query.get("done", "")),
            "meanwhile": meanwhile,
            "told": told,
            "untold": [
                {"number": number, "label": kind.label, "question": kind.question}
                for number, kind in kinds
                if opened.file.needs.of(kind.key) is None
            ],
        },
    )


def _told(number: int, kind: NeedKind, need: Need, opened: Opened, rules: Rules) -> dict[str, Any]:
    return {
        "number": number,
        "label": kind.label,
        "said": said_of(need, kind, rules),
        "how": _how_told(need, opened, rules),
        "unread": f"Nobody {'' if need.told_by == BY_VICTIM else 'else '}has read this yet.",
        "read_by": [
            _reader(seen)
            for seen in seen_by(need, opened.file.seen)
            if _may_name(seen.role_key, opened, rules)
        ],
        "asks_language": INTERPRETER in kind.choices and lacks_language(opened.file.needs),
    }


def _how_told(need: Need, opened: Opened, rules: Rules) -> str:
    day = day_of(need.told_at)
    if need.told_by == BY_VICTIM:
        return f"You told us on {day}."
    by = need.told_by if _may_name(need.told_role, opened, rules) else "Somebody"
    return f"{by} wrote this down with you on {day}."


def _may_name(role_key: str, opened: Opened, rules: Rules) -> bool:
    return may_be_named(role_key, rules, knows_of_charge=knows_of_charge(opened, rules))


def _reader(seen: NeedsSeen) -> str:
    return f"Read by {seen.name}, {seen.role}, on {day_of(seen.at)}"


def _form(
    visit: Visit,
    opened: Opened,
    kind: NeedKind,
    *,
    errors: Errors = (),
    meanwhile: bool = False,
) -> Page:
    rules, stands = visit.deps.rules, opened.file.needs.of(kind.key)
    typed = visit.form if visit.request.method == "POST" else None
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return case_page(
        visit,
        opened,
        "victim/needs_form.html",
        "needs",
        status=HTTPStatus.CONFLICT if meanwhile else status,
        errors=errors,
        context={
            "label": kind.label,
            "question": kind.question,
            "hint": kind.hint,
            "need": need_form(kind, rules, stands, typed),
            "meanwhile": meanwhile,
            "now": said_of(stands, kind, rules) if meanwhile and stands else None,
            "how": _how_told(stands, opened, rules) if stands else "",
        },
    )

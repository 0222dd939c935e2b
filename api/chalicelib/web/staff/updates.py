"""Post an update: ready sentences, own words, a new stage; for named victims only (D17)."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.cases import Case, CaseKey, needs_telling, untold_victims
from chalicelib.domain.errors import StaleError
from chalicelib.domain.staff import StaffSession
from chalicelib.domain.tellings import stages_to_post
from chalicelib.services.post_update import OpposedVictimsError, Post, post_update
from chalicelib.services.staff_sessions import find_case, open_case_page
from chalicelib.web.page import Answer, Page, Pages, Redirect, Visit
from chalicelib.web.staff.case_fields import (
    Errors,
    kept_form_key,
    key_of,
    length_problem,
    number_of,
    victims_ticked,
)
from chalicelib.web.staff.case_words import Changes, changes_since, in_order, names_of, victim_name
from chalicelib.web.staff.desk import case_desk_page, signed_in
from chalicelib.web.staff.text_checks import personal_words

pages = Pages()

NO_SENTENCE = "none"


def update_form(
    visit: Visit,
    case: Case,
    errors: Errors = (),
    *,
    filled: bool = False,
    personal: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the form shows, with everything that was typed or chosen.

    `filled` moves the ready sentence into the box, where it can be changed; `personal` is
    what in the words looks personal.
    """
    rules, form = visit.deps.rules, visit.form
    ready = [(row.key, row.text) for row in rules.updates_for(case.current.stage)]
    stages = [(s.key, s.label) for s in stages_to_post(rules) if s.key != case.current.stage]
    return {
        "errors": errors,
        "error_of": dict(errors),
        "form_key": kept_form_key(visit),
        "version": case.version,
        "entry_count": len(case.entries),
        "update_count": len(case.updates),
        "is_opposed": case.opposed,
        "waits_for": _waits_for(visit, case),
        "victims": [(victim.key, victim_name(victim)) for victim in in_order(case)],
        "to": form.every("to"),
        "sentences": [*ready, (NO_SENTENCE, "None of these: my own words, or only a new stage")],
        "choice": NO_SENTENCE if filled else form.text("choice"),
        "text": _words_of(visit) if filled else form.text("text"),
        "personal": personal,
        "limit": rules.limits.message_characters,
        "stages": stages,
        "stage": form.text("stage"),
    }


def _waits_for(visit: Visit, case: Case) -> str:
    """Return who will not read words posted now, because nobody has told them the news yet."""
    if not needs_telling(case.current, visit.deps.rules):
        return ""
    untold = frozenset(victim.key for victim in untold_victims(case, visit.deps.rules))
    return names_of(case, untold) if untold else ""


@pages.page("/cases/{case}/update", "POST")
@signed_in
def post(visit: Visit, session: StaffSession, case: str) -> Answer:
    """Post the update once, or show the form with what is missing; nothing typed is lost."""
    key = key_of(case)
    found = find_case(visit.deps, session, key)
    if visit.form.text("fill"):
        opened = open_case_page(visit.deps, session, key, "opened the update form")
        return _page(visit, update_form(visit, opened, filled=True), opened, HTTPStatus.OK)
    wanted = _post_of(visit, found)
    errors = _problems(visit, found, wanted)
    if errors:
        return _again(visit, session, key, errors)
    personal = personal_words(visit, session, found, wanted.text)
    if personal:
        return _again(visit, session, key, (), personal)
    try:
        post_update(
            visit.deps,
            session,
            key,
            wanted,
            seen=number_of(visit.form.text("version")),
            form_key=kept_form_key(visit),
        )
    except OpposedVictimsError:
        return _again(visit, session, key, [("stage", "Only a new stage can be shared here.")])
    except StaleError:
        return _meanwhile(visit, session, key)
    return Redirect(f"/cases/{key}?done=posted")


def _post_of(visit: Visit, case: Case) -> Post:
    """Return what was chosen: the ready sentence first, own words below it."""
    text = _words_of(visit)
    return Post(text, victims_ticked(visit, case), visit.form.text("stage") or None)


def _words_of(visit: Visit) -> str:
    ready = visit.deps.rules.updates.get(visit.form.text("choice"))
    words = visit.form.text("text").strip()
    return "\n\n".join(part for part in (ready.text if ready else "", words) if part)


def _problems(visit: Visit, case: Case, wanted: Post) -> Errors:
    limit = visit.deps.rules.limits.message_characters
    postable = {stage.key for stage in stages_to_post(visit.deps.rules)}
    errors = _opposed_problems(wanted) if case.opposed else _missing(wanted)
    if wanted.stage is not None and wanted.stage not in postable:
        sentence = "That stage must be told by a person first. Use Record an outcome for it."
        errors.append(("stage", sentence))
    too_long = length_problem(wanted.text, limit, "Your update")
    return [*errors, *([("text", too_long)] if too_long else [])]


def _opposed_problems(wanted: Post) -> list[tuple[str, str]]:
    if wanted.stage is not None:
        return []
    return [("stage", "Choose the new stage. Nothing else is shared in this case.")]


def _missing(wanted: Post) -> list[tuple[str, str]]:
    """Return everything that is missing, so that nobody is asked twice."""
    is_empty = not wanted.text and wanted.stage is None
    errors: list[tuple[str, str]] = []
    if not wanted.to and (wanted.text or is_empty):
        errors.append(("to", "Choose who reads this. Nobody is ticked beforehand."))
    if is_empty:
        errors.append(("choice", "Choose a sentence, write your own words, or choose a new stage."))
    return errors


def _again(
    visit: Visit,
    session: StaffSession,
    key: CaseKey,
    errors: Errors,
    personal: dict[str, Any] | None = None,
) -> Page:
    case = open_case_page(visit.deps, session, key, "opened the update form")
    form = update_form(visit, case, errors, personal=personal)
    return _page(visit, form, case, HTTPStatus.BAD_REQUEST)


def _meanwhile(visit: Visit, session: StaffSession, key: CaseKey) -> Page:
    """Show what somebody else stored beside what was typed, to decide again."""
    case = open_case_page(visit.deps, session, key, "saw a change made meanwhile")
    form, words = update_form(visit, case), meanwhile_words(visit, case)
    return _page(visit, form, case, HTTPStatus.CONFLICT, meanwhile=words)


def meanwhile_words(visit: Visit, case: Case) -> Changes:
    """Return what came to the case since the form was opened."""
    return changes_since(
        case,
        visit.deps.rules,
        number_of(visit.form.text("entry_count")),
        number_of(visit.form.text("update_count")),
    )


def _page(
    visit: Visit,
    form: dict[str, Any],
    case: Case,
    status: HTTPStatus,
    meanwhile: Changes | None = None,
) -> Page:
    context = {"update": form, "errors": form["errors"], "meanwhile": meanwhile}
    return case_desk_page(visit, case, "staff/update.html", context, status=status)

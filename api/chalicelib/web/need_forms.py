"""The form about one kind of need, for the person themselves and for staff who note it."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.needs import Need, Needs, is_told
from chalicelib.rules import NeedKind, Rules
from chalicelib.services.need_changes import NeedTold
from chalicelib.web.http import Form

CHOSEN = "chosen"
NOTHING = "Write something in a box, or tick something."
MOST_DIGITS = 6
# Who needs somebody to interpret is asked for the language, once and without insisting.
INTERPRETER, LANGUAGE = "interpreter", "communication_language"


def kind_of(key: str, rules: Rules) -> NeedKind:
    """Return the kind of need with this key.

    Raises:
        NotFoundError: there is none.
    """
    if key not in rules.need_kinds:
        raise NotFoundError
    return rules.need_kinds[key]


def need_told(form: Form, kind: NeedKind) -> NeedTold:
    """Return what a form says of a kind; a part without words is not told."""
    said = {part: form.text(part).strip() for part in kind.parts}
    ticked = form.every(CHOSEN)
    return NeedTold(
        kind=kind.key,
        words={part: text for part, text in said.items() if text},
        chosen=tuple(choice for choice in kind.choices if choice in ticked),
        seen=seen_of(form),
    )


def seen_of(form: Form, name: str = "seen") -> int:
    """Return what stood when the form was opened; what is no number of ours never stood."""
    text = form.text(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else -1


def need_problems(told: NeedTold, kind: NeedKind, rules: Rules) -> list[tuple[str, str]]:
    """Return field and sentence of what cannot be stored as it is."""
    limit = rules.limits.need_characters
    if not is_told(told.words, told.chosen):
        return [(CHOSEN if kind.choices else kind.parts[0], NOTHING)]
    return [
        (part, _too_long(rules.need_parts[part].label, len(text) - limit, limit))
        for part, text in told.words.items()
        if len(text) > limit
    ]


def _too_long(label: str, over: int, limit: int) -> str:
    characters = f"{over:,} character{'' if over == 1 else 's'}"
    return f"{label} This is {characters} too long: up to {limit:,} fit. Shorten it."


def need_form(
    kind: NeedKind, rules: Rules, stands: Need | None, form: Form | None = None
) -> dict[str, Any]:
    """Return what the form shows: what was typed, or what stands.

    `stands` is what is known of this kind at this moment; a form that is sent again goes
    by that, so it is shown beside what was typed.
    """
    words = {part: form.text(part) for part in kind.parts} if form else _words(stands)
    chosen = form.every(CHOSEN) if form else stands.chosen if stands else ()
    return {
        "kind": kind.key,
        "seen": stands.since if stands else 0,
        "stands": stands is not None,
        "choices": [(key, rules.need_choices[key].label) for key in kind.choices],
        "chosen": chosen,
        "parts": [
            {"name": key, "label": row.label, "hint": row.hint, "value": words.get(key, "")}
            for key in kind.parts
            for row in [rules.need_parts[key]]
        ],
        "limit": rules.limits.need_characters,
    }


def _words(stands: Need | None) -> Mapping[str, str]:
    return stands.words if stands else {}


def said_of(need: Need, kind: NeedKind, rules: Rules) -> dict[str, Any]:
    """Return a need as it was told: what was ticked, and each answer under its question."""
    ticked = [rules.need_choices[key].label for key in kind.choices if key in need.chosen]
    answers = [
        (rules.need_parts[part].label, need.words[part])
        for part in kind.parts
        if part in need.words
    ]
    return {"ticked": ticked, "answers": answers}


def lacks_language(needs: Needs) -> bool:
    """Return whether somebody asked for an interpreter and no language is known."""
    return any(INTERPRETER in need.chosen and not need.words.get(LANGUAGE) for need in needs.needs)

"""How an officer made sure to whom a code goes and that it is safe: what the form asks (D4)."""

from chalicelib.services.issue_code import Check
from chalicelib.web.http import Form

Choices = list[tuple[str, ...]]
ANSWERS = ("checked", "for_whom", "relation", "safe", "place")
FACE_TO_FACE, RANG, CAME_IN = "face_to_face", "rang", "came_in"
CHECKED = {
    FACE_TO_FACE: "face to face",
    RANG: "rang the agreed number; the code word, where one is set, was right",
}
CHECKS: Choices = [
    (FACE_TO_FACE, "Face to face", "I am with them and know who they are."),
    (
        RANG,
        "I rang the agreed number",
        (
            "The one they agreed, not one I was given today; where a code word is set, they said "
            "it before I did."
        ),
    ),
    (CAME_IN, "They rang us"),
]
CAME_IN_ALONE = (
    "A call that came in is not enough: whoever rings may know everything about the victim."
)
REFUSED = f"{CAME_IN_ALONE} Ring back on the agreed number, or meet them."
NOTHING_AGREED = (
    "No number was agreed with them, long enough ago, that may be relied on. Meet them face to "
    "face; there you can also agree on safe contact with them, for the next time."
)
VICTIM, PARENT, SPOKESPERSON = "victim", "parent", "spokesperson"
PEOPLE: Choices = [
    (VICTIM, "The victim"),
    (PARENT, "A parent or guardian"),
    (SPOKESPERSON, "A family spokesperson", "Where someone died, or cannot act for themselves."),
]
RELATIONS = (
    "mother",
    "father",
    "step-parent",
    "grandparent",
    "other relative",
    "foster carer",
    "guardian",
)
SAFE: Choices = [
    ("yes", "Yes, they said so when nobody could hear them"),
    ("no", "No, or not sure"),
]
PLACES = {
    "paper": "on paper that looks like nothing",
    "trusted": "with somebody they trust",
    "supporter": "with a support worker",
    "work": "at work",
    "phone": "on a phone that nobody else opens",
}
NOT_SAFE = (
    "Then do not make a code. Tell them the news yourself, in the way they agreed, and ask again "
    "when things have changed."
)


def problems_of(form: Form, *, safe_mode: bool, may_ring: bool) -> list[tuple[str, str]]:
    """Return a sentence for each answer that is missing or stands against a code."""
    problems: list[tuple[str, str]] = []
    if form.text("checked") == CAME_IN:
        problems.append(("checked", REFUSED if may_ring else f"{CAME_IN_ALONE} {NOTHING_AGREED}"))
    elif form.text("checked") == RANG and not may_ring:
        problems.append(("checked", NOTHING_AGREED))
    elif form.text("checked") not in CHECKED:
        problems.append(("checked", "Say how you checked who they are."))
    if form.text("for_whom") not in {row[0] for row in PEOPLE}:
        problems.append(("for_whom", "Say for whom the code is."))
    elif form.text("for_whom") == PARENT and form.text("relation") not in RELATIONS:
        problems.append(("relation", "Say what they are to the victim."))
    return problems + (_safety_problems(form) if safe_mode else [])


def _safety_problems(form: Form) -> list[tuple[str, str]]:
    safe = form.text("safe")
    problems: list[tuple[str, str]] = []
    if safe != "yes":
        problems.append(("safe", NOT_SAFE if safe == "no" else "Ask them whether it is safe."))
    if form.text("place") not in PLACES:
        problems.append(("place", "Ask them where the code will be kept."))
    return problems


def check_of(form: Form) -> Check:
    """Return the answers of a form without problems, in words for the record."""
    people = {
        VICTIM: "the victim",
        PARENT: f"parent or guardian: {form.text('relation')}",
        SPOKESPERSON: "family spokesperson",
    }
    return Check(
        how=CHECKED[form.text("checked")],
        for_whom=people[form.text("for_whom")],
        kept=PLACES.get(form.text("place"), ""),
    )


def choices(*, may_ring: bool) -> dict[str, Choices]:
    """Return what the form offers; ringing only where a number was agreed."""
    return {
        "checks": [check for check in CHECKS if may_ring or check[0] != RANG],
        "people": PEOPLE,
        "relations": [(relation, relation.capitalize()) for relation in RELATIONS],
        "safe_answers": SAFE,
        "places": [(place, words.capitalize()) for place, words in PLACES.items()],
    }

"""Safe contact as victims set it and as staff write it down."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from chalicelib.domain.contact import SafeContact
from chalicelib.services.contact_changes import ContactSaid
from chalicelib.services.keep_contact import note_contact, set_contact
from tests.integration.services.staff_steps import file_of, staff, victim

if TYPE_CHECKING:
    from tests.builders import SeededCase
    from tests.integration.conftest import World

NUMBER, MAIL = "07700 900123", "somebody@mail.example"


def contact_by_text(**changes: Any) -> SafeContact:
    """Return safe contact that allows calls and texts on one number, on weekdays."""
    known: dict[str, Any] = {
        "ways": {"phone": NUMBER, "text": NUMBER},
        "never": frozenset({"post"}),
        "days": frozenset(range(5)),
        "first": time(9),
        "last": time(16),
        "code_word": "bluebell",
        "notify_by": "text",
    }
    return SafeContact(**{**known, **changes})


def sets_contact(
    world: World, case: SeededCase, label: str | None = None, *, drops: bool = False, **changes: Any
) -> None:
    """Let a victim say upon what stands how to contact them, and the clock go on."""
    seen = file_of(world, case, label).contact.version
    said = ContactSaid(contact_by_text(**changes), seen, drops_code_word=drops)
    set_contact(world.deps, victim(world, case, label), said)
    world.clock.forward(minutes=1)


def notes_contact(world: World, case: SeededCase, **changes: Any) -> None:
    """Let the officer write down with a victim how to contact them, and the clock go on."""
    said = ContactSaid(contact_by_text(**changes), file_of(world, case).contact.version)
    note_contact(world.deps, staff(world), case.key, case.victim, said)
    world.clock.forward(minutes=1)

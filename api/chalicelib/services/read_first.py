"""Staff: what stands first of a victim on every page and in every list, read once."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.cases import Case, VictimKey
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ContactShown, VictimFile

Files = Mapping[VictimKey, VictimFile]
Known = Mapping[VictimKey, ContactShown]


def first_of_case(deps: Deps, case: Case, files: Files | None = None) -> Known:
    """Return what is known of every victim of a case, by one batch for those without a file."""
    known = {key: shown_of(file) for key, file in (files or {}).items()}
    others = [victim.key for victim in case.victims if victim.key not in known]
    return {**first_of_victims(deps, others), **known}


def first_of_victims(deps: Deps, victims: Iterable[VictimKey]) -> Known:
    """Return what is known of some victims by one batch, and by none where nobody is asked for."""
    asked = list(dict.fromkeys(victims))
    return deps.threads.contacts_of(asked) if asked else {}


def shown_of(file: VictimFile) -> ContactShown:
    """Return the same of a victim whose file was read."""
    return ContactShown(file.contact, file.safety, file.needs)

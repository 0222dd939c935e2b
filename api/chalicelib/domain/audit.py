"""Lines that say who saw or changed what, when and why, and never what it said."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line; `about` is a case key, or the reader's id for a list that names `cases`."""

    id: str
    about: str
    who: str
    what: str
    at: datetime
    why: str = ""
    cases: tuple[str, ...] = ()

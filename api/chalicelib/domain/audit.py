"""Lines that say who saw or changed what, when and why, and never what it said."""

from datetime import datetime

from chalicelib.frozen import frozen


@frozen
class AuditLine:
    """One line; `about` is a case key, or the reader's id for a list that names `cases`."""

    id: str
    about: str
    who: str
    what: str
    at: datetime
    why: str = ""
    cases: tuple[str, ...] = ()

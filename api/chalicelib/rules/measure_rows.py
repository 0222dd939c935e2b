"""One frozen class for each kind of row in measures.toml."""

from typing import Literal

from chalicelib.frozen import frozen
from chalicelib.rules.rows import Row

# What a measure's state is before it is wished, talked about or asked for.
NEW = "new"

Kind = Literal["measure", "arrangement", "instead"]
Court = Literal["crown", "magistrates"]


@frozen(kw_only=True)
class Measure(Row):
    """A special measure, another arrangement, or a way that comes instead of going to court.

    `section` is one of the Act of 1999 and only a special measure has it; `grounds` are those
    that open it, where not all of its sections do; `only_with` are facts without one of which
    the law does not open it at all; `asks_for` is what it may need from the person.
    """

    name: str
    kind: Kind
    statute: str
    means: str
    in_the_room: str
    who: str
    who_asks: str
    who_decides: str
    does_not: str
    courts: tuple[Court, ...]
    section: int | None = None
    vulnerable: bool = False
    intimidated: bool = False
    grounds: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    asks_for: str = ""


@frozen(kw_only=True)
class State(Row):
    """How far a wish has come: `label` is for staff, `says` and `next` for the victim.

    `after` names the states from which it is entered, `NEW` among them; `told_first` says that
    a person tells the victim before a page does.
    """

    label: str
    says: str
    next: str
    from_charge: bool
    decided: bool
    told_first: bool
    after: tuple[str, ...]


@frozen(kw_only=True)
class StateWords(Row):
    """What a state says of one measure, or of all of a kind, in place of its own words.

    A row has a measure or a kind. What it leaves out is said as for the kind, or else as for
    the state.
    """

    state: str
    kind: Kind | None = None
    measure: str = ""
    label: str = ""
    says: str = ""
    next: str = ""


@frozen(kw_only=True)
class Ground(Row):
    """Why a person is eligible by the Act of 1999; `automatic` if no court must be satisfied."""

    section: str
    words: str
    vulnerable: bool
    intimidated: bool
    automatic: bool
    facts: tuple[str, ...]


@frozen(kw_only=True)
class Question(Row):
    """A question of the finder; `many` if more than one answer may be chosen."""

    text: str
    many: bool
    hint: str = ""


@frozen(kw_only=True)
class FinderAnswer(Row):
    """An answer of the finder; its key is the fact from which the rules go on."""

    question: str
    label: str
    hint: str = ""


@frozen(kw_only=True)
class Reason(Row):
    """Why a measure is worth asking for.

    It holds with one fact of `one_of` (if there are some), each of `all_of` and none of
    `none_of`; a `general` one is said only where no other reason for the measure holds.
    """

    measure: str
    why: str
    one_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    general: bool = False

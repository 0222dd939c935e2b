"""What follows when a victim was told of news, whoever told them: one way for all (D10)."""

from dataclasses import replace

from chalicelib.domain.cases import Case, StageEntry, Told, Victim
from chalicelib.domain.promises import TELL, Promise
from chalicelib.services import promises
from chalicelib.services.change_case import door_parts
from chalicelib.services.court_end import end_of_court
from chalicelib.services.deps import Deps
from chalicelib.services.first_try import tried_parts
from chalicelib.services.follow import informed_parts, open_of
from chalicelib.services.keep_measures import told_parts
from chalicelib.services.ports import Part, VictimFile


def told_entry_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, entry: StageEntry, told: Told
) -> list[Part]:
    """Return the writes of a telling of news of the ladder; it is theirs to read then.

    The entry is told, the door is as what they may read now leaves it, the promise is kept, and
    being told counts as an update unless the door closes.
    """
    heard = replace(entry, told={**entry.told, victim.key: told})
    after = replace(case, entries=tuple(heard if e == entry else e for e in case.entries))
    at = promises.kept_on(deps, told.on)
    kept = [
        part
        for promise in open_of(file, TELL)
        if promise.subject == entry.id
        for part in promises.keep(deps, promise, at, told.how)
    ]
    tried = tried_parts(deps, file, entry.id, at, told.how)
    # A door that closes ends the rhythm; otherwise being told counts as an update.
    door = door_parts(deps, after, victim.key, file)
    ended, file = end_of_court(deps, after, victim, file)
    more = [] if door else informed_parts(deps, after, victim.key, file, told.how, at=at)
    return [
        deps.cases.told(case.key, entry, victim.key, told),
        *door,
        *ended,
        *kept,
        *tried,
        *more,
    ]


def told_event_parts(
    deps: Deps, case: Case, victim: Victim, file: VictimFile, promise: Promise, told: Told
) -> list[Part]:
    """Return the writes of a telling of an event of the Code, owed by this promise."""
    at = promises.kept_on(deps, told.on)
    return [
        *promises.keep(deps, promise, at, told.how),
        *tried_parts(deps, file, promise.subject, at, told.how),
        # Of a decision on measures it is noted with the measure as well, for the victim's page.
        *told_parts(deps, file, victim.key, promise.subject, told),
        *informed_parts(deps, case, victim.key, file, told.how, at=at),
    ]

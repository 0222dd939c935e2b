"""Staff: what is known of a victim's needs, read once a page, and that somebody has read it."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.agreements import partner_of
from chalicelib.domain.cases import Case, VictimKey
from chalicelib.domain.needs import Needs, NeedsSeen
from chalicelib.domain.staff import StaffSession
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile
from chalicelib.services.read_first import Files

NO_NEEDS = Needs()


def needs_of_victims(deps: Deps, victims: Iterable[VictimKey]) -> dict[VictimKey, Needs]:
    """Return the needs of some victims by one batch, and by none where nobody is asked for."""
    asked = list(dict.fromkeys(victims))
    found = deps.threads.needs_of(asked) if asked else {}
    return {key: found.get(key, NO_NEEDS) for key in asked}


def needs_seen_parts(deps: Deps, session: StaffSession, case: Case, files: Files) -> list[Part]:
    """Return the writes of having read what this person has not read yet, or none.

    For the pages that show all needs of a case; they belong into the transaction of opening it.
    """
    return [
        deps.threads.see_needs(victim.key, _seen(deps, session, files[victim.key].needs))
        for victim in case.victims
        if victim.key in files and _has_news(session, files[victim.key])
    ]


def listed_needs_parts(
    deps: Deps, session: StaffSession, known: Mapping[VictimKey, Needs]
) -> list[Part]:
    """Return the writes of having read needs that stand in a list; one batch finds which are new.

    They belong into the transaction of opening it. Where there are no needs nobody is asked.
    """
    told = [victim for victim, needs in known.items() if needs.needs]
    seen = deps.threads.needs_seen_by(told, session.member.id) if told else {}
    return [
        deps.threads.see_needs(victim, _seen(deps, session, known[victim]))
        for victim in told
        if _is_new(known[victim], seen.get(victim))
    ]


def _has_news(session: StaffSession, file: VictimFile) -> bool:
    mine = next((seen for seen in file.seen if seen.by == session.member.id), None)
    return _is_new(file.needs, mine)


def _is_new(needs: Needs, mine: NeedsSeen | None) -> bool:
    last = mine.version if mine else 0
    return any(need.since > last for need in needs.needs)


def _seen(deps: Deps, session: StaffSession, needs: Needs) -> NeedsSeen:
    me, role = session.member, deps.rules.roles[session.role]
    # Who works for a partner agency is known to the victim by its name.
    partner = partner_of(me, deps.rules) if role.supports else None
    words = partner.name if partner else role.label.lower()
    return NeedsSeen(me.id, me.name, words, deps.now(), needs.version, session.role)

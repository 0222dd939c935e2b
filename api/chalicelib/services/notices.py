"""Word that something new waits: written in the transaction of what causes it, sent later.

Nothing here sends. Whether anything goes out, when and how is asked again at the gate when the
message's turn has come; here is only left out what would be refused as things stand.
"""

from chalicelib.domain.cases import Case, OfficerId, Victim
from chalicelib.domain.contact import SafeContact
from chalicelib.domain.gate import refusal
from chalicelib.domain.notices import Notice, ended, set_aside, to_officer, to_victim
from chalicelib.domain.safety import in_safe_mode
from chalicelib.domain.staff import StaffSession
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ContactShown, Part, VictimFile

# Whatever holds how somebody may be contacted and what they chose.
Chosen = VictimFile | ContactShown


def word_to_victim(deps: Deps, case: Case, victim: Victim, chosen: Chosen) -> list[Part]:
    """Return the write that a victim has something new to read; none if no message is agreed.

    Only for what their page shows at once. What waits to be told by a person, and what a person
    told them, is no reason for a message: it would tell of news before its time (D10).
    """
    if _refusal(deps, case, victim, chosen):
        return []
    return [deps.threads.want_notice(to_victim(victim.key), case.key, deps.now())]


def word_to_officer(deps: Deps, officer: OfficerId) -> list[Part]:
    """Return the write that an officer has something new in their list."""
    return [deps.threads.want_notice(to_officer(officer), None, deps.now())]


def given_word(deps: Deps, session: StaffSession, to: OfficerId) -> list[Part]:
    """Return the write that somebody was given something; none for what they took themselves."""
    return [] if to == session.member.id else word_to_officer(deps, to)


def ended_parts(
    deps: Deps, case: Case, victim: Victim, before: VictimFile, after: VictimFile
) -> list[Part]:
    """Return the write that ends a message which a change no longer allows, if one waits.

    `after` is the file with the change. A message that was begun goes on only by the channel
    and to the address with which it began.
    """
    notice = before.notice
    if notice is None or not notice.is_waiting:
        return []
    if _refusal(deps, case, victim, after):
        return [deps.threads.keep_notice(ended(notice))]
    if _goes_elsewhere(notice, before.contact, after.contact):
        return [deps.threads.keep_notice(set_aside(notice))]
    # Written also as it stands: a sender that asked before this change asks anew.
    return [deps.threads.keep_notice(notice)]


def _goes_elsewhere(notice: Notice, before: SafeContact, after: SafeContact) -> bool:
    if not notice.receipt:
        return False
    by = after.notify_by
    return notice.channel != by or before.ways.get(by) != after.ways.get(by)


def _refusal(deps: Deps, case: Case, victim: Victim, chosen: Chosen) -> str:
    """Return why nothing may be sent to a victim as things stand, or nothing if it may."""
    return refusal(
        chosen.contact,
        safe_mode=in_safe_mode(case, chosen.safety, deps.rules),
        has_left=victim.left_on is not None,
        now=deps.now(),
        rules=deps.rules,
    )

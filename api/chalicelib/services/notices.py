"""Word that something new waits: written in the transaction of what causes it, sent later.

Nothing here sends. Whether anything goes out, when and how is asked again at the gate when the
message's turn has come; here is only left out what would be refused as things stand.
"""

from chalicelib.domain.cases import Case, OfficerId, Victim
from chalicelib.domain.gate import refusal
from chalicelib.domain.notices import to_officer, to_victim
from chalicelib.domain.safety import in_safe_mode
from chalicelib.services.deps import Deps
from chalicelib.services.ports import Part, VictimFile


def word_to_victim(deps: Deps, case: Case, victim: Victim, file: VictimFile) -> list[Part]:
    """Return the write that a victim has something new to read; none if no message is agreed."""
    why = refusal(
        file.contact,
        safe_mode=in_safe_mode(case, file.safety, deps.rules),
        has_left=victim.left_on is not None,
        now=deps.now(),
        rules=deps.rules,
    )
    if why:
        return []
    return [deps.threads.want_notice(to_victim(victim.key), case.key, deps.now())]


def word_to_officer(deps: Deps, officer: OfficerId) -> list[Part]:
    """Return the write that an officer has something new in their list."""
    return [deps.threads.want_notice(to_officer(officer), None, deps.now())]

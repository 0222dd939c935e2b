"""Victim: reference and access code to a session (decision D4, D5)."""

from datetime import timedelta

from chalicelib.domain.access import (
    CaseReference,
    code_item_key,
    normalise_reference,
    read_code,
    reference_text_for_hashing,
    stretch,
)
from chalicelib.domain.codes import CodeItem
from chalicelib.domain.errors import HubError
from chalicelib.domain.sessions import VictimSession
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError
from chalicelib.services.victim_sessions import session_key


class CouldNotOpenError(HubError):
    """Unknown reference, wrong, cancelled or expired code: one path, one answer.

    `too_many` says only that this address failed often; a right code still works.
    """

    def __init__(self, *, too_many: bool) -> None:
        super().__init__("could not open a case with these details")
        self.too_many = too_many


def open_case(deps: Deps, *, reference: str, code: str, address: str) -> str:
    """Return the token of a new session.

    Whatever fails takes the same work: one stretch, for each pepper one MAC and one read, one
    count. A code that opens takes the same up to there, whichever pepper it was made under.

    Raises:
        CodeMistypedError: the code cannot be one; answered before any hashing.
        CouldNotOpenError: no case opens with these details.
    """
    typed_code = read_code(code)
    fits = normalise_reference(reference, deps.rules.force.reference_pattern)
    keys = code_keys(deps, typed_code, fits or reference_text_for_hashing(reference))
    # A list: all are read before the first is looked at.
    items = [deps.access.code(key) for key in keys]
    now = deps.now()
    opening = next((item for item in items if item is not None and item.opens(now)), None)
    if opening is not None:
        token = _start_session(deps, opening)
        if token is not None:
            return token
    failures = deps.access.count_failure(deps.keys.address_key(address), deps.now())
    raise CouldNotOpenError(too_many=failures > deps.rules.limits.failures_allowed)


def code_key(deps: Deps, code: str, reference: CaseReference) -> str:
    """Return the key of the access item that a new code is found under in this case."""
    stretched = stretch(read_code(code), reference, deps.code_cost)
    return code_item_key(deps.keys.mac_of_code(stretched))


def code_keys(deps: Deps, code: str, reference: CaseReference) -> tuple[str, ...]:
    """Return the keys that a typed code may be found under in this case, one for each pepper."""
    stretched = stretch(read_code(code), reference, deps.code_cost)
    return tuple(code_item_key(mac) for mac in deps.keys.macs_of_code(stretched))


def _start_session(deps: Deps, item: CodeItem) -> str | None:
    """Return a token, or none when the code was cancelled or died in between."""
    token, now = deps.new_token(), deps.now()
    session = VictimSession(session_key(token), item.case, item.victim, item.key, now, now)
    limits = deps.rules.limits
    # The row outlives the session by as long as a draft, so that words typed meanwhile
    # can still be kept for the same person.
    keep_until = now + timedelta(minutes=limits.session_total_minutes, hours=limits.draft_hours)
    try:
        deps.ledger.write(
            [
                deps.access.use_code(item, now),
                deps.access.new_session(session, keep_until),
                deps.threads.visited(item.victim, now),
                deps.audited(item.case, f"victim {item.victim}", "opened with code"),
            ]
        )
    except ConflictError:
        return None
    return token

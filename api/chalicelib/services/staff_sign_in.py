"""Staff: from the force's own sign-in to a session of the desk, and out again (decision D6, D7)."""

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.domain.cases import OfficerId
from chalicelib.domain.dates import iso, parse_iso
from chalicelib.domain.errors import HubError, SignInRefusedError
from chalicelib.domain.staff import Force, SignInStart, StaffClaims, StaffMember, StaffSession
from chalicelib.frozen import frozen
from chalicelib.services.deps import Deps
from chalicelib.services.ports import ConflictError, SignIn
from chalicelib.services.victim_sessions import session_key

SIGN_IN_MINUTES = 10


class SignInOverError(HubError):
    """This browser has no such sign-in under way: it came back late, twice or from elsewhere."""


class NotStaffError(HubError):
    """The provider knows this person, and the hub has nothing for them."""

    def __init__(self, claims: StaffClaims, *, has_role: bool) -> None:
        super().__init__("not a member of staff here")
        self.name = claims.name
        self.subject = claims.subject
        self.has_role = has_role


@frozen
class SignedIn:
    """A new session's token, and the page that was asked for before."""

    token: str
    next_page: str


def begin_sign_in(deps: Deps, browser: str, *, fresh: bool, next_page: str) -> str:
    """Return the provider's address to which the browser goes.

    Args:
        deps: stores, clock and provider.
        browser: the token of the browser's cookie; the sign-in comes back to it alone.
        fresh: the person proves anew who they are.
        next_page: where they go afterwards; one of our own paths.

    Raises:
        SignInRefusedError: the provider cannot be reached.
    """
    start = _provider(deps).begin(fresh=fresh, random_token=deps.new_token)
    kept = {
        "nonce": start.nonce,
        "verifier": start.verifier,
        "started_at": iso(start.started_at),
        "fresh": "yes" if fresh else "no",
        "next": next_page,
    }
    until = deps.now() + timedelta(minutes=SIGN_IN_MINUTES)
    deps.access.keep_sign_in(_start_key(browser, start.state), kept, until)
    return start.url


def finish_sign_in(deps: Deps, browser: str, *, state: str, code: str) -> SignedIn:
    """Return the new session of who came back from the provider.

    It has a token of its own, never the one that the browser came with; a session that
    the browser had before is ended, whoever it belonged to.

    Raises:
        SignInOverError: the state is unknown in this browser, was used, or is too old.
        SignInRefusedError: the provider's answer does not let anybody in.
        NotStaffError: they have no role here, or are not in the staff list.
    """
    kept = deps.access.take_sign_in(_start_key(browser, state), deps.now())
    if kept is None:
        raise SignInOverError
    if not code:
        raise SignInRefusedError("no_code")
    fresh = kept["fresh"] == "yes"
    claims = _provider(deps).finish(code, _start(kept, state), deps.now(), fresh=fresh)
    token = _new_session(deps, claims, fresh=fresh)
    deps.access.end_staff_session(session_key(browser))
    return SignedIn(token, kept["next"])


def sign_out(deps: Deps, browser: str) -> str | None:
    """End our session and return the address of the provider's sign-out, if it has one."""
    deps.access.end_staff_session(session_key(browser))
    return deps.sign_in.sign_out_url() if deps.sign_in is not None else None


def _provider(deps: Deps) -> SignIn:
    if deps.sign_in is None:
        raise SignInRefusedError("no_provider")
    return deps.sign_in


def _start_key(browser: str, state: str) -> str:
    """Return a key that needs both: the state in another browser finds nothing."""
    return session_key(f"{browser} {state}")


def _start(kept: Mapping[str, str], state: str) -> SignInStart:
    started_at = parse_iso(kept["started_at"])
    return SignInStart("", state, kept["nonce"], kept["verifier"], started_at)


def _new_session(deps: Deps, claims: StaffClaims, *, fresh: bool) -> str:
    # The moment before the staff list is read: a deactivation after it ends this session.
    now = deps.now()
    force = deps.cases.read_force()
    role, member = _role(deps, claims), _member(force, claims)
    if role is None or member is None:
        raise NotStaffError(claims, has_role=role is not None)
    token = deps.new_token()
    session = StaffSession(
        session_key(token), member, role, now, now, fresh_at=now if fresh else None
    )
    keep_until = now + timedelta(minutes=deps.rules.limits.staff_total_minutes)
    noted = deps.cases.note_role(member.id, role)
    try:
        deps.ledger.write(
            [
                deps.access.session_stands(session),
                deps.access.new_staff_session(session, keep_until),
                deps.audited(f"staff {member.id}", f"{role} {member.id}", "signed in"),
                *([] if force.roles.get(member.id) == role else [noted]),
            ]
        )
    except ConflictError as error:
        raise NotStaffError(claims, has_role=True) from error
    return token


def _role(deps: Deps, claims: StaffClaims) -> str | None:
    """Return the role, none when there is none.

    Of several it is the last in roles.toml: a supervisor is an officer too, and who
    keeps the staff list sees no case, whatever else they are.
    """
    return next((role for role in reversed(list(deps.rules.roles)) if role in claims.roles), None)


def _member(force: Force, claims: StaffClaims) -> StaffMember | None:
    member = force.member(OfficerId(claims.subject))
    return member if member is not None and member.active else None

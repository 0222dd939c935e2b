"""Signing in to the desk and out again, with a provider that lies when a test says so."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.clients.oidc import OIDCClient, OIDCSettings
from chalicelib.domain.cases import OfficerId
from chalicelib.domain.errors import FreshSignInNeededError
from chalicelib.domain.staff import StaffMember
from chalicelib.services.staff_sessions import find_staff_session, need_fresh
from chalicelib.settings import STAFF
from tests.builders import STAFFORD
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Provider, running_provider
from tests.pages import Seen, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.staff import StaffSession
    from tests.integration.conftest import World

ROLES = ("officer", "supervisor", "witness_care", "partner", "administrator")


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    """A provider that says who signed in, and the desk that believes it."""
    with running_provider(lambda: int(world.clock().timestamp())) as running:
        agreed = OIDCSettings(
            issuer=running.issuer,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            redirect_uri=REDIRECT_URI,
            roles_claim="roles",
            role_names={f"Hub.{role}": role for role in ROLES},
            require_auth_time=True,
        )
        settings, deps = world.parts[STAFF]
        client = OIDCClient(agreed, now=world.clock)
        world.parts[STAFF] = (settings, replace(deps, sign_in=client))
        running.claims = _claims("alder")
        _keep(world, "alder")
        yield running


def _claims(subject: str, *roles: str) -> dict[str, object]:
    return {
        "sub": subject,
        "name": f"PC {subject.title()}",
        "roles": [f"Hub.{role}" for role in roles or ("officer",)],
    }


def _keep(world: World, identity: str, *, active: bool = True) -> None:
    member = StaffMember(
        OfficerId(identity), f"PC {identity.title()}", "0001", STAFFORD, active=active
    )
    world.deps.ledger.write([world.deps.cases.keep_member(member)])


def _starts(visitor: Visitor, address: str = "/sign-in") -> str:
    """Return the provider's address to which the desk sends the browser."""
    seen = visitor.get(address)
    assert seen.status == 303
    return seen.location


def _comes_back(visitor: Visitor, provider: Provider, url: str) -> Seen:
    return visitor.get(f"/signed-in?code={provider.sign_in(url)}&state={_asked(url, 'state')}")


def _signs_in(visitor: Visitor, provider: Provider, address: str = "/sign-in") -> Seen:
    return _comes_back(visitor, provider, _starts(visitor, address))


def _asked(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query).get(name, [""])[0]


def _session(world: World, visitor: Visitor) -> StaffSession:
    return find_staff_session(world.deps, visitor.cookies["desk"])


def test_signing_in_leads_through_the_provider_to_the_list(
    world: World, provider: Provider
) -> None:
    visitor = Visitor(world.staff)
    assert visitor.get("/").location == "/sign-in?next=/"
    back = _signs_in(visitor, provider, "/sign-in?next=/")
    assert back.status == 303
    assert back.location == "/"
    page = visitor.follow()
    assert "PC Alder" in page.body
    assert page.main.startswith("Your list")


def test_the_staff_list_remembers_the_role_of_the_last_sign_in(
    world: World, provider: Provider
) -> None:
    for role in ("officer", "officer", "partner"):
        provider.claims = _claims("alder", role)
        assert _signs_in(Visitor(world.staff), provider).status == 303
        assert world.deps.cases.read_force().roles[OfficerId("alder")] == role


def test_the_session_has_a_token_of_its_own_and_a_lax_cookie(
    world: World, provider: Provider
) -> None:
    visitor = Visitor(world.staff)
    url = _starts(visitor)
    anonymous = visitor.cookies["desk"]
    back = _comes_back(visitor, provider, url)
    assert visitor.cookies["desk"] != anonymous
    (cookie,) = back.cookies
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie


def test_the_provider_is_asked_with_pkce_and_a_nonce(world: World, provider: Provider) -> None:
    url = _starts(Visitor(world.staff))
    assert _asked(url, "code_challenge_method") == "S256"
    assert _asked(url, "nonce")
    assert "max_age" not in parse_qs(urlsplit(url).query)
    assert _asked(_starts(Visitor(world.staff), "/sign-in?fresh=1"), "max_age") == "0"
    assert provider.issuer in url


def test_a_state_that_nobody_began_lets_nobody_in(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    code = provider.sign_in(_starts(visitor))
    seen = visitor.get(f"/signed-in?code={code}&state=somebody-elses")
    assert seen.status == 400
    assert visitor.get("/").location == "/sign-in?next=/"


def test_a_state_comes_back_once(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    url = _starts(visitor)
    browser = dict(visitor.cookies)
    assert _comes_back(visitor, provider, url).status == 303
    visitor.cookies = browser
    assert _comes_back(visitor, provider, url).status == 400


def test_a_state_of_another_browser_lets_nobody_in(world: World, provider: Provider) -> None:
    theirs = Visitor(world.staff)
    url = _starts(theirs)
    mine = Visitor(world.staff)
    _starts(mine)
    assert _comes_back(mine, provider, url).status == 400
    assert _comes_back(Visitor(world.staff), provider, url).status == 400
    # And it is still good where it was begun.
    assert _comes_back(theirs, provider, url).status == 303


def test_a_sign_in_takes_at_most_ten_minutes(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    url = _starts(visitor)
    world.clock.forward(minutes=10, seconds=1)
    seen = _comes_back(visitor, provider, url)
    assert seen.status == 400
    assert "took longer than 10 minutes" in seen.main


def test_a_wrong_nonce_lets_nobody_in(world: World, provider: Provider) -> None:
    provider.lies.claims = {"nonce": "of another sign-in"}
    seen = _signs_in(Visitor(world.staff), provider)
    assert seen.status == 403
    assert "Begin again" in seen.main


def test_who_says_no_at_the_provider_gets_a_page(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    url = _starts(visitor)
    for address in (
        "/signed-in?error=access_denied&error_description=no",
        f"/signed-in?error=access_denied&state={_asked(url, 'state')}",
        f"/signed-in?state={_asked(url, 'state')}",
    ):
        seen = visitor.get(address)
        assert seen.status == 403, address
    assert not provider.lies.claims


def test_a_provider_that_does_not_answer_is_said_in_words(world: World, provider: Provider) -> None:
    provider.lies.status = 503
    seen = Visitor(world.staff).get("/sign-in")
    assert seen.status == 503
    assert "does not answer" in seen.main


@pytest.mark.parametrize("roles", [(), ("gardener",)])
def test_an_unknown_role_is_told_whom_to_ask(
    world: World, provider: Provider, roles: tuple[str, ...]
) -> None:
    provider.claims = {**_claims("alder"), "roles": [f"Hub.{role}" for role in roles]}
    visitor = Visitor(world.staff)
    seen = _signs_in(visitor, provider)
    assert seen.status == 403
    for words in ("your account has no role here", "Ask your supervisor", "PC Alder", "alder"):
        assert words in seen.main
    assert visitor.get("/").location == "/sign-in?next=/"


def test_somebody_outside_the_staff_list_is_told_whom_to_ask(
    world: World, provider: Provider
) -> None:
    provider.claims = _claims("nobody-we-know")
    seen = _signs_in(Visitor(world.staff), provider)
    assert seen.status == 403
    assert "not in its staff list" in seen.main
    assert "nobody-we-know" in seen.main


def test_a_deactivated_officer_cannot_sign_in(world: World, provider: Provider) -> None:
    _keep(world, "left", active=False)
    provider.claims = _claims("left")
    assert _signs_in(Visitor(world.staff), provider).status == 403


def test_who_is_taken_off_the_list_while_signing_in_is_not_let_in(
    world: World, provider: Provider
) -> None:
    _keep(world, "leaving")
    provider.claims = _claims("leaving")
    ended = world.deps.access.end_sessions_of(OfficerId("leaving"), world.clock())
    world.deps.ledger.write([ended])
    visitor = Visitor(world.staff)
    assert _signs_in(visitor, provider).status == 403
    assert visitor.get("/").location == "/sign-in?next=/"
    world.clock.forward(seconds=1)
    assert _signs_in(visitor, provider).status == 303


def test_a_state_that_comes_back_twice_at_once_lets_one_in(world: World) -> None:
    until = world.clock() + timedelta(minutes=10)
    world.deps.access.keep_sign_in("racing", {"next": "/"}, until)
    with ThreadPoolExecutor(8) as racers:
        taken = [
            racers.submit(world.deps.access.take_sign_in, "racing", world.clock()) for _ in range(8)
        ]
    assert sum(future.result() is not None for future in taken) == 1


def test_the_health_page_of_the_desk_reads_nothing(world: World) -> None:
    with world.watched() as calls:
        assert Visitor(world.staff).get("/health").status == 200
    assert not calls.seen


def test_of_several_roles_the_last_of_our_list_counts(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    provider.claims = _claims("alder", "supervisor", "officer")
    _signs_in(visitor, provider)
    assert _session(world, visitor).role == "supervisor"
    provider.claims = _claims("alder", "administrator", "supervisor")
    _signs_in(visitor, provider)
    assert _session(world, visitor).role == "administrator"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/team//evil.example",
        "/team?next=//evil.example",
        "/%2fevil.example",
        "/a%0d%0aLocation:%20https://evil.example",
        "javascript:alert(1)",
        "team",
        "",
        "/team?a=%0d%0a",
        "/" + "a" * 600,
    ],
)
def test_a_sign_in_leads_only_to_our_own_pages(
    world: World, provider: Provider, address: str
) -> None:
    visitor = Visitor(world.staff)
    assert _signs_in(visitor, provider, f"/sign-in?next={address}").location == "/"


def test_a_sign_in_leads_back_to_the_page_that_was_asked_for(
    world: World, provider: Provider
) -> None:
    visitor = Visitor(world.staff)
    asked = visitor.get("/team").location
    assert asked == "/sign-in?next=/team"
    assert _signs_in(visitor, provider, asked).location == "/team"


def test_a_sign_in_keeps_the_place_in_a_list(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    asked = visitor.get("/team?after=abc_d-e%3D").location
    assert _signs_in(visitor, provider, asked).location == "/team?after=abc_d-e%3D"


def test_only_a_fresh_sign_in_is_fresh_and_only_for_15_minutes(
    world: World, provider: Provider
) -> None:
    visitor = Visitor(world.staff)
    _signs_in(visitor, provider)
    assert _session(world, visitor).fresh_at is None
    _signs_in(visitor, provider, "/sign-in?fresh=1")
    need_fresh(world.deps, _session(world, visitor))
    world.clock.forward(minutes=14)
    visitor.get("/")
    need_fresh(world.deps, _session(world, visitor))
    world.clock.forward(minutes=1)
    with pytest.raises(FreshSignInNeededError):
        need_fresh(world.deps, _session(world, visitor))


def test_a_fresh_sign_in_with_an_old_proof_is_refused(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    provider.lies.claims = {"auth_time": int(world.clock().timestamp()) - 3600}
    assert _signs_in(visitor, provider, "/sign-in?fresh=1").status == 403


def test_a_fresh_sign_in_of_somebody_else_freshens_nobody(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    _signs_in(visitor, provider)
    before = visitor.cookies["desk"]
    _keep(world, "birch")
    provider.claims = _claims("birch")
    _signs_in(visitor, provider, "/sign-in?fresh=1")
    assert _session(world, visitor).member.id == "birch"
    # The session that was there is over, not fresher.
    old = Visitor(world.staff, cookies={"desk": before})
    assert old.get("/").location == "/sign-in?next=/"


def test_a_session_ends_after_15_minutes_without_use(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    _signs_in(visitor, provider)
    world.clock.forward(minutes=14)
    assert visitor.get("/").status == 200
    world.clock.forward(minutes=14)
    assert visitor.get("/").status == 200
    world.clock.forward(minutes=15)
    assert visitor.get("/").location == "/sign-in?next=/"


def test_a_session_ends_after_8_hours_of_use(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    _signs_in(visitor, provider)
    for _ in range(47):
        world.clock.forward(minutes=10)
        assert visitor.get("/").status == 200
    world.clock.forward(minutes=10)
    assert visitor.get("/").location == "/sign-in?next=/"


def test_signing_out_ends_the_session_and_links_to_the_provider(
    world: World, provider: Provider
) -> None:
    visitor = Visitor(world.staff)
    _signs_in(visitor, provider)
    visitor.follow()
    token = visitor.cookies["desk"]
    seen = visitor.post("/sign-out")
    assert seen.status == 200
    assert f'href="{provider.issuer}/sign-out?client_id={CLIENT_ID}"' in seen.body
    assert "desk" not in visitor.cookies
    assert seen.headers["clear-site-data"] == '"cache"'
    again = Visitor(world.staff, cookies={"desk": token})
    assert again.get("/").location == "/sign-in?next=/"


def test_signing_out_needs_the_form_of_our_page(world: World, provider: Provider) -> None:
    visitor = Visitor(world.staff)
    _signs_in(visitor, provider)
    assert visitor.send("/sign-out", {"csrf_token": "made up"}).status == 403
    assert visitor.get("/").status == 200


def test_no_token_of_the_sign_in_is_logged(
    world: World, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(world.staff)
    url = _starts(visitor)
    code = provider.sign_in(url)
    visitor.get(f"/signed-in?code={code}&state=wrong")
    provider.lies.claims = {"nonce": "wrong"}
    _comes_back(visitor, provider, url)
    for secret in (code, _asked(url, "state"), visitor.cookies["desk"], "alder"):
        assert not re.search(re.escape(secret), caplog.text)

"""What goes wrong on the way is a page too: through the gateway and through the CDN."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.settings import PUBLIC, STAFF
from operate.aws.standing_in import limits_of
from operate.stand_in import HOST
from tests.pages import Seen, check_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.deployed.conftest import Deployed

WEB = "hub-public-web"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHONE = "101"


def ask(hub: Deployed, method: str, path: str, body: bytes | None = None) -> Seen:
    """Return the answer to a request that no page of ours makes."""
    edge = hub.edges[PUBLIC]
    from_page = {"Sec-Fetch-Site": "same-origin", "CloudFront-Viewer-Address": "192.0.2.9:50000"}
    return edge.ask(method, path, {**from_page, **(FORM if body is not None else {})}, body)


def is_a_page(seen: Seen) -> None:
    """Assert everything that holds for every page, and that it names a way without this site."""
    check_page(seen, [], [])
    assert PHONE in seen.body
    assert "Exit this page" in seen.body


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/case/nowhere", "/case/thread/1/more", "/figures/nowhere"])
def test_an_address_that_nobody_answers_is_a_page(hub: Deployed, method: str, path: str) -> None:
    seen = ask(hub, method, path, b"" if method == "POST" else None)
    assert seen.status == 404
    is_a_page(seen)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_no_page_uses_is_a_page(hub: Deployed, method: str) -> None:
    seen = ask(hub, method, "/case/open", b"x=1")
    assert seen.status == 404
    is_a_page(seen)


def test_a_form_from_elsewhere_is_refused_with_the_apps_own_page(hub: Deployed) -> None:
    other = {"Sec-Fetch-Site": "cross-site", "CloudFront-Viewer-Address": "192.0.2.9:50000"}
    seen = hub.edges[PUBLIC].ask("POST", "/case/open", {**other, **FORM}, b"reference=1")
    assert seen.status == 403
    is_a_page(seen)


def test_more_than_a_form_can_hold_is_said_on_a_page(hub: Deployed) -> None:
    seen = ask(hub, "POST", "/case/open", b"reference=" + b"1" * 300_000)
    assert seen.status == 413
    is_a_page(seen)


def test_who_goes_round_the_cdn_gets_nothing_but_a_page(hub: Deployed) -> None:
    for audience in (PUBLIC, STAFF):
        api = hub.outputs(f"hub-{audience}")["RestAPIId"]
        direct = f"/_aws/execute-api/{api}/live"
        for sent in ({}, {"X-Hub-Origin": "a guess that is as long as a secret is"}):
            edge = hub.edges[audience]
            headers = {"Host": f"{HOST}:{edge.port}", "Sec-Fetch-Site": "same-origin", **sent}
            path = "/case/open" if audience == PUBLIC else "/sign-in"
            seen = edge.ask("GET", f"{direct}{path}", headers)
            assert seen.status == 403
            assert not seen.cookies
            check_page(seen, [], [])


def test_a_flood_of_lookups_is_throttled_with_a_page_and_nothing_else_is(hub: Deployed) -> None:
    """The template's 50 a second are more than a busy machine asks: here it is one."""
    client, api = hub.cloud.client("apigateway"), hub.outputs("hub-public")["RestAPIId"]
    stage = {"restApiId": api, "stageName": "live"}
    limits = client.get_stage(**stage)["methodSettings"]["/case/open/POST"]
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (50, 50)
    _limit_lookups(client, stage, rate=1, burst=1)
    try:
        # Without a token the application refuses each at once: what is counted is the gateway.
        seen = [ask(hub, "POST", "/case/open", b"") for _ in range(10)]
        throttled = [each for each in seen if each.status == 429]
        assert throttled
        is_a_page(throttled[0])
        assert "right code still works" in throttled[0].main
        assert ask(hub, "GET", "/case/open").status == 200
    finally:
        _limit_lookups(client, stage, rate=50, burst=50)


def _limit_lookups(client: Any, stage: dict[str, str], *, rate: int, burst: int) -> None:
    values = {"rateLimit": rate, "burstLimit": burst}
    changes = [
        {"op": "replace", "path": f"/~1case~1open/POST/throttling/{name}", "value": str(value)}
        for name, value in values.items()
    ]
    client.update_stage(**stage, patchOperations=changes)


@contextmanager
def function_with(hub: Deployed, **change: Any) -> Iterator[None]:
    """Let the public function have another setting for the length of a block."""
    client = hub.cloud.client("lambda")
    before = client.get_function_configuration(FunctionName=WEB)
    kept = {"Timeout": before["Timeout"], "Environment": before["Environment"]}
    client.update_function_configuration(FunctionName=WEB, **change)
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=WEB, **kept)


def variables(hub: Deployed, **change: str) -> dict[str, Any]:
    """Return the function's own settings with these changed."""
    found = hub.cloud.client("lambda").get_function_configuration(FunctionName=WEB)
    return {"Variables": {**found["Environment"]["Variables"], **change}}


def test_a_function_that_fails_is_the_sites_page(hub: Deployed) -> None:
    with function_with(hub, Environment=variables(hub, HUB_PEPPER_KEY_ID="")):
        seen = ask(hub, "GET", "/case/open")
    assert seen.status == 502
    is_a_page(seen)
    assert ask(hub, "GET", "/case/open").status == 200


def test_a_function_that_hangs_is_stopped_in_its_time_and_is_the_sites_page(hub: Deployed) -> None:
    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        place = f"http://{HOST}:{silent.getsockname()[1]}"
        with function_with(
            hub,
            Timeout=2,
            Environment=variables(hub, AWS_ENDPOINT_URL=place),
        ):
            seen = ask(hub, "GET", "/case/open")
    assert seen.status == 502
    is_a_page(seen)
    assert ask(hub, "GET", "/case/open").status == 200


def test_as_many_run_at_a_time_as_the_template_says(hub: Deployed) -> None:
    """The stand-in takes no limit from a template, so the template's is set by hand and tried."""
    template = json.loads((hub.folder / "public.json").read_text(encoding="utf-8"))
    assert limits_of(template) == {WEB: 50}
    client = hub.cloud.client("lambda")
    client.put_function_concurrency(FunctionName=WEB, ReservedConcurrentExecutions=1)
    try:
        gate = threading.Barrier(6)

        def one(_: int) -> int:
            gate.wait()
            return ask(hub, "GET", "/case/open").status

        with ThreadPoolExecutor(6) as people:
            statuses = sorted(people.map(one, range(6)))
        assert statuses[0] == 200
        assert statuses[-1] == 429
    finally:
        client.delete_function_concurrency(FunctionName=WEB)
    assert ask(hub, "GET", "/case/open").status == 200

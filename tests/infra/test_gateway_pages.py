"""What the gateways answer by themselves: a page for whatever can happen, with all headers."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from chalicelib.rules import load_rules
from chalicelib.settings import PUBLIC, STAFF
from chalicelib.web.security import HEADERS
from operate.aws.gateway_pages import gateway_responses
from operate.hub_home import ROOT
from tests.pages import Seen, check_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.infra.written_out import Template

RESPONSES = "x-amazon-apigateway-gateway-responses"
HEADER = "gatewayresponse.header."
# All that API Gateway has, from its reference, and why some of them cannot happen here.
NO_AUTHORIZER, NO_KEYS, NO_SIGNATURE, NO_MODEL = (
    "no authorizer", "no API keys", "nobody signs a request", "no model of a request",
)  # fmt: skip
CANNOT_HAPPEN = {
    "AUTHORIZER_CONFIGURATION_ERROR": NO_AUTHORIZER,
    "AUTHORIZER_FAILURE": NO_AUTHORIZER,
    "UNAUTHORIZED": NO_AUTHORIZER,
    "INVALID_API_KEY": NO_KEYS,
    "EXPIRED_TOKEN": NO_SIGNATURE,
    "INVALID_SIGNATURE": NO_SIGNATURE,
    "BAD_REQUEST_BODY": NO_MODEL,
    "BAD_REQUEST_PARAMETERS": NO_MODEL,
}
STATUS = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "INTEGRATION_FAILURE": "502",
    "INTEGRATION_TIMEOUT": "504",
    "MISSING_AUTHENTICATION_TOKEN": "404",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}
ALL_OF_AWS = STATUS.keys() | CANNOT_HAPPEN.keys()
# Whether a function may have stored something before the gateway gave up on it.
UNCERTAIN = {"API_CONFIGURATION_ERROR", "DEFAULT_5XX", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"}


@pytest.fixture(params=sorted(STATUS))
def kind(request: pytest.FixtureRequest) -> str:
    """Give everything in turn that may happen at a gateway."""
    return str(request.param)


def _page(audience: str, kind: str) -> Seen:
    """Return what a person gets, as the page client knows it."""
    response = gateway_responses(audience)[kind]
    headers = {
        name.removeprefix(HEADER).lower(): value[1:-1]
        for name, value in response["responseParameters"].items()
    }
    (body,) = response["responseTemplates"].values()
    return Seen(int(response.get("statusCode", 0)), headers, body, ())


def test_whatever_can_happen_at_a_gateway_has_a_page(template: Template) -> None:
    responses = template.one("AWS::ApiGateway::RestApi")["Body"][RESPONSES]
    assert {name: r.get("statusCode") for name, r in responses.items()} == STATUS
    assert len(ALL_OF_AWS) == 21
    # What cannot happen: if one day it does, the two defaults answer.
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= responses.keys()
    body = template.one("AWS::ApiGateway::RestApi")["Body"]
    assert not [name for name in body if "security" in name or "validator" in name]
    for method in (method for path in body["paths"].values() for method in path.values()):
        assert not [name for name in method if "security" in name or "validator" in name]
        assert {parameter["in"] for parameter in method.get("parameters", [])} <= {"path"}
        assert method["x-amazon-apigateway-integration"]["type"] == "aws_proxy"


def test_what_is_deployed_are_the_pages_of_the_application(template: Template, stage: str) -> None:
    assert template.one("AWS::ApiGateway::RestApi")["Body"][RESPONSES] == gateway_responses(stage)


def test_it_is_a_whole_page(stage: str, kind: str) -> None:
    page = _page(stage, kind)
    check_page(page, [], [])
    assert page.tree.get("lang") == "en-GB"
    # It is emptied when it is left, like what it may stand in place of.
    body = next(page.tree.iter("body"))
    assert "data-private" in body.attrib
    assert body.get("data-audience") == stage


def test_every_header_of_a_page_is_there(stage: str, kind: str) -> None:
    found = gateway_responses(stage)[kind]["responseParameters"]
    expected: Mapping[str, str] = {"Content-Type": "text/html; charset=utf-8", **HEADERS}
    # A fixed value stands in single quotes, also where it has some of its own.
    assert found == {f"{HEADER}{name}": f"'{value}'" for name, value in expected.items()}
    policy = found[f"{HEADER}Content-Security-Policy"]
    assert policy.startswith("'default-src 'none'; ")
    assert policy.endswith("frame-ancestors 'none''")


def test_it_says_what_became_of_the_words(stage: str, kind: str) -> None:
    words = _page(stage, kind).main
    if kind in UNCERTAIN:
        assert "We cannot say whether" in words or "we cannot say whether" in words
        assert "look" in words
        assert "was not sent" not in words
        assert "Nothing was" not in words
    else:
        assert {PUBLIC: "it was not sent", STAFF: "Nothing was stored."}[stage] in words
        assert "cannot say whether" not in words


def test_it_gives_a_way_that_does_not_need_this_site(stage: str, kind: str) -> None:
    page = _page(stage, kind)
    if stage == PUBLIC:
        assert "101" in page.main
        assert "In danger now? Call 999." in page.body
        assert load_rules().force.exit_url in page.body
    else:
        assert "IT help desk" in page.main
        assert "ring them" in page.main


def test_nobody_is_told_that_they_are_locked_out() -> None:
    words = _page(PUBLIC, "THROTTLED").main
    assert "You did nothing wrong and you are not locked out." in words
    assert "a right code still works" in words


def test_a_path_that_no_page_has_is_not_said_to_be_forbidden(stage: str) -> None:
    page = _page(stage, "MISSING_AUTHENTICATION_TOKEN")
    assert page.status == HTTPStatus.NOT_FOUND
    assert "Nothing is at this address." in page.main


def test_the_gateway_fills_nothing_in(stage: str, kind: str) -> None:
    # Its templates are not Velocity's: it looks for `$context` and the like, and for nothing else.
    assert "$" not in _page(stage, kind).body


def test_all_that_a_page_loads_is_ours_and_built(stage: str, kind: str) -> None:
    for element in _page(stage, kind).tree.iter():
        source = element.get("src") or (element.get("href") if element.tag == "link" else None)
        if source:
            assert not urlsplit(source).netloc
            assert (ROOT / "site" / source.lstrip("/")).is_file(), source


def test_a_page_leads_only_where_its_audience_may_go(stage: str, kind: str) -> None:
    main = next(_page(stage, kind).tree.iter("main"))
    links = {link.get("href") for link in main.iter("a")}
    assert links
    assert links <= {PUBLIC: {"/case", "/case/open", "/check-your-case/"}, STAFF: {"/"}}[stage]


def test_the_pages_fit_into_a_gateway(template: Template) -> None:
    # A definition may have 6 MB and a template of it 300 kB; ours are a hundredth of that.
    responses = template.one("AWS::ApiGateway::RestApi")["Body"][RESPONSES]
    for response in responses.values():
        assert all(len(body) < 10_000 for body in response["responseTemplates"].values())

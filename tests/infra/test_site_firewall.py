"""The firewalls of both hosts, what the edge writes down, and its alarms."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import html5lib
import pytest

from chalicelib.rules import load_rules
from chalicelib.settings import STAFF
from chalicelib.web.security import HEADERS
from chalicelib.wiring import create_app
from operate.aws.site_paths import public_routes
from operate.aws.stand_in_templates import read_template
from operate.serve import SITE
from tests.infra.firewall import Asked, fits
from tests.infra.templates import INFRA
from tests.infra.written_out import Template

TEMPLATE = read_template(INFRA / "site.yaml")
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE["Parameters"]
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
RUN_BOOK = INFRA / "RUNBOOK.md"
HOSTS = ("Public", "Staff")
LABELS = "awswaf:managed:aws"
CORE, SQL = f"{LABELS}:core-rule-set", f"{LABELS}:sql-database"
# What the managed rules find in a body, by their labels.
BODIES = [
    f"{CORE}:SizeRestrictions_Body",
    f"{CORE}:EC2MetaDataSSRF_Body",
    f"{CORE}:GenericLFI_Body",
    f"{CORE}:GenericRFI_Body",
    f"{CORE}:CrossSiteScripting_Body",
    f"{SQL}:SQLi_Body",
    f"{SQL}:SQLiExtendedPatterns_Body",
]
NAMELESS = f"{CORE}:NoUserAgent_Header"
LONG_QUERY = f"{CORE}:SizeRestrictions_QueryString"
# Elsewhere in a request, and one that AWS may add some day.
ELSEWHERE = [
    LONG_QUERY,
    f"{CORE}:BadBots_Header",
    f"{CORE}:CrossSiteScripting_Cookie",
    f"{CORE}:GenericLFI_URIPath",
    f"{CORE}:SomethingNew_QueryArguments",
    f"{SQL}:SQLi_Cookie",
    f"{SQL}:SQLi_QueryArguments",
]
MANAGED = {
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesSQLiRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
}
RATE = "a rule of its own: 100 in 5 minutes from one address"
SESSION = "does nothing without an open case; bodies count only, a person writes here"
ANYONE = "stores nothing of a person and opens nothing; the gateway's throttle holds a flood"
# Each form of the public service: its rule in the firewall, or why it has none of its own.
POSTS = {
    "/case": SESSION,
    "/case/code": SESSION,
    "/case/code/confirm": SESSION,
    "/case/contact": SESSION,
    "/case/contact/change": SESSION,
    "/case/leave": "must always work: a person is leaving",
    "/case/measures": SESSION,
    "/case/measures/add": SESSION,
    "/case/message": SESSION,
    "/case/needs": SESSION,
    "/case/needs/withdraw": SESSION,
    "/case/open": RATE,
    "/case/rhythm": SESSION,
    "/case/safety": SESSION,
    "/case/safety/history": SESSION,
    "/case/safety/news": SESSION,
    "/case/stay": SESSION,
    "/case/support": SESSION,
    "/check-a-message": ANYONE,
    "/what-might-help": ANYONE,
}
# Who asked, what with, from where and what for: none of it is in the CDN's log.
WHO_LOOKED = re.compile(
    r"c-ip.*|c-port|c-country|asn|x-forwarded-for|cs-uri-query|cs\(.*|cs-headers.*|cs-header.*"
    r"|cs-cookie.*|cs-user-agent|cs-referer|x-edge-location|fle-.*|cs-accept.*"
)
MOST_PAGE_BYTES = 4_096
MOST_RESPONSE_HEADERS = 10
# Above it each request costs more.
MOST_UNITS = 1_500
UNITS = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "RateBasedStatement": 2,
    # Exactly, or how a text begins; what looks inside a text costs more.
    "ByteMatchStatement": 2,
    "RegexMatchStatement": 3,
    "LabelMatchStatement": 1,
    "IPSetReferenceStatement": 1,
    "AndStatement": 0,
    "OrStatement": 0,
    "NotStatement": 0,
}


def _properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def _rules(host: str) -> dict[str, dict[str, Any]]:
    """Return the rules of a host's firewall by name, in the order in which they are asked."""
    rules = sorted(_properties(f"{host}Firewall")["Rules"], key=lambda each: int(each["Priority"]))
    assert [each["Priority"] for each in rules] == list(range(len(rules)))
    return {each["Name"]: each for each in rules}


def _fits(name: str, asked: Asked) -> bool:
    return fits(_rules("Public")[name]["Statement"], asked)


# --- sign-ins


def test_the_rate_is_100_in_5_minutes_from_one_address() -> None:
    rule = _rules("Public")["sign-ins"]
    rate = rule["Statement"]["RateBasedStatement"]
    assert (rate["Limit"], rate["EvaluationWindowSec"]) == (100, 300)
    assert rate["AggregateKeyType"] == "IP"
    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    # First, so that a flood is stopped before anything dearer looks at it.
    assert next(iter(_rules("Public"))) == "sign-ins"


@pytest.mark.parametrize(
    "path", ["/case/open", "/case/open/", "/case/%6fpen", "/case//open", "/case/./open"]
)
def test_an_attempt_to_sign_in_counts_however_its_path_is_written(path: str) -> None:
    assert _fits("sign-ins", Asked("POST", path))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/case/open"), ("POST", "/case/message"), ("POST", "/case/leave"), ("GET", "/case")],
)
def test_nothing_else_counts_as_an_attempt_to_sign_in(method: str, path: str) -> None:
    assert not _fits("sign-ins", Asked(method, path))


def test_every_form_of_the_public_service_has_a_rule_or_a_reason() -> None:
    forms = {path for path, methods in public_routes().items() if "POST" in methods}
    assert set(POSTS) == forms
    ruled = {path for path in forms if _fits("sign-ins", Asked("POST", path))}
    assert ruled == {path for path, reason in POSTS.items() if reason == RATE}


# --- what people write


def _let_in(asked: Asked) -> bool:
    """Return whether the public firewall lets a request in that its groups have looked at."""
    named = replace(asked, labels={*asked.labels, *(["body"] if _fits("bodies", asked) else [])})
    return not _fits("found", named)


@pytest.mark.parametrize("host", HOSTS)
def test_the_managed_rules_say_what_they_find_and_leave_the_answer_to_us(host: str) -> None:
    groups = {
        rule["Statement"]["ManagedRuleGroupStatement"]["Name"]: rule
        for rule in _rules(host).values()
        if "ManagedRuleGroupStatement" in rule["Statement"]
    }
    assert set(groups) == MANAGED
    # A block of theirs is an answer without our page and headers, so only that group gives one
    # which nobody meets by chance.
    assert {name for name, rule in groups.items() if rule["OverrideAction"] == {"None": {}}} == {
        "AWSManagedRulesKnownBadInputsRuleSet"
    }
    named = [rule for rule in groups.values() if rule["OverrideAction"] == {"Count": {}}]
    assert len(named) == len(MANAGED) - 1
    overridden = [
        each
        for rule in groups.values()
        for each in rule["Statement"]["ManagedRuleGroupStatement"].get("RuleActionOverrides", [])
    ]
    assert all(each["ActionToUse"] == {"Count": {}} for each in overridden)
    # What may be let in counts inside the group too, else the log would keep it as blocked.
    may_come = {"Public": [*BODIES, NAMELESS], "Staff": [*BODIES, LONG_QUERY]}[host]
    labels = [label.rpartition(":")[2].lower() for label in may_come]
    assert sorted(each["Name"].lower() for each in overridden) == sorted(labels)


def test_what_was_found_in_a_body_gets_one_name_and_nobody_is_stopped_by_it() -> None:
    rule = _rules("Public")["bodies"]
    assert (rule["Action"], rule["RuleLabels"]) == ({"Count": {}}, [{"Name": "body"}])
    assert all(_fits("bodies", Asked("GET", "/", {label})) for label in BODIES)
    for label in (*ELSEWHERE, NAMELESS):
        assert not _fits("bodies", Asked("GET", "/", {label}))


@pytest.mark.parametrize("label", BODIES)
@pytest.mark.parametrize("path", sorted(set(POSTS) - {"/case/open"}))
def test_a_form_that_a_person_writes_into_takes_what_an_abuser_wrote(path: str, label: str) -> None:
    assert _let_in(Asked("POST", path, {label}))
    assert _let_in(Asked("POST", f"{path}/", {label, NAMELESS}))


@pytest.mark.parametrize("label", BODIES)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/case/open"),
        ("POST", "/case/message/../open"),
        ("POST", "/case%2fopen"),
        ("POST", "/figures"),
        ("POST", "/caseless"),
        ("POST", "/x/case/message"),
        ("POST", "/what-might-help-me"),
        ("GET", "/case/message"),
        ("PUT", "/case/message"),
        ("POST", "/"),
    ],
)
def test_such_a_body_is_stopped_where_nobody_writes(method: str, path: str, label: str) -> None:
    assert not _let_in(Asked(method, path, {label}))
    assert not _let_in(Asked(method, path, {label, NAMELESS}))


@pytest.mark.parametrize("label", ELSEWHERE)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/case/message")])
def test_what_was_found_elsewhere_is_stopped_everywhere(method: str, path: str, label: str) -> None:
    assert not _let_in(Asked(method, path, {label}))


@pytest.mark.parametrize("path", ["/", "/case/open", "/case/message"])
def test_a_request_in_which_nothing_was_found_passes(path: str) -> None:
    for method in ("GET", "POST"):
        assert _let_in(Asked(method, path, query="a=%3Cscript%3E"))


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/", ""),
        ("POST", "/case/open", ""),
        ("GET", "/case", "older=12"),
        ("GET", "/case/needs", "done=withdrawn"),
        ("GET", "/assets/stylesheets/hub.css", ""),
    ],
)
def test_a_browser_that_does_not_say_its_name_is_let_in(method: str, path: str, query: str) -> None:
    assert _let_in(Asked(method, path, {NAMELESS}, query))


@pytest.mark.parametrize(
    ("path", "query", "more"),
    [
        ("/case", "older=%3Cscript%3E", f"{CORE}:CrossSiteScripting_QueryArguments"),
        ("/case", "a=http://192.0.2.7/", f"{CORE}:GenericRFI_QueryArguments"),
        ("/%2e%2e/etc/passwd", "", f"{CORE}:GenericLFI_URIPath"),
        ("/../etc/passwd", "", f"{CORE}:GenericLFI_URIPath"),
        ("/case", "", f"{SQL}:SQLi_Cookie"),
    ],
)
def test_to_leave_ones_name_out_lets_no_attack_in(path: str, query: str, more: str) -> None:
    assert not _let_in(Asked("GET", path, {NAMELESS, more}, query))


def test_the_public_firewall_lets_in_whoever_it_has_nothing_against() -> None:
    assert _properties("PublicFirewall")["DefaultAction"] == {"Allow": {}}
    assert list(_rules("Public")) == ["sign-ins", "common", "sql", "known-bad", "bodies", "found"]
    blocked = _rules("Public")["found"]["Action"]["Block"]["CustomResponse"]
    assert (blocked["ResponseCode"], blocked["CustomResponseBodyKey"]) == (403, "not-let-through")


@pytest.mark.parametrize("host", HOSTS)
def test_a_firewall_costs_no_more_than_its_price_holds(host: str) -> None:
    assert sum(_units(rule["Statement"]) for rule in _rules(host).values()) <= MOST_UNITS


def _units(statement: dict[str, Any]) -> int:
    """Return what a statement takes of a firewall's capacity, as AWS counts it."""
    ((kind, given),) = statement.items()
    inner = [*given.get("Statements", []), *([given["Statement"]] if "Statement" in given else [])]
    scope = [given["ScopeDownStatement"]] if "ScopeDownStatement" in given else []
    own = UNITS[given["Name"] if kind == "ManagedRuleGroupStatement" else kind]
    changes = [t for t in given.get("TextTransformations", []) if t["Type"] != "NONE"]
    return own + 10 * len(changes) + sum(_units(each) for each in (*inner, *scope))


# --- the staff host


STAFF_NETWORKS = ("StaffNetworks", "StaffNetworksIpv6")
INSIDE = {"StaffNetworks"}


def _comes_in(asked: Asked) -> bool:
    return fits(_rules("Staff")["from-our-networks"]["Statement"], asked)


def test_the_staff_host_opens_to_the_forces_networks_alone() -> None:
    firewall = _properties("StaffFirewall")
    assert list(firewall["DefaultAction"]) == ["Block"]
    rules = _rules("Staff")
    allowing = [name for name, rule in rules.items() if "Allow" in rule.get("Action", {})]
    # Last, so that what the others block is blocked from there too.
    assert allowing == ["from-our-networks"] == list(rules)[-1:]
    for network in STAFF_NETWORKS:
        assert _comes_in(Asked("GET", "/", networks={network}))
    assert not _comes_in(Asked("GET", "/"))
    assert _properties("StaffNetworks")["Addresses"] == {
        "Fn::If": ["StaffHaveIpv4", {"Ref": "StaffAddresses"}, []]
    }
    assert _properties("StaffNetworks")["IPAddressVersion"] == "IPV4"
    assert _properties("StaffNetworksIpv6")["Addresses"] == {
        "Fn::If": ["StaffHaveIpv6", {"Ref": "StaffAddressesIpv6"}, []]
    }
    assert _properties("StaffNetworksIpv6")["IPAddressVersion"] == "IPV6"


@pytest.mark.parametrize("label", [*ELSEWHERE, NAMELESS])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_found_is_stopped_at_the_desk_too(method: str, label: str) -> None:
    assert not _comes_in(Asked(method, "/case/7/update", {label}, networks=INSIDE))


@pytest.mark.parametrize("label", BODIES)
def test_a_form_of_the_desk_takes_what_a_case_is_about(label: str) -> None:
    assert _comes_in(Asked("POST", "/case/7/update", {label}, networks=INSIDE))
    assert not _comes_in(Asked("POST", "/case/7/update", {label}))
    assert not _comes_in(Asked("GET", "/case/7/update", {label}, networks=INSIDE))


def test_what_the_provider_sends_back_with_a_person_may_be_long() -> None:
    assert "/signed-in" in create_app(STAFF, _never).routes
    assert _comes_in(Asked("GET", "/signed-in", {LONG_QUERY}, networks=INSIDE))
    assert not _comes_in(Asked("GET", "/signed-in", {LONG_QUERY}))


def _never() -> Any:
    raise AssertionError("only the routes are read here")


def test_one_list_of_networks_may_be_empty_and_not_both() -> None:
    for version in ("4", "6"):
        name = {"4": "StaffAddresses", "6": "StaffAddressesIpv6"}[version]
        assert TEMPLATE["Conditions"][f"StaffHaveIpv{version}"] == {
            "Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": name}]}, ""]}]
        }
    (asserted,) = TEMPLATE["Rules"]["SomebodyComesIn"]["Assertions"]
    assert asserted["Assert"] == {
        "Fn::Or": [
            {"Fn::Not": [{"Fn::EachMemberEquals": [{"Ref": name}, ""]}]}
            for name in ("StaffAddresses", "StaffAddressesIpv6")
        ]
    }


def test_no_network_is_a_default_and_no_network_is_the_world() -> None:
    assert "Default" not in PARAMETERS["StaffAddresses"]
    assert PARAMETERS["StaffAddressesIpv6"]["Default"] == ""
    four = re.compile(PARAMETERS["StaffAddresses"]["AllowedPattern"])
    six = re.compile(PARAMETERS["StaffAddressesIpv6"]["AllowedPattern"])
    for network in ("203.0.113.0/24", "198.51.100.7/32", "10.0.0.0/16"):
        assert ip_network(network).version == 4
        assert four.fullmatch(network)
    for network in ("2001:db8:12::/48", "2001:db8::/32", "2001:db8::7/128"):
        assert ip_network(network).version == 6
        assert six.fullmatch(network)
    assert four.fullmatch("")
    assert six.fullmatch("")
    for wrong in ("0.0.0.0/0", "10.0.0.0/8", "203.0.113.7", "256.0.0.1/32", "2001:db8::/48"):
        assert not four.fullmatch(wrong)
    for wrong in ("::/0", "2001::/16", "2001:db8::7", "2001:db8::/129", "203.0.113.0/24"):
        assert not six.fullmatch(wrong)


# --- the pages of the firewalls


def _comes_to(part: object) -> Any:
    """Return what a part comes to once CloudFormation has put it together."""
    return Template({**TEMPLATE, "Parameters": {}}).value(part)


PAGES = {
    (host, key): _comes_to(body)
    for host in HOSTS
    for key, body in _properties(f"{host}Firewall")["CustomResponseBodies"].items()
}


def _responses(value: object) -> list[dict[str, Any]]:
    """Return every answer that a firewall gives itself."""
    if isinstance(value, dict):
        own = [value["CustomResponse"]] if "CustomResponse" in value else []
        return own + [found for each in value.values() for found in _responses(each)]
    return (
        [found for each in value for found in _responses(each)] if isinstance(value, list) else []
    )


@pytest.mark.parametrize("host", HOSTS)
def test_an_answer_of_the_firewall_has_all_headers_and_a_page(host: str) -> None:
    firewall = _properties(f"{host}Firewall")
    responses = _responses(firewall)
    used = {each["CustomResponseBodyKey"] for each in responses}
    assert used == set(firewall["CustomResponseBodies"])
    for each in responses:
        assert len(each["ResponseHeaders"]) <= MOST_RESPONSE_HEADERS
        headers = {header["Name"]: header["Value"] for header in _comes_to(each["ResponseHeaders"])}
        assert headers == HEADERS
    blocks = [rule for rule in _rules(host).values() if "Block" in rule.get("Action", {})]
    assert len(responses) == len(blocks) + ("Block" in firewall["DefaultAction"])


@pytest.mark.parametrize(("host", "key"), PAGES)
def test_a_page_of_the_firewall_is_a_page(host: str, key: str) -> None:
    body = PAGES[host, key]
    assert body["ContentType"] == "TEXT_HTML"
    text = body["Content"]
    assert len(text.encode()) <= MOST_PAGE_BYTES
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert tree.get("lang") == "en-GB"
    (heading,) = tree.iter("h1")
    (title,) = tree.iter("title")
    titles = {each.text for each in load_rules().titles.values()}
    assert heading.text in titles
    assert title.text == f"{heading.text} \u2013 Information"
    assert "101" in text
    assert not list(tree.iter("style"))
    assert not [each for each in tree.iter() if "style" in each.attrib]
    inside = [each.get(name, "") for each in tree.iter() for name in ("href", "src")]
    assert all(each == "" or each.startswith(("/", "#")) for each in inside)


@pytest.mark.parametrize("key", [key for host, key in PAGES if host == "Public"])
def test_a_victim_can_leave_a_page_of_the_firewall(key: str) -> None:
    text = PAGES["Public", key]["Content"]
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    (exit_link,) = [each for each in tree.iter("a") if "data-exit" in each.attrib]
    assert exit_link.get("data-exit") == load_rules().force.exit_url
    assert exit_link.get("href") == "/case/exit"
    assert "999" in text
    for each in tree.iter():
        for loaded in (each.get("src"), each.get("href") if each.tag == "link" else None):
            assert loaded is None or (SITE / loaded.removeprefix("/")).is_file()


def test_who_is_held_back_reads_how_long_and_that_a_right_code_still_works() -> None:
    text = PAGES["Public", "too-many"]["Content"]
    for said in ("Wait 5 minutes", "A right code still works", "others who share it", "101"):
        assert said in text


# --- what the edge writes down


def test_every_log_is_kept_90_days_and_encrypted() -> None:
    groups = [each for each in RESOURCES.values() if each["Type"] == "AWS::Logs::LogGroup"]
    assert len(groups) == 4
    for each in groups:
        assert each["Properties"]["RetentionInDays"] == 90
        assert each["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["EdgeKey", "Arn"]}


@pytest.mark.parametrize("host", HOSTS)
def test_the_firewall_writes_down_what_it_blocked_and_nothing_of_what_was_written(
    host: str,
) -> None:
    logging = _properties(f"{host}FirewallLogging")
    assert logging["ResourceArn"] == {"Fn::GetAtt": [f"{host}Firewall", "Arn"]}
    (destination,) = logging["LogDestinationConfigs"]
    assert destination["Fn::Sub"].endswith(f":log-group:${{{host}FirewallLogs}}")
    group = _properties(f"{host}FirewallLogs")["LogGroupName"]
    assert group == f"aws-waf-logs-hub-{host.lower()}"
    # Not what was only counted: that is a victim's own message, and where it came from.
    assert logging["LoggingFilter"] == {
        "DefaultBehavior": "DROP",
        "Filters": [
            {
                "Behavior": "KEEP",
                "Requirement": "MEETS_ANY",
                "Conditions": [{"ActionCondition": {"Action": "BLOCK"}}],
            }
        ],
    }
    redacted = logging["RedactedFields"]
    assert {"QueryString": {}} in redacted
    names = {each["SingleHeader"]["Name"] for each in redacted if "SingleHeader" in each}
    assert names == {"authorization", "cookie", "referer"}
    protected = _properties(f"{host}Firewall")["DataProtectionConfig"]["DataProtections"]
    assert {each["Action"] for each in protected} == {"SUBSTITUTION"}
    assert [each["Field"] for each in protected] == [
        {"FieldType": "BODY"},
        {"FieldType": "QUERY_STRING"},
        {"FieldType": "SINGLE_HEADER", "FieldKeys": ["cookie"]},
    ]


@pytest.mark.parametrize("host", HOSTS)
def test_no_request_is_kept_as_a_sample(host: str) -> None:
    firewall = _properties(f"{host}Firewall")
    shown = [firewall, *firewall["Rules"]]
    assert {each["VisibilityConfig"]["SampledRequestsEnabled"] for each in shown} == {False}
    metrics = [each["VisibilityConfig"]["MetricName"] for each in shown]
    assert len(metrics) == len(set(metrics))


@pytest.mark.parametrize("host", HOSTS)
def test_the_cdns_log_does_not_say_who_looked(host: str) -> None:
    delivery = _properties(f"{host}LogDelivery")
    fields = delivery["RecordFields"]
    assert {"date", "time", "sc-status"} <= set(fields)
    assert not [field for field in fields if WHO_LOOKED.fullmatch(field)]
    source = _properties(f"{host}LogSource")
    assert source["LogType"] == "ACCESS_LOGS"
    assert source["ResourceArn"]["Fn::Sub"].endswith(f"distribution/${{{host}Distribution}}")
    destination = _properties(f"{host}LogDestination")["DestinationResourceArn"]
    assert destination["Fn::Sub"].endswith(f":log-group:${{{host}AccessLogs}}")
    assert delivery["DeliverySourceName"] == {"Ref": f"{host}LogSource"}
    assert delivery["DeliveryDestinationArn"] == {"Fn::GetAtt": [f"{host}LogDestination", "Arn"]}


def test_the_cdns_log_of_the_desk_does_not_say_which_case_was_opened_when() -> None:
    # The desk's paths name cases; those of the public host are the same for everybody.
    assert [route for route in create_app(STAFF, _never).routes if "{case}" in route]
    assert not [route for route in public_routes() if "{case}" in route]
    fields = {host: _properties(f"{host}LogDelivery")["RecordFields"] for host in HOSTS}
    assert "cs-uri-stem" in fields["Public"]
    assert [field for field in fields["Public"] if field != "cs-uri-stem"] == fields["Staff"]


# --- alarms


ALARMS = {
    name: each["Properties"]
    for name, each in RESOURCES.items()
    if each["Type"] == "AWS::CloudWatch::Alarm"
}


def _anchor(alarm: dict[str, Any]) -> str:
    """Return the anchor of the run book that an alarm names."""
    found = re.fullmatch(
        r"[^#]+\. Run book - infra/RUNBOOK\.md#([a-z0-9-]+)", alarm["AlarmDescription"]
    )
    assert found, alarm["AlarmDescription"]
    return found[1]


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_reaches_somebody_and_names_its_page(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}]
    assert alarm["AlarmName"].startswith("hub-")
    assert _anchor(alarm)


@pytest.mark.skipif(not RUN_BOOK.exists(), reason="the run book comes with the stages")
def test_the_run_book_has_every_page_that_an_alarm_names() -> None:
    headings = re.findall(r"^#+ (.+)$", RUN_BOOK.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}
    assert {_anchor(alarm) for alarm in ALARMS.values()} <= anchors


def test_the_alarms_watch_what_the_firewalls_and_the_cdn_count() -> None:
    watched = {
        name: {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
        for name, alarm in ALARMS.items()
        if alarm.get("Namespace") == "AWS/WAFV2"
    }
    assert watched == {
        "SignInsBlockedAlarm": {"WebACL": "hub-public", "Rule": "hub-public-sign-ins"},
        "PublicBlockedAlarm": {"WebACL": "hub-public", "Rule": "ALL"},
        "StaffBlockedAlarm": {"WebACL": "hub-staff", "Rule": "ALL"},
    }
    for host in HOSTS:
        firewall = _properties(f"{host}Firewall")
        metric = firewall["VisibilityConfig"]["MetricName"]
        assert metric == firewall["Name"] == f"hub-{host.lower()}"
    sign_ins = _rules("Public")["sign-ins"]["VisibilityConfig"]["MetricName"]
    assert sign_ins == watched["SignInsBlockedAlarm"]["Rule"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_fails_and_a_certificate_that_ends_are_noticed(host: str) -> None:
    judged, *stats = ALARMS[f"{host}ErrorsAlarm"]["Metrics"]
    assert judged["Expression"] == "IF(requests >= 20, errors, 0)"
    metrics = {each["Id"]: each["MetricStat"]["Metric"] for each in stats}
    assert {each["MetricName"] for each in metrics.values()} == {"5xxErrorRate", "Requests"}
    for each in metrics.values():
        assert {"Name": "DistributionId", "Value": {"Ref": f"{host}Distribution"}} in each[
            "Dimensions"
        ]
        assert {"Name": "Region", "Value": "Global"} in each["Dimensions"]
    ends = ALARMS[f"{host}CertificateAlarm"]
    assert ends["Dimensions"] == [
        {"Name": "CertificateArn", "Value": {"Ref": f"{host}CertificateArn"}}
    ]


def test_only_alarms_of_the_hub_may_use_their_topic() -> None:
    assert _properties("AlarmTopic")["KmsMasterKeyId"] == {"Fn::GetAtt": ["EdgeKey", "Arn"]}
    allowed, denied = _properties("AlarmTopicPolicy")["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":alarm:hub-*")
    assert denied["Effect"] == "Deny"
    assert _properties("AlarmSubscription")["Endpoint"] == {"Ref": "AlarmEmail"}

"""Alarms, what they count in the logs, the dashboard and the run book: all of one piece."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.notices import FAILED
from chalicelib.services.watch import raise_late
from chalicelib.settings import PUBLIC, STAFF
from tests.infra.log_lines import as_lambda_writes, found_in, is_of_fields, logged_texts, phrases
from tests.infra.templates import INFRA
from tests.infra.written_out import FUNCTION
from tests.sending import sending

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.infra.written_out import Template

ALARM, FILTER, DASHBOARD = (
    "AWS::CloudWatch::Alarm",
    "AWS::Logs::MetricFilter",
    "AWS::CloudWatch::Dashboard",
)
RUN_BOOK = INFRA / "RUNBOOK.md"
PAGE = re.compile(r"infra/(\w+\.md)#([a-z0-9-]+)")
# Read out of lines that a test below lets the code write.
LINES_WITH_FIGURES = {"OutboxAgeSeconds", "LatePromises"}
QUARTER_SECONDS = 900
REQUESTS_A_QUARTER = 25
# What the issue asks for, by the alarm that answers it.
ASKED_FOR = {
    PUBLIC: {
        "hub-public-errors",
        "hub-public-gateway-errors",
        "hub-public-keys-unavailable",
        "hub-public-latency",
        "hub-public-lookups-failed",
        "hub-public-past-the-cdn",
        "hub-public-store-unavailable",
        "hub-public-throttles",
        "hub-public-turned-away",
        "hub-public-unexpected-errors",
    },
    STAFF: {
        "hub-staff-errors",
        "hub-staff-gateway-errors",
        "hub-staff-late-promises",
        "hub-staff-latency",
        "hub-staff-message-given-up",
        "hub-staff-message-not-looked-at",
        "hub-staff-message-not-taken",
        "hub-staff-messages-stopped",
        "hub-staff-morning-errors",
        "hub-staff-morning-stopped",
        "hub-staff-outbox-age",
        "hub-staff-past-the-cdn",
        "hub-staff-provider-refuses-us",
        "hub-staff-sender-errors",
        "hub-staff-sender-stopped",
        "hub-staff-sign-ins-refused",
        "hub-staff-keys-unavailable",
        "hub-staff-store-unavailable",
        "hub-staff-throttles",
        "hub-staff-turned-away",
        "hub-staff-unexpected-errors",
    },
}


def _alarms(template: Template) -> Mapping[str, Any]:
    return {alarm["AlarmName"]: alarm for alarm in template.of(ALARM).values()}


def _watched(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the metrics that an alarm watches: its own, or those that it calculates with."""
    if "Metrics" not in alarm:
        return [alarm]
    return [
        {**each["MetricStat"]["Metric"], "Period": each["MetricStat"]["Period"]}
        for each in alarm["Metrics"]
        if "MetricStat" in each
    ]


def _metrics(template: Template) -> dict[str, Mapping[str, Any]]:
    """Return the filters by the metric that each of them makes."""
    return {
        properties["MetricTransformations"][0]["MetricName"]: properties
        for properties in template.of(FILTER).values()
    }


def _pattern(template: Template, metric: str) -> str:
    return str(_metrics(template)[metric]["FilterPattern"])


# --- what is counted in the logs


def test_each_phrase_is_one_that_the_code_logs(template: Template, stage: str) -> None:
    texts = logged_texts(audience=stage)
    for metric, found in _metrics(template).items():
        pattern = found["FilterPattern"]
        if found["LogGroupName"] == {"Ref": "GatewayLogs"} or is_of_fields(pattern):
            continue
        wanted = phrases(pattern)
        assert wanted, metric
        if pattern.startswith("?"):
            missing = [p for p in wanted if not any(p in text for text in texts)]
            assert not missing, (metric, missing)
        else:
            assert any(all(p in text for p in wanted) for text in texts), (metric, wanted)


def test_what_is_counted_at_the_gateway_is_in_its_log(template: Template) -> None:
    log = template.one("AWS::ApiGateway::Stage")["AccessLogSetting"]["Format"]
    line = log.replace("$context.error.responseType", "THROTTLED")
    (pattern,) = (
        found["FilterPattern"]
        for found in _metrics(template).values()
        if found["LogGroupName"] == {"Ref": "GatewayLogs"}
    )
    assert found_in(pattern, line) is not None
    assert found_in(pattern, line.replace("THROTTLED", "-")) is None


def test_a_line_is_counted_where_it_is_written(templates: Mapping[str, Template]) -> None:
    of_groups = {
        metric: found["LogGroupName"]["Ref"] for metric, found in _metrics(templates[STAFF]).items()
    }
    assert {m for m, group in of_groups.items() if group == "EveryMinuteLogs"} == {
        "MessagesGivenUp",
        "MessagesNotLookedAt",
        "MessagesNotTaken",
        "MessagesStopped",
        "OutboxAgeSeconds",
        "ProviderRefusesUs",
    }
    assert {m for m, group in of_groups.items() if group == "EveryMorningLogs"} == {"LatePromises"}


def test_the_metrics_hold_counts_and_nothing_of_anybody(template: Template) -> None:
    for found in template.of(FILTER).values():
        (metric,) = found["MetricTransformations"]
        assert metric["MetricNamespace"] == "Hub"
        assert "Dimensions" not in metric
        figure = metric["MetricName"] in LINES_WITH_FIGURES
        assert (metric["MetricValue"] != "1") == figure


def _lines(caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """Give what was logged as Lambda would write it; below a warning it writes nothing."""
    for record in caplog.records:
        if record.levelno >= logging.WARNING:
            yield as_lambda_writes(record.levelname, record.getMessage())


def _found(
    template: Template, metric: str, caplog: pytest.LogCaptureFixture
) -> list[dict[str, str]]:
    pattern = _pattern(template, metric)
    fields = (found_in(pattern, line) for line in _lines(caplog))
    return [found for found in fields if found is not None]


@pytest.mark.parametrize("minutes", [0, 7])
def test_the_age_of_the_outbox_is_read_out_of_its_line(
    templates: Mapping[str, Template], caplog: pytest.LogCaptureFixture, minutes: int
) -> None:
    world = sending()
    world.something_new(world.victim())
    world.clock.forward(minutes=minutes)
    world.something_new(world.victim())
    world.run()
    (found,) = _found(templates[STAFF], "OutboxAgeSeconds", caplog)
    (metric,) = _metrics(templates[STAFF])["OutboxAgeSeconds"]["MetricTransformations"]
    assert float(found[metric["MetricValue"]]) == minutes * 60
    alarm = _alarms(templates[STAFF])["hub-staff-outbox-age"]
    assert (minutes * 60 > alarm["Threshold"]) == (minutes > 5)


def test_an_empty_outbox_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    sending().run()
    assert not list(_lines(caplog))


def test_a_provider_that_takes_nothing_is_counted(
    templates: Mapping[str, Template], caplog: pytest.LogCaptureFixture
) -> None:
    world = sending()
    world.provider.does = [FAILED]
    world.something_new(world.victim())
    world.run()
    assert len(_found(templates[STAFF], "MessagesNotTaken", caplog)) == 1


def test_a_message_that_was_taken_is_not_counted_as_trouble(
    templates: Mapping[str, Template], caplog: pytest.LogCaptureFixture
) -> None:
    world = sending()
    world.something_new(world.victim())
    assert world.run() == 1
    for metric in _metrics(templates[STAFF]).keys() - {"OutboxAgeSeconds"}:
        if _metrics(templates[STAFF])[metric]["LogGroupName"] != {"Ref": "GatewayLogs"}:
            assert not _found(templates[STAFF], metric, caplog), metric


def test_how_many_promises_are_late_is_read_out_of_its_line(
    templates: Mapping[str, Template], caplog: pytest.LogCaptureFixture
) -> None:
    world = sending()
    world.officer()  # somebody of the team, so that the team is one of the force
    for days in (3, 5, 100):
        world.hub.promise(world.victim(), days=days)
    world.clock.forward(days=30)
    raise_late(world.hub.deps)
    (found,) = _found(templates[STAFF], "LatePromises", caplog)
    (metric,) = _metrics(templates[STAFF])["LatePromises"]["MetricTransformations"]
    assert found[metric["MetricValue"]] == "2"


# --- alarms


def test_every_alarm_that_was_asked_for_is_there(template: Template, stage: str) -> None:
    assert _alarms(template).keys() == ASKED_FOR[stage]


def test_every_alarm_reaches_somebody_and_says_when_it_is_over(template: Template) -> None:
    for name, alarm in _alarms(template).items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopicArn"}], name
        # The topic lets in alarms of this name and no others.
        assert name.startswith("hub-")
        # At night nobody may come; only of a job it means something that there was none.
        never = alarm.get("MetricName") == "Invocations"
        assert alarm["TreatMissingData"] == ("breaching" if never else "notBreaching"), name


def test_every_alarm_watches_something_that_there_is(template: Template, stage: str) -> None:
    made = _metrics(template)
    watched = set()
    every = [(name, each) for name, alarm in _alarms(template).items() for each in _watched(alarm)]
    for name, metric in every:
        dimensions = {d["Name"]: d["Value"] for d in metric.get("Dimensions", [])}
        match metric["Namespace"]:
            case "Hub":
                assert metric["MetricName"] in made, name
                watched.add(metric["MetricName"])
            case "AWS/Lambda":
                assert dimensions["FunctionName"]["Ref"] in template.of(FUNCTION), name
            case "AWS/ApiGateway":
                assert dimensions == {"ApiName": f"hub-{stage}", "Stage": "live"}, name
            case other:
                pytest.fail(f"{name} watches {other}")
    # What nobody is told of need not be counted.
    assert watched == set(made)


@pytest.mark.parametrize(
    ("alarm", "limit"),
    [
        ("hub-staff-outbox-age", 300),
        ("hub-staff-sign-ins-refused", {"Ref": "RefusedSignIns"}),
        ("hub-staff-late-promises", {"Ref": "LatePromises"}),
        ("hub-public-lookups-failed", {"Ref": "FailedLookups"}),
        ("hub-public-keys-unavailable", 1),
        ("hub-staff-message-given-up", 1),
        ("hub-staff-messages-stopped", 1),
        ("hub-public-latency", 3000),
    ],
)
def test_an_alarm_goes_by_its_limit(
    templates: Mapping[str, Template], alarm: str, limit: object
) -> None:
    found = _alarms(templates[alarm.split("-")[1]])[alarm]
    assert found["Threshold"] == limit


def test_the_slowest_of_a_hundred_counts_and_not_the_mean(template: Template, stage: str) -> None:
    alarm = _alarms(template)[f"hub-{stage}-latency"]
    judged, *stats = alarm["Metrics"]
    assert {each["Id"]: each["MetricStat"]["Stat"] for each in stats} == {
        "p99": "p99",
        "requests": "SampleCount",
    }
    assert {each["MetricName"] for each in _watched(alarm)} == {"Latency"}
    assert [each["Id"] for each in alarm["Metrics"] if each.get("ReturnData", True)] == ["judged"]
    asked = re.fullmatch(r"IF\(requests >= (\d+), p99, 0\)", judged["Expression"])
    assert asked
    # On an ordinary day a stage is asked so much, so an alarm that waited for more would be silent.
    (period,) = {each["Period"] for each in _watched(alarm)}
    assert int(asked[1]) < REQUESTS_A_QUARTER * period / QUARTER_SECONDS
    # CloudWatch does not look at a percentile by itself below a thousand requests, or at any one.
    assert not {"ExtendedStatistic", "EvaluateLowSampleCountPercentile"} & set(alarm)


def test_one_slow_page_is_no_alarm(template: Template, stage: str) -> None:
    alarm = _alarms(template)[f"hub-{stage}-latency"]
    assert alarm["EvaluationPeriods"] == 2
    assert alarm.get("DatapointsToAlarm", 2) == 2


def test_an_alarm_is_looked_at_over_times_that_cloudwatch_takes(template: Template) -> None:
    for name, alarm in _alarms(template).items():
        for metric in _watched(alarm):
            # Beyond a day an alarm is refused, whatever its parts are.
            looked_at = metric["Period"] * alarm["EvaluationPeriods"]
            assert looked_at <= timedelta(days=1).total_seconds(), name
            assert metric["Period"] % 60 == 0, name


# --- the run book


def _pages_named(text: str) -> set[tuple[str, str]]:
    return {(match[1], match[2]) for match in PAGE.finditer(text)}


def _anchors(name: str) -> list[str]:
    """Return the anchors of a page's headings, as they are made from their words."""
    text = (INFRA / name).read_text(encoding="utf-8")
    headings = re.findall(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)
    return [re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in headings]


def test_each_alarm_names_its_page_of_the_run_book(template: Template) -> None:
    for name, alarm in _alarms(template).items():
        ((page, anchor),) = _pages_named(alarm["AlarmDescription"])
        assert page == RUN_BOOK.name, name
        assert anchor in _anchors(page), (name, anchor)


def test_every_page_that_a_template_names_is_there() -> None:
    named = {
        page
        for path in INFRA.glob("*.yaml")
        for page in _pages_named(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 15
    assert not [page for page in named if page[1] not in _anchors(page[0])]


def test_the_run_book_has_no_page_that_no_alarm_names() -> None:
    named = {
        anchor
        for path in INFRA.glob("*.yaml")
        for page, anchor in _pages_named(path.read_text(encoding="utf-8"))
        if page == RUN_BOOK.name
    }
    assert sorted(_anchors(RUN_BOOK.name)) == sorted(named)


def test_every_page_of_the_run_book_says_what_who_where_and_what_to_do() -> None:
    text = RUN_BOOK.read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading = section.splitlines()[0]
        for part in ("**Means:**", "**Hurts:**", "**Look:**", "**Do:**"):
            assert section.count(part) == 1, (heading, part)


# --- the dashboard


def _rows(widgets: list[dict[str, Any]]) -> Iterator[list[Any]]:
    for widget in widgets:
        yield from widget["properties"].get("metrics", [])


def test_one_dashboard_shows_both_stages(templates: Mapping[str, Template]) -> None:
    assert not templates[PUBLIC].of(DASHBOARD)
    board = templates[STAFF].one(DASHBOARD)
    assert board["DashboardName"] == "hub"
    widgets = json.loads(templates[STAFF].value(board["DashboardBody"]))["widgets"]
    made = {m for template in templates.values() for m in _metrics(template)}
    functions = {
        function["FunctionName"]
        for template in templates.values()
        for function in template.of(FUNCTION).values()
    }
    shown = set()
    for row in _rows(widgets):
        match row:
            case ["Hub", metric, *_]:
                shown.add(metric)
            case ["AWS/Lambda", _, "FunctionName", name, *_]:
                assert name in functions
            case ["AWS/ApiGateway", _, "ApiName", name, "Stage", "live", *_]:
                assert name in {"hub-public", "hub-staff"}
            case ["AWS/DynamoDB", _, "TableName", name, *_]:
                assert name in {"hub-cases", "hub-threads", "hub-access", "hub-audit"}
            case [{"expression": search}]:
                assert "AWS/CloudFront" in search
            case _:
                pytest.fail(f"nobody knows {row}")
    assert shown == made


def test_the_parts_of_the_dashboard_do_not_lie_over_each_other(
    templates: Mapping[str, Template],
) -> None:
    template = templates[STAFF]
    text = template.value(template.one(DASHBOARD)["DashboardBody"])
    taken: set[tuple[int, int]] = set()
    for widget in json.loads(text)["widgets"]:
        place = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not taken & place
        assert max(x for x, _ in place) < 24
        taken |= place

"""Both stages as they are deployed: functions, roles, gateway, logs, settings."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.rules import load_rules
from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.web import staff, victim
from operate.aws.package_template import TemplateError, stage_template
from tests.asked import Asked
from tests.infra.permissions import read_policy
from tests.infra.templates import INFRA
from tests.infra.written_out import FUNCTION, ROLE, every_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.infra.written_out import Template

REST, STAGE, DEPLOYMENT = (
    f"AWS::ApiGateway::{kind}" for kind in ("RestApi", "Stage", "Deployment")
)
LOGS, RULE = "AWS::Logs::LogGroup", "AWS::Events::Rule"
INVOKED = "AWS::Lambda::EventInvokeConfig"
WEB, JOBS = "APIHandler", {"EveryMinute": "every-minute", "EveryMorning": "every-morning"}
ROLE_OF = {
    WEB: "ApiHandlerRole",
    "EveryMinute": "EveryMinuteRole",
    "EveryMorning": "EveryMorningRole",
}
PAGES = {PUBLIC: victim.PAGES, STAFF: staff.PAGES}
# Lambda sets the first itself. The others are for one machine only, and one of them is a
# parameter, so that the stand-in can be told where it is.
NOT_SET = {"AWS_REGION", "HUB_AWS_ENDPOINT", "HUB_MESSAGES_FILE", "HUB_NOTIFY_URL"}
# It is there so that a change of it starts the functions anew; nobody reads it.
NOT_READ = {"SECRETS_READ_ON"}
LOOKS_LIKE_A_SECRET = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])|AKIA[0-9A-Z]{16}")
# They have no tags, or are none of ours to tag.
UNTAGGED = {
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Deployment",
    "AWS::Budgets::Budget",  # under another name, see below
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::Logs::MetricFilter",
}


def _functions(template: Template) -> Mapping[str, Any]:
    return template.of(FUNCTION)


def _swagger(template: Template) -> Mapping[str, Any]:
    body: Mapping[str, Any] = template.one(REST)["Body"]
    return body


# --- as a whole


def test_it_is_plain_cloudformation_that_holds_in_any_account(template: Template) -> None:
    assert "Transform" not in template.whole
    assert not [r for r in template.resources.values() if "::Serverless::" in r["Type"]]
    texts = list(every_text(template.whole))
    assert not [text for text in texts if re.search(r"\b\d{12}\b", text)]


def test_nothing_of_this_machine_and_no_example_is_left_in_it(template: Template) -> None:
    text = json.dumps(template.whole["Resources"])
    for example in (
        ".example",
        "deployment.zip",
        "unreleased",
        "aws-chalice",
        "createdBy",
        "/home",
    ):
        assert example not in text
    assert str(INFRA.parent) not in text


def test_the_same_sources_make_the_same_template(
    template: Template, stage: str, tmp_path: Path
) -> None:
    again = stage_template(stage, into=tmp_path)
    assert json.dumps(again) == json.dumps(template.whole)


def test_what_chalice_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="elsewhere"):
        stage_template("elsewhere", into=tmp_path)


def test_each_stage_is_refused_outside_of_london(template: Template) -> None:
    (rule,) = template.whole["Rules"].values()
    assert rule["Assertions"][0]["Assert"] == {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-2"]}


def test_every_parameter_says_in_words_what_it_takes(template: Template) -> None:
    for name, parameter in template.whole["Parameters"].items():
        assert parameter["Description"], name
        assert parameter["ConstraintDescription"].startswith("must be "), name
        assert {"AllowedPattern", "AllowedValues", "MinValue"} & set(parameter), name
        # What is secret would need it, and nothing secret passes here.
        assert "NoEcho" not in parameter, name


def test_a_default_is_one_that_the_parameter_takes(template: Template) -> None:
    given = template.parameters()
    for name, parameter in template.whole["Parameters"].items():
        if "AllowedPattern" in parameter:
            assert re.fullmatch(parameter["AllowedPattern"], str(given[name])), name
        assert given[name] in parameter.get("AllowedValues", [given[name]]), name


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("Origin", "http://hub.example"),
        ("Origin", "https://hub.example/path"),
        ("PepperKeyIds", "alias/hub-data"),
        ("PepperKeyIds", "alias/hub-pepper,"),
        ("ThreadsTable", "hub-cases"),
        ("CodeKey", "releases/1/site.html"),
        ("LogsKeyArn", "alias/hub-logs"),
    ],
)
def test_a_parameter_refuses_what_would_not_work(
    template: Template, parameter: str, value: str
) -> None:
    assert not re.fullmatch(template.whole["Parameters"][parameter]["AllowedPattern"], value)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("OidcRoleNames", "hub.officer=inspector"),
        ("OidcRoleNames", "hub.officer"),
        ("OidcIssuer", "http://sign-in.example"),
        ("NotifyTemplates", "en.text"),
        ("EmailFrom", "nobody"),
    ],
)
def test_a_parameter_of_the_desk_refuses_what_would_not_work(
    templates: Mapping[str, Template], parameter: str, value: str
) -> None:
    known = templates[STAFF].whole["Parameters"][parameter]
    assert not re.fullmatch(known["AllowedPattern"], value)


def test_a_table_that_was_restored_can_be_named(template: Template) -> None:
    pattern = template.whole["Parameters"]["ThreadsTable"]["AllowedPattern"]
    assert re.fullmatch(pattern, "hub-threads-20261126t173100")


def test_everything_that_takes_tags_has_them(template: Template, stage: str) -> None:
    for name, resource in template.resources.items():
        properties = resource.get("Properties", {})
        tags = properties.get("Tags", properties.get("ResourceTags"))
        if tags is None:
            assert resource["Type"] in UNTAGGED, name
            continue
        said = {tag["Key"]: tag["Value"] for tag in tags}
        assert said.keys() == {"service", "part", "personal-data"}, name
        assert (said["service"], said["part"]) == ("hub", stage), name
        assert said["personal-data"] in ("yes", "no"), name


def test_whatever_can_have_a_name_has_one_of_ours(template: Template, stage: str) -> None:
    names = {
        FUNCTION: "FunctionName", ROLE: "RoleName", LOGS: "LogGroupName", RULE: "Name",
        REST: "Name", "AWS::CloudWatch::Alarm": "AlarmName",
        "AWS::Logs::MetricFilter": "FilterName",
    }  # fmt: skip
    for kind, property_ in names.items():
        for name, properties in template.of(kind).items():
            # The role of the account's gateways is kept; a name would stop the next stack.
            if name != "GatewayRole":
                assert f"hub-{stage}" in properties[property_], name


# --- settings


def test_a_function_is_given_every_setting_and_no_other(template: Template, stage: str) -> None:
    for function in _functions(template):
        given = template.environment(function)
        environ = Asked({**given, "AWS_REGION": "eu-west-2"})
        settings = Settings.from_environ(environ)
        assert settings.audience == stage
        assert not settings.plain_localhost
        assert set(given) - NOT_READ == environ.names - NOT_SET


def test_what_a_setting_says_comes_from_its_parameter(template: Template) -> None:
    changes = {
        "Origin": "https://other.example",
        "PepperKeyIds": "alias/hub-pepper-2,alias/hub-pepper",
        "AuditTable": "hub-audit-20261126t173100",
        "Version": "next",
    }
    for function in _functions(template):
        given = {**template.environment(function, **changes), "AWS_REGION": "eu-west-2"}
        settings = Settings.from_environ(given)
        assert settings.origin == "https://other.example"
        assert settings.earlier_pepper_key_ids == ("alias/hub-pepper",)
        assert settings.tables["audit"] == "hub-audit-20261126t173100"
        assert settings.version == "next"


def test_another_version_of_the_secret_starts_each_function_anew(template: Template) -> None:
    for function in _functions(template):
        before, after = (template.environment(function, SecretsReadOn=on) for on in ("1", "2"))
        assert before != after


def test_no_secret_stands_in_an_environment_or_anywhere_else(template: Template) -> None:
    for function in _functions(template):
        values = template.environment(function)
        # A secret is named, never given.
        assert [name for name in values if re.search("SECRET|KEY|TOKEN|PASSWORD", name)] == [
            name for name in values if name in {"HUB_SECRET_ID", "HUB_PEPPER_KEY_ID", *NOT_READ}
        ]
        assert values["HUB_PEPPER_KEY_ID"].startswith("alias/")
        assert values["HUB_SECRET_ID"] == f"hub/keys/{values['HUB_AUDIENCE']}"
    for text in every_text(template.whole):
        assert "resolve:secretsmanager" not in text
        # SAM names a deployment after the digest of what is in it.
        if not text.startswith("RestApi deployment id: "):
            assert not LOOKS_LIKE_A_SECRET.search(text), text


def test_nothing_can_be_debugged_in_the_open(template: Template) -> None:
    for function in _functions(template):
        assert not [name for name in template.environment(function) if "DEBUG" in name.upper()]
    for settings in template.one(STAGE)["MethodSettings"]:
        assert settings["DataTraceEnabled"] is False
        assert settings["LoggingLevel"] == "OFF"


# --- functions


def test_a_functions_machine_is_the_one_that_its_libraries_are_for(template: Template) -> None:
    for function in _functions(template).values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["Code"] == {
            "S3Bucket": {"Ref": "CodeBucket"},
            "S3Key": {"Ref": "CodeKey"},
        }


def test_a_page_has_time_and_no_flood_takes_the_other_stages_functions(template: Template) -> None:
    web = _functions(template)[WEB]
    assert (web["MemorySize"], web["Timeout"]) == (1024, 15)
    assert web["Timeout"] > load_rules().limits.request_seconds
    assert web["ReservedConcurrentExecutions"] == 50


def test_there_is_one_of_each_job_at_a_time_and_only_at_the_desk(
    templates: Mapping[str, Template],
) -> None:
    assert set(_functions(templates[PUBLIC])) == {WEB}
    functions = _functions(templates[STAFF])
    assert set(functions) == {WEB, *JOBS}
    for job in JOBS:
        found = functions[job]
        assert (found["MemorySize"], found["Timeout"]) == (512, 300)
        assert found["ReservedConcurrentExecutions"] == 1


def test_a_job_starts_when_the_code_says_and_is_tried_again_where_that_helps(
    templates: Mapping[str, Template],
) -> None:
    template = templates[STAFF]
    tries = {"EveryMinute": (0, 60), "EveryMorning": (2, 3600)}
    when = {"EveryMinute": "rate(1 minute)", "EveryMorning": "cron(10 3 * * ? *)"}
    assert not templates[PUBLIC].of(RULE)
    for rule in template.of(RULE).values():
        (target,) = rule["Targets"]
        job, _ = target["Arn"]["Fn::GetAtt"]
        assert rule["ScheduleExpression"] == when.pop(job)
        policy = target["RetryPolicy"]
        assert (policy["MaximumRetryAttempts"], policy["MaximumEventAgeInSeconds"]) == tries[job]
        (config,) = (c for c in template.of(INVOKED).values() if c["FunctionName"] == {"Ref": job})
        assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == tries[job]
        assert "Dead" not in json.dumps([rule, config])
    assert not when


def test_a_function_is_called_by_its_gateway_or_its_schedule_alone(template: Template) -> None:
    for permission in template.of("AWS::Lambda::Permission").values():
        called = permission["FunctionName"].get("Ref")
        principal = permission["Principal"]
        if called == WEB:
            assert principal == "apigateway.amazonaws.com"
            arn = template.value(permission["SourceArn"])
            assert arn == "arn:aws:execute-api:eu-west-2:123456789012:RestAPI/*"
        else:
            assert called in JOBS
            assert principal == "events.amazonaws.com"
            rule, attribute = permission["SourceArn"]["Fn::GetAtt"]
            assert attribute == "Arn"
            assert template.resources[rule]["Type"] == RULE


def test_a_function_finds_its_log_group_made(template: Template) -> None:
    groups = template.of(LOGS)
    for name, function in _functions(template).items():
        waits = template.resources[name]["DependsOn"]
        assert groups[waits]["LogGroupName"] == f"/aws/lambda/{function['FunctionName']}"


def test_logs_are_kept_for_90_days_and_encrypted_by_the_key_that_is_for_them(
    template: Template, stage: str
) -> None:
    groups = template.of(LOGS)
    assert len(groups) == len(_functions(template)) + 1
    for group in groups.values():
        assert template.value(group["RetentionInDays"]) == 90
        assert group["KmsKeyId"] == {"Ref": "LogsKeyArn"}
    names = {group["LogGroupName"] for group in groups.values()}
    # What the key of the logs takes, infra/data.yaml.
    beginnings = (f"/aws/lambda/hub-{stage}-", f"/aws/apigateway/hub-{stage}")
    assert all(name.startswith(beginnings) for name in names)


# --- roles


def _statements(template: Template, role: str) -> list[dict[str, Any]]:
    (policy,) = template.of(ROLE)[role]["Policies"]
    statements: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return statements


def test_each_function_has_the_role_with_its_own_policy(template: Template, stage: str) -> None:
    for name, function in _functions(template).items():
        assert function["Role"] == {"Fn::GetAtt": [ROLE_OF[name], "Arn"]}
        own = read_policy(JOBS.get(name, stage)).statements
        here = json.loads(json.dumps(own).replace("eu-west-2:*:", "eu-west-2:123456789012:"))
        assert template.value(_statements(template, ROLE_OF[name])) == here


def test_a_restored_table_takes_its_permissions_along(template: Template) -> None:
    for role in set(ROLE_OF.values()) & set(template.of(ROLE)):
        policy = json.dumps(
            template.value(
                _statements(template, role),
                CasesTable="hub-cases-20261126t173100",
                ThreadsTable="hub-threads-20261126t173100",
                AccessTable="hub-access-20261126t173100",
                AuditTable="hub-audit-20261126t173100",
            )
        )
        named = set(re.findall(r"hub-(?:cases|threads|access|audit)[\w-]*", policy))
        assert named
        assert all(name.endswith("-20261126t173100") for name in named)


def test_no_role_may_do_everything_or_speak_of_other_accounts(template: Template) -> None:
    for role in set(ROLE_OF.values()) & set(template.of(ROLE)):
        for statement in template.value(_statements(template, role)):
            assert not [action for action in statement["Action"] if "*" in action]
            if statement["Effect"] == "Allow" and statement["Resource"] != ["*"]:
                assert all(":123456789012:" in arn for arn in statement["Resource"]), statement


def test_only_lambda_takes_a_functions_role(template: Template) -> None:
    for role in set(ROLE_OF.values()) & set(template.of(ROLE)):
        (trust,) = template.of(ROLE)[role]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert "ManagedPolicyArns" not in template.of(ROLE)[role]


def test_gateways_write_their_logs_with_a_role_that_outlives_the_stack(
    templates: Mapping[str, Template],
) -> None:
    template = templates[PUBLIC]
    account = template.resources["GatewayAccount"]
    assert account["Properties"] == {"CloudWatchRoleArn": {"Fn::GetAtt": ["GatewayRole", "Arn"]}}
    role = template.resources["GatewayRole"]
    assert role["DeletionPolicy"] == account["DeletionPolicy"] == "Retain"
    (managed,) = template.value(role["Properties"]["ManagedPolicyArns"])
    assert managed.endswith("/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
    # A stage with a log is refused until that is set.
    assert template.resources["RestAPI"]["DependsOn"] == "GatewayAccount"
    assert not templates[STAFF].of("AWS::ApiGateway::Account")


# --- the gateway


def test_the_gateway_has_every_route_of_its_pages_and_no_other(
    template: Template, stage: str
) -> None:
    declared = {
        (path, method.upper())
        for path, methods in _swagger(template)["paths"].items()
        for method in methods
    }
    routes = {
        (route.path, method)
        for pages in PAGES[stage]
        for route in pages.routes
        for method in route.methods
    }
    assert declared == routes


def test_the_gateway_is_regional_and_takes_text_alone(template: Template, stage: str) -> None:
    api, body = template.one(REST), _swagger(template)
    assert api["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert api["Name"] == body["info"]["title"] == f"hub-{stage}"
    assert body["x-amazon-apigateway-binary-media-types"] == []
    # A page holds a form's token and what a person typed: their length together would tell of both.
    assert "MinimumCompressionSize" not in api
    # CloudFront calls this endpoint, so it cannot be off; the function asks for the CDN's secret.
    assert not api.get("DisableExecuteApiEndpoint")


def test_there_is_one_stage_and_what_is_deployed_follows_from_what_is_in_it(
    template: Template,
) -> None:
    stage = template.one(STAGE)
    assert stage["StageName"] == "live"
    (name,) = template.of(DEPLOYMENT)
    assert stage["DeploymentId"] == {"Ref": name}
    assert re.fullmatch(r"RestAPIDeployment[0-9a-f]{10}", name)
    # SAM would make a second stage by it, without throttle and log.
    assert "StageName" not in template.of(DEPLOYMENT)[name]


@pytest.mark.parametrize(
    ("audience", "limits"),
    [
        (PUBLIC, {("/*", "*"): 250, ("/~1case~1open", "POST"): 50}),
        (STAFF, {("/*", "*"): 100, ("/~1sign-in", "GET"): 50, ("/~1signed-in", "GET"): 50}),
    ],
)
def test_a_flood_is_turned_away_before_it_costs_anything(
    templates: Mapping[str, Template], audience: str, limits: Mapping[tuple[str, str], int]
) -> None:
    template = templates[audience]
    found = {
        (one["ResourcePath"], one["HttpMethod"]): one
        for one in template.one(STAGE)["MethodSettings"]
    }
    assert found.keys() == limits.keys()
    for key, limit in limits.items():
        assert found[key]["ThrottlingRateLimit"] == limit
        assert found[key]["ThrottlingBurstLimit"] == limit
    paths = _swagger(template)["paths"]
    for path, method in limits.keys() - {("/*", "*")}:
        assert method.lower() in paths[path.replace("~1", "/").replace("//", "/")]


def test_the_gateways_log_says_nothing_of_who_asked_or_what_they_typed(template: Template) -> None:
    log = template.one(STAGE)["AccessLogSetting"]
    assert log["DestinationArn"] == {"Fn::GetAtt": ["GatewayLogs", "Arn"]}
    written = json.loads(log["Format"])
    assert set(written.values()) == {
        "$context.error.responseType",
        "$context.httpMethod",
        "$context.integration.latency",
        "$context.requestId",
        "$context.requestTime",
        "$context.resourcePath",
        "$context.responseLatency",
        "$context.responseLength",
        "$context.status",
    }


def test_the_gateway_is_not_traced_because_its_traces_hold_addresses(template: Template) -> None:
    assert template.one(STAGE)["TracingEnabled"] is False


def test_every_exception_from_the_checkers_has_its_reason(template: Template) -> None:
    skips = [
        skip
        for resource in template.resources.values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]
    assert skips
    for skip in skips:
        assert len(skip["comment"].split()) > 7, skip


def test_the_budget_warns_and_turns_nothing_off(templates: Mapping[str, Template]) -> None:
    budget = templates[STAFF].one("AWS::Budgets::Budget")
    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    said = {
        (n["Notification"]["NotificationType"], n["Notification"]["Threshold"])
        for n in budget["NotificationsWithSubscribers"]
    }
    assert said == {("ACTUAL", 80), ("FORECASTED", 100)}
    for notification in budget["NotificationsWithSubscribers"]:
        assert notification["Subscribers"] == [
            {"SubscriptionType": "SNS", "Address": {"Ref": "AlarmTopicArn"}}
        ]
    assert not templates[STAFF].of("AWS::Budgets::BudgetsAction")


def test_a_deployment_finds_what_it_asks_for(template: Template) -> None:
    outputs = template.whole["Outputs"]
    assert {"RestAPIId", "EndpointURL", "APIHandlerName", "APIHandlerArn"} <= outputs.keys()
    assert outputs["RestAPIId"]["Value"] == {"Ref": "RestAPI"}

"""What a template must say otherwise for the stand-in; all of its gaps that we know are here.

Each is held by a test of the template itself, since here it cannot be seen at work. Seen with
ministack 1.5.33:

- its CDN asks no firewall, and reaches an API by a path of the stand-in's one port alone;
- of the paths in a stage's settings it does not know the way they are written (`~1` for `/`);
- every request for an object comes to it without TLS, and it refuses alarms that calculate;
- it reads gateway responses as resources, not in the body of an API;
- of the conditions in a role's policy it does not know those of KMS, and takes them for not met;
  a key that is called by its alias is, for it, the alias, and an e-mail is of no identity;
- staff sign in at a provider on this machine, which has no TLS either;
- of a function's settings it drops the reserved concurrency (`limits_of` says them, so that who
  deploys can set them by hand).
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from operate.aws.stand_in_templates import for_stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
# For which resource it asks a permission, where AWS asks for another.
ASKED_OF = {"kms:GenerateMac": "arn:aws:kms:*:*:alias/*", "ses:SendEmail": "*"}
KMS_CONDITION = "kms:"


def standing_in(template: Mapping[str, Any], port: int) -> dict[str, Any]:
    """Return a template as the stand-in on this port can take it."""
    adapted = deepcopy(dict(template))
    resources = adapted["Resources"]
    adapted.get("Parameters", {}).get("OidcIssuer", {}).pop("AllowedPattern", None)
    for resource in _of_type(resources, "AWS::CloudFront::Distribution"):
        _front(resource["Properties"]["DistributionConfig"], port)
    for resource in _of_type(resources, "AWS::IAM::Role"):
        _allow(resource["Properties"].get("Policies", []))
    for resource in _of_type(resources, "AWS::ApiGateway::Stage"):
        _name_paths(resource["Properties"].get("MethodSettings", []))
    for resource in _of_type(resources, "AWS::S3::BucketPolicy"):
        document = resource["Properties"]["PolicyDocument"]
        document["Statement"] = [s for s in document["Statement"] if not _asks_tls(s)]
    for name in [name for name, one in resources.items() if _calculates(one)]:
        del resources[name]
    for name in [n for n, one in resources.items() if one["Type"] == "AWS::ApiGateway::RestApi"]:
        _answer(resources, name)
    return for_stand_in(adapted)


def limits_of(template: Mapping[str, Any]) -> dict[str, int]:
    """Return how many of each function may run at a time, by the functions' names."""
    functions = _of_type(template["Resources"], "AWS::Lambda::Function")
    return {
        function["Properties"]["FunctionName"]: int(limit)
        for function in functions
        if (limit := function["Properties"].get("ReservedConcurrentExecutions")) is not None
    }


def _of_type(resources: Mapping[str, Any], kind: str) -> Iterator[Any]:
    return (resource for resource in resources.values() if resource["Type"] == kind)


def _front(distribution: dict[str, Any], port: int) -> None:
    """Let a distribution reach its API, whose id is the first part of the API's host."""
    distribution.pop("WebACLId", None)
    for origin in distribution["Origins"]:
        if "CustomOriginConfig" not in origin:
            continue
        api = {"Fn::Select": [0, {"Fn::Split": [".", origin["DomainName"]]}]}
        origin["OriginPath"] = {"Fn::Join": ["", ["/_aws/execute-api/", api, origin["OriginPath"]]]}
        origin["DomainName"] = "localhost"
        origin["CustomOriginConfig"] |= {"OriginProtocolPolicy": "http-only", "HTTPPort": port}


def _allow(policies: list[dict[str, Any]]) -> None:
    for statement in [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]:
        conditions = {
            operator: kept
            for operator, keys in statement.pop("Condition", {}).items()
            if (kept := {k: v for k, v in keys.items() if not k.startswith(KMS_CONDITION)})
        }
        if conditions:
            statement["Condition"] = conditions
        for action, resource in ASKED_OF.items():
            if action in statement["Action"]:
                statement["Resource"] = [*statement["Resource"], resource]


def _name_paths(settings: list[dict[str, Any]]) -> None:
    for setting in settings:
        if "~1" in setting["ResourcePath"]:
            setting["ResourcePath"] = setting["ResourcePath"][1:].replace("~1", "/")


def _calculates(resource: Mapping[str, Any]) -> bool:
    return resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]


def _asks_tls(statement: Mapping[str, Any]) -> bool:
    return "aws:SecureTransport" in statement.get("Condition", {}).get("Bool", {})


def _answer(resources: dict[str, Any], api: str) -> None:
    """Make the gateway responses of an API resources of their own, there before it is deployed."""
    answers = resources[api]["Properties"]["Body"].get(GATEWAY_RESPONSES, {})
    for kind, answer in answers.items():
        words = {"ResponseTemplates": answer.get("responseTemplates", {})}
        headers = {"ResponseParameters": answer.get("responseParameters", {})}
        status = {"StatusCode": answer["statusCode"]} if "statusCode" in answer else {}
        asked = {"RestApiId": {"Ref": api}, "ResponseType": kind}
        resources[f"{api}{kind.replace('_', '')}"] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {**asked, **words, **headers, **status},
        }
    names = [f"{api}{kind.replace('_', '')}" for kind in answers]
    for deployment in _of_type(resources, "AWS::ApiGateway::Deployment"):
        if deployment["Properties"]["RestApiId"] == {"Ref": api}:
            deployment["DependsOn"] = names

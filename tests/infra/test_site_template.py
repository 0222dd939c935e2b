"""The site's stack: every path reaches whom it belongs to, and every answer has its headers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.settings import STAFF
from chalicelib.web.http import ORIGIN_HEADER, VIEWER_HEADER
from chalicelib.web.security import HEADERS
from chalicelib.wiring import create_app
from operate.aws.site_paths import first_match, public_routes, service_patterns
from operate.aws.stand_in_templates import read_template
from operate.gateway import LAMBDA_SECONDS
from operate.serve import SITE
from operate.site_files import BROKEN_PAGE, NOT_FOUND_PAGE, Moved, SiteFiles, StaticFile
from operate.site_policy import static_policy
from tests.infra.edge_function import answers
from tests.infra.templates import INFRA

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = read_template(INFRA / "site.yaml")
TEXT = (INFRA / "site.yaml").read_text(encoding="utf-8")
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE["Parameters"]
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
HOSTS = ("Public", "Staff")
# CloudFront's own policy that caches nothing; its name is this number everywhere.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
EVERY_METHOD = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
SITE_FILES = sorted(f"/{file.relative_to(SITE)}" for file in SITE.rglob("*") if file.is_file())
# A value of a header, as CloudFront takes it.
MOST_HEADER_CHARACTERS = 1_783
# Errors that CloudFront keeps for 10 seconds unless it is told otherwise, as far as it can be told.
KEPT_ERRORS = {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}
# CloudFront refuses a policy that would remove one of these.
NOT_REMOVABLE = re.compile(
    "connection|content-encoding|content-length|expect|host|keep-alive|proxy-.*|trailer"
    "|transfer-encoding|upgrade|via|warning|x-accel-.*|x-amz-cf-.*|x-cache|x-edge-.*"
    "|x-amzn-(auth|cf-.*|errortype|fle-profile|header-.*|lambda-integration-tag|requestid)"
    "|x-forwarded-proto|x-real-ip"
)
# Types that CloudFormation lets nobody tag.
WITHOUT_TAGS = {
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::KMS::Alias",
    "AWS::Logs::ResourcePolicy",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::WAFv2::LoggingConfiguration",
}


def _properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def _distribution(host: str) -> dict[str, Any]:
    found: dict[str, Any] = _properties(f"{host}Distribution")["DistributionConfig"]
    return found


def _behaviours(host: str) -> list[dict[str, Any]]:
    """Return every behaviour of a host, the default last."""
    config = _distribution(host)
    return [*config["CacheBehaviors"], config["DefaultCacheBehavior"]]


def _of(host: str, origin: str) -> list[dict[str, Any]]:
    return [each for each in _behaviours(host) if each["TargetOriginId"] == origin]


def _origin(host: str, name: str) -> dict[str, Any]:
    return next(each for each in _distribution(host)["Origins"] if each["Id"] == name)


def _reached(host: str, path: str) -> str:
    """Return the origin that a path of a host reaches, as CloudFront decides it."""
    by_pattern = {each["PathPattern"]: each for each in _distribution(host)["CacheBehaviors"]}
    found = first_match(by_pattern, path)
    behaviour = by_pattern[found] if found else _distribution(host)["DefaultCacheBehavior"]
    return str(behaviour["TargetOriginId"])


def _sample(route: str) -> str:
    """Return a path that the route takes."""
    return re.sub(r"\{\w+\}", "7", route)


def _addresses(file: str) -> list[str]:
    """Return the paths that lead to a file: of a page its folder too, with or without its slash."""
    if not file.endswith("/index.html"):
        return [file]
    folder = file.removesuffix("index.html")
    return [file, folder, folder.removesuffix("/")] if folder != "/" else [file, folder]


ADDRESSES = [address for file in SITE_FILES for address in _addresses(file)]


# --- who answers which path


def test_the_services_patterns_follow_from_its_routes() -> None:
    standing = [each["PathPattern"] for each in _of("Public", "service")]
    expected = service_patterns(public_routes())
    assert standing == expected, f"CacheBehaviors of PublicDistribution have to be {expected}"


@pytest.mark.parametrize("route", sorted(public_routes()))
def test_a_route_of_the_public_service_reaches_it(route: str) -> None:
    assert _reached("Public", _sample(route)) == "service"
    if "." not in route:
        assert _reached("Public", f"{_sample(route)}/") == "service"


def test_every_file_of_the_site_reaches_the_bucket() -> None:
    assert len(SITE_FILES) > 100
    taken = [path for path in ADDRESSES if _reached("Public", path) != "site"]
    assert taken == [], "a page of the site has the name of a page of the service"


@pytest.mark.parametrize("path", ["/", "/cases-in-court/", "/check-your-case/", "/figures.html"])
def test_a_name_that_only_begins_like_the_services_stays_the_sites(path: str) -> None:
    assert _reached("Public", path) == "site"


def test_the_desk_answers_everything_but_what_its_pages_load() -> None:
    routes = create_app(STAFF, _never).routes
    assert len(routes) > 50
    assert {_reached("Staff", _sample(route)) for route in routes} == {"service"}
    assert _reached("Staff", "/assets-seized") == "service"
    loaded = [file for file in SITE_FILES if _reached("Staff", file) == "site"]
    assets = [file for file in SITE_FILES if file.startswith("/assets/")]
    assert loaded == [BROKEN_PAGE, *assets]


def _never() -> Any:
    raise AssertionError("only the routes are read here")


def test_a_route_that_would_take_the_whole_site_is_refused() -> None:
    with pytest.raises(ValueError, match="whole site"):
        service_patterns(["/case", "/{anything}"])
    with pytest.raises(ValueError, match="whole site"):
        service_patterns(["/"])


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/case/*", "/case/", True),
        ("/case/*", "/case/a/b", True),
        ("/case/*", "/case", False),
        ("/case", "/Case", False),
        ("/a?c", "/abc", True),
        ("/a?c", "/ac", False),
        ("/a.c", "/abc", False),
    ],
)
def test_patterns_are_read_as_cloudfront_reads_them(pattern: str, path: str, *, fits: bool) -> None:
    assert first_match([pattern], path) == (pattern if fits else None)


# --- the function that finds pages


CODE: str = _properties("SitePaths")["FunctionCode"]
HOSTILE = [
    "",
    "//evil.example",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%2fevil.example",
    "/%2f%2fevil.example/x",
    "/a//evil",
    "/.",
    "/..",
    "/a/../evil",
    "/%0d%0alocation:%20x",
    "/a\r\nlocation: x",
    "/a\n",
    "/@evil",
    "/a:b",
    "/a?b",
    "/a#b",
    "https://evil/x",
    "/\u00e9t\u00e9",
    "/A-to-Z",
]


def _expected(found: StaticFile | Moved | None, path: str) -> dict[str, Any]:
    """Return what the function has to say where the server on one machine finds this."""
    assert found is not None, path
    if isinstance(found, Moved):
        return {"status": 301, "to": found.to}
    return {"file": found.name}


def _said(answer: dict[str, Any]) -> dict[str, Any]:
    if "statusCode" not in answer:
        return {"file": answer["uri"]}
    return {"status": answer["statusCode"], "to": answer["headers"]["location"]["value"]}


def test_the_cdn_finds_every_page_where_the_server_on_one_machine_finds_it() -> None:
    site = SiteFiles(SITE)
    said = [_said(answer) for answer in answers(CODE, ADDRESSES)]
    expected = [_expected(site.find(path), path) for path in ADDRESSES]
    assert sum("to" in each for each in expected) > 50
    assert dict(zip(ADDRESSES, said, strict=True)) == dict(zip(ADDRESSES, expected, strict=True))


def test_no_path_sends_anybody_elsewhere() -> None:
    for path, answer in zip(HOSTILE, answers(CODE, HOSTILE), strict=True):
        passed = f"{path}index.html" if path.endswith("/") else path
        assert _said(answer) == {"file": passed}


def test_a_redirect_carries_every_header_and_nothing_that_was_typed() -> None:
    (answer,) = answers(CODE, ["/search"], query="his name")
    assert answer["statusCode"] == 301
    assert "his name" not in json.dumps(answer)
    headers = {name: given["value"] for name, given in answer["headers"].items()}
    assert headers.pop("location") == "/search/"
    # It has no body, so its own policy allows nothing at all.
    policy = headers.pop("content-security-policy")
    assert "default-src 'none'" in policy
    assert headers == {
        name.lower(): value for name, value in HEADERS.items() if name != "Content-Security-Policy"
    }


def test_the_function_stands_where_pages_are_and_nowhere_else() -> None:
    functions = {
        (host, each.get("PathPattern", "default"))
        for host in HOSTS
        for each in _behaviours(host)
        if "FunctionAssociations" in each
    }
    assert functions == {("Public", "default")}
    (own,) = _distribution("Public")["DefaultCacheBehavior"]["FunctionAssociations"]
    assert own["EventType"] == "viewer-request"
    assert own["FunctionARN"] == {"Fn::GetAtt": ["SitePaths", "FunctionMetadata.FunctionARN"]}
    assert len(CODE.encode()) < 10_240


# --- the two distributions


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_speaks_only_what_is_safe(host: str) -> None:
    config = _distribution(host)
    assert config["Aliases"] == [{"Ref": f"{host}Host"}]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": f"{host}CertificateArn"},
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    assert config["HttpVersion"] == "http2and3"
    assert config["IPV6Enabled"] is True
    assert config["PriceClass"] == "PriceClass_100"
    assert config["WebACLId"] == {"Fn::GetAtt": [f"{host}Firewall", "Arn"]}
    assert {each["ViewerProtocolPolicy"] for each in _behaviours(host)} == {"redirect-to-https"}
    # The older log has no choice of fields: it would name who looked.
    assert "Logging" not in config


@pytest.mark.parametrize("host", HOSTS)
def test_the_gateway_is_asked_with_the_secret_and_waited_for(host: str) -> None:
    origin = _origin(host, "service")
    assert origin["DomainName"] == {"Ref": f"{host}ApiHost"}
    assert origin["OriginPath"] == {"Fn::Sub": "/${ApiStage}"}
    assert origin["OriginCustomHeaders"] == [
        {"HeaderName": "X-Hub-Origin", "HeaderValue": {"Ref": f"{host}OriginSecret"}}
    ]
    assert origin["OriginCustomHeaders"][0]["HeaderName"].lower() == ORIGIN_HEADER
    custom = origin["CustomOriginConfig"]
    assert custom["OriginProtocolPolicy"] == "https-only"
    assert custom["OriginSSLProtocols"] == ["TLSv1.2"]
    assert custom["OriginReadTimeout"] > LAMBDA_SECONDS


@pytest.mark.parametrize("host", HOSTS)
def test_the_bucket_is_asked_with_a_signature(host: str) -> None:
    origin = _origin(host, "site")
    assert origin["DomainName"] == {"Fn::GetAtt": ["SiteBucket", "RegionalDomainName"]}
    assert origin["OriginAccessControlId"] == {"Ref": "SiteAccess"}
    access = _properties("SiteAccess")["OriginAccessControlConfig"]
    assert access["OriginAccessControlOriginType"] == "s3"
    assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")


@pytest.mark.parametrize("host", HOSTS)
def test_nothing_of_the_service_is_ever_kept_at_the_edge(host: str) -> None:
    for behaviour in _of(host, "service"):
        assert behaviour["CachePolicyId"] == CACHING_DISABLED
        assert behaviour["OriginRequestPolicyId"] == {"Ref": "ServiceRequestPolicy"}
        assert behaviour["AllowedMethods"] == EVERY_METHOD
        assert "Compress" not in behaviour
    errors = _distribution(host)["CustomErrorResponses"]
    assert {each["ErrorCode"] for each in errors} == KEPT_ERRORS
    assert {each["ErrorCachingMinTTL"] for each in errors} == {0}


@pytest.mark.parametrize("host", HOSTS)
def test_the_site_is_read_and_learns_nothing_of_who_reads(host: str) -> None:
    for behaviour in _of(host, "site"):
        assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
        assert behaviour["CachePolicyId"] == {"Ref": "SiteCaching"}
        assert behaviour["Compress"] is True
        assert "OriginRequestPolicyId" not in behaviour
    caching = _properties("SiteCaching")["CachePolicyConfig"]
    key = caching["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["HeadersConfig"] == {"HeaderBehavior": "none"}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert key["EnableAcceptEncodingGzip"] is key["EnableAcceptEncodingBrotli"] is True
    # Files say `no-store`, which ends a copy at the edge only below the least that it is kept.
    assert 0 < caching["MinTTL"] == caching["DefaultTTL"] == caching["MaxTTL"] <= 300


def test_the_service_is_told_what_it_reads_and_nothing_more() -> None:
    policy = _properties("ServiceRequestPolicy")["OriginRequestPolicyConfig"]
    assert policy["CookiesConfig"] == {"CookieBehavior": "all"}
    assert policy["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    headers = policy["HeadersConfig"]["Headers"]
    assert policy["HeadersConfig"]["HeaderBehavior"] == "whitelist"
    assert headers == [
        "Accept",
        "CloudFront-Viewer-Address",
        "Content-Type",
        "Origin",
        "Sec-Fetch-Site",
    ]
    sent = {name.lower() for name in headers} | {"cookie", ORIGIN_HEADER}
    read = set(_headers_read())
    assert {"origin", "sec-fetch-site", ORIGIN_HEADER, VIEWER_HEADER} <= read <= sent


def _headers_read() -> Iterator[str]:
    """Give the names of the headers that the application asks a request for."""
    for source in (INFRA.parent / "api" / "chalicelib").rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        yield from re.findall(r'(?:headers(?:\.get\(|\[)|_HEADER = )"([a-z-]+)"', text)


# --- headers and error pages


def _headers_put_on() -> dict[str, Any]:
    policy = _properties("AnswerHeaders")["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    transport = security["StrictTransportSecurity"]
    assert transport["IncludeSubdomains"] is True
    assert "ContentTypeOptions" in security
    return {
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": (
            f"max-age={transport['AccessControlMaxAgeSec']}; includeSubDomains"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        **{each["Header"]: each["Value"] for each in policy["CustomHeadersConfig"]["Items"]},
    }


def test_every_answer_has_the_headers_of_the_services_own() -> None:
    assert _headers_put_on() == {**HEADERS, "Content-Security-Policy": {"Ref": "SitePolicy"}}
    for host in HOSTS:
        for behaviour in _behaviours(host):
            assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "AnswerHeaders"}


def test_what_an_answer_says_itself_stands() -> None:
    policy = _properties("AnswerHeaders")["ResponseHeadersPolicyConfig"]
    put_on = [
        *policy["SecurityHeadersConfig"].values(),
        *policy["CustomHeadersConfig"]["Items"],
    ]
    assert {each["Override"] for each in put_on} == {False}


def test_the_machinery_goes_unnamed_where_cloudfront_lets_it() -> None:
    policy = _properties("AnswerHeaders")["ResponseHeadersPolicyConfig"]
    removed = {each["Header"].lower() for each in policy["RemoveHeadersConfig"]["Items"]}
    assert {"server", "x-amz-apigw-id", "x-amzn-trace-id"} <= removed
    assert not [name for name in removed if NOT_REMOVABLE.fullmatch(name)]
    assert not removed & {name.lower() for name in HEADERS}


def test_the_policy_of_the_built_site_fits() -> None:
    policy, parameter = static_policy(SITE), PARAMETERS["SitePolicy"]
    assert len(policy) <= parameter["MaxLength"] == MOST_HEADER_CHARACTERS
    assert re.fullmatch(parameter["AllowedPattern"], policy)
    for worse in (
        policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        policy.replace("default-src 'none'", "default-src *"),
        f"{policy}\r\nSet-Cookie: a=b",
        policy.replace("img-src", "\r\nSet-Cookie: a=b; img-src"),
        policy.removesuffix("frame-ancestors 'none'"),
    ):
        assert not re.fullmatch(parameter["AllowedPattern"], worse)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("Public", {404: NOT_FOUND_PAGE, 502: BROKEN_PAGE, 504: BROKEN_PAGE}),
        # A case that does not exist for somebody is an answer of the desk.
        ("Staff", {502: BROKEN_PAGE, 504: BROKEN_PAGE}),
    ],
)
def test_only_these_errors_get_a_page_of_the_site(host: str, expected: dict[int, str]) -> None:
    errors = _distribution(host)["CustomErrorResponses"]
    paged = {each["ErrorCode"]: each for each in errors if len(each) > 2}
    assert {code: each["ResponsePagePath"] for code, each in paged.items()} == expected
    for code, each in paged.items():
        assert each["ResponseCode"] == code
        assert each["ResponsePagePath"] in SITE_FILES
        assert _reached(host, each["ResponsePagePath"]) == "site"


# --- the bucket


def test_the_bucket_is_private_and_keeps_what_was_before() -> None:
    bucket = _properties("SiteBucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    rules = {each["Id"]: each for each in bucket["LifecycleConfiguration"]["Rules"]}
    kept = rules["what-was-replaced"]["NoncurrentVersionExpiration"]
    assert kept == {"NoncurrentDays": 90}
    assert {each["Status"] for each in rules.values()} == {"Enabled"}
    # Files that are in use never expire.
    assert not [each for each in rules.values() if "ExpirationInDays" in each]


def _arn_of(host: str) -> dict[str, str]:
    arn = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/"
    return {"Fn::Sub": f"{arn}${{{host}Distribution}}"}


def test_the_bucket_answers_the_two_distributions_and_nobody_else() -> None:
    statements = _properties("SiteBucketPolicy")["PolicyDocument"]["Statement"]
    by_sid = {each["Sid"]: each for each in statements}
    allowed = {sid: each for sid, each in by_sid.items() if each["Effect"] == "Allow"}
    for each in allowed.values():
        assert each["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert {
        sid: (each["Action"], each["Resource"], each["Condition"]["StringEquals"]["aws:SourceArn"])
        for sid, each in allowed.items()
    } == {
        "PublicReadsTheSite": (
            "s3:GetObject",
            {"Fn::Sub": "${SiteBucket.Arn}/*"},
            _arn_of("Public"),
        ),
        "StaffReadTheAssets": (
            "s3:GetObject",
            [
                {"Fn::Sub": "${SiteBucket.Arn}/assets/*"},
                {"Fn::Sub": f"${{SiteBucket.Arn}}{BROKEN_PAGE}"},
            ],
            _arn_of("Staff"),
        ),
        # Otherwise a missing file would be a 403, which passes as it is.
        "WhatIsMissingIsNotFound": (
            "s3:ListBucket",
            {"Fn::GetAtt": ["SiteBucket", "Arn"]},
            [_arn_of("Public"), _arn_of("Staff")],
        ),
    }


def test_the_bucket_refuses_lines_that_can_be_read() -> None:
    statements = _properties("SiteBucketPolicy")["PolicyDocument"]["Statement"]
    denied = {each["Sid"]: each for each in statements if each["Effect"] == "Deny"}
    conditions = {sid: each["Condition"] for sid, each in denied.items()}
    assert conditions == {
        "NeverInClear": {"Bool": {"aws:SecureTransport": "false"}},
        "NeverUnderOldTls": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    }
    for each in denied.values():
        assert (each["Principal"], each["Action"]) == ("*", "s3:*")
        assert each["Resource"] == [
            {"Fn::GetAtt": ["SiteBucket", "Arn"]},
            {"Fn::Sub": "${SiteBucket.Arn}/*"},
        ]


def test_the_list_of_files_is_never_the_answer_to_the_first_page() -> None:
    assert _distribution("Public")["DefaultRootObject"] == "index.html"
    assert _reached("Staff", "/") == "service"


# --- the template as a whole


def test_it_is_made_in_the_one_region_that_can_and_for_two_hosts() -> None:
    asserted = {name: rule["Assertions"][0]["Assert"] for name, rule in TEMPLATE["Rules"].items()}
    assert asserted.pop("SomebodyComesIn")
    assert asserted == {
        "OnlyInVirginia": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
        "TwoHosts": {"Fn::Not": [{"Fn::Equals": [{"Ref": "PublicHost"}, {"Ref": "StaffHost"}]}]},
        "TwoSecrets": {
            "Fn::Not": [
                {"Fn::Equals": [{"Ref": "PublicOriginSecret"}, {"Ref": "StaffOriginSecret"}]}
            ]
        },
    }


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_in_words_what_it_must_be(name: str) -> None:
    parameter = PARAMETERS[name]
    assert parameter["Description"]
    assert parameter["ConstraintDescription"].startswith("must be ")
    assert {"AllowedPattern", "MinValue"} & set(parameter)
    if "Default" not in parameter and parameter["Type"] == "String":
        assert not re.fullmatch(parameter["AllowedPattern"], "")


@pytest.mark.parametrize("host", HOSTS)
def test_an_origin_secret_is_long_and_never_shown(host: str) -> None:
    secret = PARAMETERS[f"{host}OriginSecret"]
    assert secret["NoEcho"] is True
    assert secret["MinLength"] >= 32
    assert "Default" not in secret
    # It goes into the header alone.
    assert TEXT.count(f"!Ref {host}OriginSecret") == 2
    assert "OriginSecret}" not in TEXT


@pytest.mark.parametrize("name", RESOURCES)
def test_everything_that_takes_tags_has_them(name: str) -> None:
    if RESOURCES[name]["Type"] in WITHOUT_TAGS:
        assert "Tags" not in _properties(name)
        return
    tags = {tag["Key"]: tag["Value"] for tag in _properties(name)["Tags"]}
    assert (tags["service"], tags["part"]) == ("hub", "site")
    assert tags["personal-data"] in {"yes", "no"}


def test_no_policy_allows_every_action() -> None:
    statements = list(_statements(RESOURCES))
    assert len(statements) > 10
    for each in statements:
        actions = [each["Action"]] if isinstance(each["Action"], str) else each["Action"]
        assert each["Effect"] == "Deny" or not [action for action in actions if "*" in action]


def _statements(value: object) -> Iterator[dict[str, Any]]:
    """Give the statements of every policy, those that are written as text included."""
    if isinstance(value, dict):
        if "Effect" in value:
            yield value
        for each in value.values():
            yield from _statements(each)
    elif isinstance(value, list):
        for each in value:
            yield from _statements(each)
    elif isinstance(value, str) and value.startswith("{"):
        yield from _statements(json.loads(value))


def test_the_template_has_no_letter_that_cloudformation_makes_a_question_mark_of() -> None:
    assert TEXT.isascii()


def test_the_stack_says_what_a_deployment_needs() -> None:
    assert {name: output["Value"] for name, output in TEMPLATE["Outputs"].items()} == {
        "SiteBucketName": {"Ref": "SiteBucket"},
        "PublicDistributionId": {"Ref": "PublicDistribution"},
        "PublicDistributionHost": {"Fn::GetAtt": ["PublicDistribution", "DomainName"]},
        "StaffDistributionId": {"Ref": "StaffDistribution"},
        "StaffDistributionHost": {"Fn::GetAtt": ["StaffDistribution", "DomainName"]},
        "EdgeAlarmTopicArn": {"Ref": "AlarmTopic"},
    }

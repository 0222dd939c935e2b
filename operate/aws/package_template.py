"""The CloudFormation template of one stage, as it is kept, checked and deployed.

Chalice says what follows from the code: routes, functions, jobs, roles with their policies.
infra/public.yaml or infra/staff.yaml adds all the rest, and operate/aws/gateway_pages.py what the
gateway answers by itself. SAM's translator then writes it out, so that nothing is left for a
transformation in the account: what an assessor reads is what is made.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import yaml  # type: ignore[import-untyped]  # MkDocs brings it, without types
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]  # it has none
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

from chalicelib.stores.tables import TABLES
from operate.aws.gateway_pages import gateway_responses
from operate.aws.stage import REGION
from operate.cloud import TABLE_NAMES
from operate.hub_home import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GATEWAY = "RestAPI"
PAGES = "x-amazon-apigateway-gateway-responses"
# Chalice's command, in a process of its own: it imports the application by the name `app`.
CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"
# What Chalice looks at; vendor/ and the compiled files stay behind, since only the template is
# wanted.
SOURCES = ("app.py", "chalicelib", ".chalice/config.json")
PARAMETER_OF = {TABLE_NAMES[key]: f"{key.capitalize()}Table" for key in TABLES}
# A table's name in an ARN or by itself.
NAMED_TABLE = re.compile(r"(?<![\w-])({})(?![\w-])".format("|".join(map(re.escape, PARAMETER_OF))))
ANY_ACCOUNT = re.compile(r"^arn:aws:([a-z0-9-]+):([a-z0-9-]*):\*:")
SAM_TAG = "lambda:createdBy"
# What SAM counts about its own work goes nowhere, and it would say so on the terminal.
logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)
NOTHING_PERSONAL = {"Key": "personal-data", "Value": "no"}


class TemplateError(Exception):
    """Chalice could not package a stage; the text is the last line of what it said."""


def stage_template(audience: str, *, into: Path) -> dict[str, Any]:
    """Return a stage's template as plain CloudFormation; the same each time for the same sources.

    Args:
        audience: public or staff.
        into: a folder to work in, made where it is missing.

    Raises:
        TemplateError: Chalice does not package the stage.
    """
    template = _without_null(_packaged(audience, into))
    _narrow_policies(template)
    template["Resources"][GATEWAY]["Properties"]["DefinitionBody"][PAGES] = gateway_responses(
        audience
    )
    return _tidied(_written_out(template))


def _packaged(audience: str, into: Path) -> dict[str, Any]:
    """Return what Chalice makes of a stage with our file merged into it.

    It works in a copy: it leaves packages behind, and reads the policies from beside the sources.
    """
    api = into / "api"
    shutil.rmtree(api, ignore_errors=True)
    for name in SOURCES:
        _copy(ROOT / "api" / name, api / name)
    _copy(ROOT / "infra" / "policies", into / "infra" / "policies")
    ours = ROOT / "infra" / f"{audience}.yaml"
    done = subprocess.run(
        [
            *(sys.executable, "-c", CHALICE, "package", "--stage", audience),
            *("--merge-template", str(ours), str(into / "chalice")),
        ],
        cwd=api,
        # Nothing of this machine counts, and no credentials.
        env={
            "PATH": os.defpath,
            "HOME": str(into),
            "AWS_DEFAULT_REGION": REGION,
            "HUB_AUDIENCE": audience,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = done.stderr.strip().rpartition("\n")[2]
        raise TemplateError(f"Chalice could not package {audience}: {why}")
    text = (into / "chalice" / "sam.yaml").read_text(encoding="utf-8")
    merged: dict[str, Any] = yaml.safe_load(text)
    return merged


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, to, dirs_exist_ok=True, ignore=left_out)
    else:
        shutil.copyfile(source, to)


def _without_null(value: Any) -> Any:  # noqa: ANN401 -- any part of a template
    """Return a value without what our file takes away from Chalice's by saying null."""
    if isinstance(value, dict):
        return {key: _without_null(one) for key, one in value.items() if one is not None}
    return [_without_null(one) for one in value] if isinstance(value, list) else value


def _narrow_policies(template: dict[str, Any]) -> None:
    """Let the policies name this account, and the tables that the parameters name.

    The files in infra/policies hold for every account and for the tables' first names.
    """
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            policies = resource["Properties"].get("Policies", [])
            resource["Properties"]["Policies"] = _each_text(policies, _narrowed)


def _narrowed(text: str) -> Any:  # noqa: ANN401 -- a text, or a function of CloudFormation
    if text in PARAMETER_OF:
        return {"Ref": PARAMETER_OF[text]}
    said = ANY_ACCOUNT.sub(r"arn:${AWS::Partition}:\1:\2:${AWS::AccountId}:", text)
    said = NAMED_TABLE.sub(lambda found: f"${{{PARAMETER_OF[found[1]]}}}", said)
    return text if said == text else {"Fn::Sub": said}


def _each_text(value: Any, change: Callable[[str], Any]) -> Any:  # noqa: ANN401 -- any part
    if isinstance(value, dict):
        return {key: _each_text(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [_each_text(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def _written_out(template: dict[str, Any]) -> dict[str, Any]:
    """Return a template without a transformation: what it would make stands there itself."""
    session = boto3.Session(region_name=REGION)
    translator = Translator({}, Parser(), boto_session=session)
    plain: dict[str, Any] = translator.translate(template, {})
    return plain


def _tidied(plain: dict[str, Any]) -> dict[str, Any]:
    """Return a template in the order of its names, with tags and reasons where SAM puts none."""
    resources = plain["Resources"]
    for resource in resources.values():
        tags = resource.get("Properties", {}).get("Tags")
        if isinstance(tags, list):
            resource["Properties"]["Tags"] = [tag for tag in tags if tag["Key"] != SAM_TAG]
    for resource in resources.values():
        if resource["Type"] == "AWS::Events::Rule":
            # What starts a job is of the job, and no word of anybody passes through it.
            (target,) = resource["Properties"]["Targets"]
            job = resources[target["Arn"]["Fn::GetAtt"][0]]
            resource["Properties"]["Tags"] = [
                tag | NOTHING_PERSONAL if tag["Key"] == NOTHING_PERSONAL["Key"] else tag
                for tag in job["Properties"]["Tags"]
            ]
        elif resource["Type"] == "AWS::ApiGateway::Stage":
            resource["Metadata"] = resources[GATEWAY]["Metadata"]
    ordered: dict[str, Any] = json.loads(json.dumps(plain, sort_keys=True))
    return ordered

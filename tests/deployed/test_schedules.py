"""The jobs: they start by themselves, and what was due has left."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

if TYPE_CHECKING:
    from tests.deployed.conftest import Deployed

MINUTE, MORNING = "hub-staff-every-minute", "hub-staff-every-morning"
# The stand-in looks at its schedules every ten seconds, and a busy machine is slow.
PATIENCE_SECONDS = 150


def _rules(hub: Deployed) -> dict[str, str]:
    """Return the schedule of each job, by the function that it starts."""
    client = hub.cloud.client("events")
    found: dict[str, str] = {}
    for rule in client.list_rules()["Rules"]:
        (target,) = client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        assert rule["State"] == "ENABLED"
        found[target["Arn"].rpartition(":")[2]] = rule["ScheduleExpression"]
    return found


def test_the_jobs_have_their_times(hub: Deployed) -> None:
    assert _rules(hub) == {MINUTE: "rate(1 minute)", MORNING: "cron(10 3 * * ? *)"}


def _run(hub: Deployed, name: str) -> Any:
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
    envelope = {"version": "0", "id": "1", "account": "0", "time": "2026-11-26T09:00:00Z"}
    answer = hub.cloud.client("lambda").invoke(
        FunctionName=name,
        Payload=json.dumps({**envelope, **event, "region": "eu-west-2", "resources": []}).encode(),
    )
    assert "FunctionError" not in answer, answer["Payload"].read()
    return answer


def test_the_morning_job_runs_with_its_own_role(hub: Deployed) -> None:
    assert _run(hub, MORNING)["StatusCode"] == 200


def test_the_job_that_starts_itself_writes_to_an_officer_that_something_waits(
    hub: Deployed,
) -> None:
    work = "pc.example@force.example"
    hub.cloud.client("sesv2").create_email_identity(EmailIdentity="your-information.example")
    case = hub.case(hub.person(email=work))
    victim = hub.victim(case)
    victim.get("/case/message")
    assert victim.post("/case/message", message="When will I hear?").status == 303

    ends = time.monotonic() + PATIENCE_SECONDS
    while not (mails := _mails_to(hub, work)) and time.monotonic() < ends:
        time.sleep(1)
    (mail,) = mails
    assert "Something new waits in your list" in mail
    for word in ("When will I hear", case.reference, "Example"):
        assert word not in mail


def _mails_to(hub: Deployed, address: str) -> list[str]:
    """Return the mails that SES was given for somebody, each as text."""
    with urlopen(f"{hub.cloud.endpoint}/_ministack/ses/messages", timeout=10) as answer:  # noqa: S310 -- this machine
        of_accounts = json.load(answer)["messages"].values()
    mails = [mail for account in of_accounts for mail in account]
    return [f"{mail['Subject']} {mail['BodyText']}" for mail in mails if address in mail["To"]]

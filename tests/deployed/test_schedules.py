"""The jobs: they start by themselves, and what was due has left."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from chalicelib.settings import PUBLIC

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


def test_an_officer_is_written_to_by_the_job_that_starts_itself(hub: Deployed) -> None:
    mail = hub.cloud.client("sesv2")
    mail.create_email_identity(EmailIdentity="your-information.example")
    officer = hub.person(email="pc.example@force.example")
    case = hub.case(officer)
    victim = hub.victim(case)
    victim.get("/case/message")
    assert victim.post("/case/message", message="When will I hear?").status == 303
    _run(hub, MINUTE)

    ends = time.monotonic() + PATIENCE_SECONDS
    while not (started := _starts(hub)) and time.monotonic() < ends:
        time.sleep(2)
    assert started
    assert hub.browser(PUBLIC).get("/case/open").status == 200


def _starts(hub: Deployed) -> int:
    """Return how often the schedule, and not a test, has started the job that sends."""
    metrics = hub.cloud.client("logs").filter_log_events(
        logGroupName=f"/aws/lambda/{MINUTE}", filterPattern="START"
    )
    return len(metrics["events"]) - 1

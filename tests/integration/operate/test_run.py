"""The whole hub with one command: it comes up, keeps what it holds, and leaves nothing running."""

from __future__ import annotations

import json
import re
import signal
from typing import TYPE_CHECKING

from tests.integration.operate.hub_process import HubProcess, is_gone, operate, wait_until
from tests.integration.operate.wire import TextBrowser, ask

if TYPE_CHECKING:
    from pathlib import Path

ROLES = {"officer", "supervisor", "witness_care", "partner", "administrator"}
POLICE_UK = """\
Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,\
Crime type,Last outcome category,Context
{one},2018-11,Example Police,Example Police,,,Example Road,,,Burglary,Under investigation,
{two},2018-11,Example Police,Example Police,,,Example Road,,,Robbery,Offender sent to prison,
{three},2018-11,Example Police,Example Police,,,Example Road,,,Drugs,Local resolution,
,2018-11,Example Police,Example Police,,,Example Road,,,Anti-social behaviour,,
""".format(one="1" * 64, two="2" * 64, three="3" * 64)


def open_case(hub: HubProcess, reference: str, code: str) -> TextBrowser:
    victim = TextBrowser(hub.public)
    came = victim.post("/case/open", reference=reference, code=code)
    assert (came.status, came.header("Location")) == (303, "/case")
    return victim


def assert_how_to_try(hub: HubProcess) -> None:
    demo = hub.demo
    assert set(demo) == {"public", "staff", "cases", "staff_sign_ins"}
    assert demo["public"] == f"http://localhost:{hub.public}"
    assert demo["staff"] == f"http://localhost:{hub.staff}"
    assert {frozenset(case) for case in demo["cases"]} == {
        frozenset({"reference", "code", "victim", "officer"})
    }
    people = demo["staff_sign_ins"]
    assert {frozenset(person) for person in people} == {frozenset({"sub", "role", "name"})}
    assert {person["role"] for person in people} == ROLES
    references = [case["reference"] for case in demo["cases"]]
    assert all(re.fullmatch(r"\d{2}/\d{6}/\d{2}", reference) for reference in references)
    assert len(references) == len(set(references)) + 1, "two entries are two victims of one case"
    assert {c["officer"] for c in demo["cases"]} <= {person["sub"] for person in people}


def test_the_hub_comes_up_keeps_what_it_holds_and_leaves_nothing_running(tmp_path: Path) -> None:
    home = tmp_path / "hub"
    assert "not running" in operate("import", "cases.csv", home=home).stderr

    first = HubProcess.start(home)
    try:
        assert_how_to_try(first)
        case = first.demo["cases"][0]
        victim = open_case(first, case["reference"], case["code"])
        words = "Is the door safe to paint?"
        assert victim.post("/case/message", message=words).status == 303
        imports_and_makes_codes(first)
        assert_says_plainly_what_is_taken(first)
        codes = first.demo["cases"]
        assert all(map(first.handles, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)))
        children = first.children
        assert len(children) == 4
        assert first.stop(signal.SIGTERM) == 0
    finally:
        first.process.kill()
        first.process.wait()
    assert all(is_gone(child) for child in children)
    assert first.ports_are_free
    assert not first.demo_file.exists()

    second = HubProcess.start(home)
    try:
        assert second.demo["cases"] == codes
        victim = open_case(second, case["reference"], case["code"])
        assert words in victim.get("/case").text
        children = second.children
    finally:
        # Killed without a word, it takes its children with it all the same.
        second.process.kill()
        second.process.wait()
    wait_until(lambda: all(is_gone(child) for child in children), 20)
    assert second.ports_are_free


def imports_and_makes_codes(hub: HubProcess) -> None:
    file, report = hub.home / "crimes.csv", hub.home / "report.json"
    file.write_text(POLICE_UK)
    before = hub.demo["cases"]
    assert operate("demo-codes", 2, home=hub.home).returncode == 2
    done = operate("import", file, "--format", "police-uk", "--report", report, home=hub.home)
    assert done.returncode == 0, done.stderr
    assert json.loads(report.read_text()) == {
        "new": 3, "changed": 0, "same": 0, "kept": 0, "left_out": 1, "rejected": [],
    }  # fmt: skip
    wrong = operate("import", file, home=hub.home)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    made = operate("demo-codes", 5, home=hub.home)
    assert "Found 2 of 5 cases: 1 undecided, 1 decided." in made.stdout
    cases = hub.demo["cases"]
    assert cases[: len(before)] == before
    assert len(cases) == len(before) + 2
    open_case(hub, cases[-1]["reference"], cases[-1]["code"])


def assert_says_plainly_what_is_taken(hub: HubProcess) -> None:
    again = operate("run", "--public-port", 1, "--staff-port", 2, home=hub.home)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "running already" in again.stderr
    assert hub.demo_file.exists()
    ports = ["--public-port", hub.public, "--staff-port", hub.staff]
    other = operate("run", *ports, home=hub.home / "other")
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    assert f"Port {hub.public} is in use." in other.stderr
    assert ask(hub.public, "GET", "/health").status == 200

"""What an operator does first on a deployed hub, and whom it lets in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from rich.console import Console

from chalicelib.settings import STAFF
from operate.aws.operator import add_to_staff, load_file
from tests.builders import next_reference
from tests.unit.domain.import_rows import row, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployed.conftest import Deployed


def test_the_first_administrator_signs_in_and_officers_find_the_cases_of_a_file(
    hub: Deployed, tmp_path: Path
) -> None:
    stage, account = hub.deployment.stage, "first-administrator"
    for identity, role in ((account, "administrator"), ("pc-of-the-file", "officer")):
        claims = json.dumps({"name": "Ash Example", "roles": [role]}).encode()
        known = Request(f"{hub.issuer}/users/{identity}", claims, method="PUT")  # noqa: S310 -- this machine
        known.add_header("Content-Type", "application/json")
        urlopen(known, timeout=5).close()  # noqa: S310 -- this machine

    unknown = hub.browser(STAFF)
    # The page that refuses somebody leads nowhere.
    with pytest.raises(KeyError, match="location"):
        unknown.signs_in(account)
    assert unknown.seen
    assert "not in its staff list" in unknown.seen.main
    add_to_staff(stage, hub.cloud, account=account, name="Ash Example", number="7001")
    desk = hub.browser(STAFF)
    desk.signs_in(account)
    assert "Administration" in desk.get("/admin").main

    reference, path = next_reference(), tmp_path / "cases.csv"
    who = {"officer_id": "pc-of-the-file", "team": "team-of-the-file"}
    path.write_text(text_of([row(reference=reference, **who)]), encoding="utf-8")
    load_file(stage, hub.cloud, path, "case-file", report_to=None, console=Console(quiet=True))
    assert "team-of-the-file" in desk.get("/admin").main
    officer = hub.browser(STAFF)
    officer.signs_in("pc-of-the-file")
    # The same key as the deployed functions make of the reference.
    officer.get("/")
    assert officer.post("/search", reference=reference).status == 303
    assert reference in officer.follow().main

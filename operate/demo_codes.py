"""Codes to try the hub with: those of the demonstration force, and of imported cases at size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.progress import Progress

from chalicelib.clients.aws import new_client
from chalicelib.domain.access import CaseReference
from chalicelib.domain.staff import StaffMember
from chalicelib.services.issue_code import needs_confirming
from operate.cloud import TABLE_NAMES
from operate.demo_court import ALL_CASES
from operate.desk import at_the_desk, make_code
from operate.hub_deps import deps_of
from operate.hub_home import HomeError
from operate.stand_in import REGION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from chalicelib.domain.cases import Case
    from chalicelib.services.deps import Deps
    from operate.hub_home import DemoCode, HubHome

OFFICER = "officer"
SCAN_SECONDS = 60.0
DEMONSTRATION = frozenset(case.reference for case in ALL_CASES)
NOTHING_IMPORTED = (
    "There are no imported cases that are open to lookup. Import some first: "
    "make import FILE=… FORMAT=police-uk"
)


@dataclass(frozen=True, slots=True)
class Found:
    """References of imported cases to make codes for: not decided yet, and decided."""

    undecided: Sequence[str]
    decided: Sequence[str]

    @property
    def all(self) -> tuple[str, ...]:
        """Return both kinds, those that are open to questions first."""
        return (*self.undecided, *self.decided)


def is_whole(codes: Sequence[DemoCode] | None) -> bool:
    """Return whether these codes open every demonstration case that this release has."""
    return frozenset(code.reference for code in codes or ()) >= DEMONSTRATION


def renewed(deps: Deps, codes: Sequence[DemoCode]) -> list[DemoCode]:
    """Return codes that open something now.

    A demonstration case whose code was cancelled or changed gets a new one; an imported
    case is left out, since demo-codes makes more at any time.
    """
    kept = [_renewed(deps, code) for code in codes]
    return [code for code in kept if code is not None]


def _renewed(deps: Deps, code: DemoCode) -> DemoCode | None:
    item = deps.access.code(code.key)
    if item is not None and item.opens(deps.now()):
        return code
    if code.reference not in DEMONSTRATION:
        return None
    return _new_code(deps, _read(deps, code.reference), code.victim)


def find_imported(deps: Deps, endpoint: str, wanted: int, known: frozenset[str]) -> Found:
    """Return up to so many imported cases, half of them undecided where there are that many.

    Cases that are `known`, because they have a code for the demonstration, are left out.

    Raises:
        HomeError: there is none.
    """
    undecided: list[str] = []
    decided: list[str] = []
    half = (wanted + 1) // 2
    for reference, crime_type, stage in _filed_cases(endpoint):
        if reference in known | DEMONSTRATION:
            continue
        if deps.rules.crime_type(crime_type).open_to_lookup:
            (decided if deps.rules.stages[stage].decided else undecided).append(reference)
        if len(undecided) >= half and len(decided) >= wanted - half:
            break
    if not undecided and not decided:
        raise HomeError(NOTHING_IMPORTED)
    of_decided = min(len(decided), max(wanted - half, wanted - len(undecided)))
    return Found(undecided[: wanted - of_decided], decided[:of_decided])


def _filed_cases(endpoint: str) -> Iterator[tuple[str, str, str]]:
    """Yield reference, crime type and stage of every case that came with a file.

    The service itself never scans; this looks through a stand-in on one machine, which
    takes longer for it than the service waits for any call.
    """
    client = new_client("dynamodb", region=REGION, endpoint=endpoint, seconds=SCAN_SECONDS)
    pages = client.get_paginator("scan").paginate(
        TableName=TABLE_NAMES["cases"],
        FilterExpression="kind = :file",
        ExpressionAttributeValues={":file": {"S": "file"}},
        ProjectionExpression="#reference, crime_type, stage",
        ExpressionAttributeNames={"#reference": "reference"},
    )
    for page in pages:
        for item in page["Items"]:
            yield item["reference"]["S"], item["crime_type"]["S"], item["stage"]["S"]


def codes_for(deps: Deps, found: Found, progress: Callable[[], None]) -> list[DemoCode]:
    """Return a code for the first victim of each case; `progress` is told of each case.

    A case of somebody under 18 gets none: its codes wait for a supervisor.
    """
    codes = []
    for reference in found.all:
        case = _read(deps, reference)
        if not needs_confirming(case):
            codes.append(_new_code(deps, case, case.victims[0].label))
        progress()
    return codes


def _read(deps: Deps, reference: str) -> Case:
    case = deps.cases.read(deps.keys.case_key(CaseReference(reference)))
    if case is None:
        raise HomeError(f"The case {reference} is not in the store any more.")
    return case


def _new_code(deps: Deps, case: Case, label: str) -> DemoCode:
    """Return a code that the officer in charge makes for one victim."""
    officer = case.officer
    member = StaffMember(officer.id, officer.name, officer.number, officer.team)
    victim = next(victim for victim in case.victims if victim.label == label)
    with at_the_desk(deps, member, OFFICER) as session:
        return make_code(deps, session, case, victim)


def add_codes(home: HubHome, count: int, console: Console) -> None:
    """Issue codes for so many imported cases of the running hub, and say how many were found.

    Raises:
        HomeError: the hub is not running here, or holds no imported case.
    """
    running = home.running()
    deps = deps_of(running.endpoint)
    known = home.demo_codes() or []
    references = frozenset(code.reference for code in known)
    found = find_imported(deps, running.endpoint, count, references)
    with Progress(console=console) as bar:
        task = bar.add_task("Making codes", total=len(found.all))
        made = codes_for(deps, found, lambda: bar.advance(task))
    home.keep_demo_codes([*known, *made])
    home.say_how_to_try(running, [*known, *made])
    console.print(
        f"Found {len(found.all)} of {count} cases: {len(found.undecided)} undecided, "
        f"{len(found.decided)} decided. {len(made)} codes were added to {home.demo}."
    )

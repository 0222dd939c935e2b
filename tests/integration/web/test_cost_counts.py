"""What costs are worked out from is what the service really asks: counted twice, and by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.clients.oidc import OIDCClient, OIDCSettings
from chalicelib.domain.access import AccessCode
from chalicelib.domain.cases import Officer, OfficerId, TeamId
from chalicelib.domain.staff import StaffMember, Team
from chalicelib.services.open_case import code_key
from chalicelib.settings import PUBLIC, STAFF, Settings
from chalicelib.stores.tables import CasesTable
from operate.cloud import TABLE_NAMES, environ
from operate.costs.force import PUBLIC_ORIGIN, STAFF_ORIGIN, Force, provider
from operate.costs.meter import KMS, Meter, NotCountedError, Usage
from operate.costs.volumes import VOLUMES
from operate.costs.walk import Walk
from operate.demo_force import PEOPLE, TEAMS
from operate.hub_home import DemoCode
from operate.serve import SITE
from tests.builders import seed_case, seed_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from operate.stand_in import StandIn
    from tests.integration.conftest import World

KB = 1024
ALDER = Officer(OfficerId("alder"), "PC Alder Example", "0101", TeamId("stafford-investigation"))


@pytest.fixture
def meter(stand_in: StandIn) -> Meter:
    return Meter(stand_in.endpoint, index_in_transaction=2)


@pytest.fixture
def client() -> Any:
    return CasesTable._get_connection().connection.client  # noqa: SLF001


def item(size: int, sort: str = "s", **more: Any) -> dict[str, Any]:
    """Return an item of so many bytes with its keys."""
    keys = {"pk": {"S": "costs"}, "sk": {"S": sort}, **more}
    known = sum(len(name) + len(value["S"]) for name, value in keys.items())
    return {**keys, "t": {"S": "x" * (size - known - 1)}}


def key_of(sort: str = "s") -> dict[str, Any]:
    return {"pk": {"S": "costs"}, "sk": {"S": sort}}


def test_writes_are_as_large_as_what_was_there_or_is(meter: Meter, client: Any) -> None:
    table = TABLE_NAMES["cases"]
    steps: list[tuple[Usage, float]] = []
    for size, units in ((KB, 1), (KB + 1, 2), (3 * KB, 3), (10, 3)):
        with meter.counting() as usage:
            client.put_item(TableName=table, Item=item(max(size, 10)))
        steps.append((usage, units))
    with meter.counting() as usage:
        client.delete_item(TableName=table, Key=key_of())
    assert [used.write_units for used, _ in steps] == [units for _, units in steps]
    assert usage.write_units == 1
    assert usage.asked == Counter(DeleteItem=1)


def test_a_transaction_counts_twice_and_what_it_only_checks_counts_too(
    meter: Meter, client: Any
) -> None:
    table = TABLE_NAMES["cases"]
    client.put_item(TableName=table, Item=item(2 * KB, "there"))
    check = {
        "TableName": table,
        "Key": key_of("there"),
        "ConditionExpression": "attribute_exists(pk)",
    }
    put = {"TableName": table, "Item": item(KB, "new")}
    with meter.counting() as usage:
        client.transact_write_items(TransactItems=[{"ConditionCheck": check}, {"Put": put}])
    assert usage.write_units == 2 * 2 + 1 * 2
    with meter.counting() as usage:
        client.transact_get_items(
            TransactItems=[
                {"Get": {"TableName": table, "Key": key_of("there")}},
                {"Get": {"TableName": table, "Key": key_of("nowhere")}},
            ]
        )
    assert usage.read_units == 2 + 2


def test_a_sparse_index_is_written_too(meter: Meter, client: Any) -> None:
    table = TABLE_NAMES["threads"]
    more = {"open_owner": {"S": "o"}, "due_order": {"S": "1"}, "open_team": {"S": "t"}}
    promise = item(2 * KB, "promise", **more)
    with meter.counting() as usage:
        client.put_item(TableName=table, Item=promise)
    # The table and both lists of it, two units each.
    assert (usage.write_units, usage.index_write_units) == (6, 4)
    with meter.counting() as usage:
        client.transact_write_items(
            TransactItems=[{"Delete": {"TableName": table, "Key": key_of("promise")}}]
        )
    assert (usage.write_units, usage.index_write_units) == (4 + 8, 8)


def test_a_query_counts_all_that_it_looks_at_at_once(meter: Meter, client: Any) -> None:
    table = TABLE_NAMES["audit"]
    for number in range(5):
        client.put_item(TableName=table, Item=item(KB, f"{number}"))
    query = {
        "TableName": table,
        "KeyConditionExpression": "#p = :p",
        "FilterExpression": "#s = :s",
        "ExpressionAttributeNames": {"#p": "pk", "#s": "t"},
        "ExpressionAttributeValues": {":p": {"S": "costs"}, ":s": {"S": "none"}},
    }
    with meter.counting() as usage:
        assert client.query(**query)["Items"] == []
    # 5 KB are two blocks, read as they may have been a moment ago.
    assert usage.read_units == 1
    with meter.counting() as usage:
        client.query(**query, ConsistentRead=True, Limit=4)
    assert usage.read_units == 1


def test_what_the_meter_has_no_rule_for_stops_it(meter: Meter, client: Any) -> None:
    with meter.counting(), pytest.raises(NotCountedError, match="Scan"):
        client.scan(TableName=TABLE_NAMES["audit"])


def test_a_page_is_counted_as_the_tests_of_the_service_count_it(world: World, meter: Meter) -> None:
    victim = world.victim(seed_case(world.deps))
    with world.watched() as calls, meter.counting() as usage:
        victim.get("/case")
    assert usage.asked == calls.names
    assert usage.asked == Counter(TransactGetItems=1, TransactWriteItems=1, Query=2)
    # The session and who is away in one transaction; then the case and the victim's file, each
    # below 4 KB and as they are this moment.
    assert usage.read_units == 2 * 2 + 2 * 1
    # The code is checked, session and visit are kept, the audit line is added: below 1 KB each.
    assert (usage.write_units, usage.index_write_units) == (4 * 2, 0)


@pytest.fixture
def walked(
    world: World, stand_in: StandIn, meter: Meter, tmp_path: Path
) -> Iterator[dict[str, Usage]]:
    """Every journey, walked at one case of the demonstration force's officer."""
    with provider(tmp_path) as issuer:
        force = _force(world, stand_in, meter, issuer)
        for key, name in TEAMS.items():
            force.deps.ledger.write([force.deps.cases.keep_team(Team(TeamId(key), name))])
        for person in PEOPLE:
            member = StaffMember(
                OfficerId(person.id), person.name, person.number, TeamId(person.team)
            )
            force.deps.ledger.write([force.deps.cases.keep_member(member)])
        case = seed_case(force.deps, officer=ALDER)
        code = seed_code(force.deps, case)
        key = code_key(force.deps, AccessCode(code), case.reference)
        demo = DemoCode(case.reference, code, "V1", ALDER.id, key)
        events = world.deps.keys._kms.meta.events  # type: ignore[attr-defined]  # noqa: SLF001
        note = meter.note_other(KMS)
        events.register("before-call.kms", note)
        try:
            yield Walk(force, [demo], tmp_path).all()
        finally:
            events.unregister("before-call.kms", note)


def _force(world: World, stand_in: StandIn, meter: Meter, issuer: str) -> Force:
    environs = {
        audience: environ(
            audience, stand_in.endpoint, public=PUBLIC_ORIGIN, staff=STAFF_ORIGIN, issuer=issuer
        )
        for audience in (PUBLIC, STAFF)
    }
    settings = {name: Settings.from_environ(given) for name, given in environs.items()}
    desk = settings[STAFF].staff
    assert desk is not None
    agreed = OIDCSettings(
        issuer=issuer,
        client_id=desk.client_id,
        client_secret="of the demonstration",
        redirect_uri=f"{STAFF_ORIGIN}/signed-in",
        roles_claim=desk.roles_claim,
        role_names=desk.role_names,
        require_auth_time=False,
    )

    def now() -> datetime:
        # What the provider signs is of this hour.
        return datetime.now(UTC)

    deps = replace(world.deps, now=now, sign_in=OIDCClient(agreed, now=now))
    return Force(deps, settings, environs, meter, SITE)


def test_every_journey_that_is_billed_can_be_walked(walked: dict[str, Usage]) -> None:
    assert walked.keys() == {volume.journey for volume in VOLUMES}
    for page in ("page_first", "page_next"):
        # A file of the site asks nothing of us; a second page brings no style and no script.
        assert walked[page] == Usage(
            cdn_requests=walked[page].site_requests,
            cdn_bytes=walked[page].cdn_bytes,
            site_requests=walked[page].site_requests,
        )
    assert walked["page_next"].cdn_bytes < walked["page_first"].cdn_bytes
    of_people = [volume.journey for volume in VOLUMES[2:11]]
    for name in of_people:
        assert walked[name].write_units > 0, name
        assert walked[name].gateway_requests == walked[name].invocations > 0, name
        used = walked[name]
        assert used.cdn_requests == used.gateway_requests + used.site_requests, name
    # Opening a case makes one MAC, whatever else it does; so does making a code.
    assert [name for name in of_people if walked[name].kms] == ["visit", "code"]
    assert walked["minute_idle"].write_units == 0
    assert walked["minute_message"].write_units > 0
    assert walked["import_new"].write_units > walked["import_same"].write_units == 0

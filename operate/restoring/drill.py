"""The restore drill: a mistake is made on the stand-in and undone, and every item is counted.

It takes the steps of infra/RESTORE.md by the functions that a real restore uses, and prints where
the stand-in falls short. Its RestoreTableToPointInTime copies a table as it is now, whatever moment
is asked for, so a backup that was taken at that moment takes its place. The drill knows which
partitions its mistake touched; in an account people have to find that out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table

from chalicelib.settings import PUBLIC, Settings
from chalicelib.stores.tables import TABLES
from chalicelib.wiring import build_deps
from operate.cloud import TABLE_NAMES, environ
from operate.hub_deps import deps_of, use_stand_in_account
from operate.restoring.drill_items import add_lines, ask, make_force
from operate.restoring.drill_tables import make_tables
from operate.restoring.items import (
    ERASED,
    Comparison,
    Key,
    compared,
    erasures,
    fingerprints,
    missing_in_indexes,
    settle,
)
from operate.restoring.restore import how_to_switch, patient_client, restore
from operate.stand_in import StandIn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from chalicelib.services.deps import Deps
    from operate.restoring.drill_items import Person

ITEMS = 10_000
# About what a case with two victims is in all four tables, one question in three cases included.
ITEMS_A_CASE = 20
# The mistake takes hold of one partition in so many, and of these deletes every other one.
ONE_IN = 10
NOT_AS_IN_AN_ACCOUNT = """\
         Not as in an account: the stand-in cannot go back in time, so a backup taken at the moment
         itself stands in for RestoreTableToPointInTime; it drops the encryption that is asked for;
         and the switch is the service started on the new names, not a deployment."""
Tables = dict[str, dict[Key, bytes]]


@dataclass(slots=True)
class CopyAtTheMoment:
    """Plays point-in-time recovery on the stand-in: a backup taken at the moment itself."""

    taken: dict[str, str] = field(default_factory=dict)

    def take(self, client: Any) -> None:  # noqa: ANN401 -- boto3
        """Keep all tables as they are now."""
        for table in TABLE_NAMES.values():
            made = client.create_backup(TableName=table, BackupName="drill")
            self.taken[table] = made["BackupDetails"]["BackupArn"]

    def __call__(self, client: Any, request: Mapping[str, Any], /) -> None:  # noqa: ANN401 -- boto3
        """Make the new table from that backup, with what was asked for besides the moment."""
        not_of_a_backup = ("SourceTableName", "RestoreDateTime")
        rest = {key: value for key, value in request.items() if key not in not_of_a_backup}
        backup = self.taken[request["SourceTableName"]]
        client.restore_table_from_backup(BackupArn=backup, **rest)


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens in the drill, in this order: honest work, then the mistake."""

    client: Any
    deps: Deps
    people: list[Person]

    def honest_work(self, items: int) -> frozenset[str]:
        """Do what must hold after the restore; return the partitions that were erased.

        Two people ask, a code is cancelled, a session ends, a case and its victim are erased,
        and lines are added to the audit until the tables have exactly as many items as wanted.
        """
        for person in self.people[1:3]:
            ask(self.deps, person, "I remembered something. Whom do I tell?")
        self.deps.ledger.write([self.deps.access.cancel_code(self.people[3].code)])
        self.deps.access.end_session(self.people[4].session.key)
        erased = self.erase(self.people[-1])
        for _ in range(2):  # what it was short of, and then nothing
            add_lines(self.deps, items - sum(map(len, read_all(self.client).values())))
        return erased

    def erase(self, person: Person) -> frozenset[str]:
        """Empty the partitions of a case and a victim, and say so in the audit."""
        erased = frozenset[str]({person.session.case, person.session.victim})
        for key in ("cases", "threads"):
            for pk, sk in fingerprints(self.client, TABLE_NAMES[key]):
                if pk in erased:
                    where = {"pk": {"S": pk}, "sk": {"S": sk}}
                    self.client.delete_item(TableName=TABLE_NAMES[key], Key=where)
        self.deps.ledger.write([self.deps.audited(pk, "drill", ERASED) for pk in sorted(erased)])
        return erased

    def mistake(self, present: Tables, spared: frozenset[str], again: str) -> frozenset[str]:
        """Delete and overwrite items of all tables, bring back a case that was erased.

        Return the partitions that were touched; none of those to be spared is among them.
        """
        touched = {again}
        for key, items in present.items():
            partitions = sorted({pk for pk, _ in items} - spared)[::ONE_IN]
            doomed = set(partitions[::2])
            touched |= set(partitions)
            for pk, sk in [one for one in items if one[0] in partitions]:
                where = {"pk": {"S": pk}, **({"sk": {"S": sk}} if sk else {})}
                if pk in doomed:
                    self.client.delete_item(TableName=TABLE_NAMES[key], Key=where)
                else:
                    wrong = {**where, "what": {"S": "Overwritten by mistake"}, "at": {"S": ""}}
                    self.client.put_item(TableName=TABLE_NAMES[key], Item=wrong)
        back = {"pk": {"S": again}, "sk": {"S": "case#file"}, "kind": {"S": "file"}}
        self.client.put_item(TableName=TABLE_NAMES["cases"], Item=back)
        return frozenset(touched)


def drill(console: Console, items: int = ITEMS, *, spoil: bool = False) -> bool:
    """Print the steps of a restore as they are taken, and return whether no item differs.

    Args:
        console: where to print.
        items: how many there are when the mistake is made.
        spoil: change one restored item before the count, to see that it would be found.
    """
    use_stand_in_account()
    with StandIn.started() as stand_in:
        client = patient_client(stand_in.endpoint)
        make_tables(client, stand_in.endpoint)
        return _drill(console, client, stand_in.endpoint, items, spoil=spoil)


def _drill(
    console: Console,
    client: Any,  # noqa: ANN401 -- boto3
    endpoint: str,
    items: int,
    *,
    spoil: bool,
) -> bool:
    started = time.monotonic()
    deps = deps_of(endpoint)
    scene = Scene(client, deps, make_force(deps, items // ITEMS_A_CASE))
    then, at, copy = read_all(client), datetime.now(UTC), CopyAtTheMoment()
    copy.take(client)
    _say(console, started, f"{_count(then)} items. This is the moment to go back to.")
    erased = scene.honest_work(items)
    wanted = read_all(client)
    honest = _partitions(then, wanted)
    again = next(pk for pk in sorted(erased) if (pk, "case#file") in then["cases"])
    _say(
        console, started, f"Honest work since in {len(honest):,} partitions, {len(erased)} erased."
    )
    touched = scene.mistake(wanted, honest, again)
    broken = _partitions(wanted, read_all(client))
    _say(console, started, f"The mistake: {len(broken):,} partitions deleted or overwritten.")

    made = restore(client, TABLE_NAMES, at, copy, ask_seconds=1)
    console.print(NOT_AS_IN_AN_ACCOUNT, soft_wrap=True)
    _say(console, started, "Restored into new tables; TTL, recovery, protection, tags, limits on.")
    gone = erasures(client, TABLE_NAMES["audit"], at)
    for key, table in made.items():
        done = settle(client, key, TABLE_NAMES[key], table, erased=gone, touched=touched)
        _say(console, started, f"{key}: {done}")
    if spoil:
        _spoil(client, made["threads"])
    results = {key: compared(wanted[key], fingerprints(client, made[key])) for key in made}
    unlike = sum(missing_in_indexes(client, table) for table in made.values())
    reads = _reads_by(endpoint, made, scene.people[0])
    console.print(_table(results, made), how_to_switch(made))
    return _verdict(console, results, unlike, reads=reads)


def _verdict(
    console: Console, results: Mapping[str, Comparison], unlike: int, *, reads: bool
) -> bool:
    if unlike:
        console.print(f"{unlike:,} entries of indexes differ from the items.")
    if not reads:
        console.print("The service cannot read a case from the new tables.")
    differences = sum(result.differences for result in results.values())
    items = sum(result.items for result in results.values())
    plural = "" if differences == 1 else "s"
    console.print(f"{items:,} items: {differences:,} difference{plural}", highlight=False)
    return not differences and not unlike and reads


def read_all(client: Any) -> Tables:  # noqa: ANN401 -- boto3
    """Return a hash of every item of the four tables in use."""
    return {key: fingerprints(client, table) for key, table in TABLE_NAMES.items()}


def _partitions(before: Tables, after: Tables) -> frozenset[str]:
    each = (compared(before[key], after[key]).partitions for key in TABLES)
    return frozenset().union(*each)


def _count(tables: Tables) -> str:
    return f"{sum(map(len, tables.values())):,}"


def _spoil(client: Any, table: str) -> None:  # noqa: ANN401 -- boto3
    """Change one item, as a restore that went wrong might."""
    pk, sk = next(iter(sorted(fingerprints(client, table))))
    client.update_item(
        TableName=table,
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="SET spoilt = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )


def _reads_by(endpoint: str, made: Mapping[str, str], person: Person) -> bool:
    """Return whether the service, switched to the new tables, finds a person's case and file."""
    nowhere = "http://localhost"
    given = environ(PUBLIC, endpoint, public=nowhere, staff=nowhere, issuer=nowhere)
    switched = {f"HUB_TABLE_{key.upper()}": table for key, table in made.items()}
    deps = build_deps(Settings.from_environ({**given, **switched}))
    session = deps.access.session(person.session.key)
    case = deps.cases.read(person.session.case)
    return bool(session and case and deps.threads.read(person.session.victim).codes)


def _table(results: Mapping[str, Comparison], made: Mapping[str, str]) -> Table:
    table = Table("table", "items", "missing", "too many", "changed")
    for key, result in results.items():
        counts = (result.items, len(result.missing), len(result.added), len(result.changed))
        table.add_row(made[key], *(f"{count:,}" for count in counts))
    return table


def _say(console: Console, started: float, words: str) -> None:
    console.print(f"{time.monotonic() - started:6.1f} s {words}", highlight=False, soft_wrap=True)

"""The steps of a restore in a real account, one command each: see infra/RESTORE.md.

They act with the permissions of whoever runs them, and change no table that is in use.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.stores.tables import TABLES
from operate.cloud import TABLE_NAMES
from operate.restoring.features import RestoreError
from operate.restoring.items import compare, erasures, missing_in_indexes, settle
from operate.restoring.restore import explained, how_to_switch, patient_client, restore

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
# The audit is only ever added to: whoever restores it as well has a reason and names it.
USUAL = ("cases", "threads", "access")
Tables = Annotated[
    list[str] | None, typer.Option("--table", help="cases, threads, access or audit")
]
ListTo = Annotated[Path | None, typer.Option(help="Write the keys that differ here.")]
Touched = Annotated[Path | None, typer.Option(help="A list of the mistake's partitions.")]
InUse = Annotated[
    list[str] | None, typer.Option("--in-use", help="threads=name: in use under another name")
]


def moment_of(text: str) -> datetime:
    """Return an aware moment in whole seconds.

    Raises:
        RestoreError: the text says no moment, or not in which time zone.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise RestoreError(f"{text} is no moment: write 2026-11-26T17:31:00+00:00.") from None
    if at.tzinfo is None:
        raise RestoreError(f"Say in which time zone {text} is: +00:00 at its end is UTC.")
    return at.replace(microsecond=0)


def in_use(given: list[str] | None) -> dict[str, str]:
    """Return the names of the tables in use, where some differ from the usual ones.

    Raises:
        RestoreError: a name is given to no table of ours.
    """
    named = dict(pair.partition("=")[::2] for pair in given or ())
    for key, name in named.items():
        if key not in TABLES or not name:
            raise RestoreError(f"Write --in-use as one of {', '.join(TABLES)}, = and its name.")
    return TABLE_NAMES | named


def chosen(given: list[str] | None) -> tuple[str, ...]:
    """Return which tables are to be restored.

    Raises:
        RestoreError: there is no such table.
    """
    if unknown := set(given or ()) - TABLES.keys():
        raise RestoreError(f"{min(unknown)} is none of {', '.join(TABLES)}.")
    return tuple(given or USUAL)


def touched_of(file: Path | None) -> frozenset[str] | None:
    """Return the partitions that a list names, each at the head of a line; none without a list."""
    if file is None:
        return None
    lines = file.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if line.strip())


@app.command(name="restore")
def restore_(at: str, *, table: Tables = None, names: InUse = None) -> None:
    """Make new tables as those in use were at a moment."""
    with _refusing():
        tables = in_use(names)
        wanted = {key: tables[key] for key in chosen(table)}
        made = restore(patient_client(), wanted, moment_of(at))
        print("Made, and used by nobody yet: compare and settle each of them first.")
        print(how_to_switch(made))


@app.command(name="compare")
def compare_(
    old: str,
    new: str,
    *,
    list_to: ListTo = None,
) -> None:
    """Count how a restored table differs from the one in use; status 1 when it does."""
    with _refusing():
        client = patient_client()
        found = compare(client, old, new)
        unlike = missing_in_indexes(client, new)
    kinds = {"missing": found.missing, "too many": found.added, "changed": found.changed}
    if list_to:
        lines = [f"{pk}\t{sk}\t{kind}\n" for kind, keys in kinds.items() for pk, sk in keys]
        list_to.touch(mode=0o600)
        list_to.write_text("".join(sorted(lines)), encoding="utf-8")
    counts = Counter({kind: len(keys) for kind, keys in kinds.items()})
    print(f"{found.items:,} items: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items()))
    print(f"{len(found.partitions):,} partitions differ; {unlike:,} entries of indexes are wrong.")
    if found.differences or unlike:
        raise typer.Exit(1)


@app.command(name="settle")
def settle_(
    table: str,
    new: str,
    since: str,
    *,
    touched: Touched = None,
    names: InUse = None,
) -> None:
    """Bring into a restored table what must hold whatever its moment was."""
    with _refusing():
        (key,), tables, client = chosen([table]), in_use(names), patient_client()
        erased = erasures(client, tables["audit"], moment_of(since))
        done = settle(client, key, tables[key], new, erased=erased, touched=touched_of(touched))
        print(f"{new}: {done}.")


@contextmanager
def _refusing() -> Iterator[None]:
    """End with one sentence that says what to do, where something refuses."""
    try:
        yield
    except ClientError as error:
        _end(explained(error))
    except (RestoreError, BotoCoreError, OSError) as error:
        _end(str(error))


def _end(words: str) -> None:
    print(words, file=sys.stderr)
    raise typer.Exit(2)

"""The stores in memory; test_store_contract.py holds them to what the real ones do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from chalicelib.domain.access import Argon2Cost
from chalicelib.domain.calendar import england_and_wales
from chalicelib.rules import load_rules
from chalicelib.services.deps import Deps
from tests.fake_access import FakeAccess
from tests.fake_cases import FakeCases, FakeImports
from tests.fake_ledger import FakeAudit, FakeFigures, FakeLedger
from tests.fake_threads import FakeThreads
from tests.fakes import FixedClock
from tests.fakes_keys import FakeKeyRing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalicelib.services.import_ports import ImportStore
    from chalicelib.services.ports import (
        AccessStore,
        AuditStore,
        CaseStore,
        FigureStore,
        Ledger,
        ThreadStore,
    )

CHEAP_KEY_DERIVATION = Argon2Cost(memory_kib=8, passes=1, lanes=1)


class NoBudget:
    """Nothing in memory takes time."""

    def begin(self, seconds: float) -> None: ...

    def end(self) -> None: ...


@dataclass(frozen=True)
class FakeStores:
    """Every store in memory, to be looked into by tests."""

    cases: FakeCases
    threads: FakeThreads
    access: FakeAccess
    figures: FakeFigures
    audit: FakeAudit
    ledger: FakeLedger
    imports: ImportStore


def fake_stores() -> FakeStores:
    """Return empty stores."""
    rules = load_rules()
    cases, threads = FakeCases(), FakeThreads(rules)
    return FakeStores(
        cases=cases,
        threads=threads,
        access=FakeAccess(rules, cases),
        figures=FakeFigures(),
        audit=FakeAudit(),
        ledger=FakeLedger(),
        imports=FakeImports(cases, threads),
    )


def fake_deps(
    stores: FakeStores | None = None, now: Callable[[], datetime] | None = None, *, seed: int = 1
) -> Deps:
    """Return dependencies in memory, with a clock that stands, counted ids and seeded chance."""
    stores = stores or fake_stores()
    # Assigned one by one, so that mypy holds each of them to its protocol.
    cases: CaseStore = stores.cases
    threads: ThreadStore = stores.threads
    figures: FigureStore = stores.figures
    access: AccessStore = stores.access
    audit: AuditStore = stores.audit
    ledger: Ledger = stores.ledger
    rules = load_rules()
    ids, tokens = count(1), count(1)
    return Deps(
        rules=rules,
        calendar=england_and_wales(rules.limits.working_day_starts, rules.limits.receipt_cut_off),
        keys=FakeKeyRing(),
        cases=cases,
        threads=threads,
        figures=figures,
        access=access,
        audit=audit,
        ledger=ledger,
        budget=NoBudget(),
        code_cost=CHEAP_KEY_DERIVATION,
        now=now or FixedClock(),
        new_id=lambda: f"id{next(ids):08d}",
        new_token=lambda: f"token-{next(tokens):08d}",
        random_below=Random(seed).randrange,
    )

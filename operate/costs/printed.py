"""What the service costs a month, worked out from what its journeys use in a run of this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from operate.costs.bill import bill
from operate.costs.data import count_resources, read_assumptions, read_prices
from operate.costs.journeys import measure
from operate.costs.volumes import OVERHEAD_BYTES, VOLUMES, sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from operate.costs.bill import Bill, Line
    from operate.costs.data import Assumption, Price
    from operate.costs.volumes import Measured


def costs(console: Console) -> None:
    """Measure, and print what one of each journey uses and what a month costs.

    Raises:
        HomeError: the site is not built.
        PageError: a page did not answer as its journey needs.
    """
    prices, assumed, resources = read_prices(), read_assumptions(), count_resources()
    measured = measure(assumed["index_in_transaction"].value)
    print_measured(console, measured)
    bills = [bill(size, measured, prices, assumed, resources) for size in sizes(assumed)]
    print_volumes(console, bills)
    for one in bills:
        print_bill(console, one, assumed)
    print_trust(console, prices, assumed)


def print_measured(console: Console, measured: Measured) -> None:
    """Print what was measured: counts are exact, times are this machine's."""
    names = ("Asked of AWS", "Reads", "Writes", "for indexes", "Calls", "ms here", "CDN", "KB out")
    table = Table("One of these", *names, title="Measured in this run, the mean of one")
    _to_the_right(table, names)
    for volume in VOLUMES:
        used = measured.journeys[volume.journey]
        table.add_row(
            volume.what,
            _number(used.asked.total()),
            _number(used.read_units),
            _number(used.write_units),
            _number(used.index_write_units),
            _number(used.invocations),
            _number(used.milliseconds),
            _number(used.cdn_requests),
            _number(used.cdn_bytes / 1000),
        )
    console.print(table)
    console.print(
        "Reads and writes are units of DynamoDB: 4 KB read strongly (half of one if it may be a "
        "moment old), 1 KB written, both twice in a transaction, and each index once more.\n"
        f"A new process of a function takes {measured.start.milliseconds:,.0f} ms here and reads "
        f"{measured.start.secrets:.0f} secret. {measured.victims} victims of the demonstration "
        f"force take {measured.bytes_a_victim:,.0f} bytes each, {OVERHEAD_BYTES} more for each "
        "item included.\n",
        highlight=False,
    )


def print_volumes(console: Console, bills: list[Bill]) -> None:
    """Print how often each journey is walked in a month, with the formula in words."""
    names = tuple(one.size.name for one in bills)
    table = Table("Journey", "How often a month, in words", *names, title="How often")
    _to_the_right(table, names)
    for volume in VOLUMES:
        counts = (f"{one.volumes[volume.journey]:,.0f}" for one in bills)
        table.add_row(volume.what, volume.words, *counts)
    console.print(table)
    console.print(
        "All of England and Wales is the force times the people who live there "
        f"(x {bills[-1].size.times:.1f}); what stands in every hub, times "
        f"{bills[-1].size.hubs:.0f} hubs.\n",
        highlight=False,
    )


def print_bill(console: Console, one: Bill, assumed: Mapping[str, Assumption]) -> None:
    """Print every line as count x price, the dearest first, and what they make together."""
    pounds = assumed["pounds_a_dollar"].value
    names = ("Count", "$ for", "units", "$ a month")
    table = Table("Line", "The count", *names, title=one.size.name)
    _to_the_right(table, names)
    for line in dearest_first(one):
        price = line.price
        table.add_row(
            price.what,
            line.how,
            _number(line.count),
            f"{price.value:.10f}".rstrip("0").rstrip("."),
            f"{price.per:,.0f} {price.unit}",
            f"{line.dollars:,.2f}",
        )
    table.add_section()
    table.add_row("Together", "", "", "", "", f"{one.dollars:,.2f}")
    console.print(table)
    texts = one.texts * assumed["pounds_a_text"].value
    console.print(
        f"£{one.dollars * pounds:,.0f} a month at {pounds} pounds a dollar, without VAT: "
        f"£{one.dollars * pounds / one.volumes['visit']:.3f} for each visit to a case.\n"
        f"Not in it: people, a support plan, and {one.texts:,.0f} texts by GOV.UK Notify, which "
        f"would be £{texts:,.0f} if every one of them were paid for.\n",
        highlight=False,
    )


def print_trust(
    console: Console, prices: Mapping[str, Price], assumed: Mapping[str, Assumption]
) -> None:
    """Print how far these figures are to be trusted."""
    unchecked = [price for price in prices.values() if price.checked_on is None]
    guessed = [row for row in assumed.values() if row.trust == "U"]
    console.print(
        f"{len(unchecked)} of {len(prices)} prices were never held against AWS's page: see "
        f"infra/prices.toml. {len(guessed)} of {len(assumed)} assumptions are our own: see "
        "infra/costs.toml.",
        highlight=False,
    )


def dearest_first(one: Bill) -> list[Line]:
    """Return the lines of a bill, the dearest first."""
    return sorted(one.lines, key=lambda line: -line.dollars)


def _number(count: float) -> str:
    """Return a count with as many digits as say something."""
    if not count:
        return "0"
    digits = 0 if count >= 100 or count == round(count) else 1 if count >= 1 else 3  # noqa: PLR2004
    return f"{count:,.{digits}f}"


def _to_the_right(table: Table, names: tuple[str, ...]) -> None:
    for column in table.columns:
        if column.header in names:
            column.justify = "right"

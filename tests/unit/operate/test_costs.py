"""What a month costs is count x units x price: the units by AWS's rules, the counts from a run."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from operate.costs.bill import Bill, bill
from operate.costs.data import (
    INFRA,
    Assumption,
    Price,
    count_resources,
    function_mb,
    read_assumptions,
    read_prices,
)
from operate.costs.meter import AMOUNTS, READS, WRITES, Usage
from operate.costs.printed import print_bill, print_measured, print_trust, print_volumes
from operate.costs.units import (
    EVENTUAL,
    STRONG,
    TRANSACTIONAL,
    index_units,
    item_bytes,
    read_units,
    write_units,
)
from operate.costs.volumes import VOLUMES, Measured, Size, Values, sizes
from operate.hub_home import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TRUST = {"A", "B", "C", "U"}
ONE = Size("One force", 1, 1)
# What is billed for being there, or by the hour, though nobody comes.
STANDING = {
    "firewalls", "firewall_rules", "keys", "secrets", "alarms", "dashboards", "zones",
}  # fmt: skip
KEPT = {"table_storage", "table_recovery", "backup_storage"}


# Reading the templates is slow, and they do not change meanwhile.
resources = cache(count_resources)


def measured(**used: Usage) -> Measured:
    """Return a run in which only these journeys used anything."""
    journeys = {volume.journey: used.get(volume.journey, Usage()) for volume in VOLUMES}
    return Measured(journeys, dict.fromkeys(journeys, 1024), Usage(), 0, 0, 1)


def billed(run: Measured, size: Size = ONE, **changed: float) -> Bill:
    """Return the bill of a run, with some assumptions changed."""
    assumed = read_assumptions()
    for key, value in changed.items():
        assumed[key] = replace(assumed[key], value=value)
    return bill(size, run, read_prices(), assumed, resources())


def counts(one: Bill) -> dict[str, float]:
    """Return how much of each thing is billed."""
    return {line.price.key: line.count for line in one.lines}


# --- units


@pytest.mark.parametrize(
    ("size", "units"), [(0, 1), (1, 1), (1024, 1), (1025, 2), (2048, 2), (2049, 3), (409_600, 400)]
)
def test_a_write_unit_is_one_kilobyte_begun(size: int, units: int) -> None:
    assert write_units(size) == units
    assert write_units(size, transactional=True) == 2 * units


@pytest.mark.parametrize(("size", "blocks"), [(0, 1), (1, 1), (4096, 1), (4097, 2), (8193, 3)])
def test_a_read_unit_is_four_kilobytes_begun(size: int, blocks: int) -> None:
    assert read_units(size, STRONG) == blocks
    assert read_units(size, EVENTUAL) == blocks / 2
    assert read_units(size, TRANSACTIONAL) == blocks * 2


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "abc"}, 3),
        ({"S": "é"}, 2),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "1234"}, 3),
        ({"N": "-12.34"}, 4),
        ({"N": "1" * 60}, 21),
        ({"B": "AAAA"}, 3),
        ({"B": b"\0\0\0"}, 3),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["ab", "c"]}, 3),
        ({"NS": ["7", "1234"]}, 5),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": False}]}, 3 + 1 + 2 + 1 + 1),
        ({"M": {"k": {"S": "ab"}}}, 3 + 1 + 1 + 2),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(value: dict[str, Any], size: int) -> None:
    assert item_bytes({"name": value}) == len("name") + size


WAITING = {"pk": {"S": "v"}, "owner": {"S": "o"}, "due": {"S": "1"}}
LONG = {**WAITING, "text": {"S": "x" * 2000}}


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, {"pk": {"S": "v"}}, 0),
        (None, WAITING, 1),
        (None, LONG, 2),
        (LONG, None, 2),
        (WAITING, WAITING, 0),
        (WAITING, LONG, 2),
        (LONG, WAITING, 2),
        (LONG, {"pk": {"S": "v"}}, 2),
        (WAITING, {**WAITING, "due": {"S": "2"}}, 2),
        (LONG, {**LONG, "due": {"S": "2"}}, 4),
    ],
)
def test_an_index_is_written_when_an_item_goes_in_out_or_changes(
    before: Any, after: Any, units: int
) -> None:
    assert index_units(before, after, ("owner", "due")) == units


def test_each_request_names_what_it_reads_and_writes() -> None:
    key = {"pk": {"S": "v"}}
    get, put = {"TableName": "t", "Key": key}, {"TableName": "t", "Item": key}
    several = {"RequestItems": {"t": {"Keys": [key, key], "ConsistentRead": True}}}
    together = {"TransactItems": [{"Get": get}, {"Get": get}]}
    changes = {"TransactItems": [{"Put": put}, {"ConditionCheck": get}]}
    batch = {"RequestItems": {"t": [{"PutRequest": {"Item": key}}]}}
    assert list(READS["GetItem"](get)) == [("t", key, EVENTUAL)]
    assert list(READS["GetItem"]({**get, "ConsistentRead": True})) == [("t", key, STRONG)]
    assert list(READS["BatchGetItem"](several)) == [("t", key, STRONG)] * 2
    assert list(READS["TransactGetItems"](together)) == [("t", key, TRANSACTIONAL)] * 2
    assert list(WRITES["PutItem"](put)) == [put]
    assert list(WRITES["TransactWriteItems"](changes)) == [put, get]
    assert list(WRITES["BatchWriteItem"](batch)) == [put]


def test_what_two_use_is_added_and_spread_over_many() -> None:
    one = Usage(Counter(Query=2), read_units=3, kms=1)
    both = one.added(Usage(Counter(Query=1, PutItem=1), write_units=4))
    assert both == Usage(Counter(Query=3, PutItem=1), read_units=3, write_units=4, kms=1)
    half = both.times(0.5)
    assert (half.asked["Query"], half.read_units, half.write_units) == (1.5, 1.5, 2)


# --- the bill


def test_a_journey_worked_out_by_hand() -> None:
    # 1,200 calls a year, half of them ask: 50 a month, each making 2 visits, so 100 visits.
    visit = Usage(
        Counter(Query=2),
        read_units=8,
        write_units=17,
        kms=1,
        invocations=4,
        milliseconds=500,
        gateway_requests=4,
        cdn_requests=16,
        cdn_bytes=35_000,
        site_requests=12,
    )
    one = billed(
        replace(measured(visit=visit), start=Usage(secrets=1, milliseconds=2000)),
        calls_a_year=1200,
        asking_share=0.5,
        visits_a_call=2,
        slower=2,
        cold_share=0.1,
        logged_a_call=1000,
        log_months=3,
        table_key_requests=0,
    )
    found = counts(one)
    assert found["table_reads"] == 800
    assert found["table_writes"] == 1700
    assert found["key_requests"] == 100
    assert found["function_calls"] == found["traces"] == found["gateway_requests"] == 400
    # 100 x 0.5 s, and 40 new processes of 2 s, all twice as slow there, with 1 GB.
    assert found["function_time"] == pytest.approx((50 + 80) * 2)
    assert found["secret_reads"] == pytest.approx(40)
    assert found["cdn_requests"] == found["firewall_requests"] == 1600
    assert found["cdn_bytes"] == pytest.approx(0.0035)
    assert found["site_reads"] == 1200
    assert found["log_bytes"] == pytest.approx(0.0004)
    assert found["log_storage"] == pytest.approx(0.0012)


def test_what_is_kept_is_of_all_months_and_every_copy() -> None:
    # 900 bytes and one item, which is billed with 100 more, of one victim.
    run = replace(measured(), items=1, stored_bytes=900)
    found = counts(billed(run, cases_a_month=1000, kept_months=10))
    assert found["table_storage"] == found["table_recovery"] == pytest.approx(0.01)
    assert found["backup_storage"] == pytest.approx(0.01 * resources()["copies"])


def test_a_job_is_billed_with_its_own_memory() -> None:
    run = measured(minute_idle=Usage(milliseconds=1000))
    whole = counts(billed(run, slower=1))["function_time"]
    half = counts(billed(replace(run, mb={**run.mb, "minute_idle": 512}), slower=1))
    assert half["function_time"] == pytest.approx(whole / 2)


def test_the_lines_make_the_sum() -> None:
    used = Usage(Counter(), *(7.0 for _ in AMOUNTS))
    one = billed(measured(visit=used, case=used))
    assert one.dollars == pytest.approx(
        sum(x.count * x.price.value / x.price.per for x in one.lines)
    )
    assert one.dollars > 0


def test_every_price_is_a_line_and_no_other() -> None:
    assert [line.price.key for line in billed(measured()).lines] == list(read_prices())


def test_no_count_of_use_stands_in_the_code() -> None:
    nothing = counts(billed(measured(), table_key_requests=0))
    assert {key for key, count in nothing.items() if count} == STANDING


@pytest.mark.parametrize("journey", [volume.journey for volume in VOLUMES])
@pytest.mark.parametrize("amount", sorted({*AMOUNTS} - {"index_write_units", "secrets"}))
def test_whatever_a_journey_uses_is_billed(journey: str, amount: str) -> None:
    # Writes of indexes are among the writes already, and secrets are read by starts.
    without = counts(billed(measured()))
    used = counts(billed(measured(**{journey: Usage(Counter(), **{amount: 1.0})})))
    assert any(used[key] > without[key] for key in used)


def test_all_of_england_and_wales_is_the_force_by_people_with_a_hub_for_each_force() -> None:
    force, everyone = sizes(read_assumptions())
    assert (force.times, force.hubs) == (1, 1)
    run = measured(visit=Usage(read_units=1))
    small, large = counts(billed(run, force)), counts(billed(run, everyone))
    people = read_assumptions()
    share = people["people_of_all"].value / people["people_of_the_force"].value
    assert large["table_reads"] == pytest.approx(small["table_reads"] * share)
    assert large["keys"] == small["keys"] * people["forces"].value


def test_an_assumption_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="calls_a_year"):
        _ = Values(ONE, {}).visits


# --- what is read


def test_each_price_has_its_source_and_says_when_it_was_written_or_checked() -> None:
    for price in read_prices().values():
        assert price.value > 0, price.key
        assert price.per > 0, price.key
        assert price.region in {"eu-west-2", "global"}, price.key
        assert price.source.startswith("https://aws.amazon.com/"), price.key
        assert isinstance(price.written_on, date), price.key
        # Only what somebody read on the page is trusted like it.
        assert (price.trust == "A") == (price.checked_on is not None), price.key


def test_each_assumption_has_its_source_and_date() -> None:
    for row in read_assumptions().values():
        assert row.source, row.key
        assert row.what, row.key
        assert row.trust in TRUST, row.key
        assert isinstance(row.checked_on or row.written_on, date), row.key
        # Nothing is said to be somebody else's figure that nobody looked up there.
        assert (row.trust in {"A", "B"}) <= (row.checked_on is not None), row.key
        # Whoever says that it is somebody else's figure says where it stands.
        assert (row.trust in {"A", "B"}) <= ("https://" in row.source), row.key


def test_every_assumption_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "operate" / "costs").glob("*.py"))
    assert [key for key in read_assumptions() if key not in code] == []


def test_the_page_shows_the_assumptions_as_they_are() -> None:
    page = (INFRA / "COSTS.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d.,]+) \|", page, re.MULTILINE))
    shown = {key: float(value.replace(",", "")) for key, value in rows.items()}
    assert shown == {key: row.value for key, row in read_assumptions().items()}


TEMPLATE = """\
Resources:
  Key: { Type: AWS::KMS::Key, Properties: { Description: !Sub "of ${AWS::Region}" } }
  Other: { Type: AWS::KMS::Key }
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanRule:
          - Lifecycle: { DeleteAfterDays: 35 }
            CopyActions: [{ Lifecycle: { DeleteAfterDays: 7 } }]
          - Lifecycle: { DeleteAfterDays: 3 }
  Wall: { Type: AWS::WAFv2::WebACL, Properties: { Rules: [{ Name: a }, { Name: b }] } }
"""
PLANNED = '[planned]\n"AWS::KMS::Key" = 9\n"AWS::CloudWatch::Alarm" = 4\nrules = 7\ncopies = 9\n'


def test_what_a_hub_has_is_counted_in_its_templates_and_planned_only_where_none_has_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "costs.toml").write_text(PLANNED, "utf-8")
    (tmp_path / "one.yaml").write_text(TEMPLATE, "utf-8")
    (tmp_path / ".settings.yaml").write_text("templates: []\n", "utf-8")
    found = count_resources(tmp_path)
    assert found["AWS::KMS::Key"] == 2
    assert found["AWS::WAFv2::WebACL"] == 1
    assert found["rules"] == 2
    assert found["copies"] == 35 + 7 + 3
    assert found["AWS::CloudWatch::Alarm"] == 4


def test_memory_is_that_of_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(
        '{"lambda_memory_size": 2048, "stages": {"staff": {"lambda_functions": '
        '{"every_minute": {"lambda_memory_size": 512}, "every_morning": {}}}}}',
        "utf-8",
    )
    assert function_mb(config=config) == 2048
    assert function_mb("every_minute", config) == 512
    assert function_mb("every_morning", config) == 2048


# --- what is printed


def test_the_tables_show_each_line_its_sum_and_what_is_not_known() -> None:
    words = StringIO()
    console = Console(file=words, width=200)
    run = measured(visit=Usage(Counter(Query=2), read_units=8.5, cdn_bytes=1e9))
    one = billed(run)
    assumed, prices = read_assumptions(), read_prices()
    print_measured(console, run)
    print_volumes(console, [one, one])
    print_bill(console, one, assumed)
    print_trust(console, prices, assumed)
    said = words.getvalue()
    for line in one.lines:
        assert line.price.what in said
    assert f"{one.dollars:,.2f}" in said
    assert "8.5" in said
    unchecked = sum(price.checked_on is None for price in prices.values())
    assert f"{unchecked} of {len(prices)} prices were never held against AWS's page" in said


def test_a_price_that_was_checked_no_longer_counts_as_unchecked() -> None:
    words = StringIO()
    day = date(2026, 11, 26)
    price = Price("k", "w", 1, 1, "u", "global", "https://aws.amazon.com/", "A", day, day)
    row = Assumption("k", 1, "w", "s", "U", day)
    print_trust(Console(file=words, width=200), {"k": price}, {"k": row})
    assert "0 of 1 prices" in words.getvalue()
    assert "1 of 1 assumptions" in words.getvalue()

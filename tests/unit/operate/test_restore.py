"""What a restore asks for, calls its tables and refuses, without any table."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from operate.aws.stage import read_stage
from operate.restoring.commands import chosen, in_use, moment_of, touched_of
from operate.restoring.features import Features, RestoreError, changes
from operate.restoring.items import compared, fingerprint
from operate.restoring.restore import how_to_switch, new_name, point_in_time, request_of
from tests.infra.templates import INFRA

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 26, 17, 31, tzinfo=UTC)
REQUEST = {"SourceTableName": "hub-cases", "TargetTableName": "new", "RestoreDateTime": AT}


class _TableExistsError(Exception):
    pass


class _Recovery:
    """DynamoDB as far as point-in-time recovery asks it."""

    class exceptions:  # noqa: N801 -- boto3's name
        TableAlreadyExistsException = _TableExistsError

    def __init__(self, *, on: bool = True, exists: bool = False) -> None:
        self.on, self.exists = on, exists
        self.asked: list[dict[str, Any]] = []

    def describe_continuous_backups(self, TableName: str) -> dict[str, Any]:  # noqa: N803
        assert TableName == "hub-cases"
        reach = {
            "EarliestRestorableDateTime": AT - timedelta(hours=1),
            "LatestRestorableDateTime": AT + timedelta(hours=1),
        }
        described = {"PointInTimeRecoveryDescription": reach if self.on else {}}
        return {"ContinuousBackupsDescription": described}

    def restore_table_to_point_in_time(self, **request: Any) -> None:
        if self.exists:
            raise _TableExistsError
        self.asked.append(request)


def test_a_restore_asks_for_exactly_what_it_was_told() -> None:
    recovery = _Recovery()
    point_in_time(recovery, REQUEST)
    assert recovery.asked == [REQUEST]


class _Described:
    """DynamoDB as far as it describes one table."""

    def __init__(self, **table: Any) -> None:
        self.table = table

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803 -- boto3's name
        return {"Table": {"TableName": TableName, **self.table}}


def test_a_new_table_is_asked_for_with_encryption_limits_and_indexes_of_the_old() -> None:
    most = {"MaxReadRequestUnits": 2, "MaxWriteRequestUnits": 1}
    index = {
        "IndexName": "agreed",
        "KeySchema": [{"AttributeName": "agreed_with", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
        "OnDemandThroughput": most,
    }
    described = _Described(
        GlobalSecondaryIndexes=[{**index, "IndexStatus": "ACTIVE", "ItemCount": 3}],
        OnDemandThroughput=most,
        SSEDescription={"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "our key"},
    )
    assert request_of(described, "hub-cases", "new", AT) == {
        **REQUEST,
        "BillingModeOverride": "PAY_PER_REQUEST",
        "GlobalSecondaryIndexOverride": [index],
        "OnDemandThroughputOverride": most,
        "SSESpecificationOverride": {
            "Enabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": "our key",
        },
    }


def test_a_table_without_indexes_is_not_asked_for_with_none() -> None:
    assert "GlobalSecondaryIndexOverride" not in request_of(_Described(), "hub-cases", "new", AT)


def test_only_what_differs_is_asked_for_limits_of_table_and_index_apart() -> None:
    few, many = {"MaxReadRequestUnits": 1}, {"MaxReadRequestUnits": 2}
    wanted = Features(protected=True, most={"": many, "agreed": many, "to_send": few})
    found = Features(most={"": few, "to_send": few})
    assert changes(wanted, found) == [
        {"OnDemandThroughput": many},
        {
            "GlobalSecondaryIndexUpdates": [
                {"Update": {"IndexName": "agreed", "OnDemandThroughput": many}}
            ]
        },
        {"DeletionProtectionEnabled": True},
    ]
    assert changes(wanted, wanted) == []


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_moment_out_of_reach_is_refused_with_the_reach(hours: int) -> None:
    recovery = _Recovery()
    with pytest.raises(RestoreError, match="from 26 November 2026 16:31:00 UTC to 26 November"):
        point_in_time(recovery, REQUEST | {"RestoreDateTime": AT + timedelta(hours=hours)})
    assert recovery.asked == []


def test_a_table_without_recovery_sends_people_to_the_vault() -> None:
    with pytest.raises(RestoreError, match="from the vault"):
        point_in_time(_Recovery(on=False), REQUEST)


def test_a_table_that_is_there_already_is_said() -> None:
    with pytest.raises(RestoreError, match="new is there already"):
        point_in_time(_Recovery(exists=True), REQUEST)


def test_a_new_table_is_named_after_its_moment_and_never_twice() -> None:
    assert new_name("hub-cases", AT) == "hub-cases-20261126t173100"
    assert new_name("hub-cases-20261126t173100", AT) == "hub-cases-20261126t173100"
    summer = datetime(2026, 7, 1, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    assert new_name("hub-cases", summer) == "hub-cases-20260701t120000"
    # What policies and the backup plan allow: the usual name, a hyphen, anything.
    assert re.fullmatch(r"hub-cases-.+", new_name("hub-cases", AT))


def test_whoever_switches_reads_what_the_stages_file_takes(tmp_path: Path) -> None:
    made = {"threads": new_name("hub-threads", AT), "cases": new_name("hub-cases", AT)}
    said = how_to_switch(made).split("make deploy STAGE=<name>:", 1)[1]
    example = (INFRA / "stages" / "example.toml").read_text(encoding="utf-8")
    (tmp_path / "trial.toml").write_text(f"{example}\n{said}", encoding="utf-8")
    assert read_stage("trial", tmp_path).tables == {
        "hub-threads": "hub-threads-20261126t173100",
        "hub-cases": "hub-cases-20261126t173100",
    }


def test_a_set_is_the_same_in_any_order_and_a_list_is_not() -> None:
    def item(kind: str, *values: str) -> dict[str, Any]:
        many: Any = list(values) if kind == "SS" else [{"S": value} for value in values]
        return {"pk": {"S": "a"}, "many": {kind: many}}

    assert fingerprint(item("SS", "a", "b")) == fingerprint(item("SS", "b", "a"))
    assert fingerprint(item("L", "a", "b")) != fingerprint(item("L", "b", "a"))
    assert fingerprint({"a": {"S": "1"}}) != fingerprint({"a": {"N": "1"}})
    assert fingerprint({"a": {"B": b"1"}}) != fingerprint({"a": {"B": b"2"}})


def test_what_is_missing_too_many_or_changed_is_counted_apart() -> None:
    wanted = {("a", ""): b"1", ("b", ""): b"1", ("c", ""): b"1"}
    found = {("a", ""): b"1", ("b", ""): b"2", ("d", ""): b"1"}
    result = compared(wanted, found)
    assert result.missing == frozenset({("c", "")})
    assert result.added == frozenset({("d", "")})
    assert result.changed == frozenset({("b", "")})
    assert (result.items, result.differences) == (3, 3)
    assert result.partitions == frozenset("bcd")
    assert compared(wanted, wanted).differences == 0


@pytest.mark.parametrize("typed", ["tomorrow", "2026-11-26T17:31:00", "26/11/2026"])
def test_a_moment_that_could_be_another_is_refused(typed: str) -> None:
    with pytest.raises(RestoreError):
        moment_of(typed)


def test_a_moment_has_a_zone_and_whole_seconds() -> None:
    assert moment_of("2026-11-26T17:31:00.9+00:00") == AT


def test_the_audit_is_restored_only_by_name() -> None:
    assert chosen(None) == ("cases", "threads", "access")
    assert chosen(["audit"]) == ("audit",)
    with pytest.raises(RestoreError, match="case is none of"):
        chosen(["case"])


def test_tables_in_use_may_have_other_names() -> None:
    assert in_use(["cases=hub-cases-1"])["cases"] == "hub-cases-1"
    assert in_use(None)["threads"] == "hub-threads"
    for wrong in ("case=x", "cases", "cases="):
        with pytest.raises(RestoreError):
            in_use([wrong])


def test_a_list_names_a_partition_at_the_head_of_each_line(tmp_path: Path) -> None:
    file = tmp_path / "touched.txt"
    file.write_text("abc\tcase#file\tchanged\nabc\n\ndef\n", encoding="utf-8")
    assert touched_of(file) == frozenset({"abc", "def"})
    assert touched_of(None) is None

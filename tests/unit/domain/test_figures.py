"""Counts: buckets of working hours, percentiles defined on them, sums over teams."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.figures import (
    BEYOND,
    EDGES,
    HALF,
    NEARLY_ALL,
    Hours,
    Tally,
    add_up,
    added_up,
    base_kind,
    bucket_of,
    first_day_of,
    month_in_words,
    month_of,
    percent,
    percentile,
)

HOUR = timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("worked", "bucket"),
    [
        (timedelta(), "within-001"),
        (HOUR, "within-001"),
        (HOUR + A_MOMENT, "within-002"),
        (4 * HOUR, "within-004"),
        (5 * HOUR, "within-008"),
        (40 * HOUR, "within-040"),
        (160 * HOUR, "within-160"),
        (160 * HOUR + A_MOMENT, "over-160"),
        (5000 * HOUR, "over-160"),
    ],
)
def test_a_time_on_an_edge_is_within_it(worked: timedelta, bucket: str) -> None:
    assert bucket_of(worked) == bucket


def test_every_edge_has_its_own_bucket() -> None:
    names = [bucket_of(edge * HOUR) for edge in EDGES]

    assert len(set(names)) == len(EDGES)
    # So that a store's own order is the order of time.
    assert names == sorted(names)


def test_a_percentile_is_the_edge_at_which_the_running_total_reaches_it() -> None:
    counts = {"within-004": 10, "within-016": 9, "over-160": 1, "made": 500}

    assert percentile(counts, HALF) == Hours(4)
    assert percentile(counts, NEARLY_ALL) == Hours(16)
    assert percentile(counts, Fraction(1)) == Hours(None)
    assert percentile({"made": 500}, HALF) is None


def test_19_in_20_of_20_are_19_and_of_40_are_38() -> None:
    for twenties in range(1, 60):
        counts = {"within-008": 19 * twenties, "over-160": twenties}
        assert percentile(counts, NEARLY_ALL) == Hours(8)
        counts = {"within-008": 19 * twenties - 1, "over-160": twenties + 1}
        assert percentile(counts, NEARLY_ALL) == Hours(None)


@given(
    st.lists(st.integers(0, 200 * 60), min_size=1, max_size=80),
    st.fractions(Fraction(1, 100), 1),
)
def test_a_percentile_agrees_with_the_sorted_times(minutes: list[int], share: Fraction) -> None:
    # Nearest rank: the value at the place share * n, rounded up, then its bucket's upper edge.
    counts: dict[str, int] = {}
    for one in minutes:
        bucket = bucket_of(timedelta(minutes=one))
        counts[bucket] = counts.get(bucket, 0) + 1
    there = sorted(minutes)[ceil(share * len(minutes)) - 1]
    edges = [edge for edge in EDGES if there <= edge * 60]

    assert percentile(counts, share) == Hours(min(edges) if edges else None)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Hours(1), "within 1 working hour"),
        (Hours(16), "within 16 working hours"),
        (Hours(None), "more than 160 working hours"),
    ],
)
def test_hours_say_what_they_are(hours: Hours, words: str) -> None:
    assert str(hours) == words


def test_a_month_is_stored_so_that_it_sorts_and_read_in_words() -> None:
    assert month_of(date(2026, 3, 31)) == "2026-03"
    assert first_day_of("2026-03") == date(2026, 3, 1)
    assert month_in_words("2026-03") == "March 2026"


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "26-01", "2026-01-01", "now"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a month is written"):
        first_day_of(text)


def test_tallies_of_teams_and_events_add_up_to_the_force() -> None:
    tallies = [
        Tally("2026-10", "stafford", "tell:charged", {"made": 3, "kept_late": 1}),
        Tally("2026-10", "stafford", "tell:nfa_police", {"made": 4}),
        Tally("2026-10", "stoke", "tell:charged", {"made": 5}),
    ]

    assert add_up(tallies) == Tally("2026-10", "", "tell", {"made": 12, "kept_late": 1})
    assert add_up(tallies[:2], team="stafford").team == "stafford"


def test_months_and_kinds_are_never_mixed() -> None:
    one = Tally("2026-10", "", "reply", {"made": 1})
    with pytest.raises(ValueError, match="one month and kind"):
        add_up([one, Tally("2026-09", "", "reply", {"made": 1})])
    with pytest.raises(ValueError, match="one month and kind"):
        add_up([one, Tally("2026-10", "", "update", {"made": 1})])
    with pytest.raises(ValueError, match="one month and kind"):
        add_up([])


def test_there_is_one_tally_a_month_and_kind_the_newest_first() -> None:
    found = added_up(
        [
            Tally("2026-09", "stafford", "reply", {"made": 1}),
            Tally("2026-10", "stafford", "tell:charged", {"made": 2}),
            Tally("2026-10", "stoke", "tell:other", {"made": 3}),
            Tally("2026-10", "stoke", "reply", {"made": 4}),
        ]
    )

    assert [(t.month, t.kind, t.count("made")) for t in found] == [
        ("2026-10", "tell", 5),
        ("2026-10", "reply", 4),
        ("2026-09", "reply", 1),
    ]


def test_an_event_is_folded_into_its_kind() -> None:
    assert [base_kind(kind) for kind in ("tell:charged", "tell", "reply")] == [
        "tell",
        "tell",
        "reply",
    ]


def test_a_share_of_100_means_all() -> None:
    assert percent(199, 1) == 99
    assert percent(200, 0) == 100
    assert percent(0, 7) == 0
    assert percent(0, 0) is None


def test_what_is_over_is_over_the_last_edge() -> None:
    assert BEYOND == "over-160"

"""What is published cannot be used to work out what is hidden.

The attacker of these tests knows every published number, how rows are hidden, and which
times of answering are always in time. They learn a hidden number when every table that
would be published in just this way has the same number there.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from chalicelib.domain.figures import (
    KEPT_IN_TIME,
    KEPT_LATE,
    MADE,
    OPEN_LATE,
    RHYTHM,
    Hours,
    Tally,
)
from chalicelib.domain.publication import PublishedRow, publish, share_with_rhythm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LEAST = 10
NUMBERS = (MADE, KEPT_IN_TIME, KEPT_LATE, OPEN_LATE)
# A reply within 32 working hours is in time for certain, one after 48 is late for certain.
IN_TIME_BUCKETS = ("within-004", "within-032")
LATE_BUCKETS = ("within-056", "over-160")


def only(counts: Mapping[str, int]) -> PublishedRow:
    """Return the one row that is published of a month with these counts."""
    (row,) = publish([Tally("2026-10", "", "reply", counts)], LEAST)
    return row


def rhythm(followed: int, with_rhythm: int) -> Tally:
    return Tally("2026-10", "", RHYTHM, {"followed": followed, "with_rhythm": with_rhythm})


def numbers(row: PublishedRow) -> dict[str, int | None]:
    return {name: getattr(row, name) for name in NUMBERS}


def test_numbers_of_ten_and_more_are_shown() -> None:
    row = only({MADE: 120, KEPT_IN_TIME: 84, KEPT_LATE: 16, OPEN_LATE: 10})

    assert numbers(row) == {MADE: 120, KEPT_IN_TIME: 84, KEPT_LATE: 16, OPEN_LATE: 10}
    assert row.in_time_percent == 84


@pytest.mark.parametrize("few", [0, 1, 9])
@pytest.mark.parametrize(
    ("hidden", "with_it"),
    [
        (OPEN_LATE, MADE),
        (MADE, OPEN_LATE),
        (KEPT_LATE, OPEN_LATE),
        (KEPT_IN_TIME, OPEN_LATE),
    ],
)
def test_one_number_is_never_hidden_alone(hidden: str, with_it: str, few: int) -> None:
    counts = {MADE: 120, KEPT_IN_TIME: 84, KEPT_LATE: 16, OPEN_LATE: 11, hidden: few}
    row = only(counts)

    assert {name for name, number in numbers(row).items() if number is None} == {hidden, with_it}


def test_a_share_is_shown_only_with_both_its_parts() -> None:
    assert only({MADE: 90, KEPT_IN_TIME: 84, KEPT_LATE: 3}).in_time_percent is None
    assert only({MADE: 90, KEPT_IN_TIME: 3, KEPT_LATE: 84}).in_time_percent is None
    # What is open and late is another number, and may be hidden.
    assert only({MADE: 90, KEPT_IN_TIME: 30, KEPT_LATE: 10}).in_time_percent == 75


def test_a_month_in_which_nothing_was_counted_is_all_hidden() -> None:
    row = only({})

    assert set(numbers(row).values()) == {None}
    assert (row.half, row.nearly_all, row.in_time_percent) == (None, None, None)


def test_times_need_enough_answers_whose_number_is_shown() -> None:
    enough = {"made": 30, "kept_in_time": 20, "within-004": 20}
    assert only(enough).half == Hours(4)
    # With a hidden number of late ones it would move: 2 of them and 8 give other hours.
    assert only(enough).nearly_all is None
    both = enough | {"kept_late": 20, "within-016": 20}
    assert only(both).nearly_all == Hours(16)

    # Of 19 answers, 19 in 20 are all of them: the longest wait is one person's.
    fewer = {"made": 30, "kept_in_time": 19, "within-004": 19}
    assert only(fewer).half == Hours(4)
    assert only(fewer).nearly_all is None

    # 18 were kept, but neither part is shown: a time would say that they are 10 or more.
    hidden = {"made": 30, "kept_in_time": 9, "kept_late": 9, "within-004": 18}
    assert only(hidden).half is None


def test_kinds_are_folded_and_teams_added_before_anything_is_hidden() -> None:
    (row,) = publish(
        [
            Tally("2026-10", "stafford", "tell:charged", {"made": 6, "kept_in_time": 5}),
            Tally("2026-10", "stoke", "tell:nfa_police", {"made": 6, "kept_in_time": 6}),
        ],
        LEAST,
    )

    assert (row.kind, row.made, row.kept_in_time) == ("tell", 12, 11)


def test_how_many_victims_are_followed_is_no_row() -> None:
    assert publish([rhythm(50, 20)], LEAST) == ()


@pytest.mark.parametrize(
    ("followed", "with_rhythm", "share"),
    [(40, 30, 75), (40, 31, None), (40, 10, 25), (40, 9, None), (9, 0, None), (19, 10, None)],
)
def test_a_share_of_victims_needs_ten_with_and_ten_without(
    followed: int, with_rhythm: int, share: int | None
) -> None:
    assert share_with_rhythm(rhythm(followed, with_rhythm), LEAST) == share


# The attacker.

small_and_large = st.integers(0, 25) | st.integers(0, 40)


def counted(
    made: int, early: tuple[int, int], late: tuple[int, int], open_late: int
) -> dict[str, int]:
    """Return the counts of a month whose buckets fit what was in time and what was late."""
    return {
        MADE: made,
        KEPT_IN_TIME: sum(early),
        KEPT_LATE: sum(late),
        OPEN_LATE: open_late,
        **dict(zip(IN_TIME_BUCKETS, early, strict=True)),
        **dict(zip(LATE_BUCKETS, late, strict=True)),
    }


tables = st.builds(
    counted,
    small_and_large,
    st.tuples(small_and_large, st.integers(0, 12)),
    st.tuples(st.integers(0, 12), small_and_large),
    small_and_large,
)


def others(counts: Mapping[str, int], number: str) -> Iterator[dict[str, int]]:
    """Return tables that differ in one number, and in times that nobody outside knows."""
    for step in (1, -1, 2, -2):
        changed = {name: counts[name] for name in NUMBERS}
        changed[number] += step
        if changed[number] >= 0:
            yield from _with_times(changed)


def _with_times(counts: Mapping[str, int]) -> Iterator[dict[str, int]]:
    for early, late in product(_splits(counts[KEPT_IN_TIME]), _splits(counts[KEPT_LATE])):
        times = zip((*IN_TIME_BUCKETS, *LATE_BUCKETS), (*early, *late), strict=True)
        yield {**counts, **dict(times)}


def _splits(total: int) -> list[tuple[int, int]]:
    return [(total - some, some) for some in range(total + 1)]


@settings(max_examples=500)
@given(tables)
@example(counted(30, (19, 0), (0, 0), 0))
@example(counted(30, (20, 0), (0, 0), 0))
@example(counted(30, (11, 0), (9, 0), 0))
@example(counted(30, (9, 0), (9, 0), 0))
@example(counted(30, (9, 0), (1, 0), 0))
@example(counted(0, (0, 0), (0, 0), 0))
@example(counted(10, (10, 0), (10, 0), 9))
@example(counted(9, (10, 0), (10, 0), 10))
@example(counted(100, (0, 0), (20, 0), 30))
@example(counted(0, (19, 1), (0, 0), 0))
def test_a_hidden_number_may_always_be_another(counts: dict[str, int]) -> None:
    published = only(counts)
    for number in (name for name, shown in numbers(published).items() if shown is None):
        same = (other for other in others(counts, number) if only(other) == published)
        assert any(same), f"{number} can be worked out"


@settings(max_examples=500)
@given(tables)
def test_no_sum_of_a_row_leaves_one_unknown(counts: dict[str, int]) -> None:
    # Even for who learns elsewhere what a row comes to.
    shown = list(numbers(only(counts)).values())

    assert shown.count(None) != 1
    assert all(number is None or number >= LEAST for number in shown)


@settings(max_examples=500)
@given(tables)
def test_nothing_can_be_solved_step_by_step(counts: dict[str, int]) -> None:
    """Each equation that the page gives has no unknown, or more than one, until none is left."""
    row = only(counts)
    known = {name for name, shown in numbers(row).items() if shown is not None}
    equations = [set(NUMBERS)]
    if row.in_time_percent is not None:
        equations.append({KEPT_IN_TIME, KEPT_LATE})
    for _ in NUMBERS:
        for equation in equations:
            unknown = equation - known
            assert len(unknown) != 1, unknown


@settings(max_examples=300)
@given(st.integers(0, 60), st.integers(0, 60))
def test_the_victims_behind_a_share_may_always_be_others(followed: int, with_rhythm: int) -> None:
    assume(with_rhythm <= followed)
    share = share_with_rhythm(rhythm(followed, with_rhythm), LEAST)
    if share is None:
        return
    parts = {
        (all_of_them, some)
        for all_of_them in range(20, 200)
        for some in range(LEAST, all_of_them - LEAST + 1)
        if 100 * some // all_of_them == share
    }
    assert len(parts) > 1
    assert min(with_rhythm, followed - with_rhythm) >= LEAST

"""The bench says whether the rules of sending are kept, in as many lives as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from operate.bench_sending import bench_sending

if TYPE_CHECKING:
    import pytest


def test_the_bench_prints_what_was_tried_and_that_the_rules_are_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench_sending(lives=300, kills=3)
    printed = capsys.readouterr().out
    assert "300 lives, 3 kills" in printed
    assert "rules kept" in printed

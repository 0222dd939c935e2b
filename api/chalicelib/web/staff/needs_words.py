"""A victim's needs as staff read them: one line on every page, all where somebody asks for all."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.cases import Case, VictimKey
from chalicelib.domain.needs import CUT, Needs, in_order, need_words, needs_line
from chalicelib.frozen import frozen
from chalicelib.rules import Rules
from chalicelib.services.ports import VictimFile
from chalicelib.services.read_first import Known
from chalicelib.web.staff.case_words import in_order as victims_in_order
from chalicelib.web.staff.case_words import victim_name

NONE_TOLD = "No need was told yet."


@frozen
class NeedsFirst:
    """What every page of a case says of one victim's needs before anything else.

    Where the line was cut, `more` names the kinds that were told, and `address` has them all.
    """

    name: str
    line: str
    more: str
    address: str


def needs_first(case: Case, known: Known, rules: Rules) -> tuple[NeedsFirst, ...]:
    """Return the lines of a case, one for each victim whose needs were read."""
    return tuple(
        _first(case, victim.key, victim_name(victim), known[victim.key].needs, rules)
        for victim in victims_in_order(case)
        if victim.key in known
    )


def _first(case: Case, victim: VictimKey, name: str, needs: Needs, rules: Rules) -> NeedsFirst:
    line = needs_line(needs, rules)
    kinds = [row.label for row, _ in in_order(needs, rules)] if line.endswith(CUT) else []
    return NeedsFirst(name, line or NONE_TOLD, ", ".join(kinds), needs_address(case, victim))


def needs_by_kind(
    case: Case, files: Mapping[VictimKey, VictimFile], rules: Rules
) -> list[dict[str, Any]]:
    """Return each victim's needs in full, one line a kind."""
    return [
        {
            "name": victim_name(victim),
            "address": needs_address(case, victim.key),
            "lines": [
                (kind.label, need_words(need, rules))
                for kind, need in in_order(files[victim.key].needs, rules)
            ],
        }
        for victim in victims_in_order(case)
    ]


def needs_address(case: Case, victim: VictimKey) -> str:
    """Return the address of a victim's needs on the desk."""
    return f"/cases/{case.key}/needs?victim={victim}"

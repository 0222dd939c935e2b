"""Which numbers may stand on a page: all that stand in a data file, read without our own code."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Any

from tests.site.built_site import MARKDOWN, ROOT, front_matter

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = ROOT / "api/chalicelib/rules"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
UNITS = "working day|business day|day|week|month|year|hour|minute|second|time"
PHONE = re.compile(r"(?<![\d/])0[\d ]{6,}\d|\b116 123\b")
DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
CLOCK = re.compile(r"\b\d{1,2}(?::\d\d)?[ap]m\b")
AMOUNT = re.compile(rf"\b(\d+(?:\.\d+)?)[ -]({UNITS})s?\b")
NUMBER = re.compile(r"\b\d+(?:[.,]\d+)*(?=(?:st|nd|rd|th)?\b)")
WORDS_FOR_NUMBERS = re.compile(
    rf"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty) ({UNITS})s?\b",
    re.IGNORECASE,
)


def unknown_in(words: str) -> list[str]:
    """Return every number of a text that stands in no data file."""
    known = known_figures()
    found: list[str] = []
    for pattern, allowed in (
        (PHONE, known["phones"]),
        (DATE, known["dates"]),
        (CLOCK, known["clocks"]),
        (AMOUNT, known["amounts"]),
        (NUMBER, known["numbers"]),
    ):
        found += [hit[0] for hit in pattern.finditer(words) if _plain(hit) not in allowed]
        words = pattern.sub(" ", words)
    return found + [hit[0] for hit in WORDS_FOR_NUMBERS.finditer(words)]


def _plain(hit: re.Match[str]) -> str:
    if hit.re is PHONE:
        return hit[0].replace(" ", "")
    return f"{hit[1]} {hit[2]}" if hit.re is AMOUNT else hit[0]


@cache
def known_figures() -> dict[str, set[str]]:
    """Return what the data files hold: phones, dates, clocks, amounts with a unit, numbers."""
    services, contacts = rows("services", "service"), rows("force", "contact")
    printed = [
        *(row[key] for row in services for key in TEXTS if key in row),
        *(row["text"] for row in contacts),
        *(
            row["closed_reason"]
            for row in rows("crime_types", "crime_type")
            if "closed_reason" in row
        ),
    ]
    words = " ".join(printed)
    # The site prints the special measures alone; the others and the finder's words it does not.
    measures = [row for row in rows("measures", "measure") if row["kind"] == "measure"]
    expectations = rows("expectations", "expectation")
    bare = [row["amount"] for row in rows("figures", "figure") if row["unit"] == "number"]
    limits = rows("limits", "limit")
    bare += [row["amount"] for row in limits if row["unit"] in ("characters", "years")]
    bare += [row["section"] for row in measures] + [row["number"] for row in expectations]
    texts = " ".join(str(value) for row in measures for value in row.values())
    return {
        "phones": {row["phone"].replace(" ", "") for row in services + contacts if "phone" in row},
        "dates": {f"{day.day} {day:%B %Y}" for day in _days(services)},
        "clocks": set(CLOCK.findall(words)),
        "amounts": set(_amounts()),
        "numbers": {
            *map(str, bare),
            *NUMBER.findall(CLOCK.sub(" ", words)),
            *NUMBER.findall(texts),
        },
    }


TEXTS = ("name", "who", "what", "hours", "text", "languages", "find")


def rows(file: str, kind: str) -> list[dict[str, Any]]:
    """Return the rows of one kind in a data file, as they stand there."""
    data = tomllib.loads((RULES / f"{file}.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = data[kind]
    return found


def row(file: str, kind: str, key: str) -> dict[str, Any]:
    """Return one row of a data file."""
    (found,) = (each for each in rows(file, kind) if each["key"] == key)
    return found


def amount(file: str, kind: str, key: str) -> str:
    """Return a figure as a page writes it: "3 months"."""
    found = row(file, kind, key)
    name = found["unit"].removesuffix("s").replace("_", " ")
    return f"{found['amount']} {name}{'' if found['amount'] == 1 else 's'}"


def _amounts() -> Iterator[str]:
    for each in chain(rows("figures", "figure"), rows("limits", "limit")):
        unit = each["unit"].removesuffix("s").replace("_", " ")
        yield f"{each['amount']} {unit}"
        if unit == "minute" and each["amount"] % 60 == 0:
            yield f"{each['amount'] // 60} hour"
    for each in rows("code_limits", "code_limit"):
        for key in ("standard_working_days", "enhanced_working_days"):
            yield f"{each.get(key)} working day"
    for each in rows("expectations", "expectation"):
        yield f"{each.get('working_days')} working day"


def _days(services: list[dict[str, Any]]) -> set[date]:
    """Return the days that pages may print: of reviews, of checks, and those of the examples."""
    days = {front_matter(source)["reviewed_on"] for source in MARKDOWN}
    days |= {service["checked_on"] for service in services}
    arrest, longest = row("figures", "example", "told_of_arrest")["day"], 5
    end = slow_working_day(arrest, longest)
    days |= {arrest + timedelta(days=number) for number in range((end - arrest).days + 1)}
    for key in ("told_of_decision", "letter_on_complaint"):
        days.add(row("figures", "example", key)["day"])
    decision = row("figures", "example", "told_of_decision")["day"]
    days.add(slow_months_later(decision, row("limits", "limit", "review.ask")["amount"]))
    letter = row("figures", "example", "letter_on_complaint")["day"]
    days.add(letter + timedelta(days=row("figures", "figure", "complaint.review")["amount"]))
    return days


def slow_working_day(day: date, count: int) -> date:
    """Return the last of so many working days after a day, counted one by one."""
    text = files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text("utf-8")
    holidays = {event["date"] for event in json.loads(text)["england-and-wales"]["events"]}
    while count:
        day += timedelta(days=1)
        if day.strftime("%a") not in ("Sat", "Sun") and day.isoformat() not in holidays:
            count -= 1
    return day


def slow_months_later(day: date, months: int) -> date:
    """Return the same number so many months later, or that month's last day."""
    wanted = day.day
    for _ in range(months):
        month = day
        while month.month == day.month:
            month += timedelta(days=1)
        day = month
    while day.day < wanted and (day + timedelta(days=1)).month == day.month:
        day += timedelta(days=1)
    return day

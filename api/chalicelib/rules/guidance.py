"""The rules that the guidance pages rest on, each row with its source and how far to trust it.

They are read apart from `Rules`, so that a request which needs none of them does not wait
while they are parsed.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from chalicelib.frozen import frozen
from chalicelib.rules.checks import PRINTABLE_TRUST
from chalicelib.rules.expectations import Expectation, read_expectations
from chalicelib.rules.measures import Measure, read_measures
from chalicelib.rules.rows import Row
from chalicelib.rules.tables import DataFile, Table

RULES_FOLDER = Path(__file__).parent
# A number of full length, Childline's short freephone number, or a short code such as 101.
PHONE = re.compile(r"0\d{9,10}|0800\d{4}|1\d{2,5}", re.ASCII)

FigureUnit = Literal[
    "years", "months", "days", "working_days", "business_days", "times", "seconds", "number"
]
Area = Literal["staffordshire", "england_wales", "uk"]


@frozen(kw_only=True)
class Figure(Row):
    """A number that a law, a court or a service sets; `about` says of what it is the number."""

    amount: int | float
    unit: FigureUnit
    about: str


@frozen(kw_only=True)
class Example(Row):
    """An invented day from which pages count a limit, so that people see how it is counted."""

    day: date


@frozen(kw_only=True)
class Topic(Row):
    """What people look for help with."""

    label: str


@frozen(kw_only=True)
class Service(Row):
    """A service that helps; a number, an hour or an address is there only if it was seen."""

    name: str
    who: str
    what: str
    area: Area
    topics: tuple[str, ...]
    free: bool
    police_report: bool
    hours: str = ""
    phone: str = ""
    text: str = ""
    chat: str = ""
    web: str = ""
    languages: str = ""
    find: str = ""


@frozen(kw_only=True)
class Guidance:
    """Everything by key, in the order of the files; of the measures the special ones alone."""

    figures: Mapping[str, Figure]
    examples: Mapping[str, Example]
    topics: Mapping[str, Topic]
    services: Mapping[str, Service]
    measures: Mapping[str, Measure]
    expectations: Mapping[str, Expectation]


@cache
def load_guidance() -> Guidance:
    """Return the guidance rules of this release, read and checked once in a process."""
    return read_guidance(RULES_FOLDER)


def read_guidance(folder: Path) -> Guidance:
    """Return the guidance rules of a folder of data files.

    Raises:
        RulesError: a row cannot be used; names file and line.
    """
    figure_file = DataFile(folder / "figures.toml", frozenset({"figure", "example"}))
    service_file = DataFile(folder / "services.toml", frozenset({"topic", "service"}))
    topics = service_file.table("topic", Topic)
    services = service_file.table("service", Service)
    _check_services(services, topics)
    measures = read_measures(folder).of_kind("measure")
    return Guidance(
        figures=figure_file.table("figure", Figure).rows,
        examples=figure_file.table("example", Example).rows,
        topics=topics.rows,
        services=services.rows,
        measures={row.key: row for row in measures},
        expectations=read_expectations(folder).rows,
    )


def _check_services(services: Table[Service], topics: Table[Topic]) -> None:
    for service in services.rows.values():
        for topic in service.topics:
            if topic not in topics.rows:
                raise services.error(service, f"no such topic: {topic!r}", "topics")
        if not service.topics:
            raise services.error(service, "a service helps with one topic at least", "topics")
        if service.phone and service.trust not in PRINTABLE_TRUST:
            raise services.error(service, "a number marked C or U is not printed", "phone")
        if service.phone and not PHONE.fullmatch(service.phone.replace(" ", "")):
            raise services.error(service, "a number is written as it is dialled", "phone")
        if not (service.phone or service.web or service.find):
            raise services.error(service, "say how the service is found", "name")
        for key in ("web", "chat"):
            address = getattr(service, key)
            if address and not address.startswith("https://"):
                raise services.error(service, "an address begins with https://", key)

"""The directory of services as pages print it, and what measures and expectations say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.domain.dates import plain_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.rules import Expectation, Rules
    from chalicelib.rules.guidance import Guidance, Service
    from chalicelib.rules.measures import Measure

AREAS = {
    "staffordshire": "Staffordshire and Stoke-on-Trent",
    "england_wales": "England and Wales",
    "uk": "The whole UK",
}
BASES = {
    "code": "**Victims' Code**: owed to you.",
    "national": "National guidance, which sets no number of days.",
    "local": "Our proposal, not agreed yet.",
}
# Hosts under which many pages stand, so that the name alone does not say where a link leads.
SHARED_HOSTS = {"gov.uk", "nhs.uk", "citizensadvice.org.uk"}
ACT = "the Youth Justice and Criminal Evidence Act 1999"
MAIL = re.compile(r"[\w.]+@[\w.]+\w")

# An address stays in the browser's history: what stands behind "#" names no crime either.
# So short is what is not broken in two.
SHORT = 14
NEED = "need-"
SERVICE = "service-"
# The pictures of a measure, with what they show for people who do not see them.
DRAWINGS = {
    "screen": {
        "room-screen": "Plan of a court room. A screen stands between you and the defendant. "
        "The judge, the jury and the lawyers can see you."
    },
    "live_link": {
        "room-live-link": "Plan of the same court room. Your place is empty. "
        "A TV shows you to the judge, the jury and the lawyers.",
        "remote-room": "A small room. You sit at a table with a camera and a TV. "
        "A supporter sits beside you. A member of the court staff is at the door.",
    },
}


@dataclass(frozen=True)
class Directory:
    """Services, measures and expectations in Markdown."""

    guidance: Guidance
    rules: Rules

    def talk(self, *keys: str) -> str:
        """Return some services as a short list: how to write first, then how to speak."""
        return "\n".join(_line(self.guidance.services[key]) for key in keys)

    def phone(self, key: str) -> str:
        """Return a service's number as a link.

        Raises:
            KeyError: the service is not in the directory.
            LookupError: it has no number that may be printed.
        """
        service = self.guidance.services[key]
        if not service.phone:
            raise LookupError(f"{key} has no number")
        return _phone(service)

    def cards(self, area: str = "", *, leave_out: str = "") -> str:
        """Return every service of an area, or of all areas but one, with all that is known."""
        found = (
            service
            for service in self.guidance.services.values()
            if service.area == area or (leave_out and service.area != leave_out)
        )
        in_order = sorted(found, key=lambda service: service.name)
        return "\n\n".join(_card(service, number) for number, service in enumerate(in_order, 1))

    def by_topic(self) -> str:
        """Return every topic with its services, nearest first."""
        return "\n\n".join(
            f"## {topic.label} {{ #{NEED}{number} }}\n\n{_lines(self._helping_with(topic.key))}"
            for number, topic in enumerate(self.guidance.topics.values(), start=1)
        )

    def topics(self, page: str) -> str:
        """Return a link to each topic of a page."""
        return "\n".join(
            f"- [{topic.label}]({page}#{NEED}{number})"
            for number, topic in enumerate(self.guidance.topics.values(), start=1)
        )

    def measures(self) -> str:
        """Return each special measure: what it is, what it is like, who for, what it is not."""
        return "\n\n".join(map(_measure, self.guidance.measures.values()))

    def expectations(self) -> str:
        """Return what police and ISVAs are to do, in the order of a case."""
        return "\n\n".join(map(self._expectation, self.guidance.expectations.values()))

    def _helping_with(self, topic: str) -> list[Service]:
        found = [one for one in self.guidance.services.values() if topic in one.topics]
        return sorted(found, key=lambda one: list(AREAS).index(one.area))

    def _expectation(self, row: Expectation) -> str:
        heading = f"### {row.number}. {row.stage} {{ #expectation-{row.number} }}"
        by = f"By when: {when}. " if (when := self._by_when(row)) else ""
        return f"{heading}\n\n{row.what}\n\n- {row.who}\n- {by}{BASES[row.basis]}"

    def _by_when(self, row: Expectation) -> str:
        days = row.working_days
        if row.code_limit:
            days = self.rules.code_limits[row.code_limit].enhanced_working_days
        if days is None:
            return row.when
        return f"{days} working day{'' if days == 1 else 's'} {row.when}".rstrip()


def _measure(row: Measure) -> str:
    return "\n\n".join(
        [
            f"## {row.name} {{ #{row.key} }}",
            row.means,
            *(
                f"![{shows}](../pictures/{name}.svg)"
                for name, shows in DRAWINGS.get(row.key, {}).items()
            ),
            f"**What it is like.** {row.in_the_room}",
            f"**Who may have it.** {row.who}",
            f"**What it does not do.** {row.does_not}",
            f"In law: section {row.section} of {ACT}\n{{ .hub-date }}",
        ]
    )


def _lines(services: Iterable[Service]) -> str:
    return "\n".join(map(_line, services))


def _line(service: Service) -> str:
    """Return one service in a list; ways that nobody can overhear stand first."""
    ways = "".join(f"\n    - {way}" for way in _ways(service))
    return f"- **{service.name}.** {service.what}{ways}"


def _ways(service: Service) -> list[str]:
    return [
        *([f"Online: {_link(service.chat, service)}."] if service.chat else []),
        *([_mailed(service.text)] if service.text else []),
        *([f"Phone: {_phone(service)}. {_hours(service)}".rstrip()] if service.phone else []),
        *([f"Website: {_link(service.web, service)}."] if _shows_web(service) else []),
        *([service.find] if service.find else []),
    ]


def _card(service: Service, number: int) -> str:
    facts = [
        ("Online chat or form", _link(service.chat, service) if service.chat else ""),
        ("Other ways", _mailed(escape(service.text))),
        ("Phone", f"{_phone(service)} {_hours(service)}".rstrip() if service.phone else ""),
        ("Website", _link(service.web, service) if _shows_web(service) else ""),
        ("How to find it", escape(service.find)),
        ("For", escape(service.who)),
        ("Area", AREAS[service.area]),
        ("Languages", escape(service.languages)),
        ("Cost", "" if service.free else "Ask them"),
        ("Report to the police", "Needed" if service.police_report else ""),
        ("Checked on", plain_date(service.checked_on)),
    ]
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts if value)
    heading = f"## {service.name} {{ #{SERVICE}{number} }}"
    return f'{heading}\n\n{service.what}\n\n<dl class="hub-summary">{rows}</dl>'


def _shows_web(service: Service) -> bool:
    return bool(service.web) and service.web != service.chat


def _hours(service: Service) -> str:
    """Return the hours; a short one stays on its line."""
    hours = service.hours if len(service.hours) > SHORT else service.hours.replace(" ", "\u00a0")
    return f"{hours}." if hours else ""


def _phone(service: Service) -> str:
    return f'<a href="tel:{service.phone.replace(" ", "")}">{service.phone}</a>'


def _link(address: str, service: Service) -> str:
    """Return a link whose words are the site's name, and the service's where many share it."""
    host = urlsplit(address).netloc.removeprefix("www.")
    words = f"{service.name} ({host})" if host in SHARED_HOSTS else host
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _mailed(text: str) -> str:
    """Return the text with its e-mail addresses as links."""
    return MAIL.sub(lambda found: f'<a href="mailto:{found[0]}">{found[0]}</a>', text)

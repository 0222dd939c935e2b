"""Every message that any test hands over to anybody, and what must never stand in one.

At the end of a run tests/conftest.py looks through all of them, and the run fails if one says
anything but our fixed words. What plays a carrier calls `record`; calls of SES and SNS are seen
by boto3 itself, and lines of the console wherever a test lets it write below pytest's folder.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.rules import load_rules
from operate.hub_home import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from chalicelib.rules import Rules

PAIR = "[a-z]+ [a-z]+"
HOME = r"https?://[a-z0-9.-]+(?::[0-9]+)?/?"
# Of crimes and forces only the words that say something by themselves.
SHORTEST_WORD = 4
SAYS_NOTHING = frozenset(
    {
        "based",
        "behaviour",
        "computer",
        "each",
        "from",
        "known",
        "life",
        "modern",
        "mode",
        "named",
        "only",
        "order",
        "other",
        "people",
        "person",
        "possession",
        "public",
        "safe",
        "section",
        "serious",
        "that",
        "with",
        "your",
    }
)
OF_POLICE = frozenset(
    {
        "arrest",
        "case",
        "charge",
        "constable",
        "court",
        "crime",
        "criminal",
        "custody",
        "detective",
        "force",
        "investigation",
        "offender",
        "officer",
        "police",
        "sergeant",
        "suspect",
        "trial",
        "victim",
        "witness",
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever sees a locked screen can read of a message; a text has no subject."""

    by: str
    subject: str
    words: str
    sender: str = ""


_seen: set[Seen] = set()


def record(by: str, subject: str, words: str, sender: str = "") -> None:
    """Keep a message for the end of the run; `by` says who carried it."""
    _seen.add(Seen(by, subject, words, sender))


def watch_aws() -> None:
    """Keep whatever any client of SES or SNS is asked to send from here on."""
    boto3.setup_default_session()
    events = boto3.DEFAULT_SESSION.events
    events.register("provide-client-params.sesv2.SendEmail", _by_ses)
    events.register("provide-client-params.sns.Publish", _by_sns)


def _by_ses(params: dict[str, Any], **_: object) -> None:
    simple = params["Content"]["Simple"]
    words = simple["Body"]["Text"]["Data"]
    record("ses", simple["Subject"]["Data"], words, params["FromEmailAddress"])


def _by_sns(params: dict[str, Any], **_: object) -> None:
    record("sns", params.get("Subject", ""), params["Message"])


def keep(folder: Path) -> None:
    """Write what was recorded in this process below a folder, where `collected` finds it."""
    lines = [f"{json.dumps(asdict(one))}\n" for one in _seen]
    (folder / MESSAGES).write_text("".join(lines), encoding="utf-8")


def collected(folder: Path) -> set[Seen]:
    """Return what was recorded or written to a console anywhere below a folder."""
    return {
        Seen(line.get("by", "console"), line["subject"], line["words"], line.get("sender", ""))
        for path in folder.rglob(MESSAGES)
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    }


def findings(messages: Iterable[Seen], rules: Rules | None = None) -> list[str]:
    """Return what is wrong with messages: one line for each thing, none if all are right."""
    rules = rules or load_rules()
    return sorted(
        f"{seen.by}: {why}: {seen.subject!r} {seen.words!r} {seen.sender!r}"
        for seen in messages
        for why in _wrong_with(seen, rules)
    )


def _wrong_with(seen: Seen, rules: Rules) -> Iterator[str]:
    if not any(re.fullmatch(words, seen.words) for words in _fixed_words(rules)):
        yield "other words than our fixed ones"
    if seen.subject not in {"", *(row.subject for row in rules.notices.values())}:
        yield "another subject than our fixed ones"
    # The plain home page may be named after anything; what stands beside it may not.
    text = re.sub(HOME, "", f"{seen.subject} {seen.words}")
    if re.search(r"\d", text):
        yield "a number, as references, dates and telephones have"
    if names := _capitalised(text) - _capitals_of_ours(rules):
        yield f"a name or a code: {sorted(names)}"
    shown = {*_words(text), *_words(seen.sender)}
    if named := shown & forbidden_words(rules):
        yield f"words of a crime or a force: {sorted(named)}"


def _fixed_words(rules: Rules) -> Iterator[str]:
    """Return our words as patterns that leave room for check words and the home page alone."""
    for row in rules.notices.values():
        for text in (row.text, row.linked):
            yield re.escape(text).replace(r"\{pair\}", PAIR).replace(r"\{home\}", HOME)


def forbidden_words(rules: Rules) -> set[str]:
    """Return every word that would say what it is about: of crimes, flags, forces, police."""
    labels = [
        *(row.label for row in rules.crime_types.values()),
        *(row.label for row in rules.flags.values()),
        rules.force.name,
    ]
    said = {word for label in labels for word in _words(label) if len(word) >= SHORTEST_WORD}
    return (said - SAYS_NOTHING) | OF_POLICE


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _capitalised(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]\w*", text))


def _capitals_of_ours(rules: Rules) -> set[str]:
    rows = rules.notices.values()
    return {word for row in rows for word in _capitalised(f"{row.subject} {row.text} {row.linked}")}

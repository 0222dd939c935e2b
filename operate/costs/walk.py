"""People's journeys and the jobs', walked while a meter counts what each of them uses.

The whole of each service answers, from the gateway's event to the page; the CDN's part is
worked out from what a page loads. Where cases differ several people walk a journey, and its
usage is the mean of theirs.
"""

from __future__ import annotations

import csv
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import time as clock_time
from datetime import timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from chalicelib.domain.access import CaseReference
from chalicelib.domain.case_file import HEADER
from chalicelib.domain.contact import TEXT, SafeContact
from chalicelib.services.import_cases import CASE_FILE, import_cases
from chalicelib.services.send import send_due
from chalicelib.services.watch import look_after
from chalicelib.settings import PUBLIC, STAFF
from chalicelib.stores.imports import ImportStore
from chalicelib.wiring import build_providers
from operate.costs.force import PUBLIC_ORIGIN
from operate.costs.meter import Usage
from operate.costs.visitor import Browser, PageError
from operate.site_files import SiteFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chalicelib.domain.cases import VictimKey
    from chalicelib.services.deps import Deps
    from operate.costs.force import Force
    from operate.hub_home import DemoCode

OFFICER, SUPERVISOR = "alder", "hazel"
START_PAGE, GUIDANCE = "/check-your-case/", "/what-happens/"
# Open to questions, of the officer's own team.
WALKED, ROWS, IDLE_RUNS = 3, 50, 5
QUESTION = "Has anybody looked at the pictures that I gave to the officer on Tuesday? " * 4
ANSWER = "We have them and they were looked at. I will tell you on Friday what we learnt. " * 4
UPDATE = "We asked the shops in the street for their recordings and are looking at them now."
# Of the numbers that Ofcom keeps for drama.
NUMBER = "07700 900123"
MESSAGES_WAIT = timedelta(hours=2)
IMPORTS = ("import_new", "import_same")


@dataclass
class Walk:
    """Walks every journey once or more, each from where the one before left things."""

    force: Force
    codes: list[DemoCode]
    folder: Path

    def all(self) -> dict[str, Usage]:
        """Return the mean usage of each journey, by its name."""
        asking = self.codes[:WALKED]
        self._agree_to_messages(asking)
        walked = {"page_first": self._page(first=True), "page_next": self._page(first=False)}
        walked |= self._victims(asking)
        walked |= self._desk(asking)
        walked["minute_message"] = self._messages()
        walked["minute_idle"] = self._idle()
        walked["morning"] = self._job(lambda: look_after(self.force.deps))
        return walked | self._imports()

    def _agree_to_messages(self, codes: list[DemoCode]) -> None:
        deps = self.force.deps
        for code in codes:
            contact = SafeContact(
                ways={TEXT: NUMBER},
                days=frozenset(range(7)),
                first=clock_time(0),
                last=clock_time(23, 59),
                notify_by=TEXT,
                confirmed_at=deps.now(),
                confirmed_by="victim",
            )
            deps.ledger.write([deps.threads.keep_contact(self._victim(code), contact)])

    def _victim(self, code: DemoCode) -> VictimKey:
        found = self.force.deps.access.code(code.key)
        if found is None:
            raise PageError(f"a code of {code.officer} is not there any more")
        return found.victim

    def _browser(self, audience: str, usage: Usage) -> Browser:
        app = self.force.public if audience == PUBLIC else self.force.staff
        under = "" if audience == PUBLIC else "assets"
        return Browser(app, SiteFiles(self.force.site, under=under), self.force.meter, usage)

    # --- victims

    def _page(self, *, first: bool) -> Usage:
        with self.force.meter.counting() as usage:
            browser = self._browser(PUBLIC, Usage())
            if not first:
                browser.get(START_PAGE)
            browser.usage = usage
            browser.get(GUIDANCE)
        return usage

    def _victims(self, codes: list[DemoCode]) -> dict[str, Usage]:
        # These stay, and nothing is written for the first time in what is measured after them.
        asking = [self._opens(code, Usage()) for code in codes]
        with self.force.meter.counting() as visits:
            for code in codes:
                self._opens(code, visits).get("/case/exit")
        with self.force.meter.counting() as asked:
            for browser in asking:
                browser.usage = asked
                browser.get("/case/message")
                browser.post("/case/message", message=QUESTION)
                browser.follow()
        return {"visit": visits.times(1 / len(codes)), "ask": asked.times(1 / len(codes))}

    def _opens(self, code: DemoCode, usage: Usage) -> Browser:
        """Return the browser of somebody who came by the start page and reads their case."""
        browser = self._browser(PUBLIC, usage)
        browser.get(START_PAGE)
        browser.get("/case/open")
        browser.post("/case/open", reference=code.reference, code=code.code)
        browser.follow()
        return browser

    # --- the desk

    def _desk(self, codes: list[DemoCode]) -> dict[str, Usage]:
        meter, walked = self.force.meter, dict[str, Usage]()
        self._open_everything(codes[0])
        with meter.counting() as walked["sign_in"]:
            officer = self._signs_in(OFFICER, walked["sign_in"])
        with meter.counting() as walked["worklist"]:
            officer.usage = walked["worklist"]
            officer.get("/")
        parts = {name: Usage() for name in ("case", "answer", "update", "code")}
        for code in codes:
            for name, part in self._case(officer, code).items():
                parts[name] = parts[name].added(part)
        walked |= {name: part.times(1 / len(codes)) for name, part in parts.items()}
        supervisor = self._signs_in(SUPERVISOR, Usage())
        with meter.counting() as walked["board"]:
            supervisor.usage = walked["board"]
            supervisor.get("/team")
        return walked

    def _open_everything(self, code: DemoCode) -> None:
        """Open each kind of page once: the first time each is slower, once a process."""
        supervisor = self._signs_in(SUPERVISOR, Usage())
        for path in (self._page_of(code), "/team"):
            supervisor.get(path)

    def _page_of(self, code: DemoCode) -> str:
        return f"/cases/{self.force.deps.keys.case_key(CaseReference(code.reference))}"

    def _signs_in(self, who: str, usage: Usage) -> Browser:
        browser = self._browser(STAFF, usage)
        browser.get("/")
        _signs_in(browser, who)
        return browser

    def _case(self, officer: Browser, code: DemoCode) -> dict[str, Usage]:
        """Return what opening a case, answering, an update and a new code use."""
        victim, page = self._victim(code), self._page_of(code)
        parts: dict[str, Usage] = {}
        with self._part(officer, parts, "case"):
            officer.get(page)
        with self._part(officer, parts, "answer"):
            officer.post(f"{page}/answer", answer=ANSWER)
            officer.follow()
        with self._part(officer, parts, "update"):
            officer.post(f"{page}/update", to=[victim], choice="none", text=UPDATE)
            officer.follow()
        with self._part(officer, parts, "code"):
            # A code asks for a sign-in of the last minutes: the first of these signs in anew.
            if officer.get(f"{page}/codes/new?victim={victim}"):
                _signs_in(officer, OFFICER)
            officer.post(
                f"{page}/codes/new",
                checked="face_to_face",
                for_whom="victim",
                safe="yes",
                place="With them",
            )
            made = next(a for a in officer.forms if a.endswith("/activate"))
            officer.post(made)
            officer.follow()
        return parts

    @contextmanager
    def _part(self, browser: Browser, parts: dict[str, Usage], name: str) -> Iterator[None]:
        with self.force.meter.counting() as parts[name]:
            browser.usage = parts[name]
            yield

    # --- jobs and files

    def _job(self, run: Callable[[], object]) -> Usage:
        meter = self.force.meter
        with meter.counting() as usage:
            before, started = meter.own_seconds, time.perf_counter()
            run()
            spent = time.perf_counter() - started - (meter.own_seconds - before)
            usage.milliseconds, usage.invocations = spent * 1000, 1
        return usage

    def _idle(self) -> Usage:
        """Return what a run uses that finds nothing to send, after all that waits went out."""
        while self._send(self.force.deps):
            pass
        total = Usage()
        for _ in range(IDLE_RUNS):
            total = total.added(self._job(lambda: self._send(self.force.deps)))
        return total.times(1 / IDLE_RUNS)

    def _send(self, deps: Deps) -> int:
        providers = build_providers(self.force.settings[STAFF])
        return send_due(deps, providers, home=PUBLIC_ORIGIN)

    def _messages(self) -> Usage:
        """Return what a run uses for one of the messages that it sends."""
        later = self.force.deps.now() + MESSAGES_WAIT
        sent: list[int] = []
        deps = replace(self.force.deps, now=lambda: later)
        usage = self._job(lambda: sent.append(self._send(deps)))
        if not sum(sent):
            raise PageError("no message was due")
        # The run itself is counted as one of those of every minute.
        return replace(usage.times(1 / sum(sent)), invocations=0)

    def _imports(self) -> dict[str, Usage]:
        path = self.folder / "cases.csv"
        self._write_file(path)
        walked = {name: self._job(lambda: self._import(path)) for name in IMPORTS}
        for usage in walked.values():
            # It runs where the operator sits, in no function.
            usage.milliseconds = usage.invocations = 0
        return {name: usage.times(1 / ROWS) for name, usage in walked.items()}

    def _import(self, path: Path) -> None:
        import_cases(self.force.deps, ImportStore.alone(), path, CASE_FILE, lambda *_: None)

    def _write_file(self, path: Path) -> None:
        today = self.force.deps.today()
        row = dict.fromkeys(HEADER, "") | {
            "crime_type": "burglary",
            "reported_on": (today - timedelta(days=1)).isoformat(),
            "stage": "recorded",
            "officer_id": OFFICER,
            "officer_name": "PC Alder Example",
            "team": "stafford-investigation",
            "victim_id": "V1",
        }
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, HEADER)
            rows.writeheader()
            for number in range(ROWS):
                rows.writerow({**row, "reference": f"99/{number:06}/99"})


def _signs_in(browser: Browser, who: str) -> None:
    """Go where the desk sends somebody who is to sign in, and come back to the page asked for."""
    browser.get(_through_the_provider(browser.follow(), who))
    browser.follow()


def _through_the_provider(address: str, who: str) -> str:
    """Return where the provider sends somebody back to, as a path of ours."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        body = urlencode({"sub": who})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"{parts.path}?{parts.query}", body, form)
        back = urlsplit(connection.getresponse().headers["Location"])
    finally:
        connection.close()
    return f"{back.path}?{back.query}"

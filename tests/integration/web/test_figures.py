"""The figures: what anybody may see, what a supervisor sees of their team, tables to take away."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.errors import StoreUnavailableError
from chalicelib.domain.figures import NOW, RHYTHM, Tally
from chalicelib.settings import PUBLIC, STAFF
from tests.integration.web.desk_steps import lines_about, new_officer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from chalicelib.domain.cases import Officer
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

SVG = "{http://www.w3.org/2000/svg}"
# The world's clock stands on 18 November 2026.
OCTOBER, SEPTEMBER, NOVEMBER = "2026-10", "2026-09", "2026-11"


@dataclass
class Figures:
    """What was counted, and how often it was asked for."""

    finished: tuple[Tally, ...] = ()
    under_way: tuple[Tally, ...] = ()
    asked: list[str] = field(default_factory=list)

    def published(self, team: str = "") -> tuple[Tally, ...]:
        self.asked.append(f"published {team}".strip())
        return self.finished

    def live(self, month: str) -> tuple[Tally, ...]:
        self.asked.append(f"live {month}")
        return self.under_way


def counted(
    month: str = OCTOBER, kind: str = "reply", team: str = "", **counts: int | Mapping[str, int]
) -> Tally:
    """Return a month's counts; the times of answers stand under `times`."""
    times: Any = counts.pop("times", {})
    return Tally(month, team, kind, {**counts, **times})  # type: ignore[dict-item]


GOOD_MONTH = counted(
    made=110, kept_in_time=84, kept_late=16, open_late=12, times={"within-016": 60, "over-160": 40}
)


def give(world: World, *finished: Tally, under_way: tuple[Tally, ...] = ()) -> Figures:
    """Let both services read these counts."""
    figures = Figures(finished, under_way)
    for audience in (PUBLIC, STAFF):
        settings, deps = world.parts[audience]
        world.parts[audience] = (settings, replace(deps, figures=figures))  # type: ignore[arg-type]
    return figures


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def table(seen: Seen, caption: str) -> list[list[str]]:
    """Return the cells of the table with this caption, its heads first."""
    for found in seen.tree.iter("table"):
        if words(next(found.iter("caption"))).startswith(caption):
            rows = [[words(cell) for cell in row] for row in found.iter("tr")]
            assert all(h.get("scope") == "col" for h in next(found.iter("thead")).iter("th"))
            assert all(h.get("scope") == "row" for h in next(found.iter("tbody")).iter("th"))
            return rows
    raise AssertionError(caption)


def rows_of(seen: Seen) -> list[dict[str, str]]:
    assert seen.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(seen.body, newline=""), strict=True))


def supervisor(world: World, officer: Officer | None = None, **options: Any) -> Visitor:
    officer = officer or new_officer("Sgt Beech")
    options = {"role": "supervisor", **options}
    return world.desk(officer.id, team=officer.team, name=officer.name, **options)


# Everybody.


def test_the_first_sentence_says_how_many_answers_came_in_time(world: World) -> None:
    give(world, GOOD_MONTH)
    seen = world.visitor().get("/figures")
    assert seen.status == 200
    assert seen.main.startswith("Figures In October 2026, 84 of 100 promised answers came in time.")


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            {"kept_in_time": 84, "kept_late": 3},
            "In October 2026, 84 promised answers came in time. Fewer than 10 came late.",
        ),
        (
            {"kept_in_time": 3, "kept_late": 84},
            "In October 2026, 84 promised answers came late. Fewer than 10 came in time.",
        ),
        (
            {"kept_in_time": 9, "kept_late": 9},
            "In October 2026, there were too few promised answers to show how many came in time.",
        ),
    ],
)
def test_the_first_sentence_is_honest_about_what_is_hidden(
    world: World, counts: dict[str, int], sentence: str
) -> None:
    give(world, Tally(OCTOBER, "", "reply", {"made": 100, "open_late": 20, **counts}))
    assert sentence in world.visitor().get("/figures").main


def test_a_month_without_any_answer_is_not_hidden_behind_an_older_one(world: World) -> None:
    give(world, counted(kind="update", made=30), replace(GOOD_MONTH, month=SEPTEMBER))
    assert "In October 2026, there were too few" in world.visitor().get("/figures").main


def test_before_any_month_is_over_a_sentence_says_when_the_first_figures_come(
    world: World,
) -> None:
    give(world)
    seen = world.visitor().get("/figures")
    assert "No month is over yet, so there is nothing to show." in seen.main
    assert "The first figures come in December 2026" in seen.main
    assert not list(seen.tree.iter("table"))
    assert not list(seen.tree.iter(f"{SVG}svg"))


def test_the_page_takes_one_request_and_leaves_no_cookie(world: World) -> None:
    figures = give(world, GOOD_MONTH)
    visitor = world.visitor()
    with world.watched() as calls:
        seen = visitor.get("/figures")
    assert figures.asked == ["published"]
    assert not calls.seen
    assert not seen.cookies


def test_the_page_is_nobodys_information_and_leads_back_to_the_site(world: World) -> None:
    give(world, GOOD_MONTH)
    seen = world.visitor().get("/figures")
    assert "Your information" not in seen.body
    assert "Victim Information Hub</span>" in seen.body
    assert any(link.get("href") == "/" for link in next(seen.tree.iter("main")).iter("a"))
    assert "csrf" not in seen.body


def test_the_real_store_is_asked_once(world: World) -> None:
    with world.watched() as calls:
        world.visitor().get("/figures")
    assert calls.names == {"Query": 1}


def test_each_kind_has_a_drawing_and_under_it_a_table_of_the_same(world: World) -> None:
    give(world, GOOD_MONTH, counted(kind="tell:charged", made=40, kept_in_time=30, kept_late=11))
    seen = world.visitor().get("/figures")
    assert table(seen, "Answers to questions") == [
        [
            "Month",
            "Promises made",
            "Kept in time",
            "Kept late",
            "Late and still open",
            "Share in time",
        ],
        ["October 2026", "110", "84", "16", "12", "84%"],
    ]
    assert table(seen, "Telling people what happened")[1] == [
        *("October 2026", "hidden", "30", "11", "hidden", "73%"),
    ]
    drawings = list(seen.tree.iter(f"{SVG}svg"))
    assert [words(next(d.iter(f"{SVG}title"))) for d in drawings] == [
        "Answers to questions: kept in time and kept late",
        "Half of the answers came within so many working hours",
        "Telling people what happened: kept in time and kept late",
    ]
    assert [d.get("role") for d in drawings] == ["img"] * 3
    assert words(next(drawings[0].iter(f"{SVG}text"))) == "October 2026: 84 in time, 16 late"
    ids = [element.get("id") for element in seen.tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for drawing in drawings:
        assert set((drawing.get("aria-labelledby") or "").split()) <= set(ids)


def test_bars_are_as_long_as_their_numbers_and_stay_in_the_drawing(world: World) -> None:
    half = counted(SEPTEMBER, made=50, kept_in_time=42, kept_late=0)
    give(world, GOOD_MONTH, half)
    drawing = next(world.visitor().get("/figures").tree.iter(f"{SVG}svg"))
    bars = [b for b in drawing.iter(f"{SVG}rect") if b.get("class") != "hub-chart__line"]
    widths = [int(bar.get("width", "")) for bar in bars]
    assert widths == [267, 51, 134]
    assert all(int(b.get("x", "")) + int(b.get("width", "")) <= 320 for b in bars)
    assert [words(text) for text in drawing.iter(f"{SVG}text")] == [
        "October 2026: 84 in time, 16 late",
        "September 2026: 42 in time, late hidden",
    ]


def test_how_long_answers_took_is_told_in_working_hours(world: World) -> None:
    give(world, GOOD_MONTH, replace(GOOD_MONTH, month=SEPTEMBER, counts={"kept_in_time": 9}))
    seen = world.visitor().get("/figures")
    assert table(seen, "How long answers took")[1:] == [
        ["October 2026", "within 16 working hours", "more than 160 working hours"],
        ["September 2026", "hidden", "hidden"],
    ]
    assert "from 9am to 5pm, Monday to Friday" in seen.main
    assert "8 working hours are one working day" in seen.main


def test_the_last_twelve_finished_months_are_shown_the_newest_first(world: World) -> None:
    months = [f"2025-{month:02}" for month in range(8, 13)]
    months += [f"2026-{month:02}" for month in range(1, 13)]
    give(world, *(replace(GOOD_MONTH, month=month) for month in months))
    shown = [row[0] for row in table(world.visitor().get("/figures"), "Answers")[1:]]
    # November is under way and December to come: whatever a store says, they are not shown.
    assert (shown[0], shown[-1], len(shown)) == ("October 2026", "November 2025", 12)


def test_the_force_is_shown_and_no_team(world: World) -> None:
    give(
        world,
        counted(team="stafford", made=60, kept_in_time=30, kept_late=9, open_late=8),
        counted(team="stoke", made=50, kept_in_time=54, kept_late=7, open_late=4),
    )
    seen = world.visitor().get("/figures")
    assert table(seen, "Answers")[1] == ["October 2026", "110", "84", "16", "12", "84%"]
    assert "stoke" not in seen.body.lower()


def test_no_number_under_ten_stands_anywhere(world: World) -> None:
    followed = counted(kind=RHYTHM, followed=60, with_rhythm=5)
    give(world, counted(made=7777, kept_in_time=8888, kept_late=7, open_late=6), followed)
    visitor = world.visitor()
    page, file = visitor.get("/figures"), visitor.get("/figures.csv")
    assert table(page, "Answers")[1] == ["October 2026", "7,777", "8,888", *["hidden"] * 3]
    assert "We do not show it, because too few of them did, or did not." in page.main
    row, rhythm = rows_of(file)
    assert row == {
        "month": OCTOBER,
        "kind": "reply",
        "made": "7777",
        "kept_in_time": "8888",
        "kept_late": "hidden",
        "open_late": "hidden",
        "in_time_percent": "hidden",
        "half_within_working_hours": "hidden",
        "nineteen_in_twenty_within_working_hours": "hidden",
        "victims_with_agreed_updates_percent": "",
    }
    assert (rhythm["month"], rhythm["kind"]) == (OCTOBER, "rhythm")
    assert rhythm["victims_with_agreed_updates_percent"] == "hidden"


def test_the_share_of_victims_with_agreed_updates_is_told(world: World) -> None:
    give(
        world,
        GOOD_MONTH,
        counted(kind=RHYTHM, team="stafford", followed=40, with_rhythm=35),
        counted(kind=RHYTHM, team="stoke", followed=40, with_rhythm=25),
        counted(SEPTEMBER, RHYTHM, followed=40, with_rhythm=35),
        # What is so today changes from day to day: two days side by side would tell on people.
        counted(NOW, RHYTHM, followed=100, with_rhythm=50),
    )
    visitor = world.visitor()
    assert table(visitor.get("/figures"), "Victims with agreed updates")[1:] == [
        ["October 2026", "75%"],
        ["September 2026", "hidden"],
    ]
    rows = [row for row in rows_of(visitor.get("/figures.csv")) if row["kind"] == "rhythm"]
    shares = [(row["month"], row["victims_with_agreed_updates_percent"]) for row in rows]
    assert shares == [(OCTOBER, "75"), (SEPTEMBER, "hidden")]


def test_the_file_has_what_the_page_has(world: World) -> None:
    give(world, GOOD_MONTH)
    seen = world.visitor().get("/figures.csv")
    assert seen.status == 200
    assert seen.headers["content-disposition"] == 'attachment; filename="figures.csv"'
    assert seen.headers["cache-control"] == "no-store"
    row = rows_of(seen)[0]
    assert (row["kept_in_time"], row["kept_late"], row["in_time_percent"]) == ("84", "16", "84")
    assert row["half_within_working_hours"] == "16"
    assert row["nineteen_in_twenty_within_working_hours"] == "more than 160 working hours"


@pytest.mark.parametrize("path", ["/figures", "/figures.csv"])
def test_when_the_store_does_not_answer_a_page_says_so(world: World, path: str) -> None:
    class Silent(Figures):
        def published(self, team: str = "") -> tuple[Tally, ...]:
            raise StoreUnavailableError(team)

    settings, deps = world.parts[PUBLIC]
    world.parts[PUBLIC] = (settings, replace(deps, figures=Silent()))  # type: ignore[arg-type]
    seen = world.visitor().get(path)
    assert seen.status == 503
    assert "call 101" in seen.main


# Supervisors.


def test_a_supervisor_sees_their_own_team_with_the_month_under_way(world: World) -> None:
    officer = new_officer("Sgt Beech")
    figures = give(
        world,
        counted(team=officer.team, made=8, kept_in_time=3, kept_late=1, open_late=2, cancelled=1),
        counted(team="another", made=500),
        counted(kind=RHYTHM, team=officer.team, followed=7, with_rhythm=5),
        under_way=(
            counted(NOVEMBER, team=officer.team, made=2, times={"within-004": 0}),
            counted(NOVEMBER, team="another", made=700),
        ),
    )
    seen = supervisor(world, officer).get("/figures")
    assert table(seen, "Answers to questions")[1:] == [
        ["November 2026 so far", "2", "0", "0", "0", "at month's end", "none"],
        ["October 2026", "8", "3", "1", "1", "2", "75%"],
    ]
    assert table(seen, "Victims with agreed updates")[1] == ["October 2026", "7", "5", "71%"]
    assert "500" not in seen.main
    assert figures.asked == [f"published {officer.team}", f"live {NOVEMBER}"]
    assert [line[1] for line in lines_about(f"staff {officer.id}")] == ["opened figures"]


def test_the_menu_leads_a_supervisor_to_the_figures_and_says_where_they_are(world: World) -> None:
    give(world)
    links = supervisor(world).get("/figures").tree.iter("a")
    (here,) = [a for a in links if a.get("href") == "/figures"]
    assert here.get("aria-current") == "page"


def test_tellings_of_all_events_are_one_kind_on_the_page(world: World) -> None:
    officer = new_officer()
    give(
        world,
        counted(kind="tell:charged", team=officer.team, made=3),
        counted(kind="tell:other", team=officer.team, made=4),
    )
    seen = supervisor(world, officer).get("/figures")
    assert table(seen, "Telling people what happened")[1][1] == "7"


def test_a_team_without_any_promise_gets_a_sentence(world: World) -> None:
    give(world)
    seen = supervisor(world).get("/figures")
    assert "Nothing was promised yet." in seen.main
    assert not list(seen.tree.iter(f"{SVG}svg"))
    assert not seen.has_form("/figures/code.csv")


@pytest.mark.parametrize("role", ["officer", "witness_care", "partner", "administrator"])
@pytest.mark.parametrize(
    "path", ["/figures", "/figures.csv", f"/figures/code.csv?first={OCTOBER}&last={OCTOBER}"]
)
def test_figures_of_a_team_are_for_its_supervisor(world: World, role: str, path: str) -> None:
    give(world)
    assert supervisor(world, role=role).get(path).status == 403


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/figures.csv", "/figures"),
        (
            f"/figures/code.csv?first={OCTOBER}&last={OCTOBER}",
            f"/figures?first={OCTOBER}&last={OCTOBER}",
        ),
    ],
)
def test_a_table_is_taken_away_only_behind_a_fresh_sign_in(
    world: World, path: str, back: str
) -> None:
    officer = new_officer()
    of_team = replace(GOOD_MONTH, team=officer.team)
    figures = give(world, of_team, replace(of_team, month=SEPTEMBER))
    tired = supervisor(world, officer, fresh=False)
    seen = tired.get(path)
    assert seen.status == 303
    asked = parse_qs(urlsplit(seen.location).query)
    assert (urlsplit(seen.location).path, asked) == ("/sign-in", {"fresh": ["1"], "next": [back]})
    assert not figures.asked
    # They come back to the page, which needs no fresh sign-in, with what they had chosen.
    page = tired.get(back)
    first = OCTOBER if "first" in back else SEPTEMBER
    assert page.fields("/figures/code.csv") == {"first": first, "last": OCTOBER}


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    give(world, GOOD_MONTH)
    stranger = supervisor(world)
    stranger.cookies.clear()
    for path in ("/figures", "/figures.csv", "/figures/code.csv?first=2026-10&last=2026-10"):
        assert stranger.get(path).location.startswith("/sign-in")


def test_the_teams_table_can_be_taken_away(world: World) -> None:
    officer = new_officer()
    give(
        world,
        replace(GOOD_MONTH, team=officer.team),
        counted(kind=RHYTHM, team=officer.team, followed=7, with_rhythm=5),
        counted(team="another", made=500),
        under_way=(counted(NOVEMBER, team=officer.team, made=2),),
    )
    seen = supervisor(world, officer).get("/figures.csv")
    now, october, rhythm = rows_of(seen)
    assert (rhythm["victims_followed"], rhythm["victims_with_agreed_updates"]) == ("7", "5")
    assert (now["month"], now["made"], now["open_late"]) == (NOVEMBER, "2", "")
    assert (now["in_time_percent"], now["half_within_working_hours"]) == ("", "")
    assert (october["kept_in_time"], october["open_late"]) == ("84", "12")
    assert october["half_within_working_hours"] == "16"
    assert [line[1] for line in lines_about(f"staff {officer.id}")] == ["exported figures"]


def test_the_table_on_the_code_has_one_row_an_event(world: World) -> None:
    officer = new_officer()
    team = officer.team
    give(
        world,
        counted(kind="tell:charged", team=team, made=5, kept_in_time=3, kept_late=1, open_late=1),
        counted(SEPTEMBER, "tell:charged", team, made=2, kept_in_time=2, cancelled=1, open_late=9),
        counted("2026-08", "tell:charged", team, made=100),
        counted(kind="tell:charged", team="another", made=100),
        counted(kind="tell:nfa_police", team=team, made=1),
    )
    seen = supervisor(world, officer).get(f"/figures/code.csv?first={SEPTEMBER}&last={OCTOBER}")
    assert seen.headers["content-disposition"] == (
        'attachment; filename="victims-code-2026-09-to-2026-10.csv"'
    )
    rows = {row["event"]: row for row in rows_of(seen)}
    limits = world.deps.rules.code_limits
    assert list(rows) == list(limits)
    charged, limit = rows["charged"], limits["charged"]
    assert charged == {
        "event": "charged",
        "about": limit.event,
        "right": str(limit.right),
        "standard_working_days": str(limit.standard_working_days),
        "enhanced_working_days": str(limit.enhanced_working_days),
        "source_trust": limit.trust,
        "made": "7",
        "kept_in_time": "5",
        "kept_late": "1",
        "cancelled": "1",
        # Of the months' ends only the last counts: September's may still be open in October.
        "open_late": "1",
        "in_time_percent": "83",
    }
    assert rows["nfa_police"]["made"] == "1"
    assert rows["sentence"]["in_time_percent"] == ""
    assert [line[1] for line in lines_about(f"staff {officer.id}")] == [
        "exported the Code figures of 2026-09 to 2026-10"
    ]


def test_months_chosen_the_wrong_way_round_are_turned(world: World) -> None:
    give(world)
    seen = supervisor(world).get(f"/figures/code.csv?first={OCTOBER}&last={SEPTEMBER}")
    assert "2026-09-to-2026-10" in seen.headers["content-disposition"]


@pytest.mark.parametrize("query", ["", "?first=2026-10", "?first=2026-10&last=2026-1'", "?last=x"])
def test_what_is_no_month_leads_nowhere(world: World, query: str) -> None:
    give(world)
    seen = supervisor(world).get(f"/figures/code.csv{query}")
    assert seen.status == 404


def test_the_form_offers_finished_months_only(world: World) -> None:
    officer = new_officer()
    give(
        world,
        counted(team=officer.team, made=1),
        counted(SEPTEMBER, team=officer.team, made=1),
        under_way=(counted(NOVEMBER, team=officer.team, made=1),),
    )
    seen = supervisor(world, officer).get("/figures")
    assert seen.fields("/figures/code.csv") == {"first": SEPTEMBER, "last": OCTOBER}
    offered = {option.get("value") for option in seen.tree.iter("option")}
    assert offered == {SEPTEMBER, OCTOBER}


# Police and ISVA expectations, by line.


def _lines_of(officer: Officer) -> tuple[tuple[Tally, ...], tuple[Tally, ...]]:
    """Return finished months and the one under way, of a team and of the ISVA service."""
    month: dict[str, int | Mapping[str, int]] = {"made": 4, "kept_in_time": 3, "kept_late": 1}
    finished = (
        counted(OCTOBER, "line:plan", officer.team, **month),
        counted(OCTOBER, "line:question", officer.team, made=2, kept_in_time=2, open_late=1),
        counted(SEPTEMBER, "line:plan", officer.team, made=9, cancelled=9),
        counted("2026-08", "line:plan", officer.team, made=7),
        counted(OCTOBER, "line:first_contact", "isva-service", made=5, kept_in_time=5),
        counted(OCTOBER, "line:gone", officer.team, made=5),
    )
    return finished, (counted(NOVEMBER, "line:offer", officer.team, made=1),)


def test_a_team_sees_its_lines_and_those_of_the_isva_service(world: World) -> None:
    officer = new_officer("Sgt Beech")
    finished, under_way = _lines_of(officer)
    figures = give(world, *finished, under_way=under_way)
    page = supervisor(world, officer).get("/figures")
    shown = table(page, f"{officer.team.title()}, October 2026")
    plan = "5. Say what happens next, and agree how often and how they hear from you"
    assert shown[1:] == [
        [plan, "4", "3", "1", "0", "0", "75%"],
        ["8. Answer, or say when the answer comes", "2", "2", "0", "0", "1", "100%"],
    ]
    so_far = table(page, f"{officer.team.title()}, November 2026 so far")
    assert so_far[1][1:] == ["1", "0", "0", "0", "at month's end", "none"]
    theirs = table(page, "ISVA service, October 2026")
    assert theirs[1][0].startswith("2. Get in touch with them")
    assert "September 2026, " not in page.main
    assert figures.asked == [
        f"published {officer.team}",
        f"live {NOVEMBER}",
        "published isva-service",
    ]


def test_lines_go_out_as_a_file_with_every_month(world: World) -> None:
    officer = new_officer("Sgt Beech")
    finished, under_way = _lines_of(officer)
    give(world, *finished, under_way=under_way)
    rows = rows_of(supervisor(world, officer).get("/figures/lines.csv"))
    team = officer.team.title()
    assert [(row["month"], row["who"], row["number"]) for row in rows] == [
        (NOVEMBER, team, "1"),
        (OCTOBER, team, "5"),
        (OCTOBER, team, "8"),
        (SEPTEMBER, team, "5"),
        ("2026-08", team, "5"),
        (OCTOBER, "ISVA service", "2"),
    ]
    assert (rows[0]["basis"], rows[0]["open_late"], rows[1]["in_time_percent"]) == (
        "code",
        "",
        "75",
    )


def test_the_file_of_lines_asks_for_a_fresh_sign_in_and_a_team(world: World) -> None:
    give(world)
    stale = supervisor(world, fresh=False).get("/figures/lines.csv")
    assert stale.location.startswith("/sign-in?")
    assert world.desk("pc-lines").get("/figures/lines.csv").status == 403


def test_the_public_reads_of_no_line(world: World) -> None:
    give(world, GOOD_MONTH, counted(OCTOBER, "line", made=40, kept_in_time=30, kept_late=10))
    page = world.visitor().get("/figures")
    assert "Police and ISVA expectations" in page.main
    assert "by line" not in page.main


def test_a_team_without_lines_is_asked_for_nothing_more(world: World) -> None:
    figures = give(world, GOOD_MONTH)
    page = supervisor(world).get("/figures")
    assert "Police and ISVA expectations" not in page.main
    assert "published isva-service" not in figures.asked

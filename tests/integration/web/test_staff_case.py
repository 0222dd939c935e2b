"""The case page: everything an officer needs, in the order in which they need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import STOKE, seed_case, seed_code, seed_update
from tests.integration.services.staff_steps import asked, audit_of

if TYPE_CHECKING:
    from tests.integration.conftest import World


def test_contact_and_needs_come_first_then_the_question_and_its_box(world: World) -> None:
    case = seed_case(world.deps, flags=["domestic_abuse"])
    asked(world, case, "Is there any news?")
    page = world.desk().get(f"/cases/{case.key}")
    assert page.status == 200
    order = ["Safe mode.", "Contact with Victim V1", "Needs and safe contact"]
    order += ["Is there any news?", "Your answer"]
    order += ["What is owed by when", "Post an update", "People and codes", "History"]
    places = [page.main.index(words) for words in order]
    assert places == sorted(places)
    assert "Wednesday 25 November 2026" in page.main


def test_the_address_and_title_of_the_case_name_nobody(world: World) -> None:
    case = seed_case(world.deps)
    desk = world.desk()
    desk.never_in_addresses = [case.reference]
    assert desk.get(f"/cases/{case.key}").status == 200


def test_a_case_page_takes_session_case_one_transaction_and_one_query_a_victim(
    world: World,
) -> None:
    case, desk = seed_case(world.deps, victims=("V1", "V2", "V3")), world.desk()
    with world.watched() as calls:
        assert desk.get(f"/cases/{case.key}").status == 200
    assert calls.names == {"GetItem": 1, "Query": 4, "TransactWriteItems": 1}


def test_opening_writes_who_looked_before_anything_is_shown(world: World) -> None:
    case = seed_case(world.deps)
    world.desk().get(f"/cases/{case.key}")
    assert [(line.who, line.what) for line in audit_of(case)] == [
        ("officer pc-example", "opened case")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/answer",
        "/outcome",
        "/told",
        "/codes/new",
        "/hand-over",
        "/named",
        "/codes/abc/confirm",
    ],
)
def test_a_case_of_another_team_looks_like_one_that_does_not_exist(world: World, path: str) -> None:
    case = seed_case(world.deps)
    far = world.desk("far", team=STOKE)
    theirs = far.get(f"/cases/{case.key}{path}")
    nobodys = far.get(f"/cases/{'a' * 32}{path}")
    assert (theirs.status, nobodys.status) == (404, 404)
    assert theirs.body == nobodys.body
    assert far.get(f"/cases/{'a' * 3000}{path}").status == 404
    assert not audit_of(case)


@pytest.mark.parametrize(
    "path",
    ["/answer", "/update", "/outcome", "/told", "/codes/new", "/hand-over", "/named"]
    + [f"/codes/abc/{what}" for what in ("activate", "confirm", "cancel")],
)
def test_nothing_of_another_teams_case_can_be_changed(world: World, path: str) -> None:
    case = seed_case(world.deps)
    far = world.desk("far", team=STOKE)
    home = far.get("/")
    token = home.fields("/search")["csrf_token"]
    fields = {"csrf_token": token, "victim": case.victim, "answer": "x", "officer": "far"}
    fields |= {"from": "pc-example", "thread": "1", "checked": "face_to_face"}
    assert far.send(f"/cases/{case.key}{path}", fields).status == 404
    assert not audit_of(case)


def test_a_restricted_case_is_not_there_for_the_rest_of_the_team(world: World) -> None:
    case = seed_case(world.deps, flags=["restricted"])
    assert world.desk("pc-second").get(f"/cases/{case.key}").status == 404
    own = world.desk().get(f"/cases/{case.key}")
    assert "Restricted." in own.main
    assert "Let one more person open this case" in own.main


def test_untold_news_stands_out_with_its_last_day(world: World) -> None:
    case = seed_case(world.deps, stage="no_further_action", outcome="no_suspect_found")
    page = world.desk().get(f"/cases/{case.key}")
    assert "Not told yet: Victim V1" in page.main
    assert "Record how they were told" in page.main


def test_flags_are_named_in_words_and_unknown_ones_mean_safe_mode(world: World) -> None:
    case = seed_case(world.deps, flags=["opposed_victims", "something_new"])
    page = world.desk().get(f"/cases/{case.key}").main
    assert "Victims who may be each other's danger, something_new" in page
    assert "Safe mode." in page
    assert "Opposed victims." in page


def test_what_a_victim_typed_stands_word_for_word_and_does_nothing(world: World) -> None:
    case = seed_case(world.deps)
    words = "<script>alert(1)</script> {{ 7 * 7 }} </textarea>\u202eevil"
    asked(world, case, words)
    page = world.desk().get(f"/cases/{case.key}")
    assert " ".join(words.split()) in page.main


def test_history_says_to_whom_updates_went_and_how_each_was_told(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"), stage="charged", told=True)
    seed_update(world.deps, case, "The first hearing is listed.", "V2")
    page = world.desk().get(f"/cases/{case.key}").main
    assert "for Victim V2 The first hearing is listed." in page
    assert "Victim V1: told in person on Wednesday 18 November 2026" in page


def test_older_questions_are_one_step_away_and_can_be_answered(world: World) -> None:
    case, desk = seed_case(world.deps), world.desk()
    asked(world, case, times=22)
    page = desk.get(f"/cases/{case.key}")
    assert "Older questions of Victim V1" in page.main
    older = desk.get(f"/cases/{case.key}?older={case.victim}.3")
    assert older.main.count("Not answered.") == 2
    form = desk.get(f"/cases/{case.key}/answer?victim={case.victim}&thread=1")
    assert form.status == 200
    sent = desk.post(f"/cases/{case.key}/answer", answer="Late, and here it is.")
    assert sent.status == 303


@pytest.mark.parametrize("older", ["", ".", "x.3", "99999999999", "{v}.0", "{v}.-1", "{v}.x"])
def test_a_made_up_address_of_older_questions_is_no_error(world: World, older: str) -> None:
    case = seed_case(world.deps)
    page = world.desk().get(f"/cases/{case.key}?older={older.format(v=case.victim)}")
    assert page.status in (200, 404)


def test_a_role_sees_only_the_forms_it_may_send(world: World) -> None:
    case = seed_case(world.deps, stage="charged", told=True)
    seed_code(world.deps, case)
    care = world.desk("care", role="witness_care", team=STOKE).get(f"/cases/{case.key}")
    assert "Record an outcome or other news" in care.main
    assert "New access code" not in care.main
    assert "Hand over" not in care.main
    for role in ("partner", "administrator"):
        assert world.desk(role, role=role).get(f"/cases/{case.key}").status == 404


def test_each_open_question_has_a_place_that_the_worklist_links_to(world: World) -> None:
    case = seed_case(world.deps)
    asked(world, case, times=2)
    desk = world.desk()
    page = desk.get(f"/cases/{case.key}")
    ids = {element.get("id") for element in page.tree.iter()}
    for thread in world.deps.threads.read(case.victim).threads:
        assert f"promise-{thread.promise.id}" in ids
    assert sum(1 for e in page.tree.iter("textarea") if e.get("name") == "answer") == 2

"""Updates reach the victims they name, once, and say nothing that a person must tell first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.cases import Told, shown_to
from chalicelib.domain.errors import (
    NotAllowedError,
    NotFoundError,
    SessionEndedError,
    StaleError,
)
from chalicelib.services.post_update import OpposedVictimsError, Post, post_update
from chalicelib.services.record_outcome import News, record_outcome, record_telling
from tests.builders import seed_case
from tests.integration.services.staff_steps import case_of, file_of, staff

if TYPE_CHECKING:
    from chalicelib.domain.cases import CaseShown
    from tests.builders import SeededCase
    from tests.integration.conftest import World

TODAY = date(2026, 11, 18)


def _shown(world: World, case: SeededCase, label: str = "V1") -> CaseShown:
    return shown_to(case.victims[label], case_of(world, case), world.deps.rules)


def _not_told(world: World, case: SeededCase, *but: str, **more: Any) -> None:
    """Record a decision of which only these victims were told."""
    world.clock.forward(minutes=1)
    told = {case.victims[label]: Told(TODAY, "in person") for label in but}
    news = News("no_further_action", TODAY, "no_suspect_found", told=told, **more)
    record_outcome(world.deps, staff(world), case.key, news, seen=0, form_key="outcome")


def test_an_update_reaches_the_victims_it_names_and_nobody_else(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    post = Post("We have asked for the pictures.", frozenset({case.victims["V2"]}))
    post_update(world.deps, staff(world), case.key, post, seen=0, form_key="form")
    assert not _shown(world, case, "V1").updates
    assert [u.text for u in _shown(world, case, "V2").updates] == [post.text]


def test_an_update_posted_twice_or_in_parallel_is_stored_once(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    post = Post("Once.", frozenset({case.victim}))

    def posts(_: int) -> None:
        post_update(world.deps, officer, case.key, post, seen=0, form_key="form")

    posts(0)
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(posts, range(5)))
    assert len(case_of(world, case).updates) == 1


def test_an_update_decided_upon_an_older_state_of_the_case_is_refused(world: World) -> None:
    case = seed_case(world.deps)
    _not_told(world, case)
    post = Post("The investigation goes on.", frozenset({case.victim}))
    with pytest.raises(StaleError):
        post_update(world.deps, staff(world), case.key, post, seen=0, form_key="late")
    assert not case_of(world, case).updates


def test_words_posted_under_untold_news_wait_until_it_is_told(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"))
    _not_told(world, case, "V1")
    post = Post("The decision in short.", frozenset(case.victims.values()))
    world.clock.forward(minutes=1)
    post_update(world.deps, staff(world), case.key, post, seen=1, form_key="words")
    assert len(_shown(world, case, "V1").updates) == 1
    assert not _shown(world, case, "V2").updates
    entry = case_of(world, case).current.id
    victim, told = case.victims["V2"], Told(TODAY, "by phone")
    record_telling(world.deps, staff(world), case.key, victim, told, entry_id=entry)
    assert len(_shown(world, case, "V2").updates) == 1


def test_a_new_stage_that_is_no_bad_news_is_read_at_once(world: World) -> None:
    case = seed_case(world.deps)
    world.clock.forward(minutes=1)
    post = Post(stage="with_cps")
    post_update(world.deps, staff(world), case.key, post, seen=0, form_key="form")
    assert _shown(world, case).entry.stage == "with_cps"
    assert not file_of(world, case).owed


@pytest.mark.parametrize("stage", ["released_bail", "no_further_action", "charged", "no stage"])
def test_a_stage_that_must_be_told_cannot_be_posted(world: World, stage: str) -> None:
    case = seed_case(world.deps)
    with pytest.raises(NotAllowedError):
        post_update(world.deps, staff(world), case.key, Post(stage=stage), seen=0, form_key="form")


def test_opposed_victims_share_the_stage_and_not_a_word(world: World) -> None:
    case = seed_case(world.deps, victims=("V1", "V2"), flags=["opposed_victims"])
    words = Post("Words.", frozenset({case.victim}), "with_cps")
    with pytest.raises(OpposedVictimsError):
        post_update(world.deps, staff(world), case.key, words, seen=0, form_key="form")
    with pytest.raises(OpposedVictimsError):
        _not_told(world, case, text="Words.", to=frozenset({case.victim}))
    world.clock.forward(minutes=1)
    stage = Post(stage="with_cps")
    post_update(world.deps, staff(world), case.key, stage, seen=0, form_key="form")
    assert _shown(world, case, "V2").entry.stage == "with_cps"


def test_a_victim_of_another_case_cannot_be_named(world: World) -> None:
    case, other = seed_case(world.deps), seed_case(world.deps)
    post = Post("Words.", frozenset({other.victim}))
    with pytest.raises(NotFoundError):
        post_update(world.deps, staff(world), case.key, post, seen=0, form_key="form")


def test_a_session_that_ended_changes_nothing(world: World) -> None:
    case, officer = seed_case(world.deps), staff(world)
    world.deps.access.end_staff_session(officer.key)
    with pytest.raises(SessionEndedError):
        post_update(world.deps, officer, case.key, Post(stage="with_cps"), seen=0, form_key="form")
    assert len(case_of(world, case).entries) == 1

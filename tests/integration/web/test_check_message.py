"""Is this really us? One answer for right words, one for all else, and no word of a case."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.pairs import EXAMPLE_PAIR, pair_of
from chalicelib.rules.pair_words import load_pair_words
from tests.builders import seed_case, seed_code

if TYPE_CHECKING:
    from tests.integration.conftest import World
    from tests.pages import Seen, Visitor

PAGE = "/check-a-message"
# Twenty to midnight in London, and summer time, so that the day there is not that of UTC.
LATE = datetime(2026, 7, 14, 22, 40, tzinfo=UTC)
RECEIPTS = (f"of test_check_message {number}" for number in count())
ADDRESSES = (f"203.0.113.{number}" for number in count(1))


def a_pair() -> str:
    """Return check words that no other test of this file has."""
    return pair_of(next(RECEIPTS), load_pair_words())


def was_sent(world: World, pair: str) -> str:
    """Let a message with these words be sent now."""
    world.deps.ledger.write([world.deps.access.new_pair(pair, world.clock())])
    return pair


def somebody(world: World) -> Visitor:
    """Return a browser at an address of its own."""
    visitor = world.visitor()
    visitor.address = next(ADDRESSES)
    return visitor


def checked(visitor: Visitor, words: str) -> Seen:
    """Open the page and send these words as a browser does."""
    visitor.get(PAGE)
    return visitor.post(PAGE, words=words)


def test_anybody_may_open_the_page_and_no_store_is_asked(world: World) -> None:
    with world.watched() as calls:
        seen = somebody(world).get(PAGE)
    assert not calls.seen
    assert seen.status == 200
    assert seen.main.startswith("Check a message")
    assert "We did not send" not in seen.main
    assert "Yes." not in seen.main


def test_words_that_were_sent_today_are_ours(world: World) -> None:
    seen = checked(somebody(world), was_sent(world, a_pair()))
    assert seen.status == 200
    assert "Yes. We sent this today." in seen.main
    assert "We did not send" not in seen.main


def test_a_message_of_the_evening_is_ours_after_midnight_and_not_a_day_later(world: World) -> None:
    world.clock.moment = LATE
    pair = was_sent(world, a_pair())
    assert "Yes. We sent this today." in checked(somebody(world), pair).main
    world.clock.forward(minutes=40)
    assert "Yes. We sent this yesterday." in checked(somebody(world), pair).main
    world.clock.forward(days=1)
    assert "We did not send" in checked(somebody(world), pair).main


def test_words_that_were_sent_on_both_days_were_sent_today(world: World) -> None:
    pair = was_sent(world, a_pair())
    world.clock.forward(days=1)
    was_sent(world, pair)
    assert "Yes. We sent this today." in checked(somebody(world), pair).main


def test_capitals_and_commas_do_not_matter_and_the_order_does(world: World) -> None:
    first, second = was_sent(world, a_pair()).split(" ")
    assert "Yes." in checked(somebody(world), f" {first.upper()}, {second} ").main
    assert "We did not send" in checked(somebody(world), f"{second} {first}").main


def test_whatever_else_is_asked_takes_the_same_work_and_looks_alike(world: World) -> None:
    first, second = was_sent(world, a_pair()).split(" ")
    answers = []
    for words in (a_pair(), f"{second} {first}", f"{first} {first}", "burglary police", "lemon ox"):
        visitor = somebody(world)
        visitor.get(PAGE)
        with world.watched() as calls:
            seen = visitor.post(PAGE, words=words)
        assert calls.names == {"UpdateItem": 1, "GetItem": 2}
        answers.append((seen.status, list(seen.headers.items()), seen.cookies, bare(seen, words)))
    assert all(answer == answers[0] for answer in answers)
    assert "We did not send a message with these words today or yesterday." in seen.main
    assert "Do not press links in it. Do not ring numbers in it." in seen.main


def bare(seen: Seen, typed: str) -> str:
    """Return the page without what was typed and without its token."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", seen.body.replace(typed, ""))


def test_a_yes_takes_the_same_work_and_has_the_same_headers_as_a_no(world: World) -> None:
    seen = {}
    for words in (was_sent(world, a_pair()), a_pair()):
        visitor = somebody(world)
        visitor.get(PAGE)
        with world.watched() as calls:
            page = visitor.post(PAGE, words=words)
        named = {name: value for name, value in page.headers.items() if name != "content-length"}
        seen[words] = (page.status, named, page.cookies, calls.names)
    yes, no = seen.values()
    assert yes == no


def test_the_answer_is_the_same_whoever_asks_and_says_nothing_of_their_case(world: World) -> None:
    case = seed_case(world.deps)
    pair = was_sent(world, a_pair())
    victim = world.victim(case)
    victim.address = next(ADDRESSES)
    theirs, anybodys = checked(victim, pair), checked(somebody(world), pair)
    assert bare(theirs, pair) == bare(anybodys, pair)
    assert case.reference not in theirs.body


@pytest.mark.parametrize(
    "words", ["", "lemon", "lemon otter puffin", "l3mon otter", "<b>lemon</b> otter"]
)
def test_what_is_not_two_words_is_told_beside_the_field_and_asks_nobody(
    world: World, words: str
) -> None:
    visitor = somebody(world)
    visitor.get(PAGE)
    with world.watched() as calls:
        seen = visitor.post(PAGE, words=words)
    assert not calls.seen
    assert seen.status == 400
    assert "Type the two words that stand after “Check words:”" in seen.main
    assert any(link.get("href") == "#f-words" for link in seen.tree.iter("a"))
    assert seen.fields(PAGE)["words"] == words


def test_a_whole_message_is_not_read_because_its_other_words_may_not_be_ours(world: World) -> None:
    pair = was_sent(world, a_pair())
    seen = checked(somebody(world), f"There is a new message for you. Check words: {pair}")
    assert seen.status == 400
    assert "Yes." not in seen.main


def test_the_eleventh_check_of_an_address_waits_also_with_right_words(world: World) -> None:
    pair = was_sent(world, a_pair())
    visitor = somebody(world)
    statuses = [checked(visitor, a_pair()).status for _ in range(9)]
    statuses += [checked(visitor, pair).status for _ in range(2)]
    assert statuses == [200] * 10 + [429]
    seen = checked(visitor, pair)
    assert "Yes." not in seen.main
    assert "You did nothing wrong. Wait 10 minutes and try again." in seen.main
    assert seen.fields(PAGE)["words"] == pair
    assert "Yes." in checked(somebody(world), pair).main
    world.clock.forward(minutes=20)
    assert "Yes." in checked(visitor, pair).main


def test_checks_and_wrong_codes_are_counted_apart(world: World) -> None:
    case = seed_case(world.deps)
    visitor = somebody(world)
    for _ in range(12):
        checked(visitor, a_pair())
    visitor.get("/case/open")
    wrong = seed_code(world.deps, case)
    fields = {"reference": "99/999999/99", "code": wrong}
    assert visitor.post("/case/open", **fields).status == 400
    other = somebody(world)
    for _ in range(12):
        other.get("/case/open")
        other.post("/case/open", **fields)
    assert checked(other, a_pair()).status == 200


def test_a_form_without_our_cookie_is_told_how_to_go_on(world: World) -> None:
    visitor = somebody(world)
    visitor.get(PAGE)
    visitor.cookies.clear()
    with world.watched() as calls:
        seen = visitor.post(PAGE, words=a_pair())
    assert not calls.seen
    assert seen.status == 403
    assert "type the two words again" in seen.main
    assert any(link.get("href") == PAGE for link in seen.tree.iter("a"))


def test_nothing_that_was_typed_is_in_an_address_a_cookie_or_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="hub")
    visitor, pair = somebody(world), was_sent(world, a_pair())
    visitor.never_in_addresses = pair.split(" ")
    seen = checked(visitor, pair)
    assert not seen.cookies
    assert pair not in caplog.text
    assert "data-private" in seen.body


def test_the_page_shows_the_exact_words_of_our_messages(world: World) -> None:
    seen, words = somebody(world).get(PAGE), world.deps.rules.notices["en"]
    assert words.text.format(pair=EXAMPLE_PAIR) in seen.main
    assert f"{words.text.format(pair=EXAMPLE_PAIR)} http://localhost:8000" in seen.main


def test_the_words_of_the_example_are_never_those_of_a_message() -> None:
    assert not set(EXAMPLE_PAIR.split(" ")) <= set(load_pair_words())

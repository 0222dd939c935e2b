"""The form about safe contact, field by field: what is kept, and what to type instead."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from chalicelib.domain.addresses import is_mobile, read_email, read_phone
from chalicelib.domain.contact import SafeContact
from chalicelib.rules import load_rules
from chalicelib.web.contact_fields import contact_form, hour_words
from chalicelib.web.contact_typed import (
    CODE_WORD_AGAIN,
    CODE_WORD_BOTH,
    NO_DAYS,
    NO_FIRST,
    NO_LAST,
    NO_MOBILE,
    NOT_LATER,
    WANTED,
    contact_typed,
)
from chalicelib.web.http import Form

RULES = load_rules()
NOT_CHOSEN = (
    "Choose “Write me an e-mail” if we may use this e-mail address, or clear the box below."
)
NUMBER, MAIL = "07700 900123", "somebody@mail.example"
HOURS: dict[str, Any] = {"days": ["0", "4"], "first": "09:00", "last": "16:30"}
BY_TEXT: dict[str, Any] = {"way_text": "yes", "address_text": NUMBER, "notify_by": "text", **HOURS}


def _form(fields: dict[str, Any]) -> Form:
    return Form({k: v if isinstance(v, list) else [v] for k, v in fields.items()})


def _said(**fields: Any) -> SafeContact:
    said, errors = contact_typed(_form(fields), RULES)
    assert errors == []
    return said.contact


def _errors(**fields: Any) -> list[tuple[str, str]]:
    return list(contact_typed(_form(fields), RULES)[1])


# --- what is kept


def test_nothing_chosen_is_here_only() -> None:
    assert _said() == SafeContact()


def test_what_is_chosen_is_kept_as_it_was_said() -> None:
    contact = _said(
        way_phone="yes",
        address_phone="+44 (0)1632 960123",
        way_email="yes",
        address_email=f" {MAIL} ",
        way_post="never",
        **HOURS,
        leave_words="Please ring back.",
        who_else="My sister",
        code_word=" bluebell ",
        more="Ring twice.",
        notify_by="email",
        links="yes",
        may_tell=["new_era"],
    )
    assert contact == SafeContact(
        ways={"phone": "01632 960123", "email": MAIL},
        never=frozenset({"post"}),
        days=frozenset({0, 4}),
        first=time(9),
        last=time(16, 30),
        leave_words="Please ring back.",
        who_else="My sister",
        code_word="bluebell",
        more="Ring twice.",
        notify_by="email",
        links=True,
        may_tell=frozenset({"new_era"}),
    )


def test_the_form_shows_what_stands_so_that_sending_it_changes_nothing() -> None:
    stands = SafeContact(
        ways={"phone": NUMBER, "post": "1 Example Street\nExampletown"},
        never=frozenset({"email"}),
        days=frozenset({1, 2}),
        first=time(9, 30),
        last=time(18),
        leave_words="Ring back.",
        who_else="My sister",
        more="Quietly.",
        may_tell=frozenset({"new_era"}),
    )
    shown = contact_form(RULES, stands, safe_mode=False)
    sent = {way["name"]: way["chosen"] for way in shown["ways"]}
    sent |= {way["address_name"]: way["address"] for way in shown["ways"]}
    sent |= {**shown["value"], "days": shown["days_chosen"], "may_tell": shown["may_tell"]}
    assert _said(**{name: list(v) if isinstance(v, tuple) else v for name, v in sent.items()}) == (
        stands
    )


def test_links_are_for_messages_alone() -> None:
    assert _said(**{**BY_TEXT, "links": "yes"}).links
    assert not _said(links="yes").links


@pytest.mark.parametrize(
    "made_up",
    [
        {"notify_by": "phone"},
        {"notify_by": "pigeon"},
        {"language": "officer"},
        {"may_tell": ["him"]},
        {"days": ["7", "-1", "x"]},
        {"first": "25:00", "last": "x"},
        {"way_phone": "perhaps"},
        {"links": "no"},
        {"drop_code_word": "no"},
    ],
)
def test_what_no_form_of_ours_offers_is_as_if_nothing_was_chosen(made_up: dict[str, Any]) -> None:
    said, errors = contact_typed(_form(made_up), RULES)
    assert (said.contact, said.drops_code_word, list(errors)) == (SafeContact(), False, [])


# --- what to type instead


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"way_phone": "yes"}, "address_phone", WANTED["phone"]),
        ({"way_phone": "yes", "address_phone": "12345"}, "address_phone", WANTED["phone"]),
        ({"way_text": "yes"}, "address_text", WANTED["phone"]),
        ({"way_text": "yes", "address_text": "01632 960123"}, "address_text", NO_MOBILE),
        ({"way_email": "yes", "address_email": "nobody"}, "address_email", WANTED["email"]),
        ({"way_post": "yes", "address_post": "  "}, "address_post", WANTED["post"]),
        (
            {"way_phone": ["yes", "never"], "address_phone": NUMBER},
            "way_phone",
            "You chose both yes and never for “Phone call”. Choose one of them.",
        ),
        (
            {"address_phone": NUMBER},
            "way_phone",
            "Choose “Ring me” if we may use this number, or clear the box below.",
        ),
        (
            {"address_email": MAIL},
            "way_email",
            NOT_CHOSEN,
        ),
        (
            {"way_post": "yes", "address_post": "x" * 301},
            "address_post",
            "This is 1 character too long: up to 300 fit. Shorten it.",
        ),
        (
            {"more": "x" * 1302},
            "more",
            "This is 1,002 characters too long: up to 300 fit. Shorten it.",
        ),
        (
            {"code_word": "x" * 41},
            "code_word",
            "This is 1 character too long: up to 40 fit. Shorten it.",
        ),
        ({"code_word": "x", "drop_code_word": "yes"}, "code_word", CODE_WORD_BOTH),
        ({"first": "09:00", "last": "16:00"}, "days", NO_DAYS),
        ({"days": ["0"], "last": "16:00"}, "first", NO_FIRST),
        ({"days": ["0"], "first": "09:00"}, "last", NO_LAST),
        ({**HOURS, "first": "16:30"}, "last", NOT_LATER),
        (
            {**HOURS, "notify_by": "text"},
            "notify_by",
            "Choose “Text me” above with the number, or choose no messages.",
        ),
        (
            {**BY_TEXT, "way_text": "never"},
            "notify_by",
            "Choose “Text me” above with the number, or choose no messages.",
        ),
    ],
)
def test_each_mistake_has_a_sentence_beside_its_field(
    fields: dict[str, Any], field: str, sentence: str
) -> None:
    assert _errors(**fields) == [(field, sentence)]


def test_who_wants_messages_says_on_which_days_and_in_which_hours() -> None:
    by_text = {"way_text": "yes", "address_text": NUMBER, "notify_by": "text"}
    assert [field for field, _ in _errors(**by_text)] == ["days", "first", "last"]


def test_never_needs_no_address_and_keeps_none() -> None:
    contact = _said(way_phone="never", address_phone=NUMBER)
    assert contact.never == {"phone"}
    assert not contact.ways


def test_a_code_word_is_typed_again_where_something_else_is_put_right() -> None:
    typed = _form({"code_word": "bluebell", "way_phone": "yes"})
    assert dict(contact_typed(typed, RULES)[1])["code_word"] == CODE_WORD_AGAIN
    assert "code_word" not in dict(contact_typed(typed, RULES, shows_code_word=True)[1])
    shown = contact_form(RULES, SafeContact(code_word="foxglove"), typed, safe_mode=False)
    assert "bluebell" not in repr(shown)
    assert "foxglove" not in repr(shown)
    at_desk = contact_form(RULES, SafeContact(), typed, safe_mode=False, shows_code_word=True)
    assert at_desk["code_word"] == "bluebell"


def test_the_box_of_the_code_word_is_for_a_new_one_at_the_desk_too() -> None:
    stands = SafeContact(code_word="bluebell")
    shown = contact_form(RULES, stands, safe_mode=False, shows_code_word=True)
    assert (shown["code_word"], shown["has_code_word"]) == ("", True)


def test_in_safe_mode_nothing_is_offered_that_is_sent() -> None:
    shown = contact_form(RULES, SafeContact(), safe_mode=True)
    assert [way["name"] for way in shown["ways"]] == ["way_phone", "way_post"]
    assert shown["notify"] == []


def test_what_the_form_saw_is_a_version_of_ours_or_none() -> None:
    for typed, seen in (("3", 3), ("x", -1), ("", -1), ("9" * 9, -1)):
        assert contact_typed(_form({"seen": typed}), RULES)[0].seen == seen


# --- numbers and addresses


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700900123", NUMBER),
        ("+447700900123", NUMBER),
        ("0044 7700 900 123", NUMBER),
        ("+44 (0)7700-900123", NUMBER),
        ("(01632) 960 123", "01632 960123"),
        ("02079460000", "020 7946 0000"),
        ("0113 4960000", "0113 496 0000"),
        ("0808 1570000", "0808 157 0000"),
        ("01204 96001", "01204 96001"),
        # A digit is missing; a call would reach nobody, or somebody else.
        ("0770090012", ""),
        ("0207946000", ""),
        ("0300123456", ""),
        # What somebody copies from a list of contacts is wrapped in marks that nobody sees.
        ("\u202a+44 7700\u200b 900123\u202c", NUMBER),
        # No numbers of people begin so, or whoever rings pays much.
        ("0400 123 4567", ""),
        ("0909 879 0000", ""),
        ("999", ""),
        ("+33 1 23 45 67 89", ""),
        ("07700 900123 ext 4", ""),
        ("07700 900123, 07700 900124", ""),
        ("٠٧٧٠٠٩٠٠١٢٣", ""),
        ("07700\n900123\n", NUMBER),
        ("", ""),
    ],
)
def test_a_number_is_kept_as_pages_write_it(typed: str, kept: str) -> None:
    assert read_phone(typed) == kept


def test_texts_reach_mobiles() -> None:
    assert is_mobile(NUMBER)
    assert not is_mobile("01632 960123")
    assert not is_mobile("07700 90012")
    assert not is_mobile("")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f" {MAIL}\n", MAIL),
        ("a.b+c@mail.co.example", "a.b+c@mail.co.example"),
        ("a@b", ""),
        ("a b@mail.example", ""),
        ("a@mail.example, b@mail.example", ""),
        ("A <a@mail.example>", ""),
        ("a@mail.example\nBcc: b@mail.example", ""),
        ("a@-mail.example", ""),
        ("@mail.example", ""),
        (f"{'a' * 240}@mail.example", ""),
        ("", ""),
    ],
)
def test_an_e_mail_address_is_one_plain_address(typed: str, kept: str) -> None:
    assert read_email(typed, 254) == kept


def test_times_read_as_people_say_them() -> None:
    times = (time(0), time(9), time(12), time(16, 30), time(23, 30))
    assert [hour_words(each) for each in times] == [
        "midnight",
        "9am",
        "midday",
        "4:30pm",
        "11:30pm",
    ]

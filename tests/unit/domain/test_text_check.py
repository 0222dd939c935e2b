"""What an officer is asked to look at again before a text is sent, and what passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.text_check import Finding, Kind, find_personal
from chalicelib.rules import load_rules
from chalicelib.rules.guidance import load_guidance

KNOWN = (
    "PC Alder Example", "DC Birch Example", "Sergeant Hazel Example", "Willow Example",
    "Stafford investigation team", "Witness Care", "New Era", "Karma Nirvana",
    "0300 303 3778", "101",
)  # fmt: skip
LONGEST_TEXT = 5_000


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind.value, each.text) for each in find_personal(text, KNOWN)]


CLEAN = (
    "Thank you for your message. I have asked for the CCTV and I am waiting for it.",
    "Hello, I am sorry that you have not heard from me since Monday. Nothing has changed.",
    "We sent the file to the Crown Prosecution Service on 12 November 2026. They decide next.",
    "The first hearing is at Stafford Magistrates' Court on Friday 4 December 2026 at 10am.",
    "Your Victim Personal Statement can be updated. Please tell me by 3 January.",
    "Under the Victims' Code you have the right to ask for a review within 3 months.",
    "PC Alder Example is on leave until Tuesday. Until then Hazel can answer you.",
    "Sergeant Hazel Example has read your complaint. The Sergeant will write to you next week.",
    "If you are contacted or threatened, call 999 in danger, or 101 if not. You can press 55.",
    "New Era can talk to you on 0300 303 3778. Karma Nirvana has a helpline as well.",
    "Witness Care will ring you about special measures. You may ask for a screen.",
    "Your reference is 47/318206/95 and the receipt of your question was 4821 0937.",
    "The suspect has been interviewed and released on bail until 14/02/2027 at 17:00.",
    "Christmas and Easter slow the laboratory down. We hope to have the results in May.",
    "May I ring you on Wednesday? Will you be at home? Mark the date, please.",
    "No, your phone is not back yet. The Digital team have had it since 01.12.2026.",
    "The ISVA from the service told us that you would like a Polish interpreter.",
    "The A34 and the M6 were closed, so the van was not stopped until Stoke-on-Trent.",
    "The car was found in Cannock. Its camera was working, but the card was blank.",
    "I know this is hard. Unfortunately there is no date for the trial at Stoke Crown Court.",
    "You asked about £1,250.00 in damage. Compensation is decided by the Court.",
    "PLEASE DO NOT REPLY TO HIM. Keep the messages and send me screenshots.",
    "Good morning,\nYour statement was signed on the 3rd.\nKind regards,\nBirch",
    "Yes. The Defendant pleaded not guilty. The Judge set the trial for 5 July 2027.",
    "We're still waiting for WhatsApp and Facebook to answer. It's been 6 weeks; that's usual.",
    "Burglary is hard to prove without witnesses. Fingerprints were taken from the window.",
    "Enquiries in the High Street are finished. Nobody there saw anything.",
    "Bail was extended. Evidence was sent to the CPS. Custody had no record of it.",
    "Dear Sir or Madam, the form CICA asks for is on their website.",
    "DC Okonkwo from West Midlands Police will take your statement in Walsall.",
    "Operation Kestrel has ended; seven warrants were carried out across Staffordshire.",
    "We have the Dashcam. A dashcam keeps 2 days.",
    "Special Measures were granted at the Pre-Trial Preparation Hearing.",
    "The Non-Molestation Order was served; the Multi-Agency Risk Assessment Conference knows.",
    "- House to house: finished\n- CCTV: asked for\n- Forensics: 6 to 8 weeks",
)  # fmt: skip

PERSONAL = (
    ("Darren was spoken to yesterday.", [("name", "Darren")]),
    ("We have arrested Kyle Brown and he is in custody.", [("name", "Kyle Brown")]),
    ("I have taken a statement from mr smith.", [("name", "mr smith")]),
    ("Mrs. Patel saw it, and so did Dr Young.", [("name", "Mrs. Patel"), ("name", "Dr Young")]),
    ("The witness is Sean O’Neil of Leek.", [("name", "Sean O’Neil")]),
    ("Smith-Jones has been bailed.", [("name", "Smith-Jones")]),
    ("McDonald's solicitor has asked for time.", [("name", "McDonald")]),
    ("We are looking for J. Smith.", [("name", "J. Smith")]),
    ("J.R. Wood gave us the dashcam.", [("name", "J.R. Wood")]),
    ("DARREN SMITH WAS CHARGED TODAY", [("name", "DARREN SMITH")]),
    ("Suspect Darren SMITH denies it.", [("name", "Darren SMITH")]),
    ("KHAN is not to contact you.", [("name", "KHAN")]),
    ("darren has been told not to come near you", [("name", "darren")]),
    ("Your neighbour Krzysztof Wójcik has sent us a video.", [("name", "Krzysztof Wójcik")]),
    ("Wojcik was interviewed. He said nothing.", [("name", "Wojcik")]),
    ("We spoke to Mark, and Grace will speak to us.", [("name", "Mark"), ("name", "Grace")]),
    ("Will Hunt has moved away.", [("name", "Will Hunt")]),
    ("Ahmed bin Ali and Maria da Silva were there.",
     [("name", "Ahmed bin Ali"), ("name", "Maria da Silva")]),
    ("I told Zoë's mother, Siân, about it.", [("name", "Zoë"), ("name", "Siân")]),
    ("Hazel Green let us in.", [("name", "Hazel Green")]),
    ("Mr Stone lives in Stone.", [("name", "Mr Stone")]),
    ("Ring her on 07700 900123.", [("phone", "07700 900123")]),
    ("His number is +44 7700 900 123, or (01785) 900123 at work.",
     [("phone", "+44 7700 900 123"), ("phone", "(01785) 900123")]),
    ("Call 01632-960001 before 15 December, or 020 7946 0123.",
     [("phone", "01632-960001"), ("phone", "020 7946 0123")]),
    ("He has moved to 12 High Street.", [("address", "12 High Street")]),
    ("The van was outside Flat 3, 4b Mill Lane, all night.",
     [("address", "Flat 3, 4b Mill Lane")]),
    ("It was at the Cedars, Station Road, in Rugeley.",
     [("address", "the Cedars, Station Road")]),
    ("she lives at 7 mill lane", [("address", "7 mill lane")]),
    ("Conditions: stay away from ST16 3XX and from ws11.",
     [("postcode", "ST16 3XX"), ("postcode", "ws11")]),
    ("st163xx is searched first.", [("postcode", "st163xx")]),
    ("Darren Smith, 12 Mill Lane, Stafford ST16 3XX, 07700 900123.",
     [("name", "Darren Smith"), ("address", "12 Mill Lane, Stafford"),
      ("postcode", "ST16 3XX"), ("phone", "07700 900123")]),
    ("Write to darren.smith@example.com.", [("name", "darren.smith@example.com")]),
    ("Chaudhry, who lives next door, was bailed.", [("name", "Chaudhry")]),
    ("Hargreaves and Chaudhry were charged.", [("name", "Hargreaves"), ("name", "Chaudhry")]),
    ("Mr & Mrs Hargreaves saw it.", [("name", "Mrs Hargreaves")]),
    ("We arrested a man. Thanks to Kerry for the photos.", [("name", "Kerry")]),
    ("The man is called Jaxxon. Jaxxon will be in court soon.", [("name", "Jaxxon")]),
)  # fmt: skip


@pytest.mark.parametrize("text", CLEAN)
def test_an_ordinary_answer_passes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "findings"), PERSONAL)
def test_what_may_tell_who_or_where_somebody_is_is_found_as_it_stands(
    text: str, findings: list[tuple[str, str]]
) -> None:
    assert found(text) == findings


def test_the_table_is_long_and_half_of_it_is_clean() -> None:
    assert len(CLEAN) + len(PERSONAL) >= 40
    assert 0.4 < len(CLEAN) / (len(CLEAN) + len(PERSONAL)) < 0.6


@pytest.mark.parametrize("text", [each.text for each in load_rules().updates.values()])
def test_a_ready_sentence_passes(text: str) -> None:
    assert find_personal(text) == ()


def test_the_lines_of_the_force_and_whom_to_ask_pass() -> None:
    rules = load_rules()
    force = rules.force
    lines = (force.emergency_line, force.phone_line, force.ask_line, force.safe_mode_line)
    texts = [each.text for key, each in rules.contacts.items() if key != "feedback_post"]
    for text in (*lines, *texts):
        assert find_personal(text) == ()


def test_the_words_about_every_stage_pass() -> None:
    for stage in load_rules().stages.values():
        assert find_personal(f"{stage.label}. {stage.meaning} {stage.next_step}") == ()


def test_the_services_we_list_pass_with_their_numbers() -> None:
    services = load_guidance().services.values()
    known = [each for row in services for each in (row.name, row.phone) if each]
    for row in services:
        said = f"You can ask {row.name}. {row.name} can be rung on {row.phone or '101'}."
        assert find_personal(said, known) == ()


def test_an_address_in_the_post_line_is_an_address_unless_it_is_known() -> None:
    text = load_rules().contacts["feedback_post"].text
    assert {each.kind for each in find_personal(text)} == {Kind.ADDRESS, Kind.POSTCODE}
    assert find_personal(text, ["1 Example Street, Exampletown, ZZ99 9ZZ"]) == ()


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("PC Sarah Jones", "SARAH or pc jones will ring. Sarah Jones knows."),
        ("Sarah Jones", "Ask for Sarah, or for Mrs Jones."),
        ("Kirkwood House Centre", "You can go to Kirkwood House Centre."),
        ("Anne-Marie O'Neil", "Anne-Marie will ring. So may Mrs O’Neil."),
        ("+44 1785 900123", "The desk is on 01785 900 123."),
        ("Station Road", "Come to Station Road."),
    ],
)
def test_what_is_known_may_stand(known: str, text: str) -> None:
    assert find_personal(text)
    assert find_personal(text, [known]) == ()


def test_an_officers_given_name_before_another_surname_is_somebody_else() -> None:
    assert find_personal("I met Sarah Smith.", ["PC Sarah Jones"]) == (
        Finding(Kind.NAME, "Sarah Smith"),
    )


def test_the_words_of_a_service_do_not_stand_one_by_one() -> None:
    assert find_personal("I met Mary.", ["St Mary's Sexual Assault Service"]) == (
        Finding(Kind.NAME, "Mary"),
    )


def test_a_name_is_known_only_as_a_whole_word() -> None:
    assert find_personal("I met Jonesworth.", ["PC Sarah Jones"])


def test_each_finding_comes_once_and_in_the_order_of_the_text() -> None:
    text = "Ring 07700 900123 for Darren. Darren is at 2 Mill Lane; 07700 900123."
    assert [each.text for each in find_personal(text)] == ["07700 900123", "Darren", "2 Mill Lane"]


@pytest.mark.parametrize(
    "number",
    [
        "07700900123", "07700 900 123", "07700-900-123", "07700.900123", "+447700900123",
        "+44 (0)7700 900123", "0044 7700 900123", "7700 900 123", "(020) 7946 0123",
        "01632 960001", "0161 496 0123", "0808 157 0123",
    ],
)  # fmt: skip
def test_a_phone_number_is_found_in_every_usual_spelling(number: str) -> None:
    assert find_personal(f"Ring {number} today.") == (Finding(Kind.PHONE, number),)
    assert find_personal(f"Ring {number} 15 December.") == (Finding(Kind.PHONE, number),)


def test_a_number_abroad_is_found_too() -> None:
    assert find_personal("Ring +353 20 912 3456.") == (Finding(Kind.PHONE, "+353 20 912 3456"),)


@pytest.mark.parametrize(
    "text",
    [
        "01/12/2026", "01.12.2026 10:30", "01-12-2026", "2026-12-01", "10:30 to 11:45",
        "£1,250.00", "£07700900123", "47/318206/95", "07 318206 95", "07-318206-95", "4821 0937",
        "0482 0937", "101, 999, 111 and 55", "18001", "A1, A34, M6 and B5026", "CO2",
        "exhibit DE12", "the A5 2nd exit", "page 3 of 12", "V1", "5ft 11", "2 or 3 in the road",
        "10 minutes down the road",
    ],
)  # fmt: skip
def test_figures_that_are_nobodys_pass(text: str) -> None:
    assert find_personal(f"It says {text} here.") == ()


@given(st.text(max_size=300) | st.text("AaBb .'-’,0157+()\n/STst@", max_size=300))
def test_any_text_is_read_and_every_finding_stands_in_it(text: str) -> None:
    findings = find_personal(text, KNOWN)
    assert all(each.text and each.text in text for each in findings)
    assert len(findings) == len(set(findings))


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=100))
def test_any_list_of_known_names_will_do(known: list[str], text: str) -> None:
    findings = find_personal(text, known)
    assert all(each.text in text for each in findings)
    assert set(find_personal(text, [*known, text])) <= set(findings) | set(find_personal(text))


@pytest.mark.parametrize(
    "piece",
    [
        "a", "A", "A ", "Ab ", "A.", "A. ", "a-", "A-b'", "'", "1", "1 ", "0 ", "0-", "+44", "(0",
        "12a ", "Flat 1, ", "12 Ab ", "12 ab ", "the Ab, ", "Ab Road ", "Ab Road, ", "Road",
        "1 Ab Road, Ab ",
        "ST1", "ST1 ", "a@", "a.", "www.", "Mr ", "PC ", "Darren ", "DARREN ", "van der ", "J. ",
        "\n", "\u0301", " ", "1/", "1 - ",
    ],
)  # fmt: skip
def test_no_long_text_of_one_piece_keeps_the_service_waiting(piece: str) -> None:
    text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    for each in find_personal(text, KNOWN) + find_personal(text[:-1] + "!", KNOWN):
        assert each.text in text + "!"

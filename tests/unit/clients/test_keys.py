"""The key ring, with boto3's own client stubbed and with the one that tests use."""

import dataclasses
import json
from collections.abc import Iterator
from hmac import compare_digest

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from chalicelib.clients.aws import new_client
from chalicelib.clients.keys import (
    SECRET_TEXT_LENGTH,
    KeyRing,
    Secrets,
    SecretUnusableError,
    load_secrets,
)
from chalicelib.domain.access import CaseReference
from chalicelib.domain.cases import CaseKey
from chalicelib.domain.errors import KeysUnavailableError
from tests.fakes_keys import FAKE_SECRETS, FakeKeyRing, FakeKMS

STRETCHED = b"s" * 32
REFERENCE = CaseReference("12/345678/26")
SECRET_PARTS = {
    "reference_key": "11" * 32,
    "previous_reference_key": "22" * 32,
    "csrf_key": "33" * 32,
    "client_address_key": "44" * 32,
    "oidc_client_secret": "invented",
}


@pytest.fixture
def kms() -> Iterator[Stubber]:
    client = new_client("kms", region="eu-west-2", endpoint=None)
    with Stubber(client) as stubber:
        yield stubber


def expect_one_mac(kms: Stubber) -> None:
    request = {
        "KeyId": "alias/invented-pepper",
        "MacAlgorithm": "HMAC_SHA_256",
        "Message": STRETCHED,
    }
    mac = FakeKMS().generate_mac(**request)["Mac"]
    kms.add_response("generate_mac", {"Mac": mac, "MacAlgorithm": "HMAC_SHA_256"}, request)


@pytest.fixture(params=["real", "fake"])
def keys(request: pytest.FixtureRequest, kms: Stubber) -> KeyRing:
    if request.param == "fake":
        return FakeKeyRing()
    expect_one_mac(kms)
    return KeyRing(kms.client, "alias/invented-pepper", FAKE_SECRETS)


EARLIER = "alias/invented-pepper-before"


def rotated(*, seconds_left: float = 60.0) -> tuple[KeyRing, FakeKMS]:
    """Return a key ring with a new pepper beside the one of other tests, and its KMS."""
    kms = FakeKMS()
    keys = KeyRing(
        kms,
        "alias/invented-pepper",
        FAKE_SECRETS,
        lambda: seconds_left,
        earlier_pepper_key_ids=(EARLIER,),
    )
    return keys, kms


def with_secrets(**changes: object) -> FakeKeyRing:
    return FakeKeyRing(dataclasses.replace(FAKE_SECRETS, **changes))  # type: ignore[arg-type]


def test_real_and_fake_key_ring_make_the_same_mac_of_a_code(keys: KeyRing) -> None:
    assert keys.mac_of_code(STRETCHED) == FakeKeyRing().mac_of_code(STRETCHED)
    assert len(FakeKeyRing().mac_of_code(STRETCHED)) == 32


def test_a_mac_is_exactly_one_call_of_kms(kms: Stubber) -> None:
    expect_one_mac(kms)
    # A second call would find no answer waiting and fail.
    KeyRing(kms.client, "alias/invented-pepper", FAKE_SECRETS).mac_of_code(STRETCHED)
    kms.assert_no_pending_responses()
    fake = FakeKeyRing()
    fake.mac_of_code(STRETCHED)
    assert len(fake.kms.requests) == 1


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "KMSInternalException", "DisabledException"]
)
def test_when_kms_refuses_nobody_is_let_in_and_it_is_not_asked_again(
    kms: Stubber, code: str
) -> None:
    kms.add_client_error("generate_mac", service_error_code=code)
    expect_one_mac(kms)
    with pytest.raises(KeysUnavailableError):
        KeyRing(kms.client, "alias/invented-pepper", FAKE_SECRETS).mac_of_code(STRETCHED)
    with pytest.raises(AssertionError):
        kms.assert_no_pending_responses()


def test_when_kms_is_out_of_reach_nobody_is_let_in() -> None:
    keys = FakeKeyRing()
    keys.kms.out_of_reach = True
    with pytest.raises(KeysUnavailableError):
        keys.mac_of_code(STRETCHED)


def test_a_new_code_is_made_under_the_newest_pepper_alone() -> None:
    keys, kms = rotated()
    assert keys.mac_of_code(STRETCHED) == FakeKeyRing().mac_of_code(STRETCHED)
    assert [request["KeyId"] for request in kms.requests] == ["alias/invented-pepper"]


def test_a_typed_code_has_a_mac_under_each_pepper_in_order_by_one_call_each() -> None:
    keys, kms = rotated()
    newest, earlier = keys.macs_of_code(STRETCHED)
    assert newest == keys.mac_of_code(STRETCHED)
    assert earlier == KeyRing(FakeKMS(), EARLIER, FAKE_SECRETS).mac_of_code(STRETCHED)
    assert newest != earlier
    asked = [(request["KeyId"], request["Message"]) for request in kms.requests[:2]]
    assert asked == [("alias/invented-pepper", STRETCHED), (EARLIER, STRETCHED)]
    assert len(kms.requests) == 3


def test_with_one_pepper_a_typed_code_is_one_call(keys: KeyRing) -> None:
    assert keys.macs_of_code(STRETCHED) == (FakeKeyRing().mac_of_code(STRETCHED),)


@pytest.mark.parametrize("refused", ["alias/invented-pepper", EARLIER])
def test_when_one_pepper_is_refused_nobody_is_let_in_and_none_is_asked_again(refused: str) -> None:
    keys, kms = rotated()
    kms.refused = {refused}
    with pytest.raises(KeysUnavailableError):
        keys.macs_of_code(STRETCHED)
    asked = [request["KeyId"] for request in kms.requests]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(("left", "calls"), [(6.0, 2), (5.9, 0)])
def test_no_pepper_is_asked_when_the_time_is_not_enough_for_all(left: float, calls: int) -> None:
    keys, kms = rotated(seconds_left=left)
    if calls:
        assert len(keys.macs_of_code(STRETCHED)) == calls
    else:
        with pytest.raises(KeysUnavailableError):
            keys.macs_of_code(STRETCHED)
    assert len(kms.requests) == calls


def test_a_client_tries_once_and_waits_two_seconds() -> None:
    config = new_client("kms", region="eu-west-2", endpoint=None).meta.config
    assert config.retries == {"total_max_attempts": 1, "mode": "standard"}
    assert (config.connect_timeout, config.read_timeout) == (2.0, 2.0)


def test_keys_are_long_texts_fit_for_an_address(keys: KeyRing) -> None:
    case = keys.case_key(REFERENCE)
    for key in (case, keys.victim_key(case, "V1"), keys.address_key("192.0.2.1")):
        assert len(key) == 32
        assert key.isalnum()
        assert key == key.lower()
        assert "345678" not in key


def test_every_purpose_reference_victim_and_address_has_its_own_key(keys: KeyRing) -> None:
    case = keys.case_key(REFERENCE)
    other_case = keys.case_key(CaseReference("12/345679/26"))
    made = {
        case,
        other_case,
        keys.victim_key(case, "V1"),
        keys.victim_key(case, "V2"),
        keys.victim_key(other_case, "V1"),
        keys.address_key("192.0.2.1"),
        keys.address_key("192.0.2.2"),
    }
    assert len(made) == 7


def test_the_purposes_stay_apart_even_under_one_and_the_same_key() -> None:
    same = b"k" * 32
    keys = with_secrets(reference_key=same, csrf_key=same, client_address_key=same)
    text = "192.0.2.1"
    made = {
        keys.case_key(CaseReference(text)),
        keys.address_key(text),
        keys.victim_key(CaseKey(same.decode()), text),
    }
    assert len(made) == 3


def test_another_secret_makes_other_keys() -> None:
    other = with_secrets(reference_key=b"x" * 32, csrf_key=b"x" * 32, client_address_key=b"x" * 32)
    keys = FakeKeyRing()
    assert other.case_key(REFERENCE) != keys.case_key(REFERENCE)
    assert other.address_key("192.0.2.1") != keys.address_key("192.0.2.1")
    assert other.csrf_token("cookie") != keys.csrf_token("cookie")


def test_after_a_change_of_the_secret_the_previous_key_finds_a_case_and_its_victims() -> None:
    before = FakeKeyRing()
    after = with_secrets(
        reference_key=b"new".ljust(32, b"."),
        previous_reference_key=FAKE_SECRETS.reference_key,
    )
    case = before.case_key(REFERENCE)
    assert after.case_key(REFERENCE) != case
    assert after.previous_case_key(REFERENCE) == case
    assert after.victim_key(case, "V1") == before.victim_key(case, "V1")


def test_without_an_earlier_secret_there_is_no_previous_key(keys: KeyRing) -> None:
    assert keys.previous_case_key(REFERENCE) is None


def test_failures_of_one_ipv6_line_are_counted_together_and_of_another_apart(keys: KeyRing) -> None:
    assert keys.address_key("2001:db8:1:2::1") == keys.address_key("2001:db8:1:2:ffff::9")
    assert keys.address_key("2001:db8:1:2::1") != keys.address_key("2001:db8:1:3::1")


def test_an_ipv4_address_counts_the_same_in_either_writing(keys: KeyRing) -> None:
    assert keys.address_key("::ffff:192.0.2.1") == keys.address_key("192.0.2.1")


def test_an_address_that_cannot_be_read_still_has_a_key(keys: KeyRing) -> None:
    assert len(keys.address_key("unknown")) == 32
    assert len(keys.address_key("\ud800")) == 32


def test_a_form_token_belongs_to_its_cookie_alone(keys: KeyRing) -> None:
    token = keys.csrf_token("cookie")
    assert keys.csrf_token_is_right(token, "cookie")
    assert not keys.csrf_token_is_right(token, "another cookie")
    assert not keys.csrf_token_is_right(token[:-1], "cookie")
    for hostile in ("", "é", "\ud800", "\0", token.upper(), "0" * 10_240):
        assert not keys.csrf_token_is_right(hostile, "cookie")


def secrets_client(text: str | None) -> Stubber:
    stubber = Stubber(new_client("secretsmanager", region="eu-west-2", endpoint=None))
    stubber.add_response(
        "get_secret_value", {} if text is None else {"SecretString": text}, {"SecretId": "hub"}
    )
    stubber.activate()
    return stubber


def test_the_secrets_are_read_by_one_call() -> None:
    stubber = secrets_client(json.dumps(SECRET_PARTS))
    assert load_secrets(stubber.client, "hub", plain_localhost=True) == Secrets(
        reference_key=b"\x11" * 32,
        previous_reference_key=b"\x22" * 32,
        csrf_key=b"\x33" * 32,
        client_address_key=b"\x44" * 32,
        oidc_client_secret="invented",
    )
    stubber.assert_no_pending_responses()


def test_the_public_stage_does_without_an_earlier_key_and_the_providers_secret() -> None:
    parts = {
        name: SECRET_PARTS[name] for name in ("reference_key", "csrf_key", "client_address_key")
    }
    secrets = load_secrets(secrets_client(json.dumps(parts)).client, "hub", plain_localhost=True)
    assert secrets.previous_reference_key is None
    assert secrets.oidc_client_secret == ""


@pytest.mark.parametrize("name", ["reference_key", "csrf_key", "client_address_key"])
@pytest.mark.parametrize("value", [None, "", "11" * 31, "not hexadecimal"])
def test_a_missing_short_or_unreadable_key_is_named_and_not_shown(
    name: str, value: str | None
) -> None:
    text = json.dumps(SECRET_PARTS | {name: value})
    with pytest.raises(SecretUnusableError) as error:
        load_secrets(secrets_client(text).client, "hub", plain_localhost=True)
    assert str(error.value) == name
    assert error.value.__cause__ is None


@pytest.mark.parametrize("text", [None, "a secret that is no JSON", "[]", '"text"'])
def test_a_secret_that_is_no_set_of_parts_is_refused_without_its_text(text: str | None) -> None:
    with pytest.raises(SecretUnusableError) as error:
        load_secrets(secrets_client(text).client, "hub", plain_localhost=True)
    assert str(error.value) == "SecretString"
    assert error.value.__context__ is None


def test_when_secrets_manager_refuses_or_is_slow_nobody_is_let_in() -> None:
    stubber = Stubber(new_client("secretsmanager", region="eu-west-2", endpoint=None))
    stubber.add_client_error("get_secret_value", service_error_code="AccessDeniedException")
    stubber.activate()
    with pytest.raises(KeysUnavailableError):
        load_secrets(stubber.client, "hub", plain_localhost=True)

    class SlowClient:
        def get_secret_value(self, **_: object) -> dict[str, str]:
            raise ReadTimeoutError(endpoint_url="https://secretsmanager.example")

    with pytest.raises(KeysUnavailableError):
        load_secrets(SlowClient(), "hub", plain_localhost=True)


ORIGIN_SECRET = "invented-origin-secret-of-32-and-more"
PREVIOUS_ORIGIN_SECRET = "invented-origin-secret-of-the-day-before"


def loaded(*, plain_localhost: bool, **changes: object) -> Secrets:
    """Return the secrets of a stage whose secret has these parts changed."""
    client = secrets_client(json.dumps(SECRET_PARTS | changes)).client
    return load_secrets(client, "hub", plain_localhost=plain_localhost)


def test_away_from_localhost_the_secret_of_the_origin_is_read() -> None:
    secrets = loaded(plain_localhost=False, origin_secret=ORIGIN_SECRET)
    assert secrets.origin_secret == ORIGIN_SECRET
    assert secrets.previous_origin_secret == ""
    both = loaded(
        plain_localhost=False,
        origin_secret=ORIGIN_SECRET,
        previous_origin_secret=PREVIOUS_ORIGIN_SECRET,
    )
    assert both.previous_origin_secret == PREVIOUS_ORIGIN_SECRET


UNUSABLE_TEXTS = [
    "x" * (SECRET_TEXT_LENGTH - 1),
    "x" * SECRET_TEXT_LENGTH + " ",
    "x" * SECRET_TEXT_LENGTH + "\n",
    "é" * SECRET_TEXT_LENGTH,
    10**SECRET_TEXT_LENGTH,
    ["x"] * SECRET_TEXT_LENGTH,
]


@pytest.mark.parametrize("value", [None, "", *UNUSABLE_TEXTS])
def test_away_from_localhost_a_stage_without_an_origin_secret_does_not_start(value: object) -> None:
    with pytest.raises(SecretUnusableError, match=r"^origin_secret$"):
        loaded(plain_localhost=False, origin_secret=value)


@pytest.mark.parametrize("value", UNUSABLE_TEXTS)
def test_an_earlier_origin_secret_that_no_header_can_be_is_named(value: object) -> None:
    with pytest.raises(SecretUnusableError, match=r"^previous_origin_secret$"):
        loaded(plain_localhost=False, origin_secret=ORIGIN_SECRET, previous_origin_secret=value)


@pytest.mark.parametrize("value", [None, ""])
def test_an_earlier_origin_secret_that_was_taken_out_is_none(value: str | None) -> None:
    secrets = loaded(
        plain_localhost=False, origin_secret=ORIGIN_SECRET, previous_origin_secret=value
    )
    assert secrets.previous_origin_secret == ""


def test_on_localhost_no_origin_secret_is_needed() -> None:
    assert loaded(plain_localhost=True).origin_secret == ""


def test_a_request_is_ours_with_the_present_or_the_previous_origin_secret_alone() -> None:
    keys = with_secrets(origin_secret=ORIGIN_SECRET, previous_origin_secret=PREVIOUS_ORIGIN_SECRET)
    assert keys.origin_secret_is_right(ORIGIN_SECRET)
    assert keys.origin_secret_is_right(PREVIOUS_ORIGIN_SECRET)
    for given in ("", "x", ORIGIN_SECRET[:-1], ORIGIN_SECRET + "x", ORIGIN_SECRET.upper(), "é"):
        assert not keys.origin_secret_is_right(given)
    assert not keys.origin_secret_is_right("\ud800")
    after = with_secrets(origin_secret=ORIGIN_SECRET)
    assert after.origin_secret_is_right(ORIGIN_SECRET)
    assert not after.origin_secret_is_right(PREVIOUS_ORIGIN_SECRET)
    assert not after.origin_secret_is_right("")


def test_without_an_origin_secret_no_request_is_ours() -> None:
    for given in ("", "x", "0" * 64):
        assert not FakeKeyRing().origin_secret_is_right(given)


def test_both_origin_secrets_are_compared_whichever_is_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[bytes] = []

    def noted(given: bytes, known: bytes) -> bool:
        compared.append(known)
        return compare_digest(given, known)

    monkeypatch.setattr("chalicelib.clients.keys.compare_digest", noted)
    keys = with_secrets(origin_secret=ORIGIN_SECRET, previous_origin_secret=PREVIOUS_ORIGIN_SECRET)
    for given in (ORIGIN_SECRET, PREVIOUS_ORIGIN_SECRET, "wrong"):
        compared.clear()
        keys.origin_secret_is_right(given)
        assert compared == [ORIGIN_SECRET.encode(), PREVIOUS_ORIGIN_SECRET.encode()]
    one = with_secrets(origin_secret=ORIGIN_SECRET)
    for given in (ORIGIN_SECRET, "wrong"):
        compared.clear()
        one.origin_secret_is_right(given)
        assert len(compared) == 2


def test_secrets_are_not_shown_when_printed() -> None:
    assert repr(FAKE_SECRETS) == "Secrets()"
    assert "invented" not in repr(FakeKeyRing())

"""The second factor for votes and money: right, wrong, forged, replayed, and five times wrong."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from django.core.cache import cache
from django.db import transaction
from fido2.utils import websafe_decode, websafe_encode

from tests import people
from trustfund.core import step_up
from trustfund.core.models import Confirmation, Method
from trustfund.core.refusals import SecondFactorFailed
from trustfund.core.step_up import Proof
from trustfund.embedded.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db(transaction=True)
PRINT = step_up.fingerprint({"vote": "for", "amount": "USD 1.00", "nonce": "1"})
OTHER = step_up.fingerprint({"vote": "against", "amount": "USD 1.00", "nonce": "1"})
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.fixture(autouse=True)
def _nobody_has_failed_yet():
    cache.clear()


def confirm(person, proof, fingerprint=PRINT):
    with transaction.atomic():
        return step_up.confirm(proof=proof, person=person, purpose="vote", fingerprint=fingerprint, at=people.NOON)


def refused(person, proof, fingerprint=PRINT):
    before = Confirmation.objects.count()
    with pytest.raises(SecondFactorFailed) as refusal:
        confirm(person, proof, fingerprint)
    assert Confirmation.objects.count() == before
    return refusal.value.message


def changed(answer, **parts):
    said = json.loads(answer)
    said["response"] |= parts
    return json.dumps(said)


def test_a_fingerprint_is_of_the_facts_and_not_of_their_order():
    assert step_up.fingerprint({"a": 1, "b": "ü"}) == step_up.fingerprint({"b": "ü", "a": 1})
    assert step_up.fingerprint({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_a_right_code_is_kept_as_evidence():
    person = people.someone()
    confirmation = confirm(person, people.proof())
    assert (confirmation.person, confirmation.method, confirmation.fingerprint) == (person, Method.CODE, PRINT)
    assert set(confirmation.evidence) == {"authenticator", "step", "seen_at"}
    assert people.SECRET not in json.dumps(confirmation.evidence)


def test_a_code_may_be_typed_with_a_gap():
    code = people.code()
    assert confirm(people.someone(), Proof(code=f"{code[:3]} {code[3:]}")).method == Method.CODE


def test_a_code_confirms_once():
    person, code = people.someone(), people.code()
    confirm(person, Proof(code=code))
    assert refused(person, Proof(code=code), OTHER).startswith("That code has been used already.")


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "１２３４５６", "000000\x00"])
def test_what_is_no_code_is_refused(code):
    assert refused(people.someone(), Proof(code=code)).startswith("That code is not right.")


def test_five_wrong_codes_lock_out_even_the_right_one_and_only_that_person():
    person, other = people.someone(), people.someone()
    for _attempt in range(5):
        assert refused(person, Proof(code="wrong")).startswith("That code is not right.")
    assert refused(person, people.proof()).startswith("Five wrong attempts.")
    assert refused(person, Proof(passkey=SoftPasskey.register(person).answer(PRINT))).startswith("Five wrong attempts.")
    assert confirm(other, people.proof()).person == other


def test_five_wrong_passkeys_lock_out_too():
    person = people.someone()
    passkey = SoftPasskey.register(person)
    for _attempt in range(5):
        refused(person, Proof(passkey=passkey.answer(OTHER)))
    assert refused(person, Proof(passkey=passkey.answer(PRINT))).startswith("Five wrong attempts.")


def test_a_passkey_answers_exactly_one_fingerprint():
    person = people.someone()
    passkey = SoftPasskey.register(person)
    confirmation = confirm(person, Proof(passkey=passkey.answer(PRINT)))
    assert (confirmation.method, confirmation.fingerprint) == (Method.PASSKEY, PRINT)
    assert confirmation.evidence["id"] == websafe_encode(passkey.credential_id)
    assert refused(person, Proof(passkey=passkey.answer(OTHER))).startswith("The passkey's answer does not fit")


def test_an_answer_confirms_once_however_it_is_spelt():
    person = people.someone()
    answer = SoftPasskey.register(person).answer(PRINT)
    confirm(person, Proof(passkey=answer))
    r, s = decode_dss_signature(websafe_decode(json.loads(answer)["response"]["signature"]))
    twin = websafe_encode(encode_dss_signature(r, ORDER_OF_P256 - s))
    for replayed in (answer, json.dumps(json.loads(answer), indent=2), changed(answer, signature=twin)):
        refused(person, Proof(passkey=replayed))
    assert Confirmation.objects.count() == 1


def test_a_second_answer_to_the_same_fingerprint_counts():
    person = people.someone()
    passkey = SoftPasskey.register(person)
    confirm(person, Proof(passkey=passkey.answer(PRINT)))
    confirm(person, Proof(passkey=passkey.answer(PRINT)))
    assert Confirmation.objects.count() == 2


def test_a_forged_signature_is_refused():
    person = people.someone()
    answer = SoftPasskey.register(person).answer(PRINT)
    good = websafe_decode(json.loads(answer)["response"]["signature"])
    r, s = decode_dss_signature(good)
    for forged in (encode_dss_signature(r, s + 1), good[:-1], b"", b"\x00" * 70):
        cache.clear()
        refused(person, Proof(passkey=changed(answer, signature=websafe_encode(forged))))


def test_somebody_elses_passkey_is_refused():
    person, other = people.someone(), people.someone()
    SoftPasskey.register(person)
    refused(person, Proof(passkey=SoftPasskey.register(other).answer(PRINT)))


def test_a_passkey_made_for_another_host_is_refused(settings):
    person = people.someone()
    passkey = SoftPasskey.register(person)
    settings.WEBAUTHN_RELYING_PARTY = "elsewhere.example"
    answer = passkey.answer(PRINT)
    settings.WEBAUTHN_RELYING_PARTY = "localhost"
    refused(person, Proof(passkey=answer))


JUNK = [
    "{",
    "[]",
    "null",
    "1",
    '"x"',
    "{}",
    '{"id": 1}',
    '{"response": []}',
    '{"id": "AA", "rawId": "AA", "response": null}',
]


@pytest.mark.parametrize("answer", JUNK)
def test_junk_is_refused_like_any_wrong_answer(answer):
    person = people.someone()
    SoftPasskey.register(person)
    assert refused(person, Proof(passkey=answer)).startswith("The passkey's answer does not fit")


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
@pytest.mark.parametrize("value", ["", "!!!", "AAAA", None, 7, [], {}])
def test_a_damaged_answer_is_refused(part, value):
    person = people.someone()
    answer = SoftPasskey.register(person).answer(PRINT)
    refused(person, Proof(passkey=changed(answer, **{part: value})))


def test_a_passkey_is_asked_for_exactly_the_fingerprint():
    person = people.someone()
    passkey = SoftPasskey.register(person)
    options = step_up.passkey_options(person, PRINT)["publicKey"]
    assert websafe_decode(options["challenge"]) == bytes.fromhex(PRINT)
    assert [one["id"] for one in options["allowCredentials"]] == [websafe_encode(passkey.credential_id)]
    assert options["rpId"] == "localhost"


def test_a_second_factor_is_asked_for_only_inside_an_operation():
    with pytest.raises(RuntimeError):
        step_up.confirm(
            proof=people.proof(), person=people.someone(), purpose="vote", fingerprint=PRINT, at=people.NOON
        )


def test_the_code_that_opened_the_session_confirms_nothing():
    person = people.someone()
    shown = people.code()
    authenticator = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert TOTP(authenticator).validate_code(shown)  # as signing in does
    assert "used already" in refused(person, Proof(code=shown))

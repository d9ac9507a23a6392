from decimal import Decimal
from typing import Any

import pytest

from cdisc_aclf.errors import UsageError
from cdisc_aclf.fhir.push.server import FhirServer, of_entry

GIVEN = "a1" * 8


@pytest.mark.parametrize("url", ["", "localhost:8080/fhir", "ftp://x.org/fhir", "build/demo", "http://[::1"])
def test_what_is_no_url_of_a_server_is_refused(url: str):
    with pytest.raises(UsageError, match="is no URL of a server"):
        FhirServer(url)


def test_a_slash_at_the_end_makes_no_other_server():
    assert FhirServer("http://x.org/fhir/").url == FhirServer("http://x.org/fhir").url


@pytest.mark.parametrize(("token", "sent"), [("", None), ("s3cret", "Bearer s3cret")])
def test_a_token_is_sent_as_a_bearer_token_and_only_where_there_is_one(token: str, sent: str | None, fhir: Any):
    FhirServer(fhir.url, token=token).read(["Patient/1"])
    assert [bundle["authorization"] for bundle in fhir.asked] == [sent]


def test_resources_are_read_in_the_order_asked_for_with_none_for_what_is_not_there(fhir: Any):
    fhir.resources = {"Patient/1": {"resourceType": "Patient", "id": "1", "value": 1.5}}
    assert FhirServer(fhir.url).read(["Patient/2", "Patient/1"]) == [
        None,
        {"resourceType": "Patient", "id": "1", "value": Decimal("1.5")},
    ]


def test_the_wait_that_the_server_asks_for_is_kept(fhir: Any, monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    fhir.faults = [fhir.says(429, headers=("Retry-After", "7")), fhir.says(503, headers=("Retry-After", "86400"))]
    assert FhirServer(fhir.url).read(["Patient/1"]) == [None]
    assert waits == [7, 300]


def test_each_wait_is_twice_the_one_before(fhir: Any, monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    fhir.faults = [fhir.says(500)] * 4
    FhirServer(fhir.url, backoff=0.5).read(["Patient/1"])
    assert waits == [1, 2, 4]


@pytest.mark.parametrize("url", ["http://x.org/fhir", "http://10.0.0.1/fhir", "http://localhost.x.org/fhir"])
def test_a_token_goes_over_plain_http_to_this_machine_alone(url: str):
    with pytest.raises(UsageError, match="--insecure"):
        FhirServer(url, token=GIVEN)
    FhirServer(url, token=GIVEN, insecure=True)
    FhirServer(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:8080/fhir", "http://127.0.0.1/fhir", "http://[::1]/fhir", "https://x.org"]
)
def test_a_token_may_go_to_this_machine_and_over_https(url: str):
    FhirServer(url, token=GIVEN)


def test_a_password_in_the_url_is_refused_and_not_repeated():
    with pytest.raises(UsageError) as refusal:
        FhirServer("https://me:passw0rd@x.org/fhir")
    assert "passw0rd" not in str(refusal.value)


ODD = [None, 5, "x", [], [None], {"issue": "text"}, {"issue": [None, 5]}, {"outcome": 7}, {"entry": None},
       {"resourceType": "OperationOutcome", "issue": [{"details": "x", "expression": "y"}]}]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_an_answer_that_is_json_but_not_what_fhir_says_is_no_crash(odd: object):
    entry = odd if isinstance(odd, dict) else {"response": odd, "resource": odd}
    assert of_entry(entry).status == 0
    assert of_entry({"response": {"outcome": odd, "status": odd}}).status in {0, 5}


def test_a_server_that_repeats_the_token_does_not_get_it_into_a_report(fhir: Any):
    fhir.faults = [fhir.says(400, f"Bearer {GIVEN} is unknown")]
    answer, _ = FhirServer(fhir.url, token=GIVEN).transact(b'{"type":"transaction","entry":[]}')
    assert answer.status == 400
    assert GIVEN not in answer.words
    assert "[token] is unknown" in answer.words

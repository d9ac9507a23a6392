from decimal import Decimal
from typing import Any

import pytest

from cdisc_aclf.errors import UsageError
from cdisc_aclf.fhir.push.server import FhirServer


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

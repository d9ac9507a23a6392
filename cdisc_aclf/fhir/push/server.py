"""A FHIR server: bundles go out, answers come in; what passes by itself is tried again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import urllib3

from cdisc_aclf.errors import InputError, UsageError

Resource = Mapping[str, Any]

_PASSING = frozenset({429, 500, 502, 503, 504})
_DENIED = frozenset({401, 403})
_GONE = frozenset({404, 410})
_LONGEST_WAIT = 300  # seconds; a server may ask for hours by Retry-After


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says to a bundle, or to one entry of it.

    Args:
        status: of HTTP; 0 where an entry has none.
        words: the issues of its OperationOutcome in one line; empty where there are none.
        version: `meta.versionId` of the resource as the server now has it; empty where it does not say.
    """

    status: int
    words: str = ""
    version: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it was done as asked."""
        return 200 <= self.status < 300


class FhirServer:
    """One FHIR endpoint.

    A status of 429 or 5xx, a refused or broken connection and an answer that stops half way are tried again, each time
    after a longer wait or the one that the server asks for. Every request may be repeated: reads, and transactions of
    PUT and DELETE.

    Args:
        url: base URL of the endpoint.
        token: sent as bearer token (RFC 6750) where it is not empty.
        retries: how often one request is tried again.
        backoff: seconds; the waits are 0, 2, 4, 8 ... times this.
    """

    def __init__(self, url: str, *, token: str = "", retries: int = 5, backoff: float = 0.5) -> None:
        """Open nothing yet."""
        self.url = url.rstrip("/")
        try:
            is_http = urllib3.util.parse_url(url).scheme in ("http", "https")
        except urllib3.exceptions.LocationParseError:
            is_http = False
        if not is_http:
            raise UsageError("--server", f"{url!r} is no URL of a server: http or https, host, path")
        headers = {"Content-Type": "application/fhir+json", "Accept": "application/fhir+json"}
        self._pool = urllib3.PoolManager(
            headers=headers | ({"Authorization": f"Bearer {token}"} if token else {}),
            timeout=urllib3.Timeout(connect=10, read=120),
            retries=urllib3.Retry(
                total=retries,
                allowed_methods=None,
                status_forcelist=_PASSING,
                backoff_factor=backoff,
                raise_on_status=False,
                retry_after_max=_LONGEST_WAIT,
            ),
        )

    def read(self, references: Iterable[str]) -> list[Resource | None]:
        """Ask for resources as they stand now, by one batch of reads.

        Returns:
            Each resource in the order asked for, numbers as Decimal; None where the server has none.

        Raises:
            InputError: the server cannot be reached, or does not answer as a FHIR server does.
        """
        asked = list(references)
        bundle = {
            "resourceType": "Bundle",
            "type": "batch",
            "entry": [{"request": {"method": "GET", "url": reference}} for reference in asked],
        }
        answer, body = self._post(json.dumps(bundle).encode())
        entries = body.get("entry", [])
        if not answer.is_good or len(entries) != len(asked):
            raise InputError(self.url, f"does not answer a batch of reads: {answer.status} {answer.words}".rstrip())
        found: list[Resource | None] = []
        for reference, entry in zip(asked, entries, strict=True):
            said = _of_entry(entry)
            if said.status not in _GONE and not (said.is_good and entry.get("resource")):
                raise InputError(self.url, f"does not let {reference} be read: {said.status} {said.words}".rstrip())
            found.append(entry.get("resource") if said.is_good else None)
        return found

    def transact(self, bundle: bytes) -> tuple[Answer, list[Answer]]:
        """Send a transaction.

        Args:
            bundle: JSON of the Bundle.

        Returns:
            The answer to the whole, and one to each entry; none where the whole is refused.

        Raises:
            InputError: the server cannot be reached, is not available for long, lets nobody in, or answers something
                that is no answer to a transaction: whether it has loaded the bundle is not known.
        """
        answer, body = self._post(bundle)
        if not answer.is_good:
            return answer, []
        if body.get("type") != "transaction-response":
            raise InputError(self.url, f"answers {answer.status} to a transaction, and nothing about its entries")
        return answer, [_of_entry(entry) for entry in body.get("entry", [])]

    def _post(self, body: bytes) -> tuple[Answer, dict[str, Any]]:
        try:
            response = self._pool.request("POST", self.url, body=body, redirect=False)
        except urllib3.exceptions.HTTPError as problem:
            reason = getattr(problem, "reason", None) or problem
            raise InputError(self.url, f"cannot be reached: {reason}") from problem
        try:
            parsed = json.loads(response.data, parse_float=Decimal)
        except ValueError:
            parsed = None
        content = parsed if isinstance(parsed, dict) else {}
        answer = Answer(response.status, _words(content) or ("" if content else _start(response.data)))
        if response.status in _DENIED:
            raise InputError(self.url, f"lets nobody in: {answer.status} {answer.words}".rstrip())
        if response.status in _PASSING - {500}:
            raise InputError(self.url, f"is not available: {answer.status} {answer.words}".rstrip())
        return answer, content


def _of_entry(entry: Mapping[str, Any]) -> Answer:
    response = entry.get("response", {})
    digits = str(response.get("status", ""))[:3]
    version = str(response.get("etag", "")).removeprefix("W/").strip('"')
    return Answer(
        status=int(digits) if digits.isdecimal() else 0,
        words=_words(response.get("outcome", {})),
        version=version or entry.get("resource", {}).get("meta", {}).get("versionId", ""),
    )


def _words(outcome: Mapping[str, Any]) -> str:
    """The issues of an OperationOutcome (FHIR R5, OperationOutcome); some servers wrap it."""
    said = outcome if outcome.get("resourceType") == "OperationOutcome" else outcome.get("outcome", {})
    lines = []
    for issue in said.get("issue", []):
        text = issue.get("details", {}).get("text") or issue.get("diagnostics", "")
        place = ", ".join(issue.get("expression", []) or issue.get("location", []))
        lines.append(f"{issue.get('severity', '')} {issue.get('code', '')}: {text}{place and f' ({place})'}")
    return "; ".join(lines)


def _start(data: bytes) -> str:
    return " ".join(data[:200].decode("utf-8", errors="replace").split())

"""A FHIR server: bundles go out, answers come in; what passes by itself is tried again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from ipaddress import ip_address
from typing import Any

import urllib3

from cdisc_aclf.errors import InputError, UsageError
from cdisc_aclf.fhir.validate.parts import inner, items

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
        token: sent as bearer token (RFC 6750) where it is not empty; nothing that a server answers repeats it.
        insecure: send the token over plain http to another host too.
        retries: how often one request is tried again.
        backoff: seconds; the waits are 0, 2, 4, 8 ... times this.
    """

    def __init__(
        self, url: str, *, token: str = "", insecure: bool = False, retries: int = 5, backoff: float = 0.5
    ) -> None:
        """Open nothing yet."""
        _refuse_what_gives_secrets_away(url, token=token, insecure=insecure)
        self.url = url.rstrip("/")
        self._token = token
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
        entries = _entries(body)
        if not answer.is_good or len(entries) != len(asked):
            raise InputError(self.url, f"does not answer a batch of reads: {answer.status} {answer.words}".rstrip())
        found: list[Resource | None] = []
        for reference, entry in zip(asked, entries, strict=True):
            said = of_entry(entry)
            if said.status not in _GONE and not (said.is_good and isinstance(entry.get("resource"), dict)):
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
        return answer, [self._without_token(of_entry(entry)) for entry in _entries(body)]

    def _post(self, body: bytes) -> tuple[Answer, dict[str, Any]]:
        try:
            response = self._pool.request("POST", self.url, body=body, redirect=False)
        except urllib3.exceptions.HTTPError as problem:
            reason = getattr(problem, "reason", None) or problem
            raise InputError(self.url, f"cannot be reached: {reason}") from problem
        try:
            parsed = json.loads(response.data, parse_float=Decimal)
        except (ValueError, RecursionError):
            parsed = None
        content = parsed if isinstance(parsed, dict) else {}
        words = _words(content) or ("" if content else _start(response.data))
        answer = self._without_token(Answer(response.status, words))
        if response.status in _DENIED:
            raise InputError(self.url, f"lets nobody in: {answer.status} {answer.words}".rstrip())
        if response.status in _PASSING - {500}:
            raise InputError(self.url, f"is not available: {answer.status} {answer.words}".rstrip())
        return answer, content

    def _without_token(self, answer: Answer) -> Answer:
        words = answer.words.replace(self._token, "[token]") if self._token else answer.words
        return replace(answer, words=words)


def _refuse_what_gives_secrets_away(url: str, *, token: str, insecure: bool) -> None:
    try:
        parsed = urllib3.util.parse_url(url)
    except urllib3.exceptions.LocationParseError:
        raise UsageError("--server", "is no URL of a server: http or https, host, path") from None
    if parsed.auth is not None:
        raise UsageError("--server", "has a user or a password in it, which logs would keep: give a token instead")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise UsageError("--server", f"{url!r} is no URL of a server: http or https, host, path")
    if token and parsed.scheme == "http" and not insecure and not _is_loopback(parsed.host.strip("[]")):
        raise UsageError("--server", f"{url!r} is plain http, and the token could be read on its way: --insecure")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _entries(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of a Bundle; one that is no object says nothing, but has its place."""
    listed = body.get("entry")
    return [entry if isinstance(entry, dict) else {} for entry in listed] if isinstance(listed, list) else []


def of_entry(entry: Mapping[str, Any]) -> Answer:
    """What a server says of one entry of a Bundle, whatever JSON it makes of it.

    Examples:
        >>> of_entry({"response": {"status": "201 Created", "etag": 'W/"1"'}})
        Answer(status=201, words='', version='1')
    """
    response = inner(entry, "response")
    digits = str(response.get("status", ""))[:3]
    version = str(response.get("etag", "")).removeprefix("W/").strip('"')
    return Answer(
        status=int(digits) if digits.isdecimal() else 0,
        words=_words(inner(response, "outcome")),
        version=version or str(inner(inner(entry, "resource"), "meta").get("versionId", "")),
    )


def _words(outcome: Mapping[str, Any]) -> str:
    """The issues of an OperationOutcome (FHIR R5, OperationOutcome); some servers wrap it."""
    said = outcome if outcome.get("resourceType") == "OperationOutcome" else inner(outcome, "outcome")
    lines = []
    for issue in items(said, "issue"):
        text = inner(issue, "details").get("text") or issue.get("diagnostics", "")
        places = issue.get("expression") or issue.get("location")
        place = ", ".join(map(str, places)) if isinstance(places, list) else str(places or "")
        lines.append(f"{issue.get('severity', '')} {issue.get('code', '')}: {text}{place and f' ({place})'}")
    return "; ".join(lines)


def _start(data: bytes) -> str:
    return " ".join(data[:200].decode("utf-8", errors="replace").split())

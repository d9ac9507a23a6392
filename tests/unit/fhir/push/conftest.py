"""A FHIR server in a thread that can be told to fail."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Resource = dict[str, Any]
Fault = Callable[["Handler", Resource], bool]
"""Given a request, answers it in the server's place and says so, or lets it pass."""


class Server:
    """What the server holds, what it was asked, and what it is to do wrong, request by request."""

    def __init__(self) -> None:
        self.resources: dict[str, Resource] = {}
        self.versions = 0
        self.asked: list[Resource] = []
        self.faults: list[Fault | None] = []
        self.refuses: dict[str, tuple[int, str]] = {}
        self.url = ""
        self.is_versioned = True

    def transactions(self) -> list[list[str]]:
        return [
            [f"{entry['request']['method']} {entry['request']['url']}" for entry in bundle["entry"]]
            for bundle in self.asked
            if bundle["type"] == "transaction"
        ]

    def answer(self, bundle: Resource) -> tuple[int, Resource]:
        if bundle["type"] == "batch":
            return 200, {"type": "batch-response", "entry": [self._read(entry) for entry in bundle["entry"]]}
        for entry in bundle["entry"]:
            if refusal := self.refuses.get(entry["request"]["url"]):
                return refusal[0], outcome(refusal[1])
        return 200, {"type": "transaction-response", "entry": [self._write(entry) for entry in bundle["entry"]]}

    @staticmethod
    def says(status: int, text: str = "", *, headers: tuple[str, str] | None = None) -> Fault:
        """A server that answers this and does nothing."""

        def fault(handler: Handler, _: Resource) -> bool:
            handler.reply(status, outcome(text), headers=headers)
            return True

        return fault

    @staticmethod
    def forgets_entries(handler: "Handler", bundle: Resource) -> bool:
        """A server that answers the first entry and no other."""
        status, body = handler.server.behind.answer(bundle)
        handler.reply(status, body | {"entry": body["entry"][:1]})
        return True

    @staticmethod
    def drops_half_way(handler: "Handler", bundle: Resource) -> bool:
        """A server that does as it is asked, and a line that breaks in the middle of the answer."""
        handler.reply(*handler.server.behind.answer(bundle), stop_after=10)
        return True

    @staticmethod
    def hangs_up(handler: "Handler", _: Resource) -> bool:
        """A line that breaks before the server has done anything."""
        handler.close_connection = True
        return True

    def _read(self, entry: Resource) -> Resource:
        found = self.resources.get(entry["request"]["url"])
        return {"resource": found, "response": {"status": "200"}} if found else {"response": {"status": "404"}}

    def _write(self, entry: Resource) -> Resource:
        url = entry["request"]["url"]
        if entry["request"]["method"] == "DELETE":
            self.resources.pop(url)
            return {"response": {"status": "204"}}
        self.versions += 1
        is_new = url not in self.resources
        if not self.is_versioned:
            self.resources[url] = entry["resource"]
            return {"response": {"status": "201" if is_new else "200"}}
        meta = entry["resource"].get("meta", {}) | {
            "versionId": str(self.versions),
            "lastUpdated": "2026-01-01T00:00:00Z",
        }
        self.resources[url] = entry["resource"] | {"meta": meta}
        return {"response": {"status": "201 Created" if is_new else "200 OK", "etag": f'W/"{self.versions}"'}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Listener"

    def do_POST(self) -> None:
        behind = self.server.behind
        bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        behind.asked.append(bundle | {"authorization": self.headers.get("Authorization")})
        fault = behind.faults.pop(0) if behind.faults else None
        if fault is None or not fault(self, bundle):
            self.reply(*behind.answer(bundle))

    def reply(
        self, status: int, body: Resource, *, stop_after: int | None = None, headers: tuple[str, str] | None = None
    ) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if headers:
            self.send_header(*headers)
        self.end_headers()
        self.wfile.write(data[:stop_after])
        self.close_connection = stop_after is not None

    def log_message(self, *_: object) -> None:
        pass


class Listener(ThreadingHTTPServer):
    behind: Server
    daemon_threads = True


def outcome(text: str) -> Resource:
    issue = {"severity": "error", "code": "invalid", "details": {"text": text}, "expression": ["Patient.gender"]}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


@pytest.fixture
def fhir() -> Iterator[Server]:
    behind = Server()
    listener = Listener(("127.0.0.1", 0), Handler)
    listener.behind = behind
    behind.url = f"http://127.0.0.1:{listener.server_port}/fhir"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield behind
    listener.shutdown()
    thread.join()
    listener.server_close()

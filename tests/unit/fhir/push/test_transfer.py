import json
from pathlib import Path
from typing import Any

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.fhir.push.outcome import Done, Outcome, Withdrawn
from cdisc_aclf.fhir.push.server import FhirServer
from cdisc_aclf.fhir.push.transfer import load


def patient(key: str, **elements: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": key, **elements}


def result(key: str, of: str, value: str = "1.50") -> dict[str, Any]:
    return {"resourceType": "Observation", "id": key, "subject": {"reference": f"Patient/{of}"}, "value": float(value)}


CUT = [patient("1"), patient("2"), result("a", of="1"), result("b", of="2")]
NAMES = ["Patient/1", "Observation/a", "Patient/2", "Observation/b"]


def package(folder: Path, resources: list[dict[str, Any]]) -> Path:
    bulk = folder / "ndjson"
    bulk.mkdir(parents=True, exist_ok=True)
    for file in bulk.iterdir():
        file.unlink()
    for resource in resources:
        with (bulk / f"{resource['resourceType']}.ndjson").open("a", encoding="utf-8") as file:
            file.write(json.dumps(resource, separators=(",", ":")) + "\n")
    rows = (f"{each['resourceType']}/{each['id']},form:{each['id']}\n" for each in resources)
    (folder.parent / "sources.csv").write_text("resource,source\n" + "".join(rows))
    (folder / "manifest.json").write_text('{"request":"https://x.org/fhir/$export"}')
    return folder


class Pushed:
    """A push, and what came of it."""

    def __init__(self, fhir: Any, folder: Path) -> None:
        self.fhir, self.folder = fhir, folder
        self.outcomes: list[Outcome] = []
        self.stopped = ""

    def __call__(
        self, resources: list[dict[str, Any]], *, size: int = 50, withdrawn: str = "keep", is_dry: bool = False
    ) -> dict[str, str]:
        self.outcomes, self.stopped = [], ""
        self.fhir.asked.clear()
        try:
            self.outcomes.extend(
                load(
                    package(self.folder / "r5", resources),
                    FhirServer(self.fhir.url, retries=3, backoff=0),
                    journal=self.folder / "push.jsonl",
                    size=size,
                    withdrawn=Withdrawn(withdrawn),
                    is_dry=is_dry,
                )
            )
        except InputError as stop:
            self.stopped = str(stop)
        assert len({outcome.resource for outcome in self.outcomes}) == len(self.outcomes)
        return {outcome.resource: outcome.done for outcome in self.outcomes}

    def about(self, resource: str) -> Outcome:
        [found] = [outcome for outcome in self.outcomes if outcome.resource == resource]
        return found


@pytest.fixture
def push(fhir: Any, tmp_path: Path) -> Pushed:
    return Pushed(fhir, tmp_path)


def every(done: str) -> dict[str, str]:
    return dict.fromkeys(NAMES, done)


def test_everything_is_created_under_its_own_id_what_is_referred_to_first(push: Pushed, fhir: Any):
    assert push(CUT) == every("created")
    [sent] = fhir.transactions()
    assert set(sent) == {f"PUT {name}" for name in NAMES}
    assert sent.index("PUT Patient/1") < sent.index("PUT Observation/a")
    assert sorted(fhir.resources) == sorted(NAMES)
    assert push.about("Patient/1") == Outcome("Patient/1", "form:1", Done.CREATED, 201)


def test_a_second_push_writes_nothing(push: Pushed, fhir: Any):
    push(CUT)
    before = json.dumps(fhir.resources)
    assert push(CUT) == every("unchanged")
    assert fhir.transactions() == []
    assert json.dumps(fhir.resources) == before


def test_a_second_push_without_the_journal_writes_nothing(push: Pushed, fhir: Any):
    push(CUT)
    (push.folder / "push.jsonl").unlink()
    assert push(CUT) == every("unchanged")
    assert fhir.transactions() == []


def test_the_next_cut_writes_only_what_changed(push: Pushed, fhir: Any):
    push(CUT)
    assert push([*CUT[:3], result("b", of="2", value="2.5"), result("c", of="1")]) == every("unchanged") | {
        "Observation/b": "updated",
        "Observation/c": "created",
    }
    assert [sorted(part) for part in fhir.transactions()] == [["PUT Observation/b", "PUT Observation/c"]]


def test_a_digit_that_is_added_is_a_change(push: Pushed, fhir: Any):
    push([patient("1")])
    bulk = push.folder / "r5" / "ndjson" / "Patient.ndjson"
    for digits, done in (("1.5", "updated"), ("1.50", "updated"), ("1.50", "unchanged")):
        bulk.write_text('{"resourceType":"Patient","id":"1","value":' + digits + "}\n")
        server = FhirServer(fhir.url, retries=0)
        [made] = load(
            push.folder / "r5",
            server,
            journal=push.folder / "push.jsonl",
            size=5,
            withdrawn=Withdrawn.KEEP,
            is_dry=False,
        )
        assert made.done == done


def test_what_somebody_else_changed_on_the_server_is_put_right(push: Pushed, fhir: Any):
    push(CUT)
    fhir.resources["Patient/1"] = patient("1", gender="male") | {"meta": {"versionId": "99"}}
    assert push(CUT) == every("unchanged") | {"Patient/1": "updated"}


def test_a_server_without_versions_is_held_against_what_it_says(push: Pushed, fhir: Any):
    fhir.is_versioned = False
    push(CUT)
    assert push(CUT) == every("unchanged")
    fhir.resources["Patient/1"] = patient("1", gender="male")
    assert push(CUT) == every("unchanged") | {"Patient/1": "updated"}


def test_what_the_server_has_lost_is_loaded_again(push: Pushed, fhir: Any):
    push(CUT)
    fhir.resources.clear()
    assert push(CUT) == every("created")


def test_a_dry_run_says_what_would_be_done_and_changes_neither_server_nor_journal(push: Pushed, fhir: Any):
    assert push(CUT, is_dry=True) == every("created")
    assert (fhir.resources, fhir.transactions()) == ({}, [])
    assert not (push.folder / "push.jsonl").exists()
    push(CUT)
    (push.folder / "push.jsonl").rename(push.folder / "kept")
    assert push(CUT, is_dry=True) == every("unchanged")
    assert not (push.folder / "push.jsonl").exists()
    (push.folder / "kept").rename(push.folder / "push.jsonl")
    assert push(CUT[1:], withdrawn="delete", is_dry=True)["Patient/1"] == "deleted"
    assert "Patient/1" in fhir.resources


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_no_part_is_larger_than_the_server_takes_and_none_refers_to_what_comes_later(
    size: int, push: Pushed, fhir: Any
):
    push(CUT, size=size)
    sent = fhir.transactions()
    assert max(map(len, sent)) <= size
    order = [row.removeprefix("PUT ") for part in sent for row in part]
    assert order.index("Patient/2") < order.index("Observation/b")
    assert sorted(order) == sorted(NAMES)


def test_a_refused_resource_is_found_and_the_rest_is_loaded(push: Pushed, fhir: Any):
    fhir.refuses["Observation/b"] = (422, "no such code")
    assert push(CUT) == every("created") | {"Observation/b": "refused"}
    assert push.about("Observation/b").status == 422
    assert push.about("Observation/b").text == "error invalid: no such code (Patient.gender)"
    fhir.refuses.clear()
    assert push(CUT) == every("unchanged") | {"Observation/b": "created"}


def test_what_refers_to_a_refused_resource_is_held_back_and_names_it(push: Pushed, fhir: Any):
    fhir.refuses["Patient/2"] = (400, "no")
    assert push(CUT) == every("created") | {"Patient/2": "refused", "Observation/b": "held back"}
    assert push.about("Observation/b").text == "refers to Patient/2, which the server does not have"
    assert push.about("Patient/2").source == "form:2"
    assert "Observation/b" not in fhir.resources


def test_what_refers_to_a_resource_whose_update_is_refused_is_loaded(push: Pushed, fhir: Any):
    push(CUT)
    fhir.refuses["Patient/2"] = (400, "no")
    changed = [patient("1"), patient("2", gender="male"), result("a", of="1"), result("b", of="2", value="9")]
    assert push(changed) == every("unchanged") | {"Patient/2": "refused", "Observation/b": "updated"}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_failure_that_passes_is_tried_again(status: int, push: Pushed, fhir: Any):
    fhir.faults = [None, fhir.says(status), fhir.says(status)]
    assert push(CUT) == every("created")
    assert len(fhir.transactions()) == 3


def test_a_line_that_breaks_is_tried_again_whatever_the_server_had_done(push: Pushed, fhir: Any):
    fhir.faults = [fhir.hangs_up, None, fhir.drops_half_way, fhir.hangs_up]
    assert push(CUT) == every("created")
    assert sorted(fhir.resources) == sorted(NAMES)


def test_a_server_that_goes_away_half_way_leaves_nothing_unreported_and_the_next_push_finishes(push: Pushed, fhir: Any):
    fhir.faults = [None, None, None, *[fhir.drops_half_way] * 4]
    assert push(CUT, size=2) == every("unknown") | {"Patient/1": "created", "Observation/a": "created"}
    assert "cannot be reached" in push.stopped
    assert all(push.stopped == outcome.text for outcome in push.outcomes[2:])
    assert push(CUT, size=2) == every("unchanged")
    assert push.stopped == ""


def test_a_server_that_is_not_available_stops_the_push_and_the_rest_is_reported_as_not_sent(push: Pushed, fhir: Any):
    fhir.faults = [None, None, *[fhir.says(503, "maintenance")] * 4]
    assert push(CUT, size=2) == every("not sent") | {"Patient/1": "created", "Observation/a": "created"}
    assert push.stopped.endswith("is not available: 503 error invalid: maintenance (Patient.gender)")
    assert push(CUT, size=2) == every("created") | {"Patient/1": "unchanged", "Observation/a": "unchanged"}


def test_a_resource_that_makes_the_server_crash_is_refused_alone(push: Pushed, fhir: Any):
    fhir.refuses["Patient/1"] = (500, "null pointer")
    assert push([patient("1"), patient("2"), patient("3")]) == {
        "Patient/1": "refused",
        "Patient/2": "created",
        "Patient/3": "created",
    }
    assert push.stopped == ""


def test_a_server_that_crashes_at_every_resource_is_given_up(push: Pushed, fhir: Any):
    cut = [patient(str(number)) for number in range(6)]
    fhir.refuses = {f"Patient/{number}": (500, "disk full") for number in range(6)}
    assert list(push(cut).values()) == ["refused"] * 3 + ["not sent"] * 3
    assert "answers 500 to 3 resources in a row" in push.stopped


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ((401, "who are you"), "lets nobody in: 401"),
        ((404, "no such page"), "does not answer a batch of reads: 404"),
        ((200, "hello"), "does not answer a batch of reads: 200"),
        ((302, "elsewhere"), "does not answer a batch of reads: 302"),
    ],
)
def test_what_is_no_fhir_server_for_us_is_named(fault: tuple[int, str], words: str, push: Pushed, fhir: Any):
    fhir.faults = [fhir.says(*fault)]
    assert push(CUT) == every("not sent")
    assert words in push.stopped


def test_an_answer_that_says_nothing_about_the_entries_leaves_them_unknown(push: Pushed, fhir: Any):
    fhir.faults = [None, fhir.says(200)]
    assert push(CUT) == every("unknown")
    assert "nothing about its entries" in push.stopped


def test_an_answer_that_leaves_out_entries_leaves_all_of_them_unknown(push: Pushed, fhir: Any):
    fhir.faults = [None, fhir.forgets_entries]
    assert push(CUT) == every("unknown")
    assert "answers 1 entries to 4" in push.stopped


def test_a_push_is_not_sent_on_to_another_place(push: Pushed, fhir: Any):
    fhir.faults = [fhir.says(307, headers=("Location", fhir.url + "/elsewhere"))]
    assert push(CUT) == every("not sent")
    assert len(fhir.asked) == 1


def test_nobody_home_is_told_and_everything_is_reported_as_not_sent(push: Pushed, fhir: Any):
    fhir.url = "http://127.0.0.1:9/fhir"
    assert push(CUT) == every("not sent")
    assert "http://127.0.0.1:9/fhir: cannot be reached" in push.stopped


def test_an_interruption_reports_the_rest_and_goes_on(push: Pushed, fhir: Any, monkeypatch: pytest.MonkeyPatch):
    made = load(
        package(push.folder / "r5", CUT),
        FhirServer(fhir.url),
        journal=push.folder / "push.jsonl",
        size=2,
        withdrawn=Withdrawn.KEEP,
        is_dry=False,
    )
    seen = [next(made), next(made)]

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FhirServer, "transact", interrupted)
    with pytest.raises(KeyboardInterrupt):
        seen.extend(made)
    assert [outcome.done for outcome in seen] == ["created", "created", "unknown", "unknown"]
    assert seen[-1].text == "interrupted"


WITHOUT_2 = [patient("1"), result("a", of="1")]


def test_a_subject_that_is_gone_from_the_next_cut_is_kept_and_reported(push: Pushed, fhir: Any):
    push(CUT)
    done = push(WITHOUT_2)
    assert (done["Patient/2"], done["Observation/b"]) == ("kept", "kept")
    assert "Patient/2" in fhir.resources


def test_a_subject_that_is_gone_from_the_next_cut_is_deleted_what_refers_to_it_first(push: Pushed, fhir: Any):
    push(CUT)
    done = push(WITHOUT_2, size=1, withdrawn="delete")
    assert (done["Patient/2"], done["Observation/b"]) == ("deleted", "deleted")
    assert fhir.transactions() == [["DELETE Observation/b"], ["DELETE Patient/2"]]
    assert sorted(fhir.resources) == ["Observation/a", "Patient/1"]
    assert push(WITHOUT_2, withdrawn="delete") == {"Patient/1": "unchanged", "Observation/a": "unchanged"}


def test_what_is_to_be_deleted_and_not_there_is_no_failure(push: Pushed, fhir: Any):
    push(CUT)
    del fhir.resources["Observation/b"]
    assert push(WITHOUT_2, withdrawn="delete")["Observation/b"] == "deleted"
    assert fhir.transactions() == [["DELETE Patient/2"]]


def test_a_subject_that_is_gone_from_the_next_cut_is_marked_once(push: Pushed, fhir: Any):
    label = {"security": [{"code": "HTEST"}], "tag": [{"display": "SYNTHETIC"}]}
    push([CUT[0], patient("2", meta=label), *CUT[2:]])
    assert push(WITHOUT_2, withdrawn="mark")["Patient/2"] == "marked"
    tag = {"system": "https://x.org/fhir/CodeSystem/cut", "code": "withdrawn", "display": "not in this cut"}
    assert fhir.resources["Patient/2"]["meta"]["tag"] == [*label["tag"], tag]
    assert fhir.resources["Patient/2"]["meta"]["security"] == label["security"]
    assert fhir.resources["Observation/b"]["value"] == 1.5
    assert push(WITHOUT_2, withdrawn="mark")["Patient/2"] == "unchanged"
    assert fhir.transactions() == []


def test_a_subject_that_comes_back_is_loaded_again(push: Pushed, fhir: Any):
    push(CUT)
    push(WITHOUT_2, withdrawn="mark")
    assert push(CUT)["Patient/2"] == "updated"
    assert "tag" not in fhir.resources["Patient/2"]["meta"]
    push(WITHOUT_2, withdrawn="delete")
    assert push(CUT)["Patient/2"] == "created"


def test_two_servers_keep_their_own_account_in_one_journal(push: Pushed, fhir: Any):
    push(CUT)
    fhir.url, there = fhir.url + "/other", dict(fhir.resources)
    fhir.resources.clear()
    assert push(CUT) == every("created")
    fhir.url, fhir.resources = fhir.url.removesuffix("/other"), there
    assert push(CUT) == every("unchanged")

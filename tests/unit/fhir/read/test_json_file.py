import json
from pathlib import Path

import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.fhir.model.spec import FhirVersion
from cdisc_aclf.fhir.read.json_file import read_fhir_json
from cdisc_aclf.fhir.read.spec import read_fhir
from cdisc_aclf.fhir.validate.resources import Validator
from cdisc_aclf.study.shipped import first_study


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(read_fhir(first_study()), FhirVersion.R5, every=True)


def patient(**elements: object) -> dict[str, object]:
    return {"resourceType": "Patient", "id": "a", **elements}


def test_extensions_within_each_other_beyond_any_use_are_refused(tmp_path: Path):
    extension: dict[str, object] = {"url": "http://example.org/x", "valueString": "z"}
    for _ in range(200):
        extension = {"url": "http://example.org/x", "extension": [extension]}
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(patient(extension=[extension])))
    with pytest.raises(InputError, match="is nested more than 100 levels deep"):
        list(read_fhir_json(path))


@pytest.mark.parametrize("odd", [5, "x", True, None, {}, [5], [None], ["x"], [[]]])
@pytest.mark.parametrize("element", ["contained", "extension", "meta", "identifier", "name", "id", "text"])
def test_an_element_of_an_odd_structure_is_an_issue_and_never_a_crash(validator: Validator, element: str, odd: object):
    issues, _ = validator.validate(patient(**{element: odd}))
    if not (element == "id" and odd == "x"):
        assert issues

"""Where raw columns go: every target has to exist."""

from collections.abc import Mapping

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.model.spec import ANY, FormSpec, StandardSpec


def check_targets(forms: Mapping[str, FormSpec], standard: StandardSpec) -> None:
    """See that every target of a raw column exists, as far as its dataset has a spec.

    Raises:
        DefinitionError: a target names a variable that the spec of its dataset does not have.
    """
    variables = {name: set(dataset.names) for name, dataset in standard.datasets.items()}
    qualifiers = {(f"SUPP{qualifier.dataset}", qualifier.qnam) for qualifier in standard.qualifiers}
    for form in forms.values():
        for column in form.columns:
            for target in column.targets:
                dataset, _, variable = target.partition(".")
                parent = dataset.removeprefix("SUPP")
                if dataset == ANY or parent not in variables:
                    continue
                if variable not in variables.get(dataset, ()) and (dataset, variable) not in qualifiers:
                    raise DefinitionError(form.file, f"{column.name} goes to {target}, which specs/sdtm does not have")

import polars as pl
import pytest

from cdisc_aclf.errors import DefinitionError
from cdisc_aclf.map.element import planned_days


@pytest.mark.parametrize("durations", [["P2W"], ["13"], [None], [], ["P13D", "P13D"]])
def test_an_element_without_one_number_of_days_is_the_fault_of_its_table(durations: list[str | None]):
    elements = pl.DataFrame({"etcd": ["SOC"] * len(durations), "tedur": pl.Series(durations, dtype=pl.String)})
    with pytest.raises(DefinitionError, match=r"specs/reference/elements\.csv: SOC: no number of days"):
        planned_days(elements, "SOC")

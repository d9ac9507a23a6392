import base64
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from cdisc_aclf.errors import InputError
from cdisc_aclf.formats.sas import read_sas7bdat, read_xpt
from cdisc_aclf.formats.xpt.model import Column, SasDataset

# Three records that the C library ReadStat wrote: ANALYTE, RESULT, SAMPLED (days since 1960-01-01), in UTF-8.
LAB = """
c-rlm&ui0Q7{{Nt?b>v!qlFxH7#QXbUJMDTWdp%Q8bQd)Xd@^H8nI9zu48t%UHoxYFP^Oa6M|k82I9q|c+!Kgqr;OYf6m4<@0+&oqir{(;PC
yF<jM2R^ZrWTH@t6NfG#gS+`8~s&b`{aCqeq9erM`nHfPL$VUU<kXow6DC!B7OLk7q)C~*?yQ!y*b$y2svn<tb(zz~Y2WA?-;UV6*yu{>FN5
G2p5T3*u^kJ^`)*VcP<L)A4^JEH3aP1SW($JwpV70ws(oTS*Lx)mKb{{FLfEmTi|Kp+qZ1OkCTAP@-t8JgX7E5}xnUBo6~A~0_=)IA*M<DN5
p3Z<`&Q+p=H>)UB+Z$<)Jus>mX9_clv+ep`#K8N&=615AcK9Bn7D?@aYJ!^D{hTna&VA{^F-!oo+xe?j-&CTtHw}Ugg|Df6C>G94-g*|)^5e
NhVfndMV`tFBdJ>4h128rN&E}Vl5N<SDIl7E%{7^I@~G`T;^{Ap(6!H+<^<N1DzD`SVHi{>j?X2a=IqB}_nryU6b67qXtS^3=wL!Q;I$lB?2
>KpNcrSZCwjQ3;O`z;m6S}MEO6wkd_Uv(Sx)eQi%WZGvP3(RHL+h|mwY*kL%4nVnjb<JzE_j?wXY^w+r_sWV_RW7+fOpq79N3z40pI|mMqJE
Z1@y|Vaf=M)=OQPpPQ2ns)qqs2?H-`ENLG8po>yAVF<F{SLef9sOfA3#D1<(=4^En_~4>11#x}Vc#=={4gVt)_Tqwy{S8pw=!)KC2X?Ee_md
UUTu<1B{!apY%^KZ$&4WG$7#cgk#7qTEwXCcK{BWyy)4rX+ZqOmOP;zWo<3Wq$%#<^y&
"""


def written(path: Path, *, version: int = 5) -> Path:
    frame = pl.DataFrame(
        {
            "ANALYTE": ["ALT", None, " 白蛋白"],
            "RESULT": [61.5, None, 0.1],
            "SAMPLED": [24116.0, None, 1e10],
            "EMPTY": pl.Series([None, None, None], dtype=pl.Float64),
        }
    )
    pyreadstat.write_xport(
        frame,
        path,
        file_label="Raw laboratory",
        column_labels=["Analyte", "Result", "Sample date", None],
        table_name="LAB",
        file_format_version=version,
        variable_format={"SAMPLED": "DATE9.", "RESULT": "8.2"},
    )
    return path


def in_gb18030(path: Path) -> Path:
    content = path.read_bytes()
    text = "白蛋白"
    gb = text.encode("gb18030")
    path.write_bytes(content.replace(text.encode(), gb + b" " * (len(text.encode()) - len(gb))))
    return path


@pytest.mark.parametrize("version", [5, 8])
def test_a_transport_file_is_read_as_stored(tmp_path: Path, version: int):
    lab = read_xpt(written(tmp_path / "lab.xpt", version=version))
    assert (lab.name, lab.label) == ("LAB", "Raw laboratory")
    assert lab.columns == (
        Column("ANALYTE", "Analyte", "char", 10),
        Column("RESULT", "Result", "num", 8, "8.2"),
        Column("SAMPLED", "Sample date", "num", 8, "DATE9."),
        Column("EMPTY", "", "num", 8),
    )
    assert lab.frame.rows() == [
        ("ALT", 61.5, 24116.0, None),
        (None, None, None, None),
        (" 白蛋白", 0.1, 1e10, None),
    ]


def test_a_number_that_is_always_missing_is_still_a_number(tmp_path: Path):
    assert read_xpt(written(tmp_path / "lab.xpt")).frame.schema["EMPTY"] == pl.Float64


@pytest.mark.parametrize("special", [b".", b"_", b"A", b"Z"])
def test_every_kind_of_missing_number_is_null(tmp_path: Path, special: bytes):
    path = written(tmp_path / "lab.xpt")
    path.write_bytes(path.read_bytes().replace(b"." + bytes(7), special + bytes(7)))
    assert read_xpt(path).frame["RESULT"].to_list() == [61.5, None, 0.1]


def test_a_sas7bdat_file_is_read_as_stored(tmp_path: Path):
    path = tmp_path / "lab.sas7bdat"
    path.write_bytes(zlib.decompress(base64.b85decode(LAB.replace("\n", ""))))
    lab = read_sas7bdat(path)
    assert (lab.name, lab.label) == ("LAB", "Raw laboratory")
    assert lab.columns == (
        Column("ANALYTE", "Analyte", "char", 12),
        Column("RESULT", "Result", "num", 8),
        Column("SAMPLED", "Sample date", "num", 8, "DATE9."),
    )
    assert lab.frame.rows() == [
        ("ALT", 61.5, 24116.0),
        ("白蛋白", None, None),
        (None, 0.1, 0.0),
    ]


def test_text_in_a_named_encoding_is_read(tmp_path: Path):
    path = in_gb18030(written(tmp_path / "lab.xpt"))
    assert read_xpt(path, encoding="GB18030").frame["ANALYTE"][2] == " 白蛋白"


def refusal(path: Path, **options: str) -> str:
    with pytest.raises(InputError) as error:
        read_xpt(path, **options)
    assert error.value.where == str(path)
    return error.value.what


def test_text_in_another_encoding_is_refused_with_encodings_to_try(tmp_path: Path):
    path = in_gb18030(written(tmp_path / "lab.xpt"))
    assert refusal(path) == "text is not UTF-8; name its encoding, e.g. GB18030 or WINDOWS-1252"


def test_text_that_is_not_in_the_named_encoding_is_refused(tmp_path: Path):
    path = written(tmp_path / "lab.xpt")
    path.write_bytes(path.read_bytes().replace("白".encode(), b"\xff\xff\xff"))
    assert refusal(path, encoding="GB18030").startswith("cannot be read as a SAS file with text in GB18030: ")


def test_an_encoding_nobody_knows_is_refused(tmp_path: Path):
    assert "with text in MARTIAN" in refusal(written(tmp_path / "lab.xpt"), encoding="MARTIAN")


@pytest.mark.parametrize("version", [5, 8])
def test_several_datasets_in_one_file_are_refused(tmp_path: Path, version: int):
    path = written(tmp_path / "two.xpt", version=version)
    content = path.read_bytes()
    path.write_bytes(content + content[240:])
    assert refusal(path) == "holds 2 datasets; one file per dataset is read"


def test_a_header_quoted_in_the_data_is_no_dataset(tmp_path: Path):
    path = tmp_path / "quoted.xpt"
    quoted = "see HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
    pyreadstat.write_xport(pl.DataFrame({"NOTE": [quoted]}), path, file_format_version=5)
    assert read_xpt(path).frame["NOTE"].to_list() == [quoted]


@pytest.mark.parametrize("content", [b"", b"USUBJID,AGE\nPL21-01,46\n", b"**COMPRESSED** **COMPRESSED** "])
def test_a_file_that_is_no_transport_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "lab.xpt"
    path.write_bytes(content)
    assert refusal(path) == "is not a SAS transport file: it has no LIBRARY header"


def test_a_file_cut_in_the_middle_of_a_record_is_refused(tmp_path: Path):
    path = written(tmp_path / "lab.xpt")
    path.write_bytes(path.read_bytes()[:-40])
    assert refusal(path).startswith("is cut short: ")


def test_a_file_cut_after_its_first_records_is_refused(tmp_path: Path):
    path = written(tmp_path / "lab.xpt")
    path.write_bytes(path.read_bytes()[:400])
    assert refusal(path).startswith("cannot be read as a SAS file")


@pytest.mark.parametrize("read", [read_xpt, read_sas7bdat])
def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path, read: Callable[[Path], SasDataset]):
    with pytest.raises(InputError, match="cannot be opened: No such file"):
        read(tmp_path / "lab.xpt")
    with pytest.raises(InputError, match="cannot be opened: Is a directory"):
        read(tmp_path)


@pytest.mark.parametrize("content", [b"", b"x" * 9000])
def test_a_file_that_is_no_sas7bdat_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "lab.sas7bdat"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"lab\.sas7bdat: cannot be read as a SAS file: "):
        read_sas7bdat(path)

"""What a run made, on disk: written beside, read back, moved into place whole."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

from cdisc_aclf.define.page.document import define_html
from cdisc_aclf.define.write.document import define_xml
from cdisc_aclf.documents.guide.write import guide_pdf
from cdisc_aclf.errors import AclfError, DefinitionError, InputError
from cdisc_aclf.fhir.forms import save_forms
from cdisc_aclf.fhir.model.spec import FhirSpec, FhirVersion
from cdisc_aclf.fhir.resources import entries, sources
from cdisc_aclf.fhir.unmapped import unmapped_csv
from cdisc_aclf.files.save import replaced
from cdisc_aclf.formats.sas import read_xpt
from cdisc_aclf.formats.sas_time import stored
from cdisc_aclf.formats.transport import save_dataset_json
from cdisc_aclf.formats.xpt.model import Column
from cdisc_aclf.formats.xpt.write import differences, xpt_bytes
from cdisc_aclf.model.issue import PROTOCOL
from cdisc_aclf.model.package import ACRF, GUIDES, dataset_file, standard_folder
from cdisc_aclf.model.run import Run, SubmittedDataset
from cdisc_aclf.model.spec import SDTM
from cdisc_aclf.model.text import LIMIT
from cdisc_aclf.report.label_bytes import label_bytes_csv
from cdisc_aclf.report.page import report_html
from cdisc_aclf.report.summary import issues_csv, summary
from cdisc_aclf.submission.divide import size_of, widths_of
from cdisc_aclf.submission.documents import Documents
from cdisc_aclf.submission.manifest.package import add_manifest, sources_of
from cdisc_aclf.submission.stamp import time_stamp

SUMMARY = "run.json"
NOTICE = "SYNTHETIC.txt"


def publish(  # noqa: PLR0913 - what was made, where it goes, and choices of the command line
    run: Run,
    documents: Documents,
    spec: FhirSpec,
    out: Path,
    *,
    bundle_size: int,
    inputs: Mapping[str, Path],
    replace_changed: bool = False,
) -> None:
    """Write datasets, FHIR and report to a folder that appears whole or not at all.

    Args:
        run: what was made.
        documents: what goes with the datasets.
        spec: FHIR resources and their leaves.
        out: the folder; an earlier output there is replaced, anything else is left alone.
        bundle_size: entries of a FHIR transaction, at least 1.
        inputs: files that the run was made from, by the name that the manifest gives them.
        replace_changed: replace an earlier output although something in it was added or changed.

    Raises:
        InputError: a value is longer than a transport file holds, a dataset larger than the study's profile allows.
        DefinitionError: a path is not as the profile wants it.
        UsageError: `out` holds something that this program did not write.
        AclfError: a file does not read back as it was written, or the disk refuses.
    """
    _refuse_what_no_transport_file_holds(run)
    _refuse_what_the_authority_does_not_take(run)
    read = (*sources_of(run.study.folder), *inputs.values())
    with replaced(out, mark=SUMMARY, inputs=read, replace_changed=replace_changed) as folder:
        for dataset in run.datasets.values():
            path = folder / dataset_file(run.study.id, dataset.spec)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_xpt(dataset, path, stamp=time_stamp())
        for standard, define in documents.defines.items():
            beside = folder / standard_folder(run.study.id, standard)
            (beside / "define.xml").write_bytes(define_xml(define, stamp=time_stamp()))
            page = define_html(define, synthetic=run.synthetic is not None, say=run.language)
            (beside / "define.html").write_bytes(page.encode())
        for dataset in run.datasets.values():
            save_dataset_json(dataset, run.study, folder, stamp=time_stamp())
        (folder / standard_folder(run.study.id, SDTM) / ACRF).write_bytes(documents.acrf)
        for standard, guide in documents.guides.items():
            name, title = GUIDES[standard]
            pdf = guide_pdf(
                guide,
                title=f"{run.study.id}: {run.language(title)}",
                say=run.language,
                notice=run.synthetic or "",
                stamp=time_stamp(),
            )
            (folder / standard_folder(run.study.id, standard) / name).write_bytes(pdf)
        for version in FhirVersion:
            save_forms(
                folder / "fhir" / version.lower(),
                [*entries(run.made, spec, synthetic=run.synthetic, version=version)],
                base=run.study.fhir_base,
                synthetic=run.synthetic,
                size=bundle_size,
                stamp=time_stamp(),
            )
        record = f"{PROTOCOL}:{run.trial.identification.nct_id}"
        sources(run.made, spec, record=record).write_csv(folder / "fhir" / "sources.csv")
        (folder / "fhir" / "unmapped.csv").write_bytes(unmapped_csv(spec.unmapped()).encode())
        (folder / "report").mkdir()
        (folder / "report" / "issues.csv").write_bytes(issues_csv(run.issues).encode())
        if run.language.is_chinese:
            (folder / "report" / "label_bytes.csv").write_bytes(label_bytes_csv(run.datasets.values()).encode())
        (folder / "report" / "index.html").write_bytes(report_html(run).encode())
        if run.synthetic is not None:
            (folder / NOTICE).write_bytes(f"{run.synthetic} data: no record here is about a person.\n".encode())
        (folder / SUMMARY).write_bytes(json.dumps(summary(run), ensure_ascii=False, indent=1).encode())
        add_manifest(
            folder,
            study=run.study.id,
            profile=run.study.profile.name if run.study.profile else "",
            sources=run.study.folder,
            inputs=inputs,
            stamp=time_stamp().isoformat(),
        )


def _refuse_what_no_transport_file_holds(run: Run) -> None:
    """Text beyond 200 bytes that its spec does not let go on in SUPP-- (SAS, TS-140: width of a character variable)."""
    for dataset in run.datasets.values():
        for name, width in widths_of(dataset).items():
            if width > LIMIT:
                record = dataset.frame.filter(pl.col(name).str.len_bytes() > LIMIT).row(0, named=True)
                raise InputError(
                    f"{dataset.spec.name}.{name} of {record.get('USUBJID') or 'the study'}",
                    f"{len(record[name].encode())} bytes, a transport file holds {LIMIT}: {record[name][:40]}...",
                )


def _refuse_what_the_authority_does_not_take(run: Run) -> None:
    profile = run.study.profile
    if profile is None:
        return
    for dataset in run.datasets.values():
        for problem in profile.path_problems(dataset_file(run.study.id, dataset.spec)):
            raise DefinitionError("specs/study.toml", f"{dataset.spec.name}: {problem}")
        if too_large := profile.size_problem(size_of(dataset)):
            raise InputError(dataset.spec.name, f"{too_large} (specs/sdtm/parts.csv)")


def _write_xpt(dataset: SubmittedDataset, path: Path, *, stamp: datetime) -> None:
    frame, spec = stored(dataset.frame), dataset.spec
    columns = columns_of(dataset)
    with path.open("wb") as file:
        file.writelines(xpt_bytes(frame, name=spec.name, label=spec.submitted_label, columns=columns, stamp=stamp))
    try:
        back = read_xpt(path)
    except InputError as problem:
        raise AclfError(path.name, f"does not read back: {problem.what}") from problem
    if changed := differences(frame, back, name=spec.name, label=spec.submitted_label, columns=columns):
        raise AclfError(path.name, f"reads back changed: {'; '.join(changed)}")


def columns_of(dataset: SubmittedDataset) -> list[Column]:
    """What the transport file says of each variable; text is as wide as its longest value (FDA SD1082)."""
    widths = widths_of(dataset)
    return [
        Column(
            variable.name,
            variable.submitted_label,
            "char" if variable.is_text else "num",
            max(widths[variable.name], 1),
            variable.format,
        )
        for variable in dataset.spec.variables
        if variable.name in widths
    ]

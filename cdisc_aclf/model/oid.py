"""OIDs by which Define-XML and Dataset-JSON refer to each other, built as in the examples of both standards."""


def study_oid(study: str) -> str:
    """The OID of the Study.

    Examples:
        >>> study_oid("PL21")
        'ST.PL21'
    """
    return f"ST.{study}"


def metadata_oid(study: str, standard: str) -> str:
    """The OID of the MetaDataVersion; `standard` is sdtm or adam.

    Examples:
        >>> metadata_oid("PL21", "sdtm")
        'MDV.PL21.SDTM'
    """
    return f"MDV.{study}.{standard.upper()}"


def dataset_oid(dataset: str) -> str:
    """The OID of the ItemGroupDef.

    Examples:
        >>> dataset_oid("LB")
        'IG.LB'
    """
    return f"IG.{dataset}"


def variable_oid(dataset: str, variable: str) -> str:
    """The OID of the ItemDef.

    Examples:
        >>> variable_oid("LB", "LBSEQ")
        'IT.LB.LBSEQ'
    """
    return f"IT.{dataset}.{variable}"

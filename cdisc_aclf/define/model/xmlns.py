"""The namespaces of Define-XML 2.1, ODM 1.3.2 and ARM 1.0, as lxml writes them before a name."""

ODM_URI = "http://www.cdisc.org/ns/odm/v1.3"
DEF_URI = "http://www.cdisc.org/ns/def/v2.1"
ARM_URI = "http://www.cdisc.org/ns/arm/v1.0"
XLINK_URI = "http://www.w3.org/1999/xlink"

ODM = f"{{{ODM_URI}}}"
DEF = f"{{{DEF_URI}}}"
ARM = f"{{{ARM_URI}}}"
XLINK = f"{{{XLINK_URI}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

CCODE = "nci:ExtCodeID"
"""Context of an Alias that is a concept code of the NCI Thesaurus."""

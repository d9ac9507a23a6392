"""Location: the sites."""

from cdisc_aclf.fhir.map.elements import Json, codes_of, concept, identifier, present
from cdisc_aclf.fhir.map.ids import site_ids
from cdisc_aclf.model.frame import Frame
from cdisc_aclf.model.study import Study
from cdisc_aclf.model.trial import Trial


def location(trial: Trial, study: Study, ref_fhir_codes: Frame) -> list[Json]:
    """One resource per site, in the record's order; its recruitment is a characteristic, not a status of the place."""
    codes = codes_of(ref_fhir_codes)
    return [
        present(
            {
                "resourceType": "Location",
                "id": key,
                "identifier": [identifier(study, "site", key)],
                "name": site.facility,
                "address": {
                    "city": site.city,
                    "state": site.state,
                    "postalCode": site.zip,
                    "country": site.country,
                },
                "position": {"longitude": site.longitude, "latitude": site.latitude},
                "characteristic": [concept(codes, "overallStatus", site.status)],
            }
        )
        for key, site in zip(site_ids(trial), trial.locations, strict=True)
    ]

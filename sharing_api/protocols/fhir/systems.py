"""Identifier and code systems that FHIR messages of the exchange use, one list for all readers.

Viet Nam has published no NamingSystem resources for these numbers: the URIs are the exchange's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class IdentifierSystem:
    """What a FHIR NamingSystem would say of a kind of number.

    Args:
        uri: value of `Identifier.system`.
        title_vi: name in the words of the law.
        shape: how its values are written.
        source: instrument that gives the number.
    """

    uri: str
    title_vi: str
    shape: str
    source: str


PIN = IdentifierSystem(
    "urn:natdb:fhir:identifier:pin",
    "Số định danh cá nhân",
    "12 digits",
    "Law on Identity 26/2023/QH15 art. 12",
)
SOCIAL_INSURANCE_NUMBER = IdentifierSystem(
    "urn:natdb:fhir:identifier:social-insurance-number",
    "Mã số bảo hiểm xã hội",
    "10 digits",
    "Decision 1666/QĐ-BHXH",
)
HEALTH_CARD = IdentifierSystem(
    "urn:natdb:fhir:identifier:health-insurance-card",
    "Mã thẻ bảo hiểm y tế",
    "15 characters, 10 digits or 12 digits: the three forms that are valid side by side",
    "Decision 1351/QĐ-BHXH; Decision 1666/QĐ-BHXH; Decree 188/2025/NĐ-CP",
)
FACILITY = IdentifierSystem(
    "urn:natdb:fhir:identifier:treatment-facility",
    "Mã cơ sở khám bệnh, chữa bệnh",
    "5 digits",
    "no instrument was found; the shape is that of the published FHIR VN Core",
)
UNIT_CODE = IdentifierSystem(
    "urn:natdb:fhir:identifier:insurance-unit",
    "Mã đơn vị tham gia bảo hiểm xã hội",
    "letters and digits, given by the insurance office",
    "no instrument was found",
)
ENTERPRISE_CODE = IdentifierSystem(
    "urn:natdb:fhir:identifier:enterprise-code",
    "Mã số doanh nghiệp",
    "10 digits with a check digit",
    "Decree 168/2025/NĐ-CP",
)
AGENCY = IdentifierSystem(
    "urn:natdb:fhir:identifier:agency-code",
    "Mã định danh cơ quan, tổ chức",
    "a letter and two digits, with further levels behind points",
    "Decision 20/2020/QĐ-TTg",
)
PSEUDONYM = IdentifierSystem(
    "urn:natdb:fhir:identifier:pairwise-pseudonym",
    "Định danh thay thế theo thỏa thuận",
    "22 characters; another one in every agreement",
    "the agreement under which the answer is given",
)

IDENTIFIER_SYSTEMS: Mapping[str, IdentifierSystem] = MappingProxyType(
    {
        one.uri: one
        for one in (
            PIN,
            SOCIAL_INSURANCE_NUMBER,
            HEALTH_CARD,
            FACILITY,
            UNIT_CODE,
            ENTERPRISE_CODE,
            AGENCY,
            PSEUDONYM,
        )
    }
)

# Codes of the registers' dated lists: the version of a coding is that of its list.
CODE_LIST = "urn:natdb:code-list:"
PREMIUM_PAYER = "urn:natdb:fhir:premium-payer"
BENEFIT = "urn:natdb:fhir:benefit"
PROBLEM = "urn:natdb:problem"
FIVE_YEARS_ON = "urn:natdb:fhir:extension:five-consecutive-years-on"
INITIAL_FACILITY = "urn:natdb:fhir:extension:initial-facility"
COVERAGE_CLASS = "http://terminology.hl7.org/CodeSystem/coverage-class"
COPAY_TYPE = "http://terminology.hl7.org/CodeSystem/coverage-copay-type"
UNITS = "http://unitsofmeasure.org"

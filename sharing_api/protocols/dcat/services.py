"""The data services of the exchange: its own protocol and the dialects of the fields. Pure."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Service:
    """One way to ask.

    Args:
        name: part of its address in the catalogue.
        path: where it is asked.
        description_path: where it describes itself.
        standard: address of the specification that it follows.
        registers: whose datasets it serves; empty: those of all.
    """

    name: str
    title: str
    title_vi: str
    path: str
    description_path: str
    standard: str
    registers: tuple[str, ...] = ()


SERVICES: Final = (
    Service(
        "exchange",
        "Exchange of reference data",
        "Dịch vụ chia sẻ dữ liệu",
        "/v1",
        "/openapi.json",
        "https://spec.openapis.org/oas/v3.1.0",
    ),
    Service(
        "features",
        "Land parcels: OGC API - Features",
        "Thửa đất: OGC API - Features",
        "/ogc",
        "/ogc/conformance",
        "http://www.opengis.net/spec/ogcapi-features-1/1.0",
        ("land",),
    ),
    Service(
        "fhir",
        "Health insurance coverage: FHIR",
        "Quyền lợi bảo hiểm y tế: FHIR",
        "/fhir",
        "/fhir/metadata",
        "http://hl7.org/fhir/R4",
        ("insurance",),
    ),
    Service(
        "sdmx-2.1",
        "Population statistics: SDMX 2.1",
        "Thống kê dân số: SDMX 2.1",
        "/sdmx/2.1",
        "/sdmx/2.1/dataflow",
        "https://sdmx.org/?page_id=5008",
        ("population_statistics",),
    ),
    Service(
        "sdmx-3.0",
        "Population statistics: SDMX 3.0",
        "Thống kê dân số: SDMX 3.0",
        "/sdmx/3.0",
        "/sdmx/3.0/structure/dataflow",
        "https://sdmx.org/?page_id=5008",
        ("population_statistics",),
    ),
)

"""The catalogue as a graph: catalogue, datasets, services, standards and code lists."""

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from databases.code_lists import reading
from databases.code_lists.catalogue import Catalogue
from databases.code_lists.values import CodeListVersion
from databases.datasets import Dataset
from sharing_api.disclosure import catalogue
from sharing_api.protocols.dcat.services import SERVICES, Service
from sharing_api.standards import catalogue as standards
from sharing_api.standards.catalogue import Standard

# DCAT 3; the library knows DCAT 2.
_DCAT_VERSION: Final = URIRef("http://www.w3.org/ns/dcat#version")
_VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority"
_THEMES: Final = Namespace(f"{_AUTHORITY}/data-theme/")
_LANGUAGES: Final = (URIRef(f"{_AUTHORITY}/language/VIE"), URIRef(f"{_AUTHORITY}/language/ENG"))
_RESTRICTED: Final = URIRef(f"{_AUTHORITY}/access-right/RESTRICTED")
_PUBLIC: Final = URIRef(f"{_AUTHORITY}/access-right/PUBLIC")
_VIET_NAM: Final = URIRef(f"{_AUTHORITY}/country/VNM")
_CODE_LIST: Final = URIRef(f"{_AUTHORITY}/dataset-type/CODE_LIST")
_MEDIA: Final = Namespace("http://www.iana.org/assignments/media-types/")
_AGENCIES: Final = ("agency", "09/2025")
_OPERATOR: Final = "G01"
_KINDS: Mapping[URIRef, URIRef] = MappingProxyType(
    {
        DCTERMS.language: DCTERMS.LinguisticSystem,
        DCTERMS.spatial: DCTERMS.Location,
        DCTERMS.accessRights: DCTERMS.RightsStatement,
        DCTERMS.conformsTo: DCTERMS.Standard,
        DCAT.mediaType: DCTERMS.MediaType,
    }
)
_CONCEPTS: Mapping[URIRef, str] = MappingProxyType(
    {
        _THEMES["ECON"]: "Economy and finance",
        _THEMES["HEAL"]: "Health",
        _THEMES["REGI"]: "Regions and cities",
        _THEMES["SOCI"]: "Population and society",
        _CODE_LIST: "Code list",
    }
)
_THEME_OF: Mapping[str, str] = MappingProxyType(
    {
        "enterprise": "ECON",
        "finance": "ECON",
        "insurance": "HEAL",
        "land": "REGI",
        "population": "SOCI",
        "population_statistics": "SOCI",
    }
)


def build(address: str) -> Graph:
    """Build the catalogue.

    Args:
        address: of the exchange, without a slash at its end; everything is named under it.
    """
    return _Builder(address).build()


class _Builder:
    def __init__(self, address: str) -> None:
        self._address = address
        self._names = Namespace(f"{address}/catalogue#")
        self._graph = Graph()
        self._lists = _lists()
        for prefix, names in (("dcat", DCAT), ("dct", DCTERMS), ("vcard", _VCARD), ("foaf", FOAF)):
            self._graph.bind(prefix, names)

    def build(self) -> Graph:
        root = URIRef(f"{self._address}/catalogue")
        self._add(root, RDF.type, DCAT.Catalog)
        self._named(root, "National reference databases", "Các cơ sở dữ liệu quốc gia")
        self._described(
            root,
            "Datasets, services, standards and code lists of the six national databases.",
            "Dữ liệu, dịch vụ, tiêu chuẩn và danh mục của sáu cơ sở dữ liệu quốc gia.",
        )
        self._add(root, DCTERMS.publisher, self._agency(_OPERATOR))
        self._add(root, DCTERMS.spatial, _VIET_NAM)
        for language in _LANGUAGES:
            self._add(root, DCTERMS.language, language)
        for standard in standards.list_standards():
            self._standard(standard)
        for name, dataset in catalogue.DATASETS.items():
            self._add(root, DCAT.dataset, self._dataset(name, dataset))
        for service in SERVICES:
            self._add(root, DCAT.service, self._service(service))
        for version in self._lists.list_versions():
            self._add(root, DCAT.dataset, self._code_list(version))
        self._add(root, DCTERMS.license, self._names["terms"])
        self._terms()
        self._add_kinds()
        return self._graph

    def _add_kinds(self) -> None:
        """Say of what kind the values are that lists of others define: some readers ask for it."""
        for predicate, kind in _KINDS.items():
            for value in set(self._graph.objects(None, predicate)):
                self._graph.add((value, RDF.type, kind))
        for concept, name in _CONCEPTS.items():
            self._add(concept, RDF.type, SKOS.Concept)
            self._add(concept, SKOS.prefLabel, Literal(name, lang="en"))

    def _dataset(self, name: str, dataset: Dataset) -> URIRef:
        standard = standards.get_standard(dataset.standard, dataset.standard_version)
        node = self._names[f"dataset-{name.replace('/', '-')}"]
        self._add(node, RDF.type, DCAT.Dataset)
        self._named(node, f"{standard.title}: {name}", f"{standard.title_vi}: {name}")
        titles = ((one.description, one.title_vi) for one in dataset.fields.values())
        english, vietnamese = zip(*titles, strict=True)
        self._described(node, " ".join(english), "; ".join(vietnamese))
        self._add(node, DCTERMS.identifier, Literal(name))
        self._add(node, DCTERMS.publisher, self._agency(standard.owner))
        self._add(node, DCAT.contactPoint, self._contact())
        self._add(node, DCTERMS.accessRights, _RESTRICTED)
        self._add(node, DCTERMS.conformsTo, self._standard_node(standard))
        self._add(node, DCTERMS.spatial, _VIET_NAM)
        if dataset.register in _THEME_OF:
            self._add(node, DCAT.theme, _THEMES[_THEME_OF[dataset.register]])
        for form in standard.representations:
            self._distribution(node, name, standard, form)
        return node

    def _distribution(self, dataset: URIRef, name: str, standard: Standard, form: str) -> None:
        node = self._names[f"distribution-{name.replace('/', '-')}-{form}"]
        self._add(dataset, DCAT.distribution, node)
        self._add(node, RDF.type, DCAT.Distribution)
        self._named(node, f"{name} as {form}", f"{name} dạng {form}")
        self._add(node, DCAT.accessURL, URIRef(f"{self._address}/v1/{name}/look-up"))
        self._add(node, DCAT.accessService, self._names["service-exchange"])
        self._add(node, DCAT.mediaType, _MEDIA[f"application/{form}"])
        self._add(node, DCTERMS.conformsTo, self._standard_node(standard))
        self._add(node, DCTERMS.license, self._names["terms"])

    def _service(self, service: Service) -> URIRef:
        node = self._names[f"service-{service.name}"]
        self._add(node, RDF.type, DCAT.DataService)
        self._named(node, service.title, service.title_vi)
        self._add(node, DCAT.endpointURL, URIRef(self._address + service.path))
        description = URIRef(self._address + service.description_path)
        self._add(node, DCAT.endpointDescription, description)
        self._add(node, DCTERMS.publisher, self._agency(_OPERATOR))
        self._add(node, DCAT.contactPoint, self._contact())
        self._add(node, DCTERMS.accessRights, _RESTRICTED)
        self._add(node, DCTERMS.license, self._names["terms"])
        self._add(node, DCTERMS.conformsTo, URIRef(service.standard))
        for name, dataset in catalogue.DATASETS.items():
            if not service.registers or dataset.register in service.registers:
                served = self._names[f"dataset-{name.replace('/', '-')}"]
                self._add(node, DCAT.servesDataset, served)
        return node

    def _standard(self, standard: Standard) -> None:
        node = self._standard_node(standard)
        self._add(node, RDF.type, DCTERMS.Standard)
        self._named(node, standard.title, standard.title_vi)
        self._add(node, DCTERMS.identifier, Literal(standard.reference))
        self._add(node, DCTERMS.publisher, self._agency(standard.owner))
        for source in standard.sources:
            self._add(node, DCTERMS.source, Literal(source, lang="en"))

    def _code_list(self, version: CodeListVersion) -> URIRef:
        name = f"{version.list_code}-{version.version.replace('/', '-')}"
        node = self._names[f"code-list-{name}"]
        self._add(node, RDF.type, DCAT.Dataset)
        self._named(node, version.title_en, version.title_vi)
        self._described(node, version.instrument, "")
        self._add(node, DCTERMS.identifier, Literal(f"{version.list_code} {version.version}"))
        self._add(node, DCTERMS.type, _CODE_LIST)
        self._add(node, DCTERMS.accessRights, _PUBLIC)
        self._add(node, _DCAT_VERSION, Literal(version.version))
        self._add(node, DCTERMS.publisher, self._agency(_OPERATOR))
        if version.valid_from is not None:
            self._add(node, DCTERMS.issued, Literal(version.valid_from, datatype=XSD.date))
        return node

    def _agency(self, code: str) -> URIRef:
        node = self._names[f"agency-{code}"]
        found = self._lists.find(*_AGENCIES, code)
        self._add(node, RDF.type, FOAF.Agent)
        name = found.name if found else code
        self._add(node, FOAF.name, Literal(name, lang="vi"))
        self._add(node, DCTERMS.identifier, Literal(code))
        return node

    def _contact(self) -> URIRef:
        node = self._names["contact"]
        self._add(node, RDF.type, _VCARD.Kind)
        self._add(node, _VCARD.fn, Literal("Operator of the exchange", lang="en"))
        self._add(node, _VCARD.hasURL, URIRef(f"{self._address}/docs"))
        return node

    def _terms(self) -> None:
        node = self._names["terms"]
        self._add(node, RDF.type, DCTERMS.LicenseDocument)
        self._named(node, "Under an agreement between agencies", "Theo thỏa thuận chia sẻ dữ liệu")

    def _standard_node(self, standard: Standard) -> URIRef:
        return URIRef(f"{self._address}/standards/{standard.reference}/standard.toml")

    def _named(self, node: URIRef, english: str, vietnamese: str) -> None:
        self._texts(node, DCTERMS.title, english, vietnamese)

    def _described(self, node: URIRef, english: str, vietnamese: str) -> None:
        self._texts(node, DCTERMS.description, english, vietnamese)

    def _texts(self, node: URIRef, kind: URIRef, english: str, vietnamese: str) -> None:
        for language, text in (("en", english), ("vi", vietnamese)):
            if text:
                self._add(node, kind, Literal(text, lang=language))

    def _add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self._graph.add((subject, predicate, value))


@functools.cache
def _lists() -> Catalogue:
    return reading.load_catalogue()

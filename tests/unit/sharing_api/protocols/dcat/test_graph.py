"""The catalogue holds what is published, and conforms to what DCAT-AP makes mandatory."""

from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef

from databases.code_lists import reading
from databases.settings import REGISTERS
from sharing_api.disclosure import catalogue
from sharing_api.protocols.dcat import graph
from sharing_api.standards import catalogue as standards

ADDRESS = "https://exchange.example"
SHAPES = Path(__file__).with_name("mandatory.ttl")


@pytest.fixture(scope="module")
def built() -> Graph:
    return graph.build(ADDRESS)


def conforms(tried: Graph) -> tuple[bool, str]:
    shapes = Graph().parse(SHAPES, format="turtle")
    found, _, report = pyshacl.validate(tried, shacl_graph=shapes)
    return bool(found), str(report)


class TestBuild:
    def test_conforms_to_what_the_profile_makes_mandatory(self, built: Graph) -> None:
        found, report = conforms(built)

        assert found, report

    @pytest.mark.parametrize(
        "predicate", [DCTERMS.title, DCAT.endpointURL, DCAT.servesDataset, DCAT.accessURL]
    )
    def test_would_not_conform_without_a_mandatory_property(
        self, built: Graph, predicate: URIRef
    ) -> None:
        poorer = Graph() + built
        poorer.remove((None, predicate, None))

        assert not conforms(poorer)[0]

    def test_names_every_dataset_of_every_register(self, built: Graph) -> None:
        named = set(built.objects(None, DCTERMS.identifier))

        assert {Literal(name) for name in catalogue.DATASETS} <= named
        assert {one.register for one in catalogue.DATASETS.values()} == set(REGISTERS)

    def test_names_every_standard_and_code_list(self, built: Graph) -> None:
        named = set(built.objects(None, DCTERMS.identifier))
        lists = reading.load_catalogue().list_versions()

        assert {Literal(one.reference) for one in standards.list_standards()} <= named
        assert {Literal(f"{one.list_code} {one.version}") for one in lists} <= named

    def test_says_of_each_service_what_it_serves(self, built: Graph) -> None:
        served = {
            str(built.value(service, DCAT.endpointURL)).removeprefix(ADDRESS): {
                str(built.value(one, DCTERMS.identifier)).partition("/")[0]
                for one in built.objects(service, DCAT.servesDataset)
            }
            for service in built.subjects(RDF.type, DCAT.DataService)
        }

        assert served == {
            "/v1": set(REGISTERS),
            "/ogc": {"land"},
            "/fhir": {"insurance"},
            "/sdmx/2.1": {"population_statistics"},
            "/sdmx/3.0": {"population_statistics"},
        }

    def test_names_everything_under_the_address_of_the_exchange(self, built: Graph) -> None:
        catalogues = list(built.subjects(RDF.type, DCAT.Catalog))

        assert catalogues == [URIRef(f"{ADDRESS}/catalogue")]

"""The catalogue is open to everybody, in both of its forms."""

import httpx2
import pytest
from rdflib import DCAT, RDF, Graph
from rdflib.compare import isomorphic

from tests.functional.conftest import Exchange, require_problem


def get(exchange: Exchange, accept: str) -> httpx2.Response:
    return httpx2.get(f"{exchange.address}/catalogue", headers={"accept": accept}, timeout=20)


class TestCatalogue:
    @pytest.mark.parametrize(
        ("accept", "media_type"),
        [
            ("*/*", "application/ld+json"),
            ("application/ld+json", "application/ld+json"),
            ("text/turtle, */*;q=0.1", "text/turtle"),
        ],
    )
    def test_comes_in_the_form_that_is_accepted(
        self, exchange: Exchange, accept: str, media_type: str
    ) -> None:
        response = get(exchange, accept)

        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == media_type

    # The parser of rdflib warns of its own class.
    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
    def test_says_the_same_in_both_forms(self, exchange: Exchange) -> None:
        turtle = Graph().parse(data=get(exchange, "text/turtle").content, format="turtle")
        json_ld = Graph().parse(data=get(exchange, "application/ld+json").content, format="json-ld")

        assert isomorphic(turtle, json_ld)
        assert (None, RDF.type, DCAT.Catalog) in turtle

    def test_names_open_descriptions_of_services_that_exist(self, exchange: Exchange) -> None:
        found = Graph().parse(data=get(exchange, "text/turtle").content, format="turtle")

        for address in found.objects(None, DCAT.endpointDescription):
            assert httpx2.get(str(address), timeout=20).status_code == 200

    def test_is_refused_in_another_form(self, exchange: Exchange) -> None:
        require_problem(get(exchange, "image/png"), 406)

"""The front door finds the ways of the routers as the framework's own router would."""

from fastapi import APIRouter, Request, Response

from sharing_api.protocols.front_door import FrontDoor


async def fixed(http: Request) -> Response:
    """Answer at a fixed path."""
    return Response(http.url.path)


async def shaped(http: Request) -> Response:
    """Answer at a path with parts."""
    return Response(http.path_params["key"])


async def elsewhere(http: Request) -> Response:
    """Answer at all other paths."""
    return Response(http.path_params["rest"])


async def of_framework(key: str) -> Response:
    """Take a part of the path that the framework reads."""
    return Response(key)


def blocking(http: Request) -> Response:
    """Answer in a thread of the framework."""
    return Response(http.url.path)


def make_door() -> FrontDoor:
    api = APIRouter(prefix="/api")
    api.add_api_route("/fixed", fixed, methods=["POST"])
    api.add_api_route("/blocking", blocking, methods=["GET"])
    api.add_api_route("/things/first/{key}", of_framework, methods=["GET"])
    api.add_api_route("/things/{kind}/{key}", shaped, methods=["GET"])
    later = APIRouter()
    later.add_api_route("/api/{rest:path}", elsewhere, methods=["GET"])
    return FrontDoor((api, later), {})


class TestFind:
    def test_finds_a_fixed_path_under_its_prefix(self) -> None:
        assert make_door().find("POST", "/api/fixed") == (fixed, {})

    def test_gives_the_parts_of_a_path(self) -> None:
        parts = {"kind": "last", "key": "7"}

        assert make_door().find("GET", "/api/things/last/7") == (shaped, parts)

    def test_takes_no_slash_for_a_part(self) -> None:
        assert make_door().find("GET", "/api/things/last/7/8")[0] is elsewhere

    def test_asks_later_routers_for_another_method(self) -> None:
        assert make_door().find("GET", "/api/fixed") == (elsewhere, {"rest": "fixed"})

    def test_leaves_to_the_framework_what_the_framework_reads(self) -> None:
        assert make_door().find("GET", "/api/things/first/7")[0] is None

    def test_leaves_to_the_framework_what_blocks(self) -> None:
        assert make_door().find("GET", "/api/blocking")[0] is None

    def test_leaves_unknown_paths_to_the_framework(self) -> None:
        assert make_door().find("GET", "/nowhere")[0] is None

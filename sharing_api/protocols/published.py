"""The catalogue: published standards and datasets, as files and lists that everybody may read."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Response

from sharing_api.disclosure import catalogue
from sharing_api.protocols import openapi
from sharing_api.protocols.log import guarded
from sharing_api.standards import catalogue as standards

_OPEN: dict[str, Any] = {"openapi_extra": {"security": []}, "response_model": None}
Segment = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]


def _document(value: Any) -> Response:
    return Response(orjson.dumps(value), 200, media_type="application/json")


def _list_standards() -> Response:
    return _document(
        [
            {
                "name": one.name,
                "version": one.version,
                "title": one.title,
                "title_vi": one.title_vi,
                "owner": one.owner,
                "status": one.status,
                "files": sorted(one.files),
            }
            for one in standards.list_standards()
        ]
    )


def _list_datasets() -> Response:
    return _document(
        [
            {
                "name": name,
                "key": dataset.key,
                "standard": f"{dataset.standard}/{dataset.standard_version}",
                "fields": [
                    {
                        "name": field.name,
                        "type": field.type,
                        "title_vi": field.title_vi,
                        "description": field.description,
                        "sensitivity": field.sensitivity,
                        "formats": list(field.formats),
                        "sources": list(field.sources),
                    }
                    for field in dataset.fields.values()
                ],
                "predicates": [
                    {"name": one.name, "type": one.type, "description": one.description}
                    for one in dataset.predicates.values()
                ],
            }
            for name, dataset in catalogue.DATASETS.items()
        ]
    )


def _get_file(name: str, version: str, file_name: str) -> Response:
    content, media_type = standards.get_file(name, version, file_name)
    return Response(content, 200, media_type=media_type)


def router() -> APIRouter:
    """Make the routes."""
    api = APIRouter(tags=["catalogue"])
    found: openapi.Responses = {
        200: {"content": {"application/json": {"schema": {"type": "array", "items": {}}}}}
    }
    problems: openapi.Responses = {status: openapi.problem(status) for status in (404, 422)}

    @api.get(
        "/v1/datasets", summary="Datasets that the registers publish", responses=found, **_OPEN
    )
    def list_datasets() -> Response:
        """Datasets with their fields, formats and search predicates."""
        return _list_datasets()

    @api.get("/standards", summary="Published exchange standards", responses=found, **_OPEN)
    def list_standards() -> Response:
        """Versions of the message standards and their files."""
        return _list_standards()

    @api.get(
        "/standards/{name}/{version}/{file_name}",
        summary="A file of a published standard",
        responses={
            200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}},
            **problems,
        },
        **_OPEN,
    )
    def get_standard_file(name: Segment, version: Segment, file_name: Segment) -> Response:
        """A schema, an example or the description of a standard, as published."""
        return guarded(lambda: _get_file(name, version, file_name))

    return api

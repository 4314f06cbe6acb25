"""The catalogue: published standards and datasets, as files and lists that everybody may read."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from sharing_api.disclosure import catalogue
from sharing_api.protocols import answers, openapi
from sharing_api.standards import catalogue as standards

_LIST: dict[str, Any] = {"type": "array", "items": {}}
_PATTERN = r"^[A-Za-z0-9_.-]{1,64}$"
Name = Annotated[str, Path(pattern=_PATTERN, description="name of a standard, such as citizen")]
Version = Annotated[str, Path(pattern=_PATTERN, description="its version, such as 1.0")]
FileName = Annotated[str, Path(pattern=_PATTERN, description="one of its files, as listed")]


def _list_standards() -> Response:
    return answers.document(
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
    return answers.document(
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


def router() -> APIRouter:
    """Make the routes."""
    api = APIRouter(tags=["catalogue"])
    found = openapi.found(_LIST)

    @api.get(
        "/v1/datasets",
        summary="Datasets that the registers publish",
        responses=found,
        **openapi.OPEN,
    )
    def list_datasets() -> Response:
        """Datasets with their fields, formats and search predicates."""
        return _list_datasets()

    @api.get("/standards", summary="Published exchange standards", responses=found, **openapi.OPEN)
    def list_standards() -> Response:
        """Versions of the message standards and their files."""
        return _list_standards()

    @api.get(
        "/standards/{name}/{version}/{file_name}",
        summary="A file of a published standard",
        responses={
            **openapi.found({"type": "string"}, "application/octet-stream"),
            **openapi.problems(404, 422),
        },
        **openapi.OPEN,
    )
    def get_standard_file(name: Name, version: Version, file_name: FileName) -> Response:
        """A schema, an example or the description of a standard, as published."""
        content, media_type = standards.get_file(name, version, file_name)
        return Response(content, 200, media_type=media_type)

    return api

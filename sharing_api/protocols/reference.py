"""The API reference as one plain page that needs nothing from another network."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Response

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem }
h2 { border-bottom: 1px solid #bbb; margin-top: 2.5rem }
h3 { margin-bottom: .2rem }
article { margin: 1.5rem 0 }
code { background: #f1f1f1; padding: 0 .2em }
.method { color: #00549f }
table { border-collapse: collapse; margin: .5rem 0 }
td, th { border: 1px solid #ccc; padding: .2rem .6rem; text-align: left; vertical-align: top }
"""
_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def render(document: Mapping[str, Any]) -> str:
    """Render an OpenAPI document as HTML."""
    groups = "".join(_group(document, tag) for tag in document.get("tags", ()))
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1><p>{escape(document['info']['description'])}</p>"
        '<p>For programs: <a href="/openapi.json">openapi.json</a>, '
        '<a href="/v1/datasets">the datasets with their fields</a>, '
        '<a href="/standards">the message standards</a>.</p>'
        f"{groups}</html>"
    )


def _group(document: Mapping[str, Any], tag: Mapping[str, str]) -> str:
    operations = [
        _operation(document, path, method, one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if tag["name"] in one.get("tags", ())
    ]
    heading = f"<h2>{escape(tag['name'])}</h2><p>{escape(tag.get('description', ''))}</p>"
    return heading + "".join(operations) if operations else ""


def _operation(document: Mapping[str, Any], path: str, method: str, one: Mapping[str, Any]) -> str:
    answers = ((status, answer["description"]) for status, answer in one["responses"].items())
    heading = f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code>'
    words = escape(one.get("description") or one.get("summary", ""))
    tables = _members(document, one) + _table(("status", "answer"), answers)
    return f"<article><h3>{heading}</h3><p>{words}</p>{tables}</article>"


def _members(document: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """List the members of the question that an operation takes."""
    for content in one.get("requestBody", {}).get("content", {}).values():
        schema = _resolve(document, content["schema"])
        needed = set(schema.get("required", ()))
        rows = (
            (name + (" (needed)" if name in needed else ""), _resolve(document, member))
            for name, member in schema.get("properties", {}).items()
        )
        described = ((name, member.get("description", "")) for name, member in rows)
        return _table(("member", "meaning"), described)
    return ""


def _resolve(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    return {**target, **{k: v for k, v in schema.items() if k != "$ref"}}


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def router(app: FastAPI) -> APIRouter:
    """Make the route of the page."""
    api = APIRouter()

    @api.get("/docs", include_in_schema=False)
    def show_reference() -> Response:
        return Response(render(app.openapi()), 200, _HEADERS, "text/html; charset=utf-8")

    return api

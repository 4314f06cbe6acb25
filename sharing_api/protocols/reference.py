"""The API reference as one plain page that needs nothing from another network."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Response

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem }
h2 { border-bottom: 1px solid #bbb; margin-top: 2.5rem }
h3 { font-size: 1rem; margin-bottom: .2rem }
article { margin: 1.5rem 0 }
article p { margin: .2rem 0 }
summary { color: #00549f; cursor: pointer }
code { background: #f1f1f1; padding: 0 .2em }
.method { color: #00549f }
table { border-collapse: collapse; margin: .5rem 0 }
td, th { border: 1px solid #ccc; padding: .2rem .6rem; text-align: left; vertical-align: top }
"""
_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def render(document: Mapping[str, Any]) -> str:
    """Render an OpenAPI document as HTML."""
    groups = "".join(_group(document, tag) for tag in document.get("tags", ()))
    contents = "".join(
        f'<li><a href="#{escape(tag["name"])}">{escape(tag["name"])}</a>: '
        f"{escape(tag.get('description', ''))}</li>"
        for tag in document.get("tags", ())
        if _operations(document, tag)
    )
    title = escape(document["info"]["title"])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1><p>{escape(document['info']['description'])}</p>"
        '<p>For programs: <a href="/openapi.json">openapi.json</a>, '
        '<a href="/v1/datasets">the datasets with their fields</a>, '
        '<a href="/standards">the message standards</a>.</p>'
        f"<ul>{contents}</ul>{groups}</html>"
    )


def _group(document: Mapping[str, Any], tag: Mapping[str, str]) -> str:
    operations = _operations(document, tag)
    name = escape(tag["name"])
    heading = f'<h2 id="{name}">{name}</h2><p>{escape(tag.get("description", ""))}</p>'
    return heading + "".join(operations) if operations else ""


def _operations(document: Mapping[str, Any], tag: Mapping[str, str]) -> list[str]:
    return [
        _operation(document, path, method, one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if tag["name"] in one.get("tags", ())
    ]


def _operation(document: Mapping[str, Any], path: str, method: str, one: Mapping[str, Any]) -> str:
    answers = ((status, answer["description"]) for status, answer in one["responses"].items())
    heading = f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code>'
    words = _words(one.get("description") or one.get("summary", ""))
    asked = _parameters(one) + _members(document, one)
    tables = asked + _table(("status", "answer"), answers)
    label = "What to send, and what is answered" if asked else "What is answered"
    more = f"<details><summary>{label}</summary>{tables}</details>"
    return f"<article><h3>{heading}</h3><p>{words}</p>{more}</article>"


def _parameters(one: Mapping[str, Any]) -> str:
    """List what an address takes."""
    rows = [(each["name"], each.get("description", "")) for each in one.get("parameters", ())]
    return _table(("in the address", "meaning"), rows) if rows else ""


def _members(document: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """List the members of the question that an operation takes."""
    for content in one.get("requestBody", {}).get("content", {}).values():
        schema = _resolve(document, content["schema"])
        needed = set(schema.get("required", ()))
        rows = (
            (name + (" (needed)" if name in needed else ""), _resolve(document, member))
            for name, member in schema.get("properties", {}).items()
        )
        described = ((name, _meaning(document, member)) for name, member in rows)
        return _table(("member", "meaning"), described)
    return ""


def _meaning(document: Mapping[str, Any], member: Mapping[str, Any]) -> str:
    """Tell a member by its description, else by that of its items, by its bounds or its value."""
    if "description" in member:
        return str(member["description"])
    if "items" in member:
        several = f"{member.get('minItems', 0)} to {member.get('maxItems', 'many')}"
        return f"{several}: {_meaning(document, _resolve(document, member['items']))}"
    if "minProperties" in member:
        return f"{member['minProperties']} to {member.get('maxProperties', 'many')} named values"
    if "minimum" in member:
        return f"{member['minimum']} to {member.get('maximum', 'any number')}"
    if "const" in member:
        return f"`{member['const']}`"
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
        "<tr>" + "".join(f"<td>{_words(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _words(text: str) -> str:
    """Write a sentence of the document; what stands in backticks is code."""
    parts = escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )


def router(app: FastAPI) -> APIRouter:
    """Make the route of the page."""
    api = APIRouter()

    @api.get("/docs", include_in_schema=False)
    def show_reference() -> Response:
        return Response(render(app.openapi()), 200, _HEADERS, "text/html; charset=utf-8")

    return api

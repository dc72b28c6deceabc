"""The reference page: the API description as plain HTML, without any script."""

import html
import json
from collections import defaultdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter()

_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:#3987e5}
body{font:15px/1.55 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:2rem 1rem 6rem}
h1{font-size:28px;margin:0}h2{margin:3rem 0 .5rem;border-bottom:1px solid var(--line)}
code,pre{font:13px/1.5 ui-monospace,monospace}pre{overflow:auto;background:var(--soft);padding:.75rem;border-radius:6px}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0}summary{padding:.5rem .75rem;cursor:pointer}
details>div{padding:0 .75rem .75rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
.method{display:inline-block;min-width:4.2rem;font-weight:600;color:var(--accent)}nav a{margin-right:1rem}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


@router.get("/api/docs", include_in_schema=False)
async def read_docs(request: Request) -> HTMLResponse:
    """The whole API on one page."""
    return HTMLResponse(page(request.app.openapi()), headers={"Content-Security-Policy": _POLICY})


def page(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI description."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            groups[operation.get("tags", ["other"])[0]].append(_operation(path, method, operation))
    tags = [tag for tag in schema.get("tags", []) if tag["name"] in groups]
    links = "".join(f'<a href="#{_text(tag["name"])}">{_text(tag["name"])}</a>' for tag in tags)
    sections = "".join(
        f'<h2 id="{_text(tag["name"])}">{_text(tag["name"])}</h2><p>{_text(tag["description"])}</p>'
        + "".join(groups[tag["name"]])
        for tag in tags
    )
    info = schema["info"]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_text(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{_text(info['title'])} API</h1><p>{_text(info['description'])}</p>"
        f'<p><a href="/api/openapi.json">openapi.json</a></p><nav>{links}</nav>{sections}'
        f"<h2 id='types'>Types</h2>{_types(schema)}</body></html>"
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    """One route, folded."""
    rows = "".join(_parameter(item) for item in operation.get("parameters", []))
    table = f"<table><tr><th>parameter</th><th>type</th><th></th></tr>{rows}</table>" if rows else ""
    body = _body(operation.get("requestBody", {}))
    answers = "".join(_answer(status, item) for status, item in operation["responses"].items())
    return (
        f'<details><summary><span class="method">{method.upper()}</span><code>{_text(path)}</code> '
        f"{_text(operation.get('summary', ''))}</summary><div><p>{_text(operation.get('description', ''))}</p>"
        f"{table}{body}<table><tr><th>answer</th><th>body</th><th></th></tr>{answers}</table></div></details>"
    )


def _parameter(item: dict[str, Any]) -> str:
    mark = "" if item.get("required") else " (optional)"
    about = item.get("description") or item["schema"].get("description", "")
    kind = _kind(item["schema"])
    return f"<tr><td><code>{_text(item['name'])}</code>{mark}</td><td>{kind}</td><td>{_text(about)}</td></tr>"


def _body(body: dict[str, Any]) -> str:
    lines = [f"<p>Body, {_text(media)}: {_kind(part['schema'])}</p>" for media, part in body.get("content", {}).items()]
    return "".join(lines)


def _answer(status: str, item: dict[str, Any]) -> str:
    kinds = ", ".join(_kind(part.get("schema", {})) for part in item.get("content", {}).values())
    return f"<tr><td>{_text(status)}</td><td>{kinds}</td><td>{_text(item.get('description', ''))}</td></tr>"


def _kind(schema: dict[str, Any]) -> str:
    """A schema's type in a few words, linked where it has a name."""
    if "$ref" in schema:
        name = _text(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#type-{name}">{name}</a>'
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return " or ".join(_kind(part) for part in schema[choice])
    if "enum" in schema:
        return " ".join(f"<code>{_text(value)}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return _text(schema.get("const", schema.get("type", "anything")))


def _types(schema: dict[str, Any]) -> str:
    """Every named type, folded."""
    parts = []
    for name, body in sorted(schema.get("components", {}).get("schemas", {}).items()):
        text = json.dumps(body, indent=2, ensure_ascii=False)
        parts.append(
            f'<details id="type-{_text(name)}"><summary><code>{_text(name)}</code> '
            f"{_text(body.get('description', ''))}</summary><div><pre>{_text(text)}</pre></div></details>"
        )
    return "".join(parts)


def _text(value: object) -> str:
    return html.escape(str(value), quote=True)

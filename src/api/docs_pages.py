"""The pages that show the OpenAPI document, wholly served from here: nothing on them comes from elsewhere."""

from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response

from src.api.errors import NoSuchPath

# Both pages set styles from script; ReDoc searches in a worker that it makes from a blob.
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
{head}
</head>
<body>
{body}
</body>
</html>
"""
_SWAGGER: Final = _PAGE.format(
    title="Orderdesk API",
    head='<link rel="stylesheet" href="docs/assets/swagger-ui.css">',
    body="""<div id="swagger-ui"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/start.js"></script>""",
)
_REDOC: Final = _PAGE.format(
    title="Orderdesk API reference",
    head="<style>body { margin: 0 }</style>",
    body="""<redoc spec-url="openapi.json"></redoc>
<script src="docs/assets/redoc.standalone.js"></script>""",
)
_ERRORS_STYLE: Final = """<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse }
td, th { text-align: left; padding: .3rem 1rem; border-bottom: 1px solid #ddd }
tr:target { background: #fff3bf }
</style>"""
_START: Final = b"""SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""
_ASSETS: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "redoc.standalone.js": "text/javascript",
    "start.js": "text/javascript",
}


@cache
def _asset(name: str) -> bytes:
    if name == "start.js":
        return _START
    found = files("fastapi_offline").joinpath("static", name).read_bytes()
    # ReDoc's one picture from elsewhere; it hides a picture that can't be shown.
    return found.replace(b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"data:,")


def _errors_page(rows: Iterable[tuple[int, str, str]]) -> str:
    cells = "\n".join(
        f'<tr id="{code}"><td>{status}</td><td><code>{code}</code></td><td>{escape(text)}</td></tr>'
        for status, code, text in rows
    )
    head = "<tr><th>status</th><th>code</th><th>meaning</th></tr>"
    return _PAGE.format(
        title="Orderdesk errors",
        head=_ERRORS_STYLE,
        body=f"<h1>Errors</h1>\n<table>\n{head}\n{cells}\n</table>",
    )


def add_pages(app: FastAPI, errors: Iterable[tuple[int, str, str]]) -> None:
    """Serve the pages and their assets; `errors` are rows of status, code and meaning."""
    pages = {"/docs": _SWAGGER, "/redoc": _REDOC, "/docs/errors": _errors_page(errors)}
    for path, content in pages.items():
        app.get(path, include_in_schema=False)(_page(content))

    @app.get("/docs/assets/{name}", include_in_schema=False)
    async def read_asset(name: str) -> Response:
        if name not in _ASSETS:
            raise NoSuchPath("There is no such part of the docs; /docs is where they begin.")
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(_asset(name), media_type=_ASSETS[name], headers=headers)


def _page(content: str) -> Callable[[], Awaitable[Response]]:
    async def read_page() -> Response:
        return HTMLResponse(content, headers={"Content-Security-Policy": _POLICY})

    return read_page

"""Static files under an address that changes with their content.

`/static/<version>/js/home.js`: the version is a digest of every file below
web/static, so browsers may keep what they have for a year, and modules that import
one another by relative paths always come from the same version.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).resolve().parent / "static"


@cache
def version() -> str:
    """Twelve hex digits that change whenever a static file does (read once a process)."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def url(path: str) -> str:
    """The address of a static file: `url("js/home.js")`."""
    return f"/static/{version()}/{path}"


class VersionedFiles(StaticFiles):
    """Serves `<version>/<path>`; only the present version may be kept for good."""

    def get_path(self, scope: Scope) -> str:
        """The path below the folder, without the version."""
        given, _, path = super().get_path(scope).replace(os.sep, "/").partition("/")
        return path or given

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with how long it may be kept."""
        response = await super().get_response(path, scope)
        current = f"/static/{version()}/" in scope["path"]
        keep = "public, max-age=31536000, immutable" if current else "no-cache"
        response.headers["Cache-Control"] = keep
        return response

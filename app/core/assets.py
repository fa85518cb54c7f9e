"""Static files under names that change with their content, so that browsers keep them for good.

`build` writes `static/dist/<name>.<hash>.<ext>`, each also as gzip and brotli, and a manifest.
A manifest that does not fit the files beside it any more is ignored: pages then name the plain
files, as they do in development.
"""

import gzip
import hashlib
import json
import os
import posixpath
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from app.core.security import STATIC_HEADERS

EXTENSION = "gugus_assets"
DIST = "dist"
MANIFEST = "manifest.json"
# Pages that were opened before an update still ask for the names of then.
KEPT_FOR_SECONDS = 30 * 24 * 3600
COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".txt"})
HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.[^./]+$")

REFERENCES = {
    ".css": re.compile(r"""(url\(\s*["']?|@import\s+["'])([^"')]+)"""),
    ".js": re.compile(
        r"""((?:^|\s|;)(?:import|export)[^"';()]*["']|\bimport\(\s*["'])(\.[^"']+)"""
    ),
}


class AssetError(Exception):
    """A static file refers to another that is not there, or to itself in a circle."""


@dataclass(slots=True)
class Assets:
    """The hashed names of one application; none where the plain files are served."""

    names: dict[str, str] = field(default_factory=dict)


def register_assets(app: Flask) -> None:
    """Make `url_for('static', ...)` name hashed files where they were built and still fit."""
    assets = app.extensions[EXTENSION] = Assets()

    @app.url_defaults
    def name_hashed_file(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (hashed := assets.names.get(values.get("filename", ""))):
            values["filename"] = f"{DIST}/{hashed}"

    use_built(app)


def use_built(app: Flask) -> bool:
    """Serve hashed files from now on, if they fit the plain ones; tell whether they do."""
    root = _root(app)
    names = fitting_names(root)
    assets: Assets = app.extensions[EXTENSION]
    if not names or app.debug:
        return False
    if assets.names == names:
        return True
    assets.names = names
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(root / DIST),
        prefix=f"{app.static_url_path}/{DIST}/",
        allow_all_origins=False,
        immutable_file_test=lambda path, _url: bool(HASHED_NAME.search(path)),
        add_headers_function=_add_headers,
    )
    return True


def build(app: Flask) -> int:
    """Write what is missing of the hashed files; return how many static files there are."""
    return build_folder(_root(app))


def build_folder(root: Path) -> int:
    """Do the same for a folder of static files."""
    dist = root / DIST
    contents: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for name in _sources(root):
        _hash(root, name, names, contents, ())
    for name, hashed in names.items():
        _write(dist / hashed, contents[name])
    manifest = {"names": names, "sources": _stamps(root)}
    _replace(dist / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    _drop_old(dist, set(names.values()))
    return len(names)


def fitting_names(root: Path) -> dict[str, str]:
    """Return the names of the manifest; none where a static file was changed after it."""
    try:
        manifest = json.loads((root / DIST / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    names: dict[str, str] = manifest["names"]
    return names if manifest["sources"] == _stamps(root) else {}


def _root(app: Flask) -> Path:
    return Path(str(app.static_folder)).resolve()


def _sources(root: Path) -> list[str]:
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if path.parts[0] != DIST)


def _stamps(root: Path) -> dict[str, list[int]]:
    stats = {name: (root / name).stat() for name in _sources(root)}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}


def _hash(
    root: Path,
    name: str,
    names: dict[str, str],
    contents: dict[str, bytes],
    path: tuple[str, ...],
) -> str:
    """Return a file's hashed name, after those of the files that it refers to."""
    if name in names:
        return names[name]
    if name in path:
        raise AssetError(f"static files refer to each other in a circle: {' > '.join(path)}")
    source = root / name
    if not source.is_file():
        raise AssetError(f"{path[-1]} refers to {name}, which is not there")
    content = source.read_bytes()
    if pattern := REFERENCES.get(source.suffix):

        def replace(match: re.Match[str]) -> str:
            before, target = match.group(1), match.group(2)
            if target.startswith(("data:", "#", "/", "http:", "https:")):
                return match.group(0)
            wanted, separator, fragment = target.partition("#")
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), wanted))
            hashed = _hash(root, other, names, contents, (*path, name))
            relative = posixpath.relpath(hashed, posixpath.dirname(name) or ".")
            dotted = relative if relative.startswith(".") else f"./{relative}"
            return f"{before}{dotted}{separator}{fragment}"

        content = pattern.sub(replace, content.decode()).encode()
    stem, suffix = posixpath.splitext(name)
    names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    contents[name] = content
    return names[name]


def _write(target: Path, content: bytes) -> None:
    if target.exists():
        os.utime(target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in COMPRESSED:
        packed = {".gz": gzip.compress(content, 9, mtime=0), ".br": brotli.compress(content)}
        for suffix, body in packed.items():
            if len(body) < len(content):
                _replace(target.with_name(target.name + suffix), body)
    _replace(target, content)


def _replace(target: Path, content: bytes) -> None:
    arriving = target.with_name(f".{target.name}.{os.getpid()}")
    arriving.write_bytes(content)
    arriving.replace(target)


def _drop_old(dist: Path, current: set[str]) -> None:
    horizon = time.time() - KEPT_FOR_SECONDS
    for path in dist.rglob("*"):
        name = path.relative_to(dist).as_posix().removesuffix(".gz").removesuffix(".br")
        if path.is_file() and name not in current | {MANIFEST} and path.stat().st_mtime < horizon:
            path.unlink()


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in STATIC_HEADERS.items():
        headers[name] = value

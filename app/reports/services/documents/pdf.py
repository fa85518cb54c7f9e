"""Write a document as PDF: our own Typst layouts, data beside them as JSON, fonts from here.

What people typed is never part of Typst code: a layout reads it as data, and prints it as text.
"""

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path

import typst

from app.core import clock
from app.reports.services.documents.context import MILLIMETRES, Document, Picture, plain

ROOT = Path(__file__).parents[4]
LAYOUTS = ROOT / "templates" / "documents"
FONTS = ROOT / "app" / "reports" / "data" / "fonts"


def render_pdf(layout: str, document: Document) -> bytes:
    """Return a document as PDF, by the layout of a name ("correction_sheet").

    The layout sees a folder of its own: the layouts, the data, the pictures, and nothing else.
    """
    width, height = MILLIMETRES[document.paper]
    data = {
        "paper": {"width": width, "height": height},
        "pictures": sorted(document.pictures),
        **plain(document.context),
    }
    with tempfile.TemporaryDirectory(prefix="gugus-pdf-") as folder:
        root = Path(folder)
        for path in LAYOUTS.glob("*.typ"):
            shutil.copyfile(path, root / path.name)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, content in document.pictures.items():
            (root / _file_name(name)).write_bytes(content)
        made = typst.compile(
            root / f"{layout}.typ",
            root=root,
            font_paths=_fonts(),
            package_path=root / "packages",
            package_cache_path=root / "packages",
            timestamp=int(clock.now().timestamp()),
        )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _file_name(name: str) -> Path:
    """Return where a picture lies in the layout's folder. Names are ours ("logo", "foto-1")."""
    if not Picture(name).replace("-", "").isalnum():
        raise ValueError(f"{name!r} is no name of a picture")
    return Path(name)


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that documents are set in, whatever the machine has: read once."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])

"""Pictures as documents print them: upright, small, without where they were taken."""

import io

from PIL import Image, ImageOps

from app.core import storage
from app.core.storage.models import StoredFile

LOGO_PIXELS = 600
PHOTO_PIXELS = 1400
QUALITY = 82


def logo(file: StoredFile) -> bytes:
    """Return a logo as PNG, with what is see-through in it."""
    return _printed(file, LOGO_PIXELS, "PNG")


def photo(file: StoredFile) -> bytes:
    """Return a photo as JPEG."""
    return _printed(file, PHOTO_PIXELS, "JPEG")


def blank() -> bytes:
    """Return a grey picture, where a photo would be."""
    out = io.BytesIO()
    Image.new("RGB", (640, 426), "#c9c4cc").save(out, "JPEG")
    return out.getvalue()


def _printed(file: StoredFile, pixels: int, kind: str) -> bytes:
    out = io.BytesIO()
    with storage.open_stored(file) as stored, Image.open(stored) as opened:
        opened.draft("RGB", (pixels, pixels))
        image: Image.Image = ImageOps.exif_transpose(opened)
        image.thumbnail((pixels, pixels))
        image = image.convert("RGBA" if kind == "PNG" else "RGB")
        image.save(out, kind, quality=QUALITY)
    return out.getvalue()

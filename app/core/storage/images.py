"""Whether a photo can be opened: whole, and not larger than memory can take; when it was taken."""

import threading
import warnings
from datetime import date, datetime
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from app.core.errors import InvalidInput

# Phones take 12 to 50 million pixels. More is refused before a single one is decoded.
MAX_PIXELS = 60_000_000
EARLIEST_YEAR = 1990
"""A camera whose clock was never set says the year of its making."""
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

# A large photo takes hundreds of megabytes while it is looked at.
_one_at_a_time = threading.Semaphore(1)

TOO_MANY_PIXELS = (
    "Ukuran gambar terlalu besar (paling besar 60 megapiksel). Perkecil, lalu unggah kembali."
)
BROKEN = (
    "Gambar tidak dapat dibuka: mungkin rusak atau terpotong saat dikirim."
    " Ambil atau simpan ulang, lalu unggah kembali."
)


def check_image(path: Path, kind: str) -> None:
    """Decode an image ("JPEG" or "PNG"). Raises InvalidInput where that fails."""
    try:
        with _one_at_a_time, Image.open(path, formats=[kind]) as image:
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise InvalidInput(TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise InvalidInput(BROKEN) from error


def taken_on(path: Path) -> date | None:
    """Return the day that a photo says it was taken; None where it says none that can be."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # broken descriptions are common, and no matter
            with Image.open(path, formats=["JPEG"]) as image:
                exif = image.getexif()
                written = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
                written = written or exif.get(ExifTags.Base.DateTime)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, TypeError):
        return None
    return _day_of(written) if isinstance(written, str) else None


def _day_of(written: str) -> date | None:
    try:
        day = datetime.strptime(written[:10], "%Y:%m:%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return day if day.year >= EARLIEST_YEAR else None

"""Whether a photo can be opened: whole, and not larger than memory can take."""

import threading
import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from app.core.errors import InvalidInput

# Phones take 12 to 50 million pixels. More is refused before a single one is decoded.
MAX_PIXELS = 60_000_000
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

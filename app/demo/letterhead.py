"""The letterhead of the demo's office: an address that does not exist, and a logo drawn here."""

import io

from PIL import Image, ImageDraw

from app.core.actor import Actor
from app.core.storage import StoredBytes
from app.reports.models import Paper
from app.reports.queries import letterheads
from app.reports.services.letterheads import change_letterhead

LINES = {
    "government": "Pemerintah Kabupaten Kutai Timur",
    "office": "Dinas Pemberdayaan Perempuan dan Perlindungan Anak",
    "address": "Kawasan Perkantoran Bukit Contoh, Jalan Contoh Nomor 1, Sangatta 75600",
    "contact": "Telepon (0549) 000000, Surel dp3a@kutaitimurkab.test",
    "place": "Sangatta",
    "signer_position": "Kepala Dinas",
    "signer_name": "Dra. Nur Aini Rahmah, M.Si.",
    "signer_rank": "Pembina Utama Muda (IV/c)",
    "signer_number": "",
}


def draw_logo() -> bytes:
    """Return a shield that belongs to nobody, as PNG."""
    image = Image.new("RGBA", (400, 480), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(20, 20), (380, 20), (380, 300), (200, 460), (20, 300)], fill="#1e6e3c")
    draw.ellipse((120, 90, 280, 250), fill="#f0be28")
    draw.rectangle((90, 290, 310, 320), fill="#ffffff")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def write_letterhead(officer: Actor, logo: StoredBytes) -> None:
    """Save the letterhead, inside `write()`."""
    seen = letterheads.fingerprint_of(letterheads.letterhead())
    change_letterhead(officer, LINES, Paper.F4, seen, logo=logo)

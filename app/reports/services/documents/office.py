"""What every document says of the office itself: letterhead, logo, who signs."""

from app.core import clock, formatting
from app.reports.models import Letterhead
from app.reports.services.documents import pictures
from app.reports.services.documents.context import Context, Picture

DOTS = "…" * 12
"""Printed where a name or number is filled in by hand."""
LOGO = "logo"


def office_context(kept: Letterhead) -> Context:
    """Return the values of letterhead and signer (`logo` loaded)."""
    return {
        "kop": {
            "pemerintah": kept.government,
            "instansi": kept.office,
            "alamat": kept.address,
            "kontak": kept.contact,
            "tempat": kept.place or DOTS,
            "logo": Picture(LOGO) if kept.logo else "",
        },
        "penanda_tangan": {
            "jabatan": kept.signer_position or f"Kepala {kept.office}",
            "nama": kept.signer_name or f"({DOTS})",
            "pangkat": kept.signer_rank or DOTS,
            "nip": kept.signer_number or DOTS,
        },
    }


def office_pictures(kept: Letterhead) -> dict[str, bytes]:
    """Return the logo, where there is one whose bytes were not blanked."""
    if kept.logo is None or kept.logo.blanked_at is not None:
        return {}
    return {LOGO: pictures.logo(kept.logo)}


def today() -> str:
    """Return today as letters write it: "24 November 2026"."""
    return formatting.long_date(clock.today()).partition(", ")[2]

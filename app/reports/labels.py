"""What the interface calls documents, papers and what was changed (docs/glossary.md)."""

from collections.abc import Mapping

from app.reports.models import DocumentKind, Paper

KIND_LABELS = {
    DocumentKind.MINUTES: "Notulen rapat",
    DocumentKind.INVITATION: "Surat undangan",
    DocumentKind.DATA_REQUEST: "Surat permintaan data",
    DocumentKind.CORRECTION_SHEET: "Lembar catatan perbaikan",
}

KIND_HINTS = {
    DocumentKind.MINUTES: "Notulen satu rapat, dari kop sampai tempat tanda tangan.",
    DocumentKind.INVITATION: "Undangan rapat dengan daftar penerima.",
    DocumentKind.DATA_REQUEST: "Surat kepada satu instansi dengan tabel pertanyaannya.",
    DocumentKind.CORRECTION_SHEET: "Apa yang dikembalikan kepada satu instansi, baris demi baris.",
}

KIND_SLUGS = {
    DocumentKind.MINUTES: "notulen",
    DocumentKind.INVITATION: "undangan",
    DocumentKind.DATA_REQUEST: "permintaan-data",
    DocumentKind.CORRECTION_SHEET: "lembar-perbaikan",
}
"""What an address calls each kind."""

PAPER_LABELS = {Paper.F4: "F4 (215 x 330 mm)", Paper.A4: "A4 (210 x 297 mm)"}

FIELD_LABELS = {
    "government": "Pemerintah daerah",
    "office": "Instansi",
    "address": "Alamat",
    "contact": "Telepon, surel, laman",
    "place": "Tempat surat ditandatangani",
    "signer_position": "Jabatan penanda tangan",
    "signer_name": "Nama penanda tangan",
    "signer_rank": "Pangkat/golongan",
    "signer_number": "NIP",
    "paper": "Kertas",
    "logo": "Logo",
}

EVENT_LABELS = {
    "letterhead_changed": "Kop surat diubah",
    "template_replaced": "Templat diganti",
    "template_restored": "Templat bawaan dipakai kembali",
}

CONFLICTS: Mapping[str, tuple[str, str | None]] = {
    "uq_template_versions_kind_number": (
        "Templat ini baru saja diganti orang lain. Muat ulang, lalu lihat hasilnya.",
        None,
    ),
}

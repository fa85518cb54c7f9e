"""What an office may write in its own templates, and what each placeholder stands for."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.reports.models import DocumentKind


@dataclass(frozen=True, slots=True)
class Group:
    """Placeholders that belong together.

    Those of a list are written inside a loop: `item` is what one entry is called there, and
    `items` the list. `tag` is how the loop begins in Word: "tr" repeats a table's row, "p" a
    paragraph.
    """

    title: str
    names: Sequence[tuple[str, str]]
    items: str = ""
    item: str = ""
    tag: str = "tr"

    @property
    def written(self) -> list[tuple[str, str]]:
        """Return each placeholder as it is written, with its meaning."""
        prefix = f"{self.item}." if self.item else ""
        return [
            (f"{{{{ {prefix}{name} }}}}" if name else f"{{{{ {self.item} }}}}", meaning)
            for name, meaning in self.names
        ]

    @property
    def loop(self) -> tuple[str, str]:
        """Return how the loop begins and ends; blanks where there is none."""
        if not self.items:
            return "", ""
        return f"{{%{self.tag} for {self.item} in {self.items} %}}", f"{{%{self.tag} endfor %}}"


OFFICE = [
    Group(
        "Kop dan penanda tangan",
        [
            ("kop.pemerintah", "Nama pemerintah daerah"),
            ("kop.instansi", "Nama instansi"),
            ("kop.alamat", "Alamat"),
            ("kop.kontak", "Telepon, surel, laman"),
            ("kop.tempat", "Tempat surat ditandatangani"),
            ("kop.logo", "Logo"),
            ("penanda_tangan.jabatan", "Jabatan penanda tangan surat"),
            ("penanda_tangan.nama", "Namanya, atau titik-titik"),
            ("penanda_tangan.pangkat", "Pangkat/golongan, atau titik-titik"),
            ("penanda_tangan.nip", "NIP, atau titik-titik"),
        ],
    )
]

LETTER = [
    Group(
        "Surat",
        [
            ("surat.nomor", "Nomor surat"),
            ("surat.tanggal", "Tanggal surat"),
            ("surat.sifat", "Sifat"),
            ("surat.lampiran", "Lampiran"),
            ("surat.hal", "Hal"),
            ("surat.tempat_tujuan", "Tempat penerima, setelah “di -”"),
        ],
    ),
    Group("Penerima (Yth.)", [("", "Satu penerima")], "surat.kepada", "penerima", "p"),
]

AGENCY = [
    ("evaluasi", "Evaluasi, misalnya “Evaluasi KLA 2026”"),
    ("instansi.nama", "Nama instansi"),
    ("instansi.singkatan", "Nama singkat instansi"),
]

PLACEHOLDERS: dict[DocumentKind, list[Group]] = {
    DocumentKind.DATA_REQUEST: [
        *OFFICE,
        *LETTER,
        Group(
            "Permintaan",
            [
                *AGENCY,
                ("jumlah", "Banyaknya pertanyaan"),
                ("narahubung", "Kontak DP3A untuk surat ini, boleh kosong"),
                ("alamat_aplikasi", "Alamat aplikasi"),
            ],
        ),
        Group(
            "Pertanyaan",
            [
                ("no", "Nomor urut"),
                ("nomor", "Nomor dalam instrumen"),
                ("kode", "Nomor tindak lanjut (TL-…)"),
                ("pertanyaan", "Pertanyaan"),
                ("bukti", "Bukti yang diharapkan"),
                ("batas_waktu", "Batas waktu"),
            ],
            "pertanyaan",
            "baris",
        ),
    ],
    DocumentKind.CORRECTION_SHEET: [
        *OFFICE,
        Group(
            "Lembar",
            [*AGENCY, ("tanggal", "Tanggal lembar dibuat"), ("jumlah", "Banyaknya catatan")],
        ),
        Group(
            "Catatan perbaikan",
            [
                ("no", "Nomor urut"),
                ("kode", "Nomor tindak lanjut (TL-…)"),
                ("nomor", "Nomor dalam instrumen"),
                ("indikator", "Indikator"),
                ("pertanyaan", "Pertanyaan"),
                ("jawaban", "Jawaban instansi"),
                ("bukti", "Bukti yang diterima"),
                ("catatan", "Catatan pemeriksa"),
                ("perbaikan", "Yang harus diperbaiki"),
                ("instansi", "Instansi"),
                ("batas_waktu", "Batas waktu"),
                ("putaran", "Putaran yang diperiksa"),
                ("status", "Status sekarang"),
            ],
            "catatan_perbaikan",
            "baris",
        ),
    ],
}

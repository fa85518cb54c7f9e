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
    Group(
        "Penerima yang terlampir, bila lebih dari delapan",
        [("", "Satu penerima")],
        "surat.daftar_kepada",
        "penerima",
        "p",
    ),
]

AGENCY = [
    ("evaluasi", "Evaluasi, misalnya “Evaluasi KLA 2026”"),
    ("instansi.nama", "Nama instansi"),
    ("instansi.singkatan", "Nama singkat instansi"),
]

MEETING = [
    ("rapat.judul", "Nama rapat"),
    ("rapat.hari_tanggal", "Hari dan tanggal"),
    ("rapat.waktu", "Waktu, misalnya “09.00 - 12.12 WITA”"),
    ("rapat.tempat", "Tempat, atau tautan rapat daring"),
]

MINUTES = [
    Group(
        "Rapat",
        [
            *MEETING,
            ("rapat.nomor", "Nomor notulen, atau titik-titik"),
            ("rapat.dasar", "Dasar rapat"),
            *(
                (f"rapat.{who}.{part}", meaning)
                for who, called in (("pimpinan", "Pimpinan rapat"), ("notulis", "Notulis"))
                for part, meaning in (
                    ("nama", called),
                    ("jabatan", "Jabatannya"),
                    ("pangkat", "Pangkat/golongan, titik-titik"),
                    ("nip", "NIP, titik-titik"),
                )
            ),
            ("rapat.konsep", "“KONSEP” selama belum disahkan, sesudahnya kosong"),
            ("rapat.versi", "Nomor versi yang disahkan"),
            ("rapat.alasan_perubahan", "Alasan perubahan sejak versi 2"),
            ("rapat.jumlah_hadir", "Banyaknya yang hadir"),
            ("rapat.laki_laki", "Laki-laki"),
            ("rapat.perempuan", "Perempuan"),
            ("rapat.jumlah_instansi", "Banyaknya instansi"),
            ("rapat.tidak_hadir", "Yang diundang tanpa keterangan, dengan koma"),
        ],
    ),
    Group("Pembukaan", [("", "Satu alinea")], "rapat.pembukaan", "alinea", "p"),
    Group("Penutup", [("", "Satu alinea")], "rapat.penutup", "alinea", "p"),
    Group(
        "Agenda dan pembahasan",
        [
            ("no", "Nomor urut"),
            ("judul", "Butir agenda"),
            ("penyaji", "Penyaji, boleh kosong"),
            ("hasil", "“Dibawa ke rapat berikutnya”, atau kosong"),
        ],
        "rapat.agenda",
        "butir",
        "p",
    ),
    Group(
        "Isi pembahasan, di dalam pengulangan agenda",
        [("", "Satu alinea")],
        "butir.catatan",
        "alinea",
        "p",
    ),
    Group(
        "Keputusan",
        [("no", "Nomor urut"), ("isi", "Isi keputusan"), ("agenda", "Nomor butir agendanya")],
        "rapat.keputusan",
        "putusan",
        "p",
    ),
    Group(
        "Rencana tindak lanjut",
        [
            ("no", "Nomor urut"),
            ("uraian", "Uraian"),
            ("dasar", "Keputusan dan butir agenda"),
            ("instansi", "Instansi penanggung jawab"),
            ("pendukung", "Instansi pendukung, boleh kosong"),
            ("narahubung", "Narahubung"),
            ("batas_waktu", "Batas waktu"),
            ("keluaran", "Keluaran/bukti"),
            ("status", "Status"),
            ("keterangan", "Keterangan"),
        ],
        "rapat.tindak_lanjut",
        "baris",
    ),
    Group(
        "Tindak lanjut rapat sebelumnya",
        [
            ("no", "Nomor urut"),
            ("kode", "Nomor tindak lanjut (TL-…)"),
            ("uraian", "Uraian"),
            ("instansi", "Instansi"),
            ("hasil", "Apa kata rapat"),
            ("batas_waktu", "Batas waktu sekarang"),
            ("keterangan", "Keterangan"),
        ],
        "rapat.tindak_lanjut_lama",
        "baris",
    ),
    Group(
        "Peserta",
        [
            ("no", "Nomor urut"),
            ("nama", "Nama"),
            ("jk", "L atau P"),
            ("jabatan", "Jabatan"),
            ("instansi", "Instansi"),
            ("kehadiran", "Kehadiran"),
        ],
        "rapat.peserta",
        "baris",
    ),
    Group(
        "Kehadiran menurut instansi",
        [
            ("instansi", "Instansi"),
            ("laki_laki", "Laki-laki"),
            ("perempuan", "Perempuan"),
            ("jumlah", "Jumlah"),
        ],
        "rapat.hadir_per_instansi",
        "baris",
    ),
    Group(
        "Foto",
        [("gambar", "Gambarnya"), ("keterangan", "Keterangan")],
        "rapat.foto",
        "foto",
        "p",
    ),
]

PLACEHOLDERS: dict[DocumentKind, list[Group]] = {
    DocumentKind.MINUTES: [*OFFICE, *MINUTES],
    DocumentKind.INVITATION: [
        *OFFICE,
        *LETTER,
        Group(
            "Rapat",
            [
                *MEETING,
                ("rapat.pimpinan.nama", "Pimpinan rapat"),
                ("rapat.pimpinan.jabatan", "Jabatannya"),
                ("rapat.dasar", "Dasar, boleh kosong"),
                ("narahubung", "Kontak untuk konfirmasi, boleh kosong"),
            ],
        ),
        Group(
            "Agenda",
            [("no", "Nomor urut"), ("judul", "Butir agenda")],
            "rapat.agenda",
            "butir",
            "p",
        ),
        Group("Yang dibawa", [("", "Satu hal")], "rapat.dibawa", "butir", "p"),
    ],
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

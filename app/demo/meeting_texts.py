"""What the meetings of the demo say: agendas, what was talked about, decisions and action items.

Invented, in the words that an office writes.
"""

from typing import NamedTuple

Asked = tuple[str, str, str, int]
"""What, the expected proof, for whom (a code, or a group as typed), and within how many days."""


class Said(NamedTuple):
    """An agenda item: what was said, what was decided, and what follows."""

    title: str
    presenter: str
    minutes: int
    notes: str
    decisions: tuple[str, ...] = ()
    actions: tuple[Asked, ...] = ()


KECAMATAN = "Semua kecamatan"
PLACE = "Ruang Rapat Meranti, Kantor Bupati Kutai Timur, Sangatta"
VIDEO = "https://rapat.kutaitimur.test/gugus-tugas-kla"
CHAIR_POSITION = "Sekretaris Daerah, Ketua Gugus Tugas KLA"
MINUTE_TAKER = "Analis perlindungan anak, Bidang PHA DP3A"
CONTACT = "Sekretariat Gugus Tugas KLA, Bidang PHA DP3A"
BRING = "Data terpilah tahun terakhir, bukti yang sudah ditandatangani, dan kendala di lapangan."
BASIS = "Keputusan Bupati tentang Gugus Tugas Kabupaten Layak Anak, dan surat undangan Sekda"
GUESTS = (
    ("Melati Tandiono", "Ketua", "Forum Anak Kutai Timur", "ketua@forumanak.test"),
    (
        "Yohanes Pangestu",
        "Redaktur pelaksana",
        "Radio Suara Sangatta",
        "redaksi@suarasangatta.test",
    ),
)
OPENING = (
    "Rapat dibuka oleh pimpinan rapat pukul 09.10 WITA. Disampaikan bahwa nilai mandiri tahun lalu"
    " turun pada verifikasi provinsi karena bukti belum lengkap, bukan karena programnya tidak ada."
)
CLOSING = (
    "Pimpinan rapat meminta setiap instansi menunjuk dua narahubung yang tetap, lalu menutup rapat"
    " dengan doa."
)

FIRST = (
    Said(
        "Hasil penilaian tahun lalu dan sasaran tahun ini",
        "DP3A",
        30,
        "DP3A memaparkan nilai tiap klaster. Bappeda menanyakan indikator yang paling banyak"
        " kehilangan nilai; jawabannya Kelembagaan dan Klaster V karena berkas tidak terbaca.",
        (
            "Sasaran tahun ini predikat Nindya, dengan perhatian khusus pada Kelembagaan.",
            "Setiap jawaban disertai bukti yang ditandatangani, dari tahun data yang dinilai.",
        ),
        (
            (
                "Menyusun Rencana Aksi Daerah KLA yang diperbarui",
                "Dokumen RAD KLA",
                "BAPPEDA",
                24,
            ),
            ("Menyusun profil anak terpilah", "Buku profil", "DP3A", 52),
        ),
    ),
    Said(
        "Hak sipil dan lingkungan keluarga (Klaster I dan II)",
        "DP3A",
        35,
        "Dispusip menyampaikan tiga kantor pelayanan siap menyediakan pojok baca. Forum Anak"
        " meminta dilibatkan sejak musrenbang kecamatan, bukan hanya di kabupaten.",
        (
            "Pojok baca anak diaktifkan paling sedikit di lima kantor pelayanan.",
            "Forum Anak diundang pada musrenbang kecamatan dan kabupaten.",
        ),
        (
            (
                "Mengaktifkan pojok baca anak di kantor pelayanan",
                "Foto lokasi",
                "DISPUSIP",
                31,
            ),
            (
                "Melibatkan Forum Anak dalam musrenbang kabupaten",
                "Daftar hadir, notula",
                "DP3A",
                40,
            ),
            (
                "Mendata pengurus Forum Anak kecamatan",
                "Rekap bertanda tangan camat",
                KECAMATAN,
                28,
            ),
        ),
    ),
    Said(
        "Kesehatan dan pendidikan (Klaster III dan IV)",
        "Dinkes dan Disdikbud",
        40,
        "Dinkes: 21 puskesmas sudah punya ruang tunggu ramah anak, tujuh belum ditetapkan."
        " Disdikbud mengusulkan pendataan anak tidak sekolah dimulai dari kecamatan terjauh.",
        (
            "Ruang tunggu ramah anak ditetapkan dengan keputusan kepala puskesmas.",
            "Pendataan anak tidak sekolah selesai sebelum verifikasi provinsi.",
        ),
        (
            (
                "Menyiapkan ruang tunggu ramah anak di puskesmas",
                "Foto dan SK penetapan",
                "DINKES",
                35,
            ),
            (
                "Mendata anak tidak sekolah di tiap kecamatan",
                "Rekap per kecamatan",
                "DISDIKBUD",
                21,
            ),
            (
                "Menerbitkan surat edaran kawasan tanpa rokok di sekolah",
                "Surat edaran",
                "DISDIKBUD",
                14,
            ),
            (
                "Memasang rambu zona selamat sekolah di Sangatta Utara",
                "Foto dan berita acara",
                "DISHUB",
                45,
            ),
        ),
    ),
    Said(
        "Perlindungan khusus (Klaster V)",
        "UPTD PPA",
        25,
        "UPTD PPA mengingatkan bahwa rekap kasus dikirim tanpa identitas anak.",
        ("Rekap kasus disampaikan tanpa identitas anak, paling lambat tiap tanggal 10.",),
        (("Menyampaikan rekap kasus tanpa identitas anak", "Rekap anonim", "UPTD_PPA", 12),),
    ),
)
SECOND = (
    Said(
        "Kemajuan pengisian penilaian mandiri",
        "DP3A",
        30,
        "DP3A memaparkan kemajuan tiap instansi. Kendala yang paling sering: tanda tangan kepala"
        " dinas menunggu, dan jaringan di lima kecamatan.",
        (
            "Jawaban yang dikembalikan diperbaiki paling lambat tiga hari kerja.",
            "DP3A mengunjungi kecamatan tanpa jaringan untuk mengambil bukti.",
        ),
        (
            (
                "Menyampaikan jadwal kunjungan ke kecamatan tanpa jaringan",
                "Jadwal bertanda tangan",
                "DP3A",
                16,
            ),
            (
                "Memperbaiki tautan publikasi profil anak di situs kabupaten",
                "Tautan dan tangkapan layar",
                "DISKOMINFO",
                13,
            ),
        ),
    ),
    Said(
        "Anggaran kegiatan KLA pada perubahan APBD",
        "Bappeda",
        25,
        "Bappeda meminta usulan masuk sebelum pembahasan perubahan. BPKAD menyampaikan format.",
        (
            "Kegiatan KLA ditandai dalam DPA perubahan agar mudah dihitung.",
            "Usulan anggaran pemenuhan hak anak disampaikan kepada Bappeda.",
        ),
        (
            ("Menandai kegiatan KLA dalam DPA perubahan", "DPA yang ditandai", "BAPPEDA", 20),
            ("Mengusulkan anggaran imunisasi dan gizi anak", "Usulan kegiatan", "DINKES", 6),
            ("Mengusulkan anggaran sekolah ramah anak", "Usulan kegiatan", "DISDIKBUD", 6),
        ),
    ),
    Said(
        "Ruang bermain ramah anak",
        "PUPR",
        20,
        "PUPR menyampaikan dua lokasi siap distandardisasi; satu menunggu sertifikat tanah.",
        ("Dua ruang bermain diajukan untuk standardisasi tahun ini.",),
        (
            ("Menambah taman bermain ramah anak", "Daftar lokasi dan foto", "PUPR", 25),
            ("Menyiapkan kajian keselamatan dua ruang bermain", "Kajian", "DISHUB", 18),
            ("Menyerahkan data lampu jalan di sekitar sekolah", "Tabel data", "DISHUB", 3),
        ),
    ),
    Said("Persiapan verifikasi lapangan", "DP3A", 20, ""),
)
CORRECTED = (
    "Rekap kasus disampaikan tanpa identitas anak, paling lambat tiap tanggal 5.",
    "Tanggal penyampaian rekap kasus keliru tertulis tanggal 10; yang disepakati tanggal 5.",
)
"""What a decision says after its correction, and why it was corrected."""
EXTENDED = "Rekap dari tiga kecamatan belum masuk; disanggupi dua minggu lagi."
CLOSED = "Dokumen sudah diserahkan dan diperlihatkan dalam rapat."
ACCEPTED = "Sesuai, terima kasih."
KEPT = "Berjalan sesuai rencana."
EARLIER = "Petugas pendata sedang mendampingi imunisasi"
"""Why an action item was given more time before the meeting that moved it again."""
REASONS = (
    "Dinas luar ke Samarinda.",
    "Bersamaan dengan rapat anggaran.",
    "Kunjungan tim provinsi.",
)

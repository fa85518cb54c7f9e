"""What invented people write: answers, notes, remarks, comments."""

YES_DETAILS = (
    "Ya, sudah ditetapkan melalui keputusan kepala dinas dan berjalan sejak awal tahun.",
    "Sudah ada, nomor dan tahunnya tercantum pada lampiran halaman pertama.",
    "Ada. Tim bertemu setiap tiga bulan; daftar hadir dan notulen terlampir.",
    "Sudah, dan disosialisasikan kepada seluruh kecamatan pada triwulan kedua.",
)
TEXTS = (
    (
        "Kegiatan dilaksanakan di lima kecamatan dengan sasaran kader, guru, dan orang tua."
        " Hasilnya berupa rencana kerja tingkat desa yang sudah ditandatangani."
    ),
    (
        "Layanan dibuka setiap hari kerja. Rujukan dilakukan bersama puskesmas dan UPTD PPA, dengan"
        " pencatatan bulanan yang direkap di kabupaten."
    ),
    (
        "Mekanismenya dimulai dari laporan desa, diverifikasi kecamatan, lalu direkap bidang setiap"
        " triwulan. Rekap dua tahun terakhir terlampir."
    ),
    (
        "Program didanai APBD dan kerja sama dengan dunia usaha. Pelaksanaannya dievaluasi setiap"
        " semester bersama Bappeda."
    ),
)
NOTES = (
    "Sumber: rekapitulasi bidang, per 31 Desember.",
    "Angka sesuai profil yang sudah ditandatangani kepala dinas.",
    "Data kecamatan Busang menyusul karena jaringan sedang terganggu.",
    "",
    "",
)
NEGATIVE_NOTES = (
    "Belum ada karena kegiatannya baru dianggarkan pada tahun berjalan.",
    "Tidak ada kasus yang tercatat pada tahun data.",
    "Belum ditetapkan; rancangannya sedang dibahas di Bagian Hukum.",
)
RETURNS = (
    ("data dukung", "Mohon lampirkan rekap per kecamatan, bukan jumlahnya saja."),
    ("bukan tahun", "Tabelnya data dua tahun lalu; mohon data tahun yang dinilai."),
    ("belum ditandatangani", "Lembar pengesahan belum ditandatangani dan dicap."),
    ("tidak terbaca", "Foto halaman kedua buram; mohon difoto ulang atau dipindai."),
    ("angka berbeda", "Angka pada jawaban berbeda dengan jumlah pada lampiran. Mohon disamakan."),
)
"""How a reason's label begins, and what an officer then writes."""
REMARKS = ("belum ditandatangani", "halaman 2 tidak terbaca", "mohon data tahun terakhir")
PHOTO_REMARKS = ("terlalu gelap", "tidak tampak lokasinya")
CORRECTED = "Rekap per kecamatan yang sudah disahkan kini terlampir."
ACCEPTED = ("Sesuai, terima kasih.", "", "", "Lengkap.")
COMMENTS = (
    "Apakah boleh memakai rekap dari aplikasi puskesmas?",
    "Boleh, asalkan dicetak dan ditandatangani penanggung jawab data.",
    "Berkas bertanda tangan kami unggah besok pagi.",
)
INTERNAL = ("Sudah ditelepon, berkasnya ada di bidang, tinggal dijemput.",)
DRAFT_ITEM = (
    "Menyiapkan jadwal kunjungan tim verifikasi ke sekolah ramah anak",
    "Jadwal",
    "DISDIKBUD",
)
BASIS = "Surat tim verifikasi provinsi tentang persiapan kunjungan"
EXTENDED = "Jaringan di kecamatan terganggu selama tiga hari"
REOPENED = "Tim verifikasi provinsi meminta bukti tahun terakhir."
CANCELLED = "Pertanyaan ini sudah dijawab melalui permintaan lain."

"""The documents of meetings: invitation, minutes, and a year's minutes in one book."""

from app.reports.models import Paper
from app.reports.services.documents.layouts import letters
from app.reports.services.documents.layouts.parts import BOTH, CENTRE, Column, Layout

PARTICULARS = [
    ("Hari/tanggal", "{{ rapat.hari_tanggal }}"),
    ("Waktu", "{{ rapat.waktu }}"),
    ("Tempat", "{{ rapat.tempat }}"),
]
PRESENT = (
    "{{ rapat.jumlah_hadir }} orang (laki-laki {{ rapat.laki_laki }}, perempuan"
    " {{ rapat.perempuan }}) dari {{ rapat.jumlah_instansi }} instansi"
)


def invitation(paper: Paper) -> bytes:
    """Return the template of the letter that invites to a meeting."""
    layout = Layout("Surat undangan", paper)
    letters.heading(layout)
    letters.addressee(layout)
    layout.text(
        "{% if rapat.dasar %}Menindaklanjuti {{ rapat.dasar }},{% else %}Dengan hormat,{% endif %}"
        " kami mengundang Bapak/Ibu untuk menghadiri rapat yang akan dilaksanakan pada:",
        align=BOTH,
        after=6,
    )
    layout.facts([*PARTICULARS, ("Acara", "{{ rapat.judul }}")])
    layout.tag("{%p if rapat.agenda %}")
    layout.text("Agenda:", after=2)
    layout.tag("{%p for butir in rapat.agenda %}")
    layout.text("{{ butir.no }}. {{ butir.judul }}", indent=8, after=1)
    layout.tag("{%p endfor %}")
    layout.tag("{%p endif %}")
    layout.tag("{%p if rapat.dibawa %}")
    layout.text("Mohon menyiapkan dan membawa:", before=6, after=2)
    layout.tag("{%p for butir in rapat.dibawa %}")
    layout.text("– {{ butir }}", indent=8, after=1)  # noqa: RUF001 - a dash, as lists have it
    layout.tag("{%p endfor %}")
    layout.tag("{%p endif %}")
    layout.text(
        "Mengingat pentingnya acara tersebut, kehadiran Bapak/Ibu sangat diharapkan; bila"
        " berhalangan, mohon menugaskan wakil yang berwenang mengambil keputusan."
        "{% if narahubung %} Konfirmasi kehadiran: {{ narahubung }}.{% endif %}",
        align=BOTH,
        before=6,
        after=6,
    )
    letters.closing(layout)
    return layout.saved()


def minutes(paper: Paper) -> bytes:
    """Return the template of the minutes of one meeting."""
    layout = Layout("Notulen rapat", paper)
    layout.running_head("{{ rapat.konsep }}")
    layout.letterhead()
    _minutes(layout)
    layout.page_numbers()
    return layout.saved()


def minutes_book(paper: Paper) -> bytes:
    """Return the template of a year's minutes: a title, what is in it, and one after another."""
    layout = Layout("Buku notulen", paper)
    layout.letterhead()
    layout.text("BUKU NOTULEN RAPAT", align=CENTRE, bold=True, size=16, before=60, after=4)
    layout.text("TAHUN {{ tahun }}", align=CENTRE, bold=True, size=14, after=30)
    layout.text("DAFTAR ISI", bold=True, after=6)
    layout.contents("{{ rapat.judul }}, {{ rapat.hari_tanggal }}", "rapat", "daftar_rapat")
    layout.tag("{%p for rapat in daftar_rapat %}")
    _minutes(layout, in_book=True)
    layout.tag("{%p endfor %}")
    layout.page_numbers()
    return layout.saved()


def _minutes(layout: Layout, *, in_book: bool = False) -> None:
    if in_book:
        layout.title("{{ rapat.judul|upper }}", new_page=True)
        layout.text("NOTULEN RAPAT", align=CENTRE, bold=True, after=2)
    else:
        layout.title("NOTULEN RAPAT")
    layout.text("Nomor: {{ rapat.nomor }}", align=CENTRE, after=8)
    layout.tag("{%p if rapat.alasan_perubahan %}")
    layout.text(
        "{% if rapat.versi %}Versi {{ rapat.versi }}{% else %}Perbaikan{% endif %}."
        " Alasan perubahan: {{ rapat.alasan_perubahan }}",
        align=CENTRE,
        after=8,
    )
    layout.tag("{%p endif %}")
    layout.facts(
        [
            ("Acara", "{{ rapat.judul }}"),
            *PARTICULARS,
            ("Dasar", "{{ rapat.dasar }}"),
            ("Pimpinan rapat", _person("pimpinan")),
            ("Notulis", _person("notulis")),
            (
                "Peserta",
                PRESENT,
            ),
        ],
        label=36,
    )
    _proceedings(layout)
    _results(layout)
    layout.signatures(("Notulis,", *_signs("notulis")), ("Pimpinan rapat,", *_signs("pimpinan")))
    _annexes(layout)


def _proceedings(layout: Layout) -> None:
    layout.heading("A. Agenda")
    layout.tag("{%p for butir in rapat.agenda %}")
    layout.text("{{ butir.no }}. {{ butir.judul }}", indent=6, after=1)
    layout.tag("{%p endfor %}")
    layout.heading("B. Pembukaan")
    _paragraphs(layout, "rapat.pembukaan")
    layout.heading("C. Pembahasan")
    layout.tag("{%p for butir in rapat.agenda %}")
    layout.text(
        "{{ butir.no }}. {{ butir.judul }}{% if butir.penyaji %} ({{ butir.penyaji }}){% endif %}",
        bold=True,
        before=4,
        after=2,
        keep=True,
    )
    layout.tag("{%p if butir.hasil %}")
    layout.text("{{ butir.hasil }}.", indent=6, after=3)
    layout.tag("{%p endif %}")
    _paragraphs(layout, "butir.catatan", indent=6)
    layout.tag("{%p endfor %}")


def _results(layout: Layout) -> None:
    layout.heading("D. Keputusan")
    layout.tag("{%p for putusan in rapat.keputusan %}")
    layout.text("{{ putusan.no }}. {{ putusan.isi }}", indent=6, after=3, align=BOTH, hanging=6)
    layout.tag("{%p else %}")
    layout.text("Tidak ada keputusan yang dicatat.", indent=6, after=3)
    layout.tag("{%p endfor %}")
    layout.heading("E. Rencana tindak lanjut")
    layout.tag("{%p if rapat.tindak_lanjut %}")
    helped = "{% if baris.pendukung %} (pendukung: {{ baris.pendukung }}){% endif %}"
    layout.rows(
        [
            Column("No.", 11, "{{ baris.no }}", is_centred=True),
            Column("Uraian", 34, "{{ baris.uraian }}"),
            Column("Dasar", 20, "{{ baris.dasar }}"),
            Column("Instansi penanggung jawab", 26, "{{ baris.instansi }}" + helped),
            Column("Narahubung", 24, "{{ baris.narahubung }}"),
            Column("Batas waktu", 18, "{{ baris.batas_waktu }}", is_centred=True),
            Column("Keluaran/bukti", 24, "{{ baris.keluaran }}"),
            Column("Status", 18, "{{ baris.status }}", is_centred=True),
            Column("Keterangan", 24, "{{ baris.keterangan }}"),
        ],
        "baris",
        "rapat.tindak_lanjut",
        size=7.5,
    )
    layout.tag("{%p else %}")
    layout.text("Tidak ada tindak lanjut yang dicatat.", indent=6, after=3)
    layout.tag("{%p endif %}")
    layout.tag("{%p if rapat.tindak_lanjut_lama %}")
    layout.text("Tindak lanjut rapat sebelumnya", bold=True, before=4, after=3, keep=True)
    layout.rows(
        [
            Column("No.", 11, "{{ baris.no }}", is_centred=True),
            Column("Nomor", 26, "{{ baris.kode }}"),
            Column("Uraian", 48, "{{ baris.uraian }}"),
            Column("Instansi", 24, "{{ baris.instansi }}"),
            Column("Hasil rapat", 26, "{{ baris.hasil }}"),
            Column("Batas waktu", 20, "{{ baris.batas_waktu }}", is_centred=True),
            Column("Keterangan", 30, "{{ baris.keterangan }}"),
        ],
        "baris",
        "rapat.tindak_lanjut_lama",
        size=8,
    )
    layout.tag("{%p endif %}")
    layout.heading("F. Penutup")
    _paragraphs(layout, "rapat.penutup")
    layout.text(size=6, after=6, keep=True)


def _annexes(layout: Layout) -> None:
    layout.heading("Lampiran 1. Daftar peserta", before=18)
    layout.rows(
        [
            Column("No.", 11, "{{ baris.no }}", is_centred=True),
            Column("Nama", 46, "{{ baris.nama }}"),
            Column("L/P", 9, "{{ baris.jk }}", is_centred=True),
            Column("Jabatan", 44, "{{ baris.jabatan }}"),
            Column("Instansi", 34, "{{ baris.instansi }}"),
            Column("Kehadiran", 31, "{{ baris.kehadiran }}"),
        ],
        "baris",
        "rapat.peserta",
    )
    layout.tag("{%p if rapat.hadir_per_instansi %}")
    layout.text("Kehadiran menurut instansi", bold=True, before=2, after=3, keep=True)
    layout.rows(
        [
            Column("Instansi", 70, "{{ baris.instansi }}"),
            Column("Laki-laki", 20, "{{ baris.laki_laki }}", is_centred=True),
            Column("Perempuan", 20, "{{ baris.perempuan }}", is_centred=True),
            Column("Jumlah", 20, "{{ baris.jumlah }}", is_centred=True),
        ],
        "baris",
        "rapat.hadir_per_instansi",
    )
    layout.tag("{%p endif %}")
    layout.tag("{%p if rapat.tidak_hadir %}")
    layout.text("Diundang, tanpa keterangan: {{ rapat.tidak_hadir }}.", after=6)
    layout.tag("{%p endif %}")
    layout.tag("{%p if rapat.foto %}")
    layout.heading("Lampiran 2. Foto")
    layout.tag("{%p for foto in rapat.foto %}")
    layout.text("{{ foto.gambar }}", align=CENTRE, after=2, keep=True)
    layout.text("{{ foto.keterangan }}", align=CENTRE, size=9, after=8)
    layout.tag("{%p endfor %}")
    layout.tag("{%p endif %}")


def _paragraphs(layout: Layout, items: str, *, indent: float = 0) -> None:
    layout.tag(f"{{%p for alinea in {items} %}}")
    layout.text("{{ alinea }}", align=BOTH, indent=indent, after=4)
    layout.tag("{%p endfor %}")


def _person(who: str) -> str:
    position = f"{{{{ rapat.{who}.jabatan }}}}"
    return f"{{{{ rapat.{who}.nama }}}}{{% if rapat.{who}.jabatan %}}, {position}{{% endif %}}"


def _signs(who: str) -> tuple[str, str, str]:
    return (
        f"{{{{ rapat.{who}.nama }}}}",
        f"{{{{ rapat.{who}.pangkat }}}}",
        f"NIP {{{{ rapat.{who}.nip }}}}",
    )

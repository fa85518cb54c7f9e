"""The letters: the heading that all have, and the request for data."""

from app.reports.models import Paper
from app.reports.services.documents.layouts.parts import BOTH, CENTRE, RIGHT, Column, Layout

SIGNER = (
    "{{ penanda_tangan.jabatan }},",
    "{{ penanda_tangan.nama }}",
    "{{ penanda_tangan.pangkat }}",
    "NIP {{ penanda_tangan.nip }}",
)

ADDRESSEE = "{% if surat.kepada|length > 1 %}{{ loop.index }}. {% endif %}{{ penerima }}"


def data_request(paper: Paper) -> bytes:
    """Return the template of the letter that asks one agency for data."""
    layout = Layout("Surat permintaan data", paper)
    heading(layout)
    addressee(layout)
    layout.text(
        "Dalam rangka {{ evaluasi }}, bersama ini kami sampaikan {{ jumlah }} pertanyaan yang"
        " datanya ada pada {{ instansi.nama }}. Mohon kiranya Bapak/Ibu menugaskan narahubung"
        " untuk menyampaikan jawaban beserta data dukungnya, sebagai berikut:",
        align=BOTH,
        after=6,
    )
    layout.rows(
        [
            Column("No.", 9, "{{ baris.no }}", is_centred=True),
            Column("Nomor", 15, "{{ baris.nomor }}", is_centred=True),
            Column("Pertanyaan", 70, "{{ baris.pertanyaan }}"),
            Column("Bukti yang diharapkan", 45, "{{ baris.bukti }}"),
            Column("Batas waktu", 26, "{{ baris.batas_waktu }}", is_centred=True),
        ],
        "baris",
        "pertanyaan",
    )
    layout.text(
        "Jawaban dan data dukung disampaikan melalui aplikasi Gugus pada {{ alamat_aplikasi }}"
        "{% if narahubung %}, dan keterangan lebih lanjut dapat diperoleh dari"
        " {{ narahubung }}{% endif %}.",
        align=BOTH,
        after=6,
    )
    closing(layout)
    return layout.saved()


def heading(layout: Layout) -> None:
    """Add letterhead, place and date, and the lines of number, nature, attachments, subject."""
    layout.letterhead()
    layout.text("{{ kop.tempat }}, {{ surat.tanggal }}", align=RIGHT, after=6)
    layout.facts(
        [
            ("Nomor", "{{ surat.nomor }}"),
            ("Sifat", "{{ surat.sifat }}"),
            ("Lampiran", "{{ surat.lampiran }}"),
            ("Hal", "{{ surat.hal }}"),
        ],
        label=22,
    )


def addressee(layout: Layout) -> None:
    """Add whom the letter is for: one line, or a numbered list."""
    layout.text("Yth.", after=0)
    layout.tag("{%p for penerima in surat.kepada %}")
    layout.text(ADDRESSEE, after=0, indent=8)
    layout.tag("{%p endfor %}")
    layout.text("di -", after=0)
    layout.text("{{ surat.tempat_tujuan }}", after=10, indent=8)


def closing(layout: Layout) -> None:
    """Add the thanks and the place for the signature; then whom a long list names."""
    layout.text(
        "Demikian disampaikan, atas perhatian dan kerja samanya diucapkan terima kasih.",
        align=BOTH,
        after=12,
        keep=True,
    )
    layout.signatures(SIGNER)
    layout.tag("{%p if surat.daftar_kepada %}")
    layout.text("Lampiran surat nomor {{ surat.nomor }}, {{ surat.tanggal }}", new_page=True)
    layout.text("DAFTAR PENERIMA", align=CENTRE, bold=True, before=8, after=6)
    layout.tag("{%p for penerima in surat.daftar_kepada %}")
    layout.text("{{ loop.index }}. {{ penerima }}", after=2)
    layout.tag("{%p endfor %}")
    layout.tag("{%p endif %}")

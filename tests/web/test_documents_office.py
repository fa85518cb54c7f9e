"""The letterhead, and the templates that an office replaces by its own."""

import io

import pytest
from sqlalchemy import select

from app.core.db import db
from app.history.models import Event
from app.reports.models import DocumentKind, Letterhead, Paper, TemplateVersion
from app.reports.services.documents import checking
from app.reports.services.documents.catalogue import default_template
from app.reports.services.documents.placeholders import PLACEHOLDERS
from app.reports.services.documents.samples import sample
from tests.factories.accounts import UserFactory
from tests.support.documents import open_docx, part_of, with_part, words_of
from tests.support.files import image
from tests.support.queries import query_budget

KOP = "/dokumen/kop"
LETTER = "/dokumen/templat/permintaan-data"


@pytest.fixture
def officer(client):
    user = UserFactory(officer=True, name="Sari Wulandari, S.Sos.")
    client.sign_in(user)
    return user


def form_of(page):
    form = page.select_one("main form[method=post]")
    fields = {
        control["name"]: control.get("value", "")
        for control in form.select("input[name]")
        if control.get("type") not in ("file", "checkbox", "radio") or control.has_attr("checked")
    }
    del fields["csrf_token"]
    return fields


def kept():
    return db.session.scalars(select(Letterhead).execution_options(populate_existing=True)).one()


def versions():
    return db.session.scalars(
        select(TemplateVersion)
        .order_by(TemplateVersion.number)
        .execution_options(populate_existing=True)
    ).all()


def verbs():
    return [event.verb for event in db.session.scalars(select(Event).order_by(Event.id))]


def own_template(**words):
    """Return the letter's template with some of its words replaced, as an office would."""
    content = default_template(DocumentKind.DATA_REQUEST, Paper.A4)
    body = part_of(content, "word/document.xml")
    for old, new in words.items():
        assert old in body
        body = body.replace(old, new)
    return with_part(content, "word/document.xml", body)


def upload(client, content, name="surat kami.docx", seen="0"):
    return client.post(LETTER, {"seen": seen, "file": (io.BytesIO(content), name)})


# -- the letterhead


def test_a_letterhead_is_there_from_the_beginning_and_is_kept_once_it_is_saved(client, officer):
    page = client.get_page(KOP)
    assert page.select_one("#government")["value"] == "Pemerintah Kabupaten Kutai Timur"
    fields = form_of(page) | {"place": " Sangatta  ", "signer_name": "Dra. Nur Aini", "paper": "a4"}
    response = client.post(KOP, {**fields, "logo": (io.BytesIO(image("PNG")), "lambang.png")})
    assert response.status_code == 303
    saved = kept()
    assert (saved.place, saved.paper, saved.changed_by_id) == ("Sangatta", Paper.A4, officer.id)
    assert saved.logo_id is not None
    assert client.get("/dokumen/kop/logo").mimetype == "image/png"
    shown = client.get_page("/dokumen").get_text()
    assert "Dra. Nur Aini" in shown
    assert "Kop surat diubah" in shown
    assert "Tempat surat ditandatangani: kosong menjadi Sangatta" in shown
    assert verbs() == ["letterhead_changed"]


def test_it_is_printed_on_letters_with_its_logo(client, officer):
    fields = form_of(client.get_page(KOP)) | {"office": "Dinas Contoh", "signer_name": "Nur Aini"}
    client.post(KOP, {**fields, "logo": (io.BytesIO(image("PNG")), "lambang.png")})
    content = client.get(f"{LETTER}/contoh.docx").data
    words = words_of(content)
    assert "DINAS CONTOH" in words
    assert "Nur Aini" in words
    assert "Kepala Dinas Contoh," in words
    assert len(open_docx(content).inline_shapes) == 1
    client.post(KOP, form_of(client.get_page(KOP)) | {"without_logo": "y"})
    assert not open_docx(client.get(f"{LETTER}/contoh.docx").data).inline_shapes


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"office": "  "}, "Bagian ini perlu diisi."),
        ({"address": "x" * 201}, "Paling panjang 200 huruf."),
        ({"paper": "a5"}, "Pilih salah satu dari daftar."),
        ({"logo": (io.BytesIO(b"%PDF-1.4 startxref"), "logo.png")}, "Logo berupa gambar"),
        ({"logo": (io.BytesIO(b"GIF89a"), "logo.png")}, "Simpan sebagai JPG atau PNG."),
    ],
)
def test_what_cannot_be_printed_is_said_on_its_field(client, officer, given, said):
    response = client.post(KOP, form_of(client.get_page(KOP)) | {"place": "Bengalon"} | given)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert said in page
    assert 'value="Bengalon"' in page
    assert db.session.scalar(select(Letterhead)) is None


def test_two_people_do_not_overwrite_each_other(client, officer):
    fields = form_of(client.get_page(KOP))
    client.post(KOP, fields | {"place": "Sangatta"})
    response = client.post(KOP, fields | {"place": "Bengalon"})
    assert response.status_code == 409
    page = response.get_data(as_text=True)
    assert "sudah diubah orang lain" in page
    assert 'value="Bengalon"' in page
    assert kept().place == "Sangatta"


# -- templates


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_placeholders_that_are_listed_are_those_that_are_given(app, session, kind):
    kept = Letterhead(
        id=1,
        government="P",
        office="D",
        **dict.fromkeys(
            (
                "address",
                "contact",
                "place",
                "signer_position",
                "signer_name",
                "signer_rank",
                "signer_number",
            ),
            "",
        ),
        paper=Paper.F4,
    )
    given = set(flat(sample(kind, kept).context))
    listed = set()
    loops = {}
    for group in PLACEHOLDERS[kind]:
        base, _, rest = group.items.partition(".")
        items = f"{loops.get(base, base)}.{rest}" if rest else group.items
        if group.items:
            loops[group.item] = f"{items}[]"
        for name, _meaning in group.names:
            listed.add(".".join(filter(None, (f"{items}[]" if group.items else "", name))))
    empty = {name for name in listed if name.removesuffix("[]") in given}
    assert listed - empty == given - {name.removesuffix("[]") for name in empty}


def flat(value, path=""):
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from flat(inside, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        if value:
            yield from flat(value[0], f"{path}[]")
        else:
            yield path
    else:
        yield path


@pytest.mark.parametrize("slug", ["notulen", "undangan", "permintaan-data", "lembar-perbaikan"])
def test_what_is_downloaded_can_be_uploaded_again(client, officer, slug):
    template = client.get(f"/dokumen/templat/{slug}.docx").data
    assert "{{ kop.instansi" in words_of(template)
    address = f"/dokumen/templat/{slug}"
    response = client.post(address, {"seen": "0", "file": (io.BytesIO(template), "x.docx")})
    assert response.status_code == 303
    assert client.get(f"{address}/contoh.docx").status_code == 200
    assert client.get(f"{address}/contoh.pdf").data.startswith(b"%PDF")
    assert client.get_page(address).select_one("#placeholders")


def test_an_own_template_is_used_from_then_on_and_its_versions_are_kept(client, officer):
    assert upload(client, own_template(**{"Dalam rangka": "Sehubungan dengan"})).status_code == 303
    assert "Sehubungan dengan Evaluasi" in words_of(client.get(f"{LETTER}/contoh.docx").data)
    assert upload(client, own_template(**{"Dalam rangka": "Untuk"}), seen="1").status_code == 303
    page = client.get_page(LETTER)
    assert [li.strong.get_text() for li in page.select("#history ~ ol > li")] == [
        "surat kami.docx"
    ] * 2
    shown = client.get_page("/dokumen").get_text()
    assert "Milik sendiri" in shown
    assert "Surat permintaan data\nsurat kami.docx" in shown
    first = client.get(f"{LETTER}/versi/1.docx")
    assert "Sehubungan dengan" in words_of(first.data)
    client.post(f"{LETTER}/pakai", {"number": "1", "seen": "2"})
    assert "Sehubungan dengan Evaluasi" in words_of(client.get(f"{LETTER}/contoh.docx").data)
    client.post(f"{LETTER}/pakai", {"number": "0", "seen": "3"})
    assert "Dalam rangka Evaluasi" in words_of(client.get(f"{LETTER}/contoh.docx").data)
    assert [version.number for version in versions()] == [1, 2, 3, 4]
    assert verbs() == ["template_replaced"] * 3 + ["template_restored"]


def test_every_fault_is_told_with_its_place_and_nothing_is_replaced(client, officer):
    broken = own_template(
        **{"{{ instansi.nama }}": "{{ instansi.nma }}", "{{ baris.nomor }}": "{{ baris.nomer }}"}
    )
    response = upload(client, broken)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "“instansi.nma” tidak dikenal. Mungkin maksudnya “instansi.nama”." in page
    assert "“baris.nomer” tidak dikenal. Mungkin maksudnya “baris.nomor”." in page
    assert "Isi dokumen: “Dalam rangka" in page
    assert versions() == []
    assert verbs() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ baris.bukti }}", "{{ baris.bukti", "tidak lengkap"),
        ("{%tr endfor %}", "{%tr endif %}", "tidak lengkap"),
        ("{{ baris.bukti }}", "{{ baris.bukti.__class__ }}", "tidak dapat dipakai"),
        ("{{ baris.bukti }}", "{{ 7 * 7 }}", "“*” tidak dapat dipakai"),
        ("{{ baris.bukti }}", "{{ baris.bukti|safe }}", "“| safe” tidak dikenal"),
        ("{{ baris.bukti }}", "{{ pertanyaan }}", "adalah daftar"),
    ],
)
def test_what_a_template_may_not_do_is_told(client, officer, old, new, said):
    response = upload(client, own_template(**{old: new}))
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)
    assert versions() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Berkas ini kosong"),
        (b"%PDF-1.4\nstartxref", "tidak dapat dibuka sebagai dokumen Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Simpan sebagai .docx"),
    ],
)
def test_what_is_no_word_file_is_refused(client, officer, content, said):
    response = upload(client, content)
    assert response.status_code == 422
    assert said in response.get_data(as_text=True)


def test_a_file_that_is_too_large_is_refused(client, officer, monkeypatch):
    monkeypatch.setattr(checking, "MAX_BYTES", 10_000)
    response = upload(client, own_template())
    assert response.status_code == 422
    assert "Berkas lebih besar dari" in response.get_data(as_text=True)


def test_without_a_file_the_form_says_so(client, officer):
    response = client.post(LETTER, {"seen": "0"})
    assert response.status_code == 422
    assert "Pilih berkas Word" in response.get_data(as_text=True)


def test_who_comes_second_is_told(client, officer):
    upload(client, own_template(**{"Dalam rangka": "Untuk"}))
    response = upload(client, own_template(**{"Dalam rangka": "Demi"}))
    assert response.status_code == 409
    assert client.post(f"{LETTER}/pakai", {"number": "0", "seen": "0"}).status_code == 409
    assert len(versions()) == 1


@pytest.mark.parametrize("path", ["/dokumen/templat/lain", f"{LETTER}/versi/9.docx"])
def test_what_is_not_there_is_not_found(client, officer, path):
    assert client.get(path).status_code == 404


def test_pages_ask_the_database_a_fixed_number_of_times(client, officer):
    with query_budget(8):
        client.get("/dokumen")
    with query_budget(6):
        client.get(LETTER)

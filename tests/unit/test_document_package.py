"""What an uploaded Word file may hold, and what is taken out of it."""

import io
import zipfile

import pytest

from app.core.errors import InvalidInput
from app.reports.models import Paper
from app.reports.services.documents.layouts.letters import data_request
from app.reports.services.documents.package import MAX_XML, checked
from tests.support.documents import open_docx, part_of, with_part

RELS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def letter():
    return data_request(Paper.F4)


def with_link(content, kind, target):
    link = f'<Relationship Id="x9" Type="{OFFICE}/{kind}" TargetMode="External" Target="{target}"/>'
    rels = part_of(content, RELS).replace("</Relationships>", f"{link}</Relationships>")
    return with_part(content, RELS, rels)


def with_body(content, xml):
    body = part_of(content, "word/document.xml").replace("<w:body>", f"<w:body>{xml}", 1)
    return with_part(content, "word/document.xml", body)


def field(*words):
    runs = "".join(f"<w:r><w:instrText>{word}</w:instrText></w:r>" for word in words)
    return f"<w:p>{runs}</w:p>"


def test_a_whole_document_stays_what_it_is(letter):
    kept = checked(letter)
    assert [p.text for p in open_docx(kept).paragraphs] == [
        p.text for p in open_docx(letter).paragraphs
    ]
    assert checked(kept) == kept


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("word/vbaProject.bin", "dijalankan"),
        ("word/embeddings/oleObject1.bin", "dijalankan"),
        ("word/activeX/activeX1.xml", "dijalankan"),
        ("word/afchunk.htm", "dijalankan"),
    ],
)
def test_what_could_run_is_refused(letter, name, said):
    with pytest.raises(InvalidInput, match=said):
        checked(with_part(letter, name, b"<x/>"))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "http://contoh.test/pixel.png"),
        ("oleObject", "file:///c:/x.xlsx"),
        ("frame", "https://contoh.test/"),
        ("hyperlink", "file://server/bagi/x"),
        ("hyperlink", "javascript:alert(1)"),
    ],
)
def test_what_is_fetched_from_elsewhere_is_refused(letter, kind, target):
    with pytest.raises(InvalidInput, match="dari luar"):
        checked(with_link(letter, kind, target))


def test_a_link_to_be_followed_stays_and_the_path_of_a_template_goes(letter):
    assert "https://contoh.test" in part_of(
        checked(with_link(letter, "hyperlink", "https://contoh.test/")), RELS
    )
    noted = with_link(letter, "attachedTemplate", "file:///C:/Users/x/Normal.dotm")
    assert "Normal.dotm" not in part_of(checked(noted), RELS)


@pytest.mark.parametrize(
    "words",
    [
        ("INCLUDEPICTURE http://contoh.test/x",),
        ("INCLUDE", "PICTURE x"),
        (" ddeauto c:\\\\cmd",),
        ("INCLUDETEXT x",),
    ],
)
def test_a_field_that_fetches_is_refused_however_it_is_split(letter, words):
    with pytest.raises(InvalidInput, match="bidang"):
        checked(with_body(letter, field(*words)))


def test_a_page_number_is_a_field_as_well(letter):
    checked(with_body(letter, field("PAGE")))


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        '<!DOCTYPE x SYSTEM "http://contoh.test/x.dtd"><x/>',
        "<x>",
    ],
)
def test_a_part_with_entities_or_a_fault_is_refused(letter, xml):
    with pytest.raises(InvalidInput, match="tidak dapat dibuka"):
        checked(with_part(letter, "word/settings.xml", xml))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ kop.instansi", "tidak lengkap"),
        ("{% if x }}", "tidak lengkap"),
        ("{{ kop {{ x }}", "tidak lengkap"),
        ("{# catatan", "tidak lengkap"),
        ("{{" + " " * 400 + "}}", "tidak lengkap"),
        ("{% colspan" + " " * 200 + "2 %}", "colspan"),
        ("{{ x }}" * 2_001, "terlalu besar"),
    ],
    ids=["open", "crossed", "nested", "comment", "long", "other", "many"],
)
def test_a_tag_has_an_end_that_is_near(letter, words, said):
    with pytest.raises(InvalidInput, match=said):
        checked(with_body(letter, f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"))


def test_a_tag_split_over_runs_is_one_and_one_in_an_attribute_is_none(letter):
    runs = "".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in ("{", "{ kop.", "alamat }", "}"))
    checked(with_body(letter, f"<w:p>{runs}</w:p>"))
    with pytest.raises(InvalidInput, match="teks dokumen"):
        checked(with_body(letter, '<w:p w:rsidR="{{ x }}"><w:r><w:t>x</w:t></w:r></w:p>'))


def test_what_unpacks_into_too_much_is_refused(letter):
    with pytest.raises(InvalidInput, match="terlalu besar"):
        checked(with_part(letter, "word/extra.xml", b" " * (MAX_XML + 1)))
    with pytest.raises(InvalidInput, match="terlalu besar"):
        checked(with_part(letter, "word/media/image9.png", b"\0" * 40_000_000))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7"])
def test_no_word_file_at_all_is_refused(content):
    with pytest.raises(InvalidInput):
        checked(content)


def test_a_zip_without_a_document_is_refused(letter):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("x.xml", "<x/>")
    with pytest.raises(InvalidInput):
        checked(out.getvalue())

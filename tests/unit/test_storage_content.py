import pytest

from app.core.errors import InvalidInput
from app.core.storage import MediaType, accept, content, images, media_types
from app.core.storage.files import named
from tests.support import files


@pytest.fixture
def path(tmp_path):
    return tmp_path / "anything.exe"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (files.PDF, MediaType.PDF),
        (b"\xef\xbb\xbf" + files.PDF, MediaType.PDF),
        (files.image("JPEG"), MediaType.JPEG),
        (files.image("JPEG") + b"trailing bytes of a phone", MediaType.JPEG),
        (files.image("PNG"), MediaType.PNG),
        (files.office(files.WORD_TYPE), MediaType.DOCX),
        (files.office(files.SHEET_TYPE), MediaType.XLSX),
    ],
    ids=["pdf", "pdf with a mark before", "jpg", "jpg with a tail", "png", "docx", "xlsx"],
)
def test_the_content_says_what_a_file_is(path, data, media_type):
    path.write_bytes(data)
    assert content.media_type_of(path) is media_type


@pytest.mark.parametrize(
    ("data", "way_out"),
    [
        (files.image("JPEG", (900, 900))[:-900], "terpotong"),
        (files.image("PNG", (90, 90))[:-40], "terpotong"),
        (b"\xff\xd8\xff\xe0 not a photo", "rusak"),
        (files.image("WEBP"), "JPG atau PNG"),
        (files.image("GIF"), "JPG atau PNG"),
        (files.image("BMP"), "JPG atau PNG"),
        (files.image("TIFF"), "JPG atau PNG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "Paling Kompatibel"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "tautannya"),
        (b"%PDF-1.7\n1 0 obj", "terpotong"),
        (files.office(files.WORD_TYPE)[:-30], "terpotong"),
        (files.office(files.WORD_TYPE, **{"word/vbaProject.bin": "x"}), "makro"),
        (files.office("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "makro"),
        (files.office("application/vnd.x.presentationml.presentation.main+xml"), "PDF"),
        (files.package({"mimetype": "x", "META-INF/manifest.xml": "x"}), "OpenDocument"),
        (files.package({"foto.jpg": "x"}), "satu per satu"),
        (b"Rar!\x1a\x07", "satu per satu"),
        (content.OLE + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
        (content.OLE + b"Word.Document.8", ".docx"),
        (b"<html><script>alert(1)</script>", "PDF, foto JPG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PDF, foto JPG"),
        (b"MZ\x90\x00", "PDF, foto JPG"),
    ],
)
def test_anything_else_is_refused_with_the_way_out(path, data, way_out):
    path.write_bytes(data)
    with pytest.raises(InvalidInput, match=way_out):
        content.media_type_of(path)


@pytest.mark.parametrize("factor", [1, 3])
def test_a_picture_that_would_fill_the_memory_is_never_decoded(path, monkeypatch, factor):
    monkeypatch.setattr(images.Image, "MAX_IMAGE_PIXELS", 64 * 48 // 2 // factor)
    path.write_bytes(files.image("PNG"))
    with pytest.raises(InvalidInput, match="megapiksel"):
        content.media_type_of(path)


def test_a_package_that_unpacks_to_too_much_is_refused(path, monkeypatch):
    monkeypatch.setattr(content, "MAX_UNPACKED", 10)
    path.write_bytes(files.office(files.SHEET_TYPE))
    with pytest.raises(InvalidInput, match="rusak"):
        content.media_type_of(path)


def test_a_file_field_names_images_by_type_so_that_phones_convert_them():
    assert accept(["pdf", "jpg", "png"]) == "image/jpeg,image/png,.pdf"
    assert accept(["xlsx", "docx", "link"]) == ".docx,.xlsx"
    assert accept(["link"]) == ""


def test_formats_of_instruments_are_types():
    assert media_types(["PDF", "jpeg", "link"]) == {MediaType.PDF, MediaType.JPEG}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("laporan.pdf", "laporan.pdf"),
        ("Laporan.PDF", "Laporan.PDF"),
        ("laporan.exe", "laporan.exe.pdf"),
        ("laporan", "laporan.pdf"),
        ("", "berkas.pdf"),
        ("../../etc/passwd", "..-..-etc-passwd.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a--Set-Cookie- x.pdf"),
    ],
)
def test_a_name_ends_as_its_content_does_and_stays_on_one_line(name, shown):
    assert named(name, MediaType.PDF) == shown

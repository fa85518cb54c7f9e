"""What a file is, by its content. Its name and what the browser says of it count for nothing."""

import zipfile
from pathlib import Path

from app.core.errors import InvalidInput
from app.core.storage.formats import MediaType
from app.core.storage.images import check_image

TAKEN = "Yang dapat diunggah: PDF, foto JPG atau PNG, Word (.docx) dan Excel (.xlsx)."

HEAD = 1024
TAIL = 4096
MAX_ENTRIES = 10_000
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_CONTENT_TYPES = 1024 * 1024

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}

WORD = b"wordprocessingml.document.main+xml"
SHEET = b"spreadsheetml.sheet.main+xml"

HEIC = (
    "Foto berformat HEIC tidak dapat dibuka di semua komputer. Di iPhone: Pengaturan > Kamera >"
    " Format > Paling Kompatibel, lalu ambil ulang; atau simpan foto sebagai JPG."
)
WEBP = "Gambar berformat WEBP tidak dapat diunggah. Simpan sebagai JPG atau PNG."
OTHER_IMAGE = "Gambar berformat ini tidak dapat diunggah. Simpan sebagai JPG atau PNG."
VIDEO = "Video tidak dapat diunggah. Simpan di Google Drive atau YouTube, lalu kirim tautannya."
ENCRYPTED = "Berkas ini dikunci dengan kata sandi. Hapus kata sandinya, lalu unggah kembali."
OLD_OFFICE = (
    "Berkas Word atau Excel lama (.doc, .xls) tidak dapat diunggah."
    " Simpan sebagai .docx, .xlsx atau PDF."
)
MACROS = "Berkas ini berisi makro. Simpan sebagai .docx atau .xlsx tanpa makro."
SLIDES = "Berkas presentasi tidak dapat diunggah. Simpan sebagai PDF."
OPEN_DOCUMENT = "Berkas OpenDocument tidak dapat diunggah. Simpan sebagai .docx, .xlsx atau PDF."
ARCHIVE = "Berkas arsip (ZIP, RAR) tidak dapat diunggah. Unggah isinya satu per satu."
BROKEN = (
    "Berkas tidak dapat dibuka: mungkin rusak atau terpotong saat dikirim."
    " Simpan ulang, lalu unggah kembali."
)

# (offset, bytes found there, what to say). Names of formats, and the way to one that is taken.
KNOWN_REFUSALS = (
    (0, b"GIF8", OTHER_IMAGE),
    (0, b"BM", OTHER_IMAGE),
    (0, b"II*\x00", OTHER_IMAGE),
    (0, b"MM\x00*", OTHER_IMAGE),
    (8, b"WEBP", WEBP),
    (4, b"ftyp", VIDEO),
    (0, b"\x1aE\xdf\xa3", VIDEO),
    (8, b"AVI ", VIDEO),
    (0, b"Rar!", ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (0, b"\x1f\x8b", ARCHIVE),
)


def media_type_of(path: Path) -> MediaType:
    """Return the type of a file. Raises InvalidInput, with the way out, for any other."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, path.stat().st_size - TAIL))
        tail = file.read(TAIL)
    if head.startswith(JPEG):
        check_image(path, "JPEG")
        return MediaType.JPEG
    if head.startswith(PNG):
        check_image(path, "PNG")
        return MediaType.PNG
    if b"%PDF-" in head:
        if b"startxref" not in tail:
            raise InvalidInput(BROKEN)
        return MediaType.PDF
    if head.startswith(ZIP):
        return _office_type(path)
    raise InvalidInput(_refusal(path, head))


def _refusal(path: Path, head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return HEIC
    if head.startswith(OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        return ENCRYPTED if locked else OLD_OFFICE
    for offset, magic, message in KNOWN_REFUSALS:
        if head[offset:].startswith(magic):
            return message
    return f"Jenis berkas ini tidak dapat diunggah. {TAKEN}"


def _office_type(path: Path) -> MediaType:
    try:
        with zipfile.ZipFile(path) as package:
            return _package_type(package)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, ValueError) as error:
        raise InvalidInput(BROKEN) from error
    except (NotImplementedError, RuntimeError) as error:
        raise InvalidInput(ENCRYPTED) from error


def _package_type(package: zipfile.ZipFile) -> MediaType:
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise InvalidInput(BROKEN)
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidInput(ENCRYPTED)
    names = {entry.filename for entry in entries}
    if "mimetype" in names and "META-INF/manifest.xml" in names:
        raise InvalidInput(OPEN_DOCUMENT)
    if "[Content_Types].xml" not in names:
        raise InvalidInput(ARCHIVE)
    with package.open("[Content_Types].xml") as file:
        content_types = file.read(MAX_CONTENT_TYPES)
    if b"macroEnabled" in content_types or any("vbaProject" in name for name in names):
        raise InvalidInput(MACROS)
    if WORD in content_types:
        return MediaType.DOCX
    if SHEET in content_types:
        return MediaType.XLSX
    if b"presentationml" in content_types:
        raise InvalidInput(SLIDES)
    raise InvalidInput(ARCHIVE)

"""What an uploaded Word file may hold. Read before anything opens it as a document.

Refused: what runs, what is fetched from elsewhere when the document is opened, and what unpacks
into more than memory can take. Taken out: the path of the template that Word itself notes.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import basename

from lxml import etree

from app.core.errors import InvalidInput

MAX_ENTRIES = 400
MAX_UNPACKED = 30 * 1024 * 1024
MAX_XML = 1024 * 1024
"""How large a part that is read as XML may be. A letter has 20 KB; a megabyte takes seconds."""

BROKEN = "Berkas tidak dapat dibuka sebagai dokumen Word. Simpan ulang, lalu unggah kembali."
TOO_LARGE = (
    "Dokumen ini terlalu besar untuk sebuah templat. Kecilkan gambarnya atau hapus isi yang"
    " tidak perlu."
)
ACTIVE = "Dokumen ini berisi objek yang dapat dijalankan ({name}). Hapus, lalu simpan kembali."
REMOTE = (
    "Dokumen ini mengambil sesuatu dari luar ({address}). Sisipkan gambarnya ke dalam dokumen,"
    " jangan ditautkan."
)
FIELD = "Dokumen ini memakai bidang {name}, yang mengambil isi dari luar. Hapus bidang itu."
MERGE = "Dokumen ini tersambung ke sumber data surat massal (mail merge). Putuskan sambungannya."

HIDDEN_TAG = "Tanda {{ … }} atau {% … %} hanya dapat ditulis dalam teks dokumen."
UNCLOSED = "Tanda “{tag}…” tidak lengkap: tutup dengan “{end}”."
OTHER_TAG = "“{{% {tag} %}}” tidak dapat dipakai dalam templat."

MAX_TAGS = 2_000
MAX_TAG = 300
"""How many tags a part of a document may have, and how long one may be."""

_MARKUP = re.compile(r"<[^>]*>")
_OPENING = re.compile(r"\{[{%#]")
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OTHER_TAGS = frozenset({"colspan", "cellbg", "vm", "hm"})
"""What docxtpl knows besides: tags that change tables, which no template here needs."""

_ACTIVE = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/.*|embeddings/.*|customUI.*/.*|afchunk.*"
    r"|.*\.(bin|exe|dll|js|vbs|html?|mht))$",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"(^|/)printerSettings\d*\.bin$")
_FETCHING = re.compile(
    r"\b(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|DATABASE|LINK|RD)\b"
)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINKS = ("http://", "https://", "mailto:")


def checked(content: bytes) -> bytes:
    """Return a Word file as it may be kept. Raises InvalidInput, in words for who chose it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = _read(package)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        raise InvalidInput(BROKEN) from error
    except (NotImplementedError, RuntimeError) as error:
        raise InvalidInput(BROKEN) from error
    if "word/document.xml" not in parts:
        raise InvalidInput(BROKEN)
    kept = {name: _checked_part(name, body) for name, body in parts.items()}
    return _packed(kept)


def _read(package: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack, counting what really comes out: what a ZIP says of its sizes may be a lie."""
    entries = [entry for entry in package.infolist() if not entry.is_dir()]
    if len(entries) > MAX_ENTRIES:
        raise InvalidInput(TOO_LARGE)
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in entries:
        limit = min(left, MAX_XML) if _is_xml(entry.filename) else left
        with package.open(entry) as file:
            body = file.read(limit + 1)
        if len(body) > limit:
            raise InvalidInput(TOO_LARGE)
        if entry.filename in parts:
            raise InvalidInput(BROKEN)
        left -= len(body)
        parts[entry.filename] = body
    return parts


def _checked_part(name: str, body: bytes) -> bytes:
    if _ACTIVE.search(name) and not _HARMLESS.search(name):
        raise InvalidInput(ACTIVE.format(name=basename(name)))
    if not _is_xml(name):
        return body
    tree = _tree(body)
    if name.endswith(".rels"):
        _check_relationships(tree)
    _check_fields(tree)
    if tree.find(f"{_WORD}mailMerge") is not None:
        raise InvalidInput(MERGE)
    for element in tree.findall(f"{_WORD}attachedTemplate"):
        tree.remove(element)
    _check_tags(etree.tostring(tree, encoding="unicode"))
    kept: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return kept


def _tree(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidInput(BROKEN) from error
    if tree.getroottree().docinfo.doctype:
        raise InvalidInput(BROKEN)
    return tree


def _check_relationships(tree: etree._Element) -> None:
    for link in list(tree):
        if link.get("TargetMode") != "External":
            continue
        kind, address = basename(link.get("Type", "")), link.get("Target", "")
        if kind == "attachedTemplate":
            tree.remove(link)
        elif kind != "hyperlink" or not address.casefold().startswith(_LINKS):
            raise InvalidInput(REMOTE.format(address=address[:80]))


def _check_fields(tree: etree._Element) -> None:
    # Word splits the words of a field over runs as it likes: they are read together.
    words = "".join(text.text or "" for text in tree.iter(f"{_WORD}instrText"))
    for said in (words, *_simple_fields(tree)):
        if (found := _FETCHING.search(said.upper())) is not None:
            raise InvalidInput(FIELD.format(name=found.group()))


def _check_tags(source: str) -> None:
    """Refuse tags without an end, and more of them than a document has.

    docxtpl looks for them with expressions that would search a whole document for each end that
    is missing, and the program waits meanwhile.
    """
    words = _MARKUP.sub("", source)
    if len(_OPENING.findall(source)) > len(_OPENING.findall(words)):
        raise InvalidInput(HIDDEN_TAG)
    openings = [found.start() for found in _OPENING.finditer(words)]
    if len(openings) > MAX_TAGS:
        raise InvalidInput(TOO_LARGE)
    for at in openings:
        tag = words[at : at + MAX_TAG]
        end = _ENDS[tag[:2]]
        inside, closed, _ = tag[2:].partition(end)
        if not closed or _OPENING.search(inside):
            raise InvalidInput(UNCLOSED.format(tag=" ".join(tag[:60].split()), end=end))
        if inside.split()[:1] and inside.split()[0] in _OTHER_TAGS and tag[1] == "%":
            raise InvalidInput(OTHER_TAG.format(tag=inside.split()[0]))


def _simple_fields(tree: etree._Element) -> Iterator[str]:
    return (field.get(f"{_WORD}instr", "") for field in tree.iter(f"{_WORD}fldSimple"))


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    first = "[Content_Types].xml"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda part: (part != first, part)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            package.writestr(entry, parts[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()

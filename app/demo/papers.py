"""Papers to prove answers with: small PDFs and photos, drawn here so that nothing is anybody's."""

import io
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw


def pdf(lines: Sequence[str]) -> bytes:
    """Return a one-page PDF (A4) with lines of text."""
    shown = "".join(f"({_escape(line)}) Tj T* " for line in lines)
    content = f"BT /F1 12 Tf 16 TL 60 780 Td {shown}ET".encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def photo(seed: int) -> bytes:
    """Return a JPEG of a place that does not exist: sky, hills, a house, some children."""
    chance = random.Random(seed)
    image = Image.new("RGB", (960, 640), (150 + chance.randrange(60), 200, 235))
    draw = ImageDraw.Draw(image)
    for layer in range(3):
        base = 330 + 70 * layer
        points = [(x, base + chance.randrange(-45, 45)) for x in range(0, 1080, 120)]
        shade = (70 + 25 * layer, 130 - 15 * layer + chance.randrange(20), 70)
        draw.polygon([(0, 640), *points, (960, 640)], fill=shade)
    left = chance.randrange(120, 560)
    draw.rectangle((left, 300, left + 260, 470), fill=(230, 215, 180))
    draw.polygon([(left - 30, 300), (left + 130, 210), (left + 290, 300)], fill=(150, 70, 50))
    draw.rectangle((left + 105, 380, left + 155, 470), fill=(90, 60, 40))
    for child in range(chance.randrange(4, 9)):
        x = 90 + child * 95 + chance.randrange(30)
        colour = tuple(chance.randrange(80, 240) for _ in range(3))
        draw.ellipse((x, 470, x + 34, 504), fill=(150, 105, 75))
        draw.rectangle((x - 4, 504, x + 38, 575), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=72)
    return out.getvalue()


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")

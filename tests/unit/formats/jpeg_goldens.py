"""Makes jpegGoldens.json: JPEG files of kinds that jpeg-js can't write, and their pixels as libjpeg decodes them.

    python3 jpeg_goldens.py > jpegGoldens.json      (needs Pillow)
"""
import base64
import io
import json

from PIL import Image

SIDE = 16
# Even areas of 8 x 8 pixels: a block each, so that decoders differ by their rounding alone.
COLOURS = [(220, 40, 30), (30, 200, 60), (20, 60, 210), (240, 240, 240)]
image = Image.new("RGB", (SIDE, SIDE))
for y in range(SIDE):
    for x in range(SIDE):
        image.putpixel((x, y), COLOURS[(y // 8) * 2 + x // 8])


def golden(kind, source, **options):
    file = io.BytesIO()
    source.save(file, "JPEG", quality=90, **options)
    decoded = Image.open(io.BytesIO(file.getvalue())).convert("RGB")
    corners = [decoded.getpixel((x, y)) for y in (4, 12) for x in (4, 12)]
    return {"kind": kind, "file": base64.b64encode(file.getvalue()).decode(), "middles": corners}


print(
    json.dumps(
        [
            golden("progressive", image, progressive=True, subsampling=0),
            golden("with colours of half the resolution", image, subsampling=2),
            golden("in cyan, magenta, yellow and black", image.convert("CMYK")),
            golden("with restart markers", image, subsampling=0, restart_marker_blocks=1),
        ],
        indent=1,
    )
)

"""What becomes of a sheet between the printer and the board: scanned coarsely, askew, blurred, squeezed."""

import shutil
import subprocess
from random import Random

import pytest
from PIL import Image, ImageFilter

needs_readers = pytest.mark.skipif(
    not (shutil.which("pdftoppm") and shutil.which("zbarimg")), reason="needs poppler-utils and zbar-tools"
)


def pages_of(pdf, folder, *, dpi=150):
    """Each page as a scanner at so many dots an inch sees it."""
    file = folder / "phieu.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", str(file), str(folder / "trang")], check=True)
    return sorted(folder.glob("trang-*.pgm"))


def worn(page, random: Random):
    """The page as it comes back, in its place: turned, out of focus, speckled, too light, as a poor JPEG."""
    with Image.open(page) as picture:
        turned = picture.convert("L").rotate(
            random.uniform(-12, 12), Image.BICUBIC, expand=True, fillcolor=255
        )
    light = random.uniform(0.6, 1)
    turned = turned.point(lambda value: 255 - int((255 - value) * light))
    turned = turned.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.2)))
    speckles = Image.effect_noise(turned.size, random.uniform(10, 40))
    worn = page.with_suffix(".jpg")
    Image.blend(turned, speckles, 0.15).save(worn, quality=random.randint(30, 60))
    page.unlink()
    return worn


def codes_of(pages):
    """Page → what its QR says, as zbarimg reads it; nothing where it does not."""
    return {page: _read(page) for page in pages}


def _read(page):
    found = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-S*.enable=0", "-Sqrcode.enable=1", str(page)],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip()


def text_of(pdf, folder):
    """The words of each page, as somebody who copies them has them."""
    file = folder / "chu.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    )
    return said.stdout.split("\f")[:-1]


def fonts_of(pdf, folder):
    """The name of each font → whether it is in the file."""
    file = folder / "chu.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True)
    lines = [line.split() for line in said.stdout.splitlines()[2:]]
    return {line[0].partition("+")[2]: line[-5] == "yes" for line in lines}

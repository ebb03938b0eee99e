"""Small drawn pictures that stand for photos of evidence. Nothing in them is anybody's."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (480, 360)
WALL, SHELF, PAPER, INK, RULE = "#efe6d6", "#8a5a33", "#fffdf5", "#2b3a67", "#b9c7e6"
SPINES = ["#b3261e", "#1f5f8b", "#3d7a3a", "#c98a1b", "#6b4c8a", "#40707a", "#8a3b5c"]


def draw(rng: Random) -> bytes:
    """A JPEG: a shelf of books, or a page of handwriting."""
    picture = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(picture)
    rng.choice([_shelf, _page])(pen, rng)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _shelf(pen, rng):
    for bottom in (170, 330):
        left = 20
        while left < SIZE[0] - 60:
            width, height = rng.randint(16, 38), rng.randint(80, 130)
            pen.rectangle([left, bottom - height, left + width, bottom], rng.choice(SPINES))
            pen.line([left + 4, bottom - height + 14, left + width - 4, bottom - height + 14], PAPER, 3)
            left += width + rng.choice([2, 2, 2, 12])
        pen.rectangle([10, bottom, SIZE[0] - 10, bottom + 10], SHELF)


def _page(pen, rng):
    pen.rectangle([60, 20, SIZE[0] - 60, SIZE[1] - 20], PAPER)
    for line in range(56, SIZE[1] - 40, 26):
        pen.line([60, line, SIZE[0] - 60, line], RULE)
        left, end = 84, SIZE[0] - 84 - rng.randint(0, 140)
        while left < end:  # words as strokes
            word = rng.randint(14, 46)
            heights = [rng.randint(4, 16) for _stroke in range(word // 6 + 1)]
            pen.line(
                [(left + 6 * place, line - height) for place, height in enumerate(heights)], INK, 2, "curve"
            )
            left += word + 12

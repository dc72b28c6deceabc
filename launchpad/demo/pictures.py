"""Pictures for simulated tokens: a few shapes on a gradient, the same for the same name."""

import colorsys
import io
import math
import random

from PIL import Image, ImageDraw

_SIZE = 512


def draw(name: str) -> bytes:
    """A square PNG of 512 pixels."""
    choice = random.Random(name)  # noqa: S311 - a picture, not a secret
    hue = choice.random()
    image = _gradient(_colour(hue, 0.55, 0.95), _colour(hue + 0.12, 0.8, 0.45))
    painter = ImageDraw.Draw(image, "RGBA")
    for _ in range(choice.randint(2, 4)):
        _petals(painter, choice, hue + choice.choice((0.5, 0.42, 0.58)))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _gradient(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    column = Image.new("RGB", (1, _SIZE))
    for y in range(_SIZE):
        share = y / _SIZE
        column.putpixel((0, y), _mix(top, bottom, share))
    return column.resize((_SIZE, _SIZE))


def _mix(a: tuple[int, int, int], b: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def _petals(painter: ImageDraw.ImageDraw, choice: random.Random, hue: float) -> None:
    """A ring of circles around the middle."""
    count, reach, radius = choice.randint(3, 9), choice.randint(70, 150), choice.randint(40, 90)
    turn = choice.random() * math.tau
    fill = (*_colour(hue, 0.45, 1.0), 110)
    for index in range(count):
        angle = turn + index * math.tau / count
        x, y = _SIZE / 2 + reach * math.cos(angle), _SIZE / 2 + reach * math.sin(angle)
        painter.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)

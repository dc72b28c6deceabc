"""Pictures: told by their bytes, stripped, made to fit, or refused."""

import io
import random

import pytest
from PIL import Image

from launchpad.media.errors import ImageRefusedError, ImageTooLargeError
from launchpad.media.images import BLOCK_BYTES, prepare

MOST = 5 * 1024 * 1024


def _bytes(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _noise(size):
    generator = random.Random(7)
    return Image.frombytes("RGB", size, generator.randbytes(size[0] * size[1] * 3))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_accepted_kind_becomes_webp(kind):
    picture = prepare(_bytes(Image.new("RGB", (64, 32), "red"), kind), "image", MOST)
    with Image.open(io.BytesIO(picture.body)) as again:
        assert again.format == "WEBP"
        assert again.size == (picture.width, picture.height) == (64, 32)
    assert not picture.animated


def test_transparency_survives():
    picture = prepare(_bytes(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"), "icon", MOST)
    with Image.open(io.BytesIO(picture.body)) as again:
        assert again.convert("RGBA").getpixel((4, 4))[3] == 0


def test_metadata_of_the_photographer_does_not():
    exif = Image.Exif()
    exif[0x010E] = "home address"
    picture = prepare(_bytes(Image.new("RGB", (64, 64)), "JPEG", exif=exif), "image", MOST)
    assert b"home address" not in picture.body


@pytest.mark.parametrize(("role", "box"), [("image", (1024, 1024)), ("banner", (1500, 500)), ("icon", (256, 256))])
def test_large_pictures_fit_the_box_of_their_role(role, box):
    picture = prepare(_bytes(Image.new("RGB", (3000, 2000)), "PNG"), role, MOST)
    assert picture.width <= box[0]
    assert picture.height <= box[1]


def test_even_noise_fits_one_block():
    picture = prepare(_bytes(_noise((1200, 1200)), "PNG"), "image", MOST)
    assert len(picture.body) <= BLOCK_BYTES


def test_an_animation_stays_one():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green", "blue")]
    body = _bytes(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=120, loop=0)
    picture = prepare(body, "image", MOST)
    assert picture.animated
    with Image.open(io.BytesIO(picture.body)) as again:
        assert again.n_frames == 3


def test_an_animation_too_rich_for_a_block_becomes_a_still():
    frames = [_noise((400, 400)) for _ in range(12)]
    for place, frame in enumerate(frames):
        frame.putpixel((place, 0), (255, 255, 255))
    body = _bytes(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)
    assert len(prepare(body, "image", 50_000_000).body) <= BLOCK_BYTES


@pytest.mark.parametrize("body", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" + b"x" * 50])
def test_what_is_no_picture_is_refused(body):
    with pytest.raises(ImageRefusedError) as caught:
        prepare(body, "banner", MOST)
    assert caught.value.details["field"] == "banner"


def test_a_truncated_picture_is_refused():
    body = _bytes(_noise((200, 200)), "PNG")
    with pytest.raises(ImageRefusedError):
        prepare(body[: len(body) // 2], "image", MOST)


def test_too_many_bytes_are_refused_by_number():
    with pytest.raises(ImageTooLargeError):
        prepare(b"x" * 11, "image", 10)


def test_too_many_pixels_are_refused_before_they_are_unpacked():
    with pytest.raises(ImageTooLargeError):
        prepare(_bytes(Image.new("1", (20_000, 3_000)), "PNG"), "image", MOST)

"""Pictures made safe: told by their bytes, decoded, freed of everything but pixels, and encoded anew.

The result is WebP of at most 256 KiB: one block of the content-addressed network,
so that its identifier is the plain hash of its bytes everywhere.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from launchpad.media.errors import ImageRefusedError, ImageTooLargeError

Role = Literal["image", "banner", "icon"]

BLOCK_BYTES = 256 * 1024
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_MAX_PIXELS = 40_000_000
_MAX_FRAMES = 100
# Of all frames together: what is decoded must fit in memory.
_MAX_MOVING_PIXELS = 120_000_000
_BOXES: dict[Role, tuple[int, int]] = {"image": (1024, 1024), "banner": (1500, 500), "icon": (256, 256)}
_MOVING_BOX = (400, 400)
_QUALITIES = (90, 80, 70, 55, 40)
_SCALES = (1.0, 0.75, 0.5, 0.35, 0.25, 0.15)


@dataclass(frozen=True)
class Picture:
    """A picture ready to be stored."""

    body: bytes
    width: int
    height: int
    animated: bool
    content_type: str = "image/webp"


def prepare(body: bytes, role: Role, max_bytes: int) -> Picture:
    """`body` as a safe WebP that fits its role; raises ImageRefusedError and ImageTooLargeError. Takes a while."""
    if len(body) > max_bytes:
        message = f"The picture has {len(body) / 1e6:.1f} MB: at most {max_bytes / 1e6:.1f} MB are taken."
        raise ImageTooLargeError(message, field=role, limit=max_bytes)
    frames, durations = _decode(body, role)
    return _encode(frames, durations)


def _decode(body: bytes, role: Role) -> tuple[list[Image.Image], list[int]]:
    """The frames, upright and within the role's box, and how many milliseconds each is shown."""
    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as source:
            count = min(getattr(source, "n_frames", 1), _MAX_FRAMES)
            _check_pixels(source.size, count, role)
            box = _MOVING_BOX if count > 1 and role != "banner" else _BOXES[role]
            frames, durations = [], []
            for place in range(count):
                source.seek(place)
                durations.append(int(source.info.get("duration") or 100))
                frames.append(_frame(source, box))
            return frames, durations
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        message = "This file cannot be read as a picture: use PNG, JPEG, WebP or GIF."
        raise ImageRefusedError(message, field=role) from error


def _check_pixels(size: tuple[int, int], frames: int, role: Role) -> None:
    """Refuse by the header what would not fit in memory when it is unpacked."""
    pixels = size[0] * size[1]
    if pixels > _MAX_PIXELS or (frames > 1 and pixels * frames > _MAX_MOVING_PIXELS):
        message = f"The picture has {size[0]} x {size[1]} pixels in {frames} frames: make it smaller."
        raise ImageTooLargeError(message, field=role)


def _frame(source: Image.Image, box: tuple[int, int]) -> Image.Image:
    frame = ImageOps.exif_transpose(source) or source
    frame = frame.convert("RGBA" if frame.has_transparency_data else "RGB")
    frame.thumbnail(box, Image.Resampling.LANCZOS)
    return frame


def _encode(frames: list[Image.Image], durations: list[int]) -> Picture:
    """The best quality and size that fit one block."""
    for scale, quality in _attempts():
        sized = [_scaled(frame, scale) for frame in frames]
        body = _webp(sized, durations, quality)
        if len(body) <= BLOCK_BYTES:
            width, height = sized[0].size
            return Picture(body, width, height, animated=len(sized) > 1)
    # Even a thumbnail of all frames is too much: the first frame always fits.
    return _encode(frames[:1], durations[:1])


def _attempts() -> Iterator[tuple[float, int]]:
    for scale in _SCALES:
        for quality in _QUALITIES:
            yield scale, quality


def _scaled(frame: Image.Image, scale: float) -> Image.Image:
    if scale == 1.0:
        return frame
    size = (max(1, int(frame.width * scale)), max(1, int(frame.height * scale)))
    return frame.resize(size, Image.Resampling.LANCZOS)


def _webp(frames: list[Image.Image], durations: list[int], quality: int) -> bytes:
    buffer = io.BytesIO()
    if len(frames) == 1:
        frames[0].save(buffer, "WEBP", quality=quality, method=4)
    else:
        frames[0].save(
            buffer,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
            quality=quality,
            method=2,
        )
    return buffer.getvalue()

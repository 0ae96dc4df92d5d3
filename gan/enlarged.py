"""What came of enlarging a picture, to be looked at beside its own pixels, bicubic interpolation and, where it was made
small for that, the truth: as a whole, in part, measured, and as a file.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gan import enlarging, images
from gan.background import Say
from gan.errors import UserError
from gan.metrics import pairs, perceptual

TIMES = enlarging.TIMES
ORIGINAL, BICUBIC, NET, TRUTH = "original", "bicubic", "net", "truth"
SCREEN = 1024  # pixels of the longer side that a whole picture is shown with
PART = 1600  # pixels of a side that a part of it is shown with, at most
PERCEPTUAL = 1_000_000  # pixels of the truth up to which a net compares it
BAND = 1_000_000  # pixels that are compared at a time
SHEET = 24_000_000  # pixels of all pictures side by side

Array = np.ndarray
Box = tuple[int, int, int, int]  # left, top, width, height


@dataclass(frozen=True)
class Figure:
    """One measure of both enlarged pictures against the truth; None where it is not defined."""

    title: str
    better: str  # "higher" or "lower"
    bicubic: float | None
    net: float | None


@dataclass(frozen=True, eq=False)
class Enlarged:
    """A picture and what became of it. Layers are called `ORIGINAL`, `BICUBIC`, `NET` and `TRUTH`."""

    model: str
    small: Array  # uint8 [h, w, c]
    large: Array  # uint8 [4h, 4w, c], by the net
    plain: Array  # the same by interpolation
    truth: Array | None  # uint8 [4h, 4w, c]
    figures: tuple[Figure, ...]  # none where there is no truth
    whole: dict[str, bytes]  # each layer as a file for the screen

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the large picture."""
        height, width = self.large.shape[:2]
        return width, height

    @property
    def reduced(self) -> float:
        """How much smaller than the large picture `whole` is, each way; 1 where it is all there."""
        return min(1.0, SCREEN / max(self.size))

    @property
    def layers(self) -> list[str]:
        return [ORIGINAL, BICUBIC, NET, *([TRUTH] if self.truth is not None else [])]

    @property
    def bytes(self) -> int:
        """What is kept of it in memory."""
        return sum(part.nbytes for part in (self.small, self.large, self.plain, self.truth) if part is not None)


def ready(picture: Array, restore: bool) -> tuple[Array, Array | None]:
    """What a net is given, uint8 ``[h, w, c]``, and the truth, where it is to be restored.

    To restore, the picture is made four times smaller by the mean of each square of pixels, as `gan.evaluation` does;
    columns and rows beyond a multiple of four are cut off at the right and the bottom.

    Raises:
        UserError: for a picture that is too small for that, or too large.
    """
    if not restore:
        enlarging.check(picture)
        return picture, None
    height, width = (side // TIMES * TIMES for side in picture.shape[:2])
    if not height or not width:
        raise UserError(
            f"picture: {picture.shape[1]} x {picture.shape[0]} pixels; to be made four times smaller it needs at least "
            f"{TIMES} x {TIMES}. Enlarge it as it is instead."
        )
    truth = np.ascontiguousarray(picture[:height, :width])
    small = images.shrink(truth[None], TIMES)[0]
    enlarging.check(small)
    return small, truth


def enlarge(model: str, picture: Array, restore: bool, say: Say) -> Enlarged:
    """Enlarge a picture, or make it small and restore it.

    Args:
        model: an upscaler of the registry.
        picture: uint8 ``[h, w, 1 or 3]``.
        restore: whether it is the truth, and made small first.
        say: called with the share done (0…1) and what is being done; what it raises cancels.

    Raises:
        UserError: as `ready` and `gan.enlarging.enlarge` do.
    """
    small, truth = ready(picture, restore)
    say(0.0, "Loading the model")
    most = 0.8 if restore else 0.95
    pixels = f"{small.shape[1]:,} x {small.shape[0]:,} pixels"
    large = enlarging.enlarge(model, small, lambda share: say(share * most, f"Enlarging {pixels}"))
    bare = Enlarged(model, small, large, images.bicubic(small[None], TIMES)[0], truth, (), {})
    figures = measured(bare, lambda share: say(most + (0.95 - most) * share, "Measuring"))
    say(0.95, "Preparing the view")
    whole = {name: _file(_on_screen(bare, name), bare.reduced == 1) for name in bare.layers}
    return replace(bare, figures=figures, whole=whole)


def fitted(picture: Array, most: int = enlarging.LARGEST) -> Array:
    """A picture uint8 ``[h, w, c]`` made just small enough to be enlarged (Lanczos' filter)."""
    height, width = picture.shape[:2]
    if height * width <= most:
        return picture
    scale = math.sqrt(most / (height * width))
    wide = min(most, max(1, int(width * scale)))
    return _resized(picture, (wide, max(1, min(int(height * scale), most // wide))))


def part(found: Enlarged, name: str, box: Box) -> Array:
    """A part of a layer at its full size: uint8 ``[h, w, c]``; of the original, its own pixels, repeated.

    Args:
        found: the pictures.
        name: of the layer.
        box: in pixels of the large picture, inside it.
    """
    left, top, width, height = box
    if name == ORIGINAL:
        rows, columns = (np.arange(start, start + count) // TIMES for start, count in ((top, height), (left, width)))
        return found.small[rows[:, None], columns]
    return _layer(found, name)[top : top + height, left : left + width]


def part_file(found: Enlarged, name: str, box: Box) -> bytes:
    """`part` as a PNG file."""
    return images.encode_png(part(found, name, box), quick=True)


def inside(found: Enlarged, box: object) -> Box | None:
    """A box as a browser sent it, cut to the picture and to `PART`; None where it makes no sense."""
    if not isinstance(box, list | tuple) or len(box) != 4:
        return None
    if not all(isinstance(edge, int | float) and math.isfinite(edge) for edge in box):
        return None
    width, height = found.size
    left, top = (min(max(0, int(edge)), side - 1) for edge, side in zip(box[:2], found.size, strict=True))
    wide, high = int(min(box[2], width - left, PART)), int(min(box[3], height - top, PART))
    return (left, top, wide, high) if wide > 0 and high > 0 else None


def measured(found: Enlarged, progress: Callable[[float], None]) -> tuple[Figure, ...]:
    """PSNR and SSIM of luminance and, of colour pictures, RGB; of pictures that are not too large also the perceptual
    distance, where its net is there. Nothing without a truth.

    In bands, for in one piece a photograph would take gigabytes. `progress` is called with the share done.
    """
    if found.truth is None:
        return ()
    kinds = ["luminance", "RGB"] if found.truth.shape[-1] == 3 else ["luminance"]
    values: dict[str, list[tuple[float, float | None]]] = {BICUBIC: [], NET: []}
    runs = [(name, kind) for name in values for kind in kinds]
    for step, (name, kind) in enumerate(runs):
        within = lambda share, step=step: progress((step + share) / len(runs))  # noqa: E731
        values[name].append(_compare(found, name, kind == "luminance", within))
    rows = [
        Figure(f"{title} of {kind}", "higher", values[BICUBIC][i][j], values[NET][i][j])
        for j, title in enumerate(("PSNR (dB)", "SSIM"))
        for i, kind in enumerate(kinds)
    ]
    if math.prod(found.size) <= PERCEPTUAL:
        both, true = [part(found, name, (0, 0, *found.size))[None] for name in values], found.truth[None]
        with contextlib.suppress(UserError):  # its net comes with the app, but may be gone: the rest holds without it
            plain, net = (float(perceptual.distance(one, true)[0]) for one in both)
            rows.append(Figure("Perceptual distance", "lower", plain, net))
    return tuple(rows)


def _compare(found: Enlarged, name: str, grey: bool, progress: Callable[[float], None]) -> tuple[float, float | None]:
    """PSNR (infinite for equal pictures) and SSIM of a layer against the truth; None where SSIM is not defined."""
    squares, alike = 0.0, 0.0
    width, height = found.size
    around = pairs.WINDOW // 2
    defined = min(width, height) >= pairs.WINDOW
    for top, bottom in _bands(width, height):
        progress(top / height)
        # Each band as far around as SSIM's window looks; its mean is over the middle of windows, so none counts twice.
        first, last = (max(0, top - around), min(height, bottom + around)) if defined else (top, bottom)
        pair = [part(found, layer, (0, first, width, last - first)) for layer in (name, TRUTH)]
        one, true = (pairs.luminance(some) if grey else some.astype(np.float64) for some in pair)
        own = slice(top - first, bottom - first)
        squares += float(((one[own] - true[own]) ** 2).sum()) / one.shape[-1]
        if defined:
            alike += float(pairs.ssim(one[None], true[None])[0]) * (last - first - 2 * around)
    error = squares / (width * height)
    psnr = 10 * math.log10(255**2 / error) if error else math.inf
    return psnr, alike / (height - 2 * around) if defined else None


def _bands(width: int, height: int) -> Iterator[tuple[int, int]]:
    count = math.ceil(height / max(pairs.WINDOW, BAND // width))
    ends = [height * index // count for index in range(count + 1)]
    yield from itertools.pairwise(ends)


def side_by_side(found: Enlarged, names: Sequence[tuple[str, str]]) -> bytes:
    """Layers next to each other, each under its name, as a PNG: at full size, or as large as `SHEET` allows.

    Args:
        found: the pictures.
        names: of each layer, and what is written over it.
    """
    width, height = found.size
    scale = min(1.0, math.sqrt(SHEET / (width * height * len(names))))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    letters = max(12, min(48, size[0] // 24))
    font, line, gap = ImageFont.load_default(letters), round(1.6 * letters), max(4, size[0] // 100)
    least = max(round(font.getlength(title)) + 1 for _, title in names)
    step = max(size[0], least) + gap
    sheet = Image.new("RGB", (step * len(names) - gap, size[1] + line), "white")
    draw = ImageDraw.Draw(sheet)
    for place, (name, title) in enumerate(names):
        pixels = part(found, name, (0, 0, *found.size)) if scale == 1 else _at(found, name, size)
        sheet.paste(_image(pixels).convert("RGB"), (place * step, line))
        draw.text((place * step, line // 6), title, fill="#1c2321", font=font)
    return images.encode_png(np.asarray(sheet))


def _on_screen(found: Enlarged, name: str) -> Array:
    """A layer no larger than a screen shows; the original as it is, for the screen repeats its pixels."""
    if name == ORIGINAL:
        return _resized(found.small, _within(found.small, SCREEN))
    if found.reduced == 1:
        return part(found, name, (0, 0, *found.size))
    return _at(found, name, _within(found.large, SCREEN))


def _at(found: Enlarged, name: str, size: tuple[int, int]) -> Array:
    """A whole layer at a smaller size than its own (width, height)."""
    if name == ORIGINAL and size[0] > found.small.shape[1]:
        rows, columns = (np.arange(n) * m // n for n, m in zip(size[::-1], found.small.shape[:2], strict=True))
        return found.small[rows[:, None], columns]
    return _resized(_layer(found, name), size)


def _layer(found: Enlarged, name: str) -> Array:
    layer = {ORIGINAL: found.small, BICUBIC: found.plain, NET: found.large, TRUTH: found.truth}[name]
    assert layer is not None, "there is no truth where nothing was made small"
    return layer


def _within(image: Array, longest: int) -> tuple[int, int]:
    height, width = image.shape[:2]
    scale = min(1.0, longest / max(height, width))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _resized(image: Array, size: tuple[int, int]) -> Array:
    if size == (image.shape[1], image.shape[0]):
        return image
    how = Image.Resampling.LANCZOS if size[0] < image.shape[1] else Image.Resampling.BICUBIC
    return np.asarray(_image(image).resize(size, how, reducing_gap=3.0)).reshape(*size[::-1], image.shape[-1])


def _image(array: Array) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(array[..., 0] if array.shape[-1] == 1 else array))


def _file(image: Array, exact: bool) -> bytes:
    return (
        images.encode_png(image, quick=True) if exact else images.encode_jpeg(image, (image.shape[1], image.shape[0]))
    )

"""Films of pictures: GIF by Pillow, MP4 by ffmpeg (`imageio_ffmpeg`, imported only when one is made)."""

from __future__ import annotations

import io
import itertools
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from gan import images
from gan.errors import UserError, unknown

MOST = 2_000  # frames
RATES = (1, 30)  # frames a second
SIDE = 640  # pixels that the longer side is enlarged to at most, in whole steps, so that pixels stay crisp
LARGEST = 2**29  # pixels of all frames, enlarged
CHOOSING = 8_000  # pixels of a frame that its colours are chosen by, about

Array = np.ndarray
Say = Callable[[float, str], None]


def check(kind: str, frames: int, shape: tuple[int, ...], rate: float) -> None:
    """Whether such a film can be made, known before its frames are.

    Args:
        kind: "gif" or "mp4".
        frames: how many.
        shape: of a frame, ``(h, w, …)``.
        rate: frames a second.

    Raises:
        UserError: saying what would work.
    """
    if kind not in KINDS:
        raise unknown("kind of film", kind, KINDS)
    low, high = RATES
    if not low <= rate <= high:
        raise UserError(f"rate: {rate:g} frames a second is out of range; {low} to {high} works.")
    if not frames:
        raise UserError("A film needs at least one frame.")
    most = max(1, min(MOST, LARGEST // int(np.prod(_enlarged(shape)))))
    if frames > most:
        raise UserError(
            f"{frames:,} frames are too many for one film; {most:,} of {shape[0]}x{shape[1]} pixels are the most. "
            "Take every second one, a part, or fewer pictures."
        )


def film(kind: str, frames: Sequence[Array], rate: float, say: Say = lambda share, text: None) -> bytes:
    """A film that plays for ever (GIF) or once (MP4, H.264).

    Args:
        kind: "gif" or "mp4".
        frames: pictures uint8 ``[h, w, c]`` of one shape; enlarged as far as `SIDE` allows.
        rate: frames a second.
        say: told how far it is; may raise to end the work.

    Raises:
        UserError: for a film that is too long, a rate that is out of range, or where there is no ffmpeg.
    """
    check(kind, len(frames), frames[0].shape if len(frames) else (1, 1), rate)
    return KINDS[kind](frames, rate, say)


def _enlarged(shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width of the film's frames."""
    return shape[0] * _times(shape), shape[1] * _times(shape)


def _times(shape: tuple[int, ...]) -> int:
    return max(1, SIDE // max(shape[:2]))


def _told(frames: Sequence[Array], say: Say) -> Iterator[Array]:
    for index, frame in enumerate(frames):
        say(index / len(frames), f"Frame {index + 1:,} of {len(frames):,}")
        yield frame


def _gif(frames: Sequence[Array], rate: float, say: Say) -> bytes:
    times = _times(frames[0].shape)

    def pictures() -> Iterator[Image.Image]:
        before, shown = None, None
        for frame in _told(frames, say):
            if shown is None or frame is not before:
                before, shown = frame, _paletted(frame, times)
            yield shown

    # GIF counts in hundredths of a second: what is rounded off one frame is given to another.
    ends = [round(100 * index / rate) for index in range(len(frames) + 1)]
    lengths = [10 * (end - start) for start, end in itertools.pairwise(ends)]
    rest, buffer = pictures(), io.BytesIO()
    next(rest).save(buffer, "GIF", save_all=True, append_images=rest, duration=lengths, loop=0)
    return buffer.getvalue()


def _paletted(frame: Array, times: int) -> Image.Image:
    if frame.shape[-1] == 1:
        return Image.fromarray(images.enlarge(frame, times)[..., 0])
    small = _quantized(frame)  # before it is enlarged
    large = Image.fromarray(images.enlarge(np.asarray(small)[..., None], times)[..., 0])
    large.putpalette(small.getpalette() or [])
    return large


def _quantized(frame: Array) -> Image.Image:
    """A picture in 256 colours of its own; not dithered, for that would make pixels flicker. Of a large one a part of
    the pixels chooses the colours: all of them would take ten times as long, and look the same."""
    picture, every = Image.fromarray(frame), math.ceil(math.sqrt(frame.shape[0] * frame.shape[1] / CHOOSING))
    part = Image.fromarray(np.ascontiguousarray(frame[::every, ::every]))
    palette = part.quantize(256, dither=Image.Dither.NONE)
    return palette if every == 1 else picture.quantize(palette=palette, dither=Image.Dither.NONE)


def _mp4(frames: Sequence[Array], rate: float, say: Say) -> bytes:
    try:
        import imageio_ffmpeg

        if not shutil.which(imageio_ffmpeg.get_ffmpeg_exe()):  # what IMAGEIO_FFMPEG_EXE names need not be there
            raise RuntimeError
    except (ImportError, RuntimeError):
        raise UserError(
            "MP4 needs ffmpeg, which is not here. Install imageio-ffmpeg (pip install imageio-ffmpeg), or take a GIF."
        ) from None
    height, width = _enlarged(frames[0].shape)
    odd = ((0, height % 2), (0, width % 2), (0, 0))  # H.264 halves both sides for its colours
    size = (width + width % 2, height + height % 2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        writer = imageio_ffmpeg.write_frames(
            path,
            size,
            pix_fmt_in="gray" if frames[0].shape[-1] == 1 else "rgb24",
            fps=rate,
            codec="libx264",
            quality=None,
            macro_block_size=2,
            ffmpeg_log_level="error",
            output_params=["-crf", "16", "-preset", "veryfast", "-movflags", "+faststart"],
        )
        try:
            writer.send(None)
            for frame in _told(frames, say):
                large = images.enlarge(frame, _times(frame.shape))
                writer.send(np.ascontiguousarray(np.pad(large, odd)))
            writer.close()
            data = path.read_bytes()
        except OSError as error:
            why = error.strerror or str(error).strip().partition("\n")[0][:200]  # ffmpeg's command follows
            raise UserError(f"The film could not be written ({why}); make room on the disk, or take a GIF.") from None
        finally:
            writer.close()
    if b"moov" not in data:  # its table of contents, which comes last
        raise UserError(
            "The film could not be written: ffmpeg broke off, as it does when the disk for temporary files is full. "
            "Make room, or take a GIF."
        )
    return data


KINDS: dict[str, Callable[[Sequence[Array], float, Say], bytes]] = {"gif": _gif, "mp4": _mp4}

"""Where the text is: PP-OCR's detector in ONNX Runtime, by RapidOCR, whose wheel holds the model.

Only the detector is used, so text in any script is found, also in those that RapidOCR's recogniser cannot read.

The net takes whatever is likest to text for text: on most pictures without any it is sure of something, now and then
of the whole picture. Hence a strip with a printed line is laid below each picture and cut off again: beside it, only
text looks like text. Without it nearly every scene without words has boxes; with it one test cover in five still has
one when its words are taken away, and more of the words on the others are found.
"""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np

FLOOR = 0.1  # boxes of which the detector is less sure are never shown
SHORT_SIDE, LONG_SIDE = 736, 1280  # pixels that the detector sees: smaller, it misses small letters; larger, large ones
LEAST_HEIGHT = 12  # pixels in what the detector sees; what is lower cannot be read
STRIP, LINE = 96, "The quick brown fox jumps over it"
ENLARGED = 4.0  # at most so much, for there is nothing to be found in a picture that is a blur
STRIDE = 32  # the detector's pictures are multiples of this

_lock = threading.Lock()  # a RapidOCR object keeps the settings of the last call: one call at a time


@dataclass(frozen=True, eq=False)
class Found:
    """What may be text, each with how sure the detector is."""

    boxes: np.ndarray  # float32 [n, 4, 2]: corners (x, y) in pixels, clockwise from the top left
    scores: np.ndarray  # float32 [n], FLOOR…1

    def above(self, threshold: float) -> np.ndarray:
        """The boxes of which the detector is at least so sure, float32 [m, 4, 2]."""
        return self.boxes[self.scores >= threshold]


def find(image: np.ndarray, threshold: float = 0.3) -> np.ndarray:
    """The boxes of text at any angle on a picture uint8 ``[h, w, 1 or 3]``: float32 ``[n, 4, 2]`` as in `Found`."""
    return detect(image).above(threshold)


def detect(image: np.ndarray) -> Found:
    """All that may be text on a picture uint8 ``[h, w, 1 or 3]``: the threshold can be moved without a new look."""
    import cv2

    height, width = image.shape[:2]
    seen = np.broadcast_to(image, (height, width, 3))[..., ::-1]  # OpenCV's order of colours
    size = _size(height, width)
    shrinks = size[0] < width
    seen = cv2.resize(np.ascontiguousarray(seen), size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    with _lock:
        answer = _reader()(np.concatenate([seen, _strip(size[0])]))
    if answer.boxes is None or not len(answer.boxes):
        return Found(np.zeros((0, 4, 2), np.float32), np.zeros(0, np.float32))
    boxes, scores = np.asarray(answer.boxes, np.float32), np.asarray(answer.scores, np.float32)
    sides = np.linalg.norm(boxes - np.roll(boxes, -1, axis=1), axis=2)
    good = (sides.min(1) >= LEAST_HEIGHT) & (boxes[..., 1].mean(1) < size[1])
    boxes = np.minimum(boxes[good], np.array(size, np.float32))
    return Found(boxes * np.array([width / size[0], height / size[1]], np.float32), scores[good])


def _strip(width: int) -> np.ndarray:
    """A printed line, uint8 [STRIP, width, 3]."""
    import cv2

    paper = np.full((STRIP, width, 3), 255, np.uint8)
    return cv2.putText(paper, LINE, (20, 65), cv2.FONT_HERSHEY_DUPLEX, 1.8, (0, 0, 0), 2, cv2.LINE_AA)


def _size(height: int, width: int) -> tuple[int, int]:
    """Width and height of the picture that the detector sees."""
    scale = min(ENLARGED, max(1.0, SHORT_SIDE / min(height, width)))
    scale = min(scale, LONG_SIDE / max(height, width))
    across, down = (max(1, round(side * scale / STRIDE)) * STRIDE for side in (width, height))
    return across, down


@functools.cache
def _reader() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.use_rec": False,
            "Global.max_side_len": LONG_SIDE + STRIDE + STRIP,
            "Det.limit_type": "max",  # pictures come in the right size
            "Det.limit_side_len": LONG_SIDE + STRIDE + STRIP,
            "Det.box_thresh": FLOOR,
            # Scored within its contour, not within its box: two slanted lines in one box are as sure as each alone.
            "Det.score_mode": "slow",
        }
    )

"""What was found, made visible."""

from __future__ import annotations

import numpy as np
from PIL import Image

from gan import images
from gan.cleaning import Cleaned

RED = np.array([230, 30, 60])


def marked(image: np.ndarray, cleaned: Cleaned) -> np.ndarray:
    """A picture uint8 ``[h, w, 1 or 3]`` as uint8 ``[h, w, 3]`` with the mask in red, and the boxes outlined."""
    import cv2

    shown = np.array(np.broadcast_to(image, (*image.shape[:2], 3)))
    shown[cleaned.mask] = (0.35 * shown[cleaned.mask] + 0.65 * RED).astype(np.uint8)
    corners = [np.rint(box).astype(np.int32) for box in cleaned.boxes]
    return cv2.polylines(shown, corners, True, tuple(map(int, RED)), max(1, max(image.shape[:2]) // 400))


def mask_png(cleaned: Cleaned) -> bytes:
    """The mask as a picture, white where it was painted over."""
    return images.encode_png(cleaned.mask[..., None].astype(np.uint8) * 255)


def preview(image: np.ndarray, longest: int = 1200) -> np.ndarray:
    """A picture uint8 ``[h, w, c]`` no larger than a screen shows."""
    if max(image.shape[:2]) <= longest:
        return image
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    shown = np.asarray(picture)
    return shown if shown.ndim == 3 else shown[..., None]

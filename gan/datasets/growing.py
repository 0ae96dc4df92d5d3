"""Writing an ``.npy`` file piece by piece, for arrays that are larger than memory or of a length not known before.

    with Growing(folder / "images.npy", (32, 32, 3)) as file:
        file.append(pictures)  # [k, 32, 32, 3], as often as needed
    images = np.load(folder / "images.npy", mmap_mode="r")

Written with plain writes, not through a memory map: on a full disk a map would kill the process, a write raises
OSError.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.lib import format as npy


class Growing:
    """An ``.npy`` file open for appending rows; its header is made to fit when it is closed."""

    def __init__(self, path: Path, row: tuple[int, ...], dtype: np.dtype | type = np.uint8) -> None:
        self.row, self.dtype, self.count = row, np.dtype(dtype), 0
        self._file = path.open("wb")
        self._header()

    def append(self, rows: np.ndarray) -> None:
        """Write ``[k, *row]`` of the file's type behind what is there.

        Raises:
            ValueError: for rows of another shape.
        """
        if rows.shape[1:] != self.row:
            raise ValueError(f"rows of shape {rows.shape[1:]} for a file of {self.row}")
        self._file.write(np.ascontiguousarray(rows, self.dtype).tobytes())
        self.count += len(rows)

    def close(self) -> None:
        """Write the final length; the file can be loaded from now on."""
        if not self._file.closed:
            try:
                self._header()
            finally:
                self._file.close()

    def __enter__(self) -> Growing:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _header(self) -> None:
        self._file.seek(0)  # NumPy leaves room in the header for the first dimension to grow
        descr = npy.dtype_to_descr(self.dtype)
        values = {"descr": descr, "fortran_order": False, "shape": (self.count, *self.row)}
        npy.write_array_header_1_0(self._file, values)

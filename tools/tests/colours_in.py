# SPDX-License-Identifier: MIT
"""colours_in.py PNG: a screenshot of a picture has the colours it should."""

import os
import sys

from matplotlib import image

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from desk.colours import PALETTE, TABLE	# noqa: E402

LEAST = 60	# pixels of a colour

pixels = (image.imread(sys.argv[1])[:, :, :3] * 255).round().astype(int)
numbers = (pixels[:, :, 0] << 16) + (pixels[:, :, 1] << 8) + pixels[:, :, 2]
missing = [colour for colour in PALETTE[:5] + (TABLE,)
           if (numbers == int(colour[1:], 16)).sum() < LEAST]
# A frame is half a pixel to each side, so its colour is mixed with others'.
dark = (pixels.max(axis=2) < 0x50).sum()
sys.exit(f"{sys.argv[1]}: no {missing}" if missing or dark < LEAST else 0)

# SPDX-License-Identifier: MIT
"""A picture as one HTML page that needs nothing else; page.html draws it."""

import json
import os

from .colours import PALETTE
from .model import TIERS

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "page.html")


def write(file, picture):
    with open(TEMPLATE, encoding="utf-8") as template:
        text = template.read()
    # "<" could end the script that the data stands in.
    data = json.dumps(picture.data(), separators=(",", ":"))
    for name, value in (("PALETTE", json.dumps(PALETTE)),
                        ("TIERS", json.dumps(TIERS)),
                        ("DATA", data.replace("<", "\\u003c"))):
        text = text.replace(f"@{name}@", value)
    file.write(text)

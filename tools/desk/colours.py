# SPDX-License-Identifier: MIT
"""Which colour a block has: by tier, size class, age, owner or site."""

from .model import TIERS
from .picture import UNKNOWN

PALETTE = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377",
           "#ee8866", "#44bb99", "#9970ab", "#77aadd")
OTHER = "#999999"
FREE, TABLE, POOL = "#ffffff", "#555555", "#222222"


def group_of(picture, block, by, moment):
    """(a number to sort by, the name) of the group that a block is in."""
    if by == "tier":
        return block.tier, TIERS[block.tier] if block.tier >= 0 else "unknown"
    if by == "owner":
        if block.owner == UNKNOWN:
            return UNKNOWN, "unknown"
        return block.owner, picture.owners.get(block.owner,
                                               f"owner {block.owner}")
    if by == "site":
        return block.site, picture.sites[block.site] if block.site >= 0 \
            else "unknown"
    if by == "age":
        power = max(moment - block.made, 1).bit_length() - 1
        return power, f"made up to {2 << power} events ago"
    if block.block:
        return block.block, f"pools of {block.block}"
    top = 1 << max(block.size - 1, 1).bit_length()
    return (1 << 40) + top, f"up to {top}"


def groups(picture, blocks, by, moment):
    """
    {group: (name, colour, bytes, blocks)}, the largest first; what the palette
    has no colour for is grey.
    """
    sums = {}
    for block in blocks:
        key, name = group_of(picture, block, by, moment)
        row = sums.setdefault(key, [name, 0, 0])
        row[1] += block.size
        row[2] += 1
    order = sorted(sums, key=lambda key: (-sums[key][1], key))
    return {key: (sums[key][0],
                  PALETTE[turn] if turn < len(PALETTE) else OTHER,
                  sums[key][1], sums[key][2])
            for turn, key in enumerate(order)}

# SPDX-License-Identifier: MIT
"""
A picture as SVG, for one moment: each region as rows of equal bytes, blocks as
boxes, pools framed, tables dark, free memory white.
"""

from xml.sax.saxutils import escape

from .colours import FREE, POOL, TABLE, groups, group_of

WIDTH, ROW, GAP, LEFT, TOP = 1024, 10, 2, 90, 30
ROWS = 96


def row_bytes(picture):
    """Bytes of a row: a power of two with which all rows fit a page."""
    total = sum(size for _, size, _ in picture.spans)
    size = 64 * picture.granule
    while total > size * ROWS:
        size *= 2
    return size


class Canvas:
    """Collects the parts of an SVG file; places are bytes from base."""

    def __init__(self, picture):
        self.picture = picture
        self.bytes = row_bytes(picture)
        self.parts = []
        self.tops = []
        self.height = TOP
        for start, size, name in picture.spans:
            first = start - start % self.bytes
            rows = -(-(start + size - first) // self.bytes)
            self.tops.append((start, size, first, self.height + 18))
            self.put(f'<text x="0" y="{self.height + 12}" font-weight="bold">'
                     f'{escape(name)}, {size} bytes at '
                     f'{picture.base + start:#x}</text>')
            for row in range(rows):
                address = picture.base + first + row * self.bytes
                y = self.height + 18 + row * (ROW + GAP) + ROW - 1
                self.put(f'<text x="0" y="{y}">{address:#x}</text>')
            self.height += 18 + rows * (ROW + GAP) + 8

    def put(self, text):
        self.parts.append(text)

    def pieces(self, start, size):
        """(x, y, width) of what a stretch of memory covers, row by row."""
        for base, length, first, top in self.tops:
            if base <= start < base + length:
                break
        else:
            return
        while size > 0:
            row, inside = divmod(start - first, self.bytes)
            part = min(size, self.bytes - inside)
            yield (LEFT + inside * WIDTH / self.bytes,
                   top + row * (ROW + GAP), part * WIDTH / self.bytes)
            start += part
            size -= part

    def boxes(self, style, stretches):
        """Draw all (start, size, title) alike."""
        self.put(f"<g {style}>")
        for start, size, title in stretches:
            end = f"><title>{escape(title)}</title></rect>" if title else "/>"
            for x, y, width in self.pieces(start, size):
                self.put(f'<rect x="{x:g}" y="{y}" width="{width:g}" '
                         f'height="{ROW}"{end}')
        self.put("</g>")


def title_of(picture, block):
    text = f"{picture.base + block.start:#x}: {block.asked} bytes"
    if block.block:
        text += f", of a pool of {block.block}"
    if block.site >= 0:
        text += f", {picture.sites[block.site]}"
    return text


def legend(canvas, shown):
    x, y = LEFT, canvas.height + 14
    for name, colour, size, count in shown:
        canvas.put(f'<rect x="{x}" y="{y - 9}" width="10" height="10" '
                   f'fill="{colour}" stroke="#888" stroke-width="0.5"/>'
                   f'<text x="{x + 16}" y="{y}">{escape(name)}'
                   f'{f", {size} bytes" if size else ""}'
                   f'{f" in {count}" if count else ""}</text>')
        y += 14
    canvas.height = y + 4


def write(file, picture, by, moment):
    """Write a picture of one moment, with blocks told apart by something."""
    blocks, pools, tables = picture.at(moment)
    colours = groups(picture, blocks, by, moment)
    members = {key: [] for key in colours}
    for block in blocks:
        members[group_of(picture, block, by, moment)[0]].append(block)
    canvas = Canvas(picture)
    canvas.boxes(f'fill="{FREE}" stroke="#ccc" stroke-width="0.5"',
                 [(start, size, "") for start, size, _ in picture.spans])
    canvas.boxes(f'fill="{TABLE}"', [(table.start, table.size, "slate's")
                                     for table in tables])
    for key, (_, colour, *_) in colours.items():
        canvas.boxes(f'fill="{colour}" stroke="#fff" stroke-width="0.4"', [
            (block.start, block.size, title_of(picture, block))
            for block in members[key]])
    canvas.boxes(f'fill="none" stroke="{POOL}" stroke-width="0.8"',
                 [(pool.start, pool.size, "") for pool in pools])
    live = sum(block.size for block in blocks)
    legend(canvas, [(f"live, by {by}", "none", live, len(blocks))] +
           list(colours.values())[:40] + [
               ("free", FREE, 0, 0),
               ("slate's: tables, guards, quarantine", TABLE,
                sum(table.size for table in tables), 0),
               ("pools, framed", "none", sum(p.size for p in pools),
                len(pools))])
    width = LEFT + WIDTH + 10
    file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
               f'height="{canvas.height}" viewBox="-4 0 {width} '
               f'{canvas.height}" font-family="sans-serif" font-size="10">\n'
               f'<rect x="-4" width="100%" height="100%" fill="#fafafa"/>\n'
               f'<text x="0" y="16" font-size="14">{escape(picture.title)}'
               f'</text>\n' + "\n".join(canvas.parts) + "\n</svg>\n")

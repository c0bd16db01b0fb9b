"""Plots as SVG: cost against flows, both logarithmic, a line for each who."""
from math import log10

from results import FLOWS, SIZES

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 60, 130, 34, 40
COLOURS = ("#0b6e4f", "#c1440e", "#3b5ba5", "#8a6d00", "#7a3b8f", "#555555", "#999999")


def scale(low, high, begin, end):
    span = log10(high) - log10(low) or 1
    return lambda v: round(begin + (log10(v) - log10(low)) / span * (end - begin), 1)


def ticks(low, high):
    steps = [m * 10.0**e for e in range(-2, 6) for m in (1, 2, 5)]
    return [s for s in steps if low <= s <= high]


def text(x, y, words, anchor="middle", colour="#333"):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def line(x1, y1, x2, y2, colour="#ddd"):
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}"/>'


def labels(ends):
    """Heights for names at the lines' ends, none upon another."""
    last = TOP - 14
    for y, who, colour in sorted(ends):
        last = max(y, last + 14)
        yield text(WIDTH - RIGHT + 8, last + 4, who, "start", colour)


def cost(title, curves):
    """`curves`: who -> {size: ns}. None when there is nothing to draw."""
    values = [v for c in curves.values() for v in c.values()]
    if not values:
        return None
    low, high = min(values) / 1.2, max(values) * 1.2
    x = scale(FLOWS[SIZES[0]], FLOWS[SIZES[-1]], LEFT, WIDTH - RIGHT)
    y = scale(low, high, HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           'font-size="12">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           text(LEFT, 20, title, "start", "#000")]
    for v in ticks(low, high):
        out += [line(LEFT, y(v), WIDTH - RIGHT, y(v)), text(LEFT - 6, y(v) + 4, f"{v:g} ns", "end")]
    for s in SIZES:
        out += [line(x(FLOWS[s]), TOP, x(FLOWS[s]), HEIGHT - BOTTOM), text(x(FLOWS[s]), HEIGHT - 20, f"{s} flows")]
    ends = []
    for i, (who, curve) in enumerate(curves.items()):
        colour, points = COLOURS[i % len(COLOURS)], [(x(FLOWS[s]), y(curve[s])) for s in SIZES if s in curve]
        path = " ".join(f"{a},{b}" for a, b in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{a}" cy="{b}" r="3" fill="{colour}"/>' for a, b in points]
        ends.append((points[-1][1], who, colour))
    return "\n".join([*out, *labels(ends), "</svg>", ""])

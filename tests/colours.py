"""How far apart two colours are for an eye: CIEDE2000.

Source: Sharma, Wu, Dalal (2005), "The CIEDE2000 color-difference formula", doi 10.1002/col.20070.
"""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Rgb = tuple[int, int, int]


def colour_difference(one: Rgb, other: Rgb) -> float:
    """Give the CIEDE2000 difference of two sRGB colours; 1 is just seen.

    Examples
    --------
    >>> colour_difference((255, 0, 0), (255, 0, 0))
    0.0
    >>> round(colour_difference((0, 0, 255), (255, 0, 0)), 1)
    52.9
    """
    return lab_difference(lab_from(one), lab_from(other))


def lab_from(rgb: Rgb) -> tuple[float, float, float]:
    """Give CIE L*a*b* (D65) of an sRGB colour."""
    r, g, b = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)
    )
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def lab_difference(one: tuple, other: tuple) -> float:
    """Give the CIEDE2000 difference of two colours in L*a*b*.

    Examples
    --------
    >>> round(lab_difference((50, 2.6772, -79.7751), (50, 0, -82.7485)), 4)
    2.0425
    """
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean7 = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - sqrt(mean7 / (mean7 + 25**7)))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = 1 - 0.17 * cos(radians(mean_h - 30)) + 0.24 * cos(radians(2 * mean_h))
    t += 0.32 * cos(radians(3 * mean_h + 6)) - 0.2 * cos(radians(4 * mean_h - 63))
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rotation = 60 * exp(-(((mean_h - 275) / 25) ** 2))
    r_t = -sin(radians(rotation)) * 2 * sqrt(mean_c**7 / (mean_c**7 + 25**7))
    parts = ((l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h)
    return sqrt(sum(p * p for p in parts) + r_t * parts[1] * parts[2])

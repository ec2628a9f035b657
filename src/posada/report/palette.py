"""Colours of briefs and figures: told apart by colour-blind readers, dark enough for text to be read.

Blue and vermilion are those of Okabe and Ito (2008), https://jfly.uni-koeln.de/color/; the bands are tints of
the blue. Meaning never rests on colour alone: what is highlighted also has a larger, heavier outline.
"""

from __future__ import annotations

TEXT = "#1a1a1a"
QUIET = "#4d4d4d"
RULE = "#b8b8b8"
PAPER = "#ffffff"
PANEL = "#f3f5f7"

BLUE = "#0072b2"
DARK_BLUE = "#083d66"
BAND_95 = "#d3e5f2"
BAND_80 = "#9cc4e0"
BAND_50 = "#5a9dcb"
VERMILION = "#b34700"
VERMILION_TINT = "#fdf0e6"

SEA = "#e7f0f6"
LAND = "#faf8f3"
BORDER = "#a39e93"
COUNTRY_NAME = "#6b665c"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""The waterfall of one pair as a picture (SVG): from the chance before any comparison to the probability, bar by bar.

Drawn by ourselves: Splink's chart shows its own model only, and ours also weighs a source's habits and the rivals.
Holds weights and names of comparisons, no identity.
"""

from collections.abc import Sequence
from html import escape

_WIDTH, _BAR, _GAP, _LEFT, _RIGHT, _TOP = 860, 24, 10, 170, 150, 70
_UP, _DOWN, _TOTAL = "#2e7d5b", "#b4433f", "#34506e"


def waterfall_svg(title: str, subtitle: str, bars: Sequence[tuple[str, float]], total_label: str) -> str:
    """An SVG document; `bars` are (label, bits) in order and add up to the last bar, `total_label`."""
    total = sum(bits for _, bits in bars)
    ends = [0.0]
    for _, bits in bars:
        ends.append(ends[-1] + bits)
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    scale = (_WIDTH - _LEFT - _RIGHT) / max(high - low, 1e-9)

    def x(bits: float) -> float:
        return round(_LEFT + (bits - low) * scale, 1)

    steps = [
        (label, start, end, bits) for (label, bits), start, end in zip(bars, ends, ends[1:], strict=False)
    ]
    steps.append((total_label, 0.0, total, total))
    height = _TOP + len(steps) * (_BAR + _GAP) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
        ' font-family="Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<text x="20" y="28" font-size="17" font-weight="600">{escape(title)}</text>',
        f'<text x="20" y="50" fill="#555">{escape(subtitle)}</text>',
        f'<line x1="{x(0)}" x2="{x(0)}" y1="{_TOP - 6}" y2="{height - 34}" stroke="#999" stroke-dasharray="3 3"/>',
        f'<text x="{x(0)}" y="{height - 16}" text-anchor="middle" fill="#777">0</text>',
    ]
    for place, (label, start, end, bits) in enumerate(steps):
        is_total = place == len(steps) - 1
        y = _TOP + place * (_BAR + _GAP)
        colour = _TOTAL if is_total else _UP if bits >= 0 else _DOWN
        left, width = min(x(start), x(end)), max(abs(x(end) - x(start)), 1.5)
        weight = "600" if is_total else "400"
        parts.append(
            f'<text x="{_LEFT - 12}" y="{y + 17}" text-anchor="end" font-weight="{weight}">{escape(label)}</text>'
        )
        parts.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2" fill="{colour}"/>')
        parts.append(
            f'<text x="{left + width + 6:.1f}" y="{y + 17}" fill="#333" font-weight="{weight}">{round(bits, 1) + 0.0:+.1f}</text>'
        )
        if not is_total:
            parts.append(
                f'<line x1="{x(end)}" x2="{x(end)}" y1="{y + _BAR}" y2="{y + _BAR + _GAP}" stroke="#bbb"/>'
            )
    return "\n".join([*parts, "</svg>\n"])

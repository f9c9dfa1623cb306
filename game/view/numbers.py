"""Numbers in few characters, as a person reads them. For everything that writes any."""

from collections import Counter
from collections.abc import Sequence


def cell_value(value: float) -> str:
    """A value in about five characters."""
    for words in (f"{value:.1f}", f"{value:.0f}"):
        if len(words) <= 5:
            return words
    return f"{value:.0e}".replace("e+0", "e").replace("e+", "e")


def cell_values(values: Sequence[float], digits: int) -> list[str]:
    """Values side by side, each in about `digits` characters, or five where that is less.

    Several that have more digits would all read 1e5: they keep their last ones, "…0153".
    """
    most = max(digits, 5)
    words = [whole(value) if len(whole(value)) <= most else cell_value(value) for value in values]
    alike = Counter(words)
    return [
        last_digits(value, most) if "e" in text and alike[text] > 1 and exact(value) else text
        for value, text in zip(values, words, strict=True)
    ]


def whole(value: float) -> str:
    """A value of six digits or more with all of them, if it is an integer; else in few."""
    long = abs(value) >= 1e5 and exact(value) and value == int(value)
    return f"{value:.0f}" if long else cell_value(value)


def exact(value: float) -> bool:
    """Whether all digits before the point are known, and the first behind it."""
    return abs(value) < 2**49


def last_digits(value: float, digits: int) -> str:
    """The end of a value, in so many characters with what stands for the rest."""
    sign = "-" if value < 0 else ""
    text = f"{abs(value):.0f}" if value == int(value) else f"{abs(value):.1f}"
    return f"{sign}…{text[len(sign) + 1 - digits :]}"


def abbreviated(value: float) -> str:
    """A count in at most six characters, with k, M or G for its thousands."""
    for unit in ("", "k", "M"):
        if value < 1000:
            return f"{value:.3g}{unit}" if unit else f"{value:.0f}"
        value /= 1000
    return f"{value:.3g}G"


def axis_value(value: float) -> str:
    """A figure of a chart in at most five characters, or nearly."""
    if value < 10:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:,.0f}" if value < 10_000 else abbreviated(value)


def brief(ms: float) -> str:
    """A time [ms] in at most seven characters, with its unit."""
    size, unit = (1e-3, "µs") if ms < 0.9995 else (1.0, "ms") if ms < 999.5 else (1000.0, "s")
    value = ms / size
    return f"{value:.0f} {unit}" if value >= 99.5 else f"{value:.2g} {unit}" if ms else "0"


def in_bytes(size: int) -> str:
    """The size of a file."""
    return f"{size / 1e6:,.1f} MB" if size >= 999_500 else f"{size / 1e3:,.0f} kB"


def percent(part: float, whole: float) -> str:
    """A part of a whole, of which there has to be something; nothing and all of it are told from
    nearly so."""
    if part in (0, whole):
        return "100 %" if part else "0 %"
    share = 100 * part / whole
    return "<0.1 %" if share < 0.05 else f"{min(share, 99.9):.1f} %"


def duration(seconds: float) -> str:
    """A time as a person says it."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def ago(seconds: float) -> str:
    """How long ago something was."""
    if seconds < 1:
        return "now"
    return f"{seconds:.0f} s ago" if seconds < 100 else f"{seconds / 60:.0f} min ago"


def clock(seconds: float) -> str:
    """A moment of something that lasts: minutes and seconds, with hours before them if any."""
    tenths = round(abs(seconds) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if seconds < 0 and tenths else ""
    whole = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{sign}{whole}:{rest // 10:02}.{rest % 10}"

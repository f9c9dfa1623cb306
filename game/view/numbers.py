"""Numbers in few characters, as a person reads them. For everything that writes any."""


def cell_value(value: float) -> str:
    """A value in about five characters."""
    for words in (f"{value:.1f}", f"{value:.0f}"):
        if len(words) <= 5:
            return words
    return f"{value:.0e}".replace("e+0", "e").replace("e+", "e")


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


def milliseconds(value: float) -> str:
    """A time [ms] in at most five characters."""
    return f"{value:.3f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def percent(part: float, whole: float) -> str:
    """A part of a whole, of which there has to be something."""
    return f"{100 * part / whole:.1f} %"


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

"""The tally's words: what each way to share does, in a sentence and in Python, and what is to be
said of this moment. For the drawing."""

from game.scenes.tally.figures import TallyView
from game.view.caption import Caption, Lesson

LESSONS = {
    "none": Lesson(
        "No lock. To add 1 is to read, to add and to write. A process that reads between another "
        "one's read and its write writes the same number again: an addition is lost.",
        ("raw = a.get_obj()", "for _ in range(n):", "    raw[0] += 1", "", "print(raw[0])"),
    ),
    "element": Lesson(
        "The Array takes its lock by itself, for each access. But += is two of them, a read and "
        "a write, and another process comes in between: additions are still lost.",
        ("for _ in range(n):", "    a[0] += 1  # lock, read; lock, write", "", "print(a[0])"),
    ),
    "lock": Lesson(
        "The lock around the whole addition: nothing is lost, ever. But everybody waits for "
        "everybody, and whoever dies inside shuts all others out.",
        ("for _ in range(n):", "    with a.get_lock():", "        a[0] += 1", "", "print(a[0])"),
    ),
    "own": Lesson(
        "A cell for each process; whoever wants to know adds them up. There is one writer a "
        "cell, so there is nothing to lose, and nobody waits.",
        ("for _ in range(n):", "    cells[me] += 1  # mine alone", "", "print(sum(cells))"),
    ),
}


def caption(tally: TallyView) -> Caption:
    """What stands under the picture."""
    lesson, title = LESSONS[tally.mode], f"{tally.mode}: {state(tally)}"
    return Caption(title, lesson.says, lesson.code, tally.alarm, notice(tally))


def state(tally: TallyView) -> str:
    """Whether the figures are exact at this moment."""
    if tally.exact:
        return "exact, all have stopped"
    if tally.waiting:
        return f"waiting for {tally.waiting} to stop"
    return "all add flat out; exact in a pause"


def notice(tally: TallyView) -> str:
    """What else is to be told; "" if nothing."""
    if tally.notice or not tally.killed:
        return tally.notice
    return (
        f"Killed in the middle of an addition: {tally.killed}. Nobody knows whether it arrived: "
        "it is set aside, on both sides."
    )

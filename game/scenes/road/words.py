"""The road's words: what each way to share does, in a sentence and in Python, and what is to be
said of this moment. For the drawing."""

from game.scenes.road import halt
from game.scenes.road.figures import SyncView
from game.view.caption import Caption, Lesson

LONG = 0.1  # [s] that a read takes before it is told
TEARS = ("none", "element")  # the ways in which a pass can be seen half done

LESSONS = {
    "none": Lesson(
        "No lock. The writer moves one vehicle after the other; the reader copies whatever is "
        "there. It can catch the pass half done: a crooked line.",
        ("raw = a.get_obj()", "for j in range(n):", "    raw[j] += 1", "", "copy = raw[:]"),
    ),
    "element": Lesson(
        "The tutorial's way. The Array locks every single access, so each number is whole. The "
        "pass is many accesses: the reader still comes in between.",
        (
            "for j in range(n):",
            "    a[j] += 1  # lock, read; lock, write",
            "",
            "copy = list(a)  # the lock, n times",
        ),
    ),
    "lock": Lesson(
        "The whole pass and the whole copy inside the lock: never torn. But each waits for the "
        "other, and a process that dies inside shuts everybody out (Z).",
        (
            "raw = a.get_obj()",
            "with a.get_lock():",
            "    for j in range(n):",
            "        raw[j] += 1",
            "with a.get_lock():",
            "    copy = raw[:]",
        ),
    ),
    "seqlock": Lesson(
        "The arena's way. The writer makes its pass in a copy of its own, makes a number odd, "
        "copies it over, makes the number even; the reader copies, and tries again if the number "
        "was odd or has changed. Nobody waits.",
        (
            "new = [p + 1 for p in raw]",
            "seq += 1; raw[:] = new; seq += 1",
            "",
            "before = seq; copy = raw[:]",
            "ok = before == seq and seq % 2 == 0",
        ),
    ),
}


def caption(sync: SyncView, crooked: bool, died: bool, vehicles: int) -> Caption:
    """What stands under the picture; `crooked`: it shows half a pass; `died`: the writer has."""
    lesson, waits = LESSONS[sync.mode], waiting(sync, died)
    alarm = sync.alarm or (waits if died else "")
    picture = about_picture(sync, crooked, bool(alarm) or died)
    halted = halt.notice(sync)
    notes = (at_rest(sync), "" if died else waits, "" if alarm else picture, sync.notice)
    return Caption(
        f"{sync.mode}: {halt.state(sync, vehicles) or state(sync)}",
        lesson.says,
        lesson.code,
        f"{alarm} {picture}".strip() if alarm else "",
        halted or " ".join(note for note in notes if note),
    )


def state(sync: SyncView) -> str:
    """How the writer goes about it at this moment."""
    pace = "flat out" if sync.stress else "at its rate"
    return f"writer {pace}{f', {pause(sync.mode, sync.delay)}' if sync.delay else ''}"


def pause(mode: str, delay: float) -> str:
    """Where the writer pauses for so long [ms]: in `seqlock`, while it makes its own copy."""
    where = " of its own copy" if mode == "seqlock" else ""
    return f"{delay:g} ms between two elements{where}"


def at_rest(sync: SyncView) -> str:
    """Why nothing tears yet, where it could; "" where that needs no word."""
    if sync.stress or sync.delay or sync.mode not in TEARS or sync.figures[sync.mode].torn:
        return ""
    return (
        "Nothing tears yet: a pass is over in a moment, and the writer rests until the next. "
        "That is luck. Press X (flat out) or ; (slower passes)."
    )


def waiting(sync: SyncView, died: bool) -> str:
    """A word about a read that takes long; "" if none does."""
    if sync.waiting < LONG:
        return ""
    why = "the read goes on"
    if sync.mode in ("element", "lock"):
        why = "the writer died with the lock" if died else "the writer has the lock"
    return f"The reader has waited {sync.waiting:.1f} s: {why}."


def about_picture(sync: SyncView, crooked: bool, died: bool) -> str:
    """What is to be said of a picture that no read of this way has just found; "" if nothing."""
    if crooked and sync.read_in and sync.read_in != sync.mode:
        return f"The crooked picture is older: it was read in {sync.read_in}."
    if crooked and died:
        return "The crooked picture is how the dead writer left it: half a pass."
    return "The picture is an old one." if sync.waiting >= LONG else ""

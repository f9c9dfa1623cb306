"""Memory: what a part of the picture remembers from frame to frame.

It is taken in by `follow`, once for each frame and in order, and never by drawing. So it can be
saved and given back: restored, and fed the frames since, a part draws what it would have drawn
had it followed them all.

Of very many agents the picture itself takes several frames (see game.view.density), and which
way each of them looks is known of those alone that were drawn: there drawing tells the next
`follow` what is looked at, and a restored scene begins that anew.
"""

from collections import deque
from copy import deepcopy
from typing import Any

State = dict[str, Any]  # what a Memory remembers, by name


class Memory:
    """Something that follows frames. What it has seen stands in attributes that REMEMBERS names.

    Those that are Memories themselves are asked in turn. Pictures that are merely kept, because
    making them takes time, are not remembered.
    """

    REMEMBERS: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next frame is the first one."""
        raise NotImplementedError

    def checkpoint(self) -> State:
        """What it remembers at this moment; nothing in it changes later."""
        return {name: saved(getattr(self, name)) for name in self.REMEMBERS}

    def restore(self, state: State) -> None:
        """Remember what it did when `state` was saved."""
        for name, value in state.items():
            mine = getattr(self, name)
            if isinstance(mine, Memory):
                mine.restore(value)
            else:
                setattr(self, name, saved(value))


def saved(value: Any) -> Any:
    """A copy of what stands in an attribute; many small values in a row are not copied one by
    one where nobody can change them."""
    if isinstance(value, Memory):
        return value.checkpoint()
    if isinstance(value, deque):
        return deque(value if all(map(fixed, value)) else map(saved, value), value.maxlen)
    return deepcopy(value)


def fixed(value: Any) -> bool:
    """Whether nobody can change a value: a number, a word, or a tuple of such."""
    if isinstance(value, tuple):
        return all(map(fixed, value))
    return value is None or isinstance(value, bool | int | float | str)

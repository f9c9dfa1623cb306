"""A lost lock: a process is gone with it in its hands, and the others wait for it for ever.

    somebody is gone, and nobody gets on -> a moment to look at it -> all leave -> a new lock ->
    all are started again

Owned by the tally's source, which asks it once a frame.
"""

from game.parts import Cast, Standing

STUCK = 0.5  # [s] without a single addition
LOCKED = ("element", "lock")  # the modes that take the lock


class LostLock:
    """Notices that the lock is lost, and starts everybody again with another one."""

    def __init__(self, cast: Cast, moment: float) -> None:
        """`moment` [s] is how long the standstill is shown."""
        self.alarm = ""  # what is wrong at this moment
        self.notice = ""  # what was done about the last time
        self._cast = cast
        self._moment = moment
        self._progress, self._since = -1, 0.0  # the last addition, and when it was seen [s]
        self._alive: dict[int, str] = {}  # the names of the processes, by pid
        self._gone = ""  # who is gone, and may have had the lock; "": nobody
        self._cleared = 0  # additions beyond which somebody has taken the lock since
        self._noticed: float | None = None  # [s] when
        self._agents = 0  # to be started again

    @property
    def under_way(self) -> bool:
        """Whether the lock is lost, and there is nobody yet with a new one."""
        return self._noticed is not None

    def poll(self, now: float, mode: str, progress: int, waits: bool) -> None:
        """Notice, show, repair; `progress` counts additions, and `waits` says whether anybody is
        to add, or is on the way to stopping."""
        if progress != self._progress or not waits:
            self._since = now
        self._progress = progress
        if progress > self._cleared:  # whoever is gone held nothing
            self._gone = ""
        self._note_ends()
        if self._noticed is None:
            stuck = now - self._since > STUCK and mode in LOCKED
            if stuck and self._gone and self._alive and not self._frozen():
                self._noticed, self._agents = now, len(self._cast.members)
        elif now - self._noticed > self._moment:
            self._start_again(now)
        self.alarm = self._words(now)

    def _note_ends(self) -> None:
        """Note which process is there no more."""
        members = self._cast.members.values()
        alive = {m.pid: m.name for m in members if m.pid and m.exitcode is None}
        for pid in self._alive.keys() - alive.keys():
            self._gone = self._alive[pid]
            # Each of the others may still note an addition that it made before.
            self._cleared = self._progress + len(alive)
        self._alive = alive

    def _frozen(self) -> bool:
        """Whether a process stands still that may have the lock, and give it back."""
        return any(m.standing is Standing.FROZEN for m in self._cast.members.values())

    def _start_again(self, now: float) -> None:
        """Have all leave, and then start as many; the first of them finds a new lock."""
        for slot in list(self._cast.members):
            self._cast.remove(slot)
        if self._cast.members:
            return
        for _ in range(self._agents):
            self._cast.add()
        stood = now - (self._noticed or now)
        self.notice = (
            f"{self._gone} died holding the lock, and nobody can release it: the others stood "
            f"still for {stood:.1f} s. Repaired: a new lock, and all were started again."
        )
        self._noticed, self._gone = None, ""

    def _words(self, now: float) -> str:
        if self._noticed is None:
            return ""
        return (
            f"SHUT OUT for {now - self._noticed:.1f} s: {self._gone} died while it held the "
            "lock. Nobody else can ever take it again; all will be started again with a new one."
        )

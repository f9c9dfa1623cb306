"""Events in words: what happened to a process, for the line of events.

Used by the session, and by what shows a recorded one.
"""


def sentence(name: str, why: str) -> str:
    """What happened to a process, for the line of events: "Agent 7 was killed: SIGKILL"."""
    first = why.partition(" ")[0].strip(":")
    if first == "killed":
        return f"{name} {'were' if ' to ' in name else 'was'} {why}"
    # An exception's name is no verb.
    return f"{name}{': ' if first[:1].isupper() else ' '}{why}"

"""The keys: one table for the handler, the help overlay and the README."""

from typing import NamedTuple

import pygame


class Key(NamedTuple):
    """A key or several that do the same."""

    label: str  # as help and README show it
    action: str  # a method of game.controls, game.road.keys or game.stage
    does: str
    typed: str = ""  # characters, whatever key a keyboard layout has them on
    codes: tuple[int, ...] = ()  # pygame key codes


KEYS = (
    Key("+ =", "add", "add an agent", "+=", (pygame.K_KP_PLUS, pygame.K_PLUS, pygame.K_EQUALS)),
    Key("-", "remove", "remove the newest", "-", (pygame.K_KP_MINUS, pygame.K_MINUS)),
    Key("Tab", "select_next", "select the next agent (or click)", codes=(pygame.K_TAB,)),
    Key("Delete", "remove_selected", "remove the selected", codes=(pygame.K_DELETE,)),
    Key("K", "kill", "kill its process (SIGKILL)", "kK", (pygame.K_k,)),
    Key("F", "freeze", "freeze it, thaw it (SIGSTOP)", "fF", (pygame.K_f,)),
    Key(
        "Enter", "restart", "restart it when it is dead", codes=(pygame.K_RETURN, pygame.K_KP_ENTER)
    ),
    Key("Page Up", "add_ten", "add ten", codes=(pygame.K_PAGEUP,)),
    Key("Page Down", "remove_ten", "remove ten", codes=(pygame.K_PAGEDOWN,)),
    Key("Space", "pause", "pause, go on", codes=(pygame.K_SPACE,)),
    Key(".", "step", "one update of every mover", ".", (pygame.K_PERIOD, pygame.K_KP_PERIOD)),
    Key("[", "slower", "half the speed", "[", (pygame.K_LEFTBRACKET,)),
    Key("]", "faster", "double the speed", "]", (pygame.K_RIGHTBRACKET,)),
    Key("Backspace", "normal_pace", "normal speed", codes=(pygame.K_BACKSPACE,)),
    Key("R", "start_again", "start again", "rR", (pygame.K_r,)),
    Key("S", "next_sync", "road: the next way to share", "sS", (pygame.K_s,)),
    Key("X", "stress", "road: the writer flat out, or not", "xX", (pygame.K_x,)),
    Key(",", "lens_shorter", "road: shorter pauses in a pass", ",", (pygame.K_COMMA,)),
    Key(";", "lens_longer", "road: longer pauses in a pass", ";", (pygame.K_SEMICOLON,)),
    Key("Z", "kill_writer", "road: kill the writer in mid-pass", "zZ", (pygame.K_z,)),
    Key("J", "follow", "follow the selected with the camera", "jJ", (pygame.K_j,)),
    Key("0", "fit", "the whole ground (wheel: zoom, drag: move)", "0", (pygame.K_0, pygame.K_KP_0)),
    Key("T", "trails", "swarm: trails off, on", "tT", (pygame.K_t,)),
    Key("V", "heat", "swarm: where they have been", "vV", (pygame.K_v,)),
    Key("L", "labels", "names on, off", "lL", (pygame.K_l,)),
    Key("B", "array_bar", "the array bar, on and off", "bB", (pygame.K_b,)),
    Key("I", "show_curves", "curves of the last 30 seconds", "iI", (pygame.K_i,)),
    Key("O", "next_theme", "dark, light", "oO", (pygame.K_o,)),
    Key("H F1 ?", "help", "these keys", "hH?", (pygame.K_h, pygame.K_F1, pygame.K_QUESTION)),
    Key("F11", "full_screen", "full screen, back", codes=(pygame.K_F11,)),
    Key("F12", "screenshot", "save a picture", codes=(pygame.K_F12,)),
    Key("Esc", "escape", "close the help, deselect, else quit", codes=(pygame.K_ESCAPE,)),
)

_TYPED = {character: key.action for key in KEYS for character in key.typed}
_CODES = {code: key.action for key in KEYS for code in key.codes}


def action(event: pygame.event.Event) -> str:
    """The action of a KEYDOWN event, or "".

    What was typed counts first: `+` is Shift and `=` on one keyboard and a key of its own on
    the next. The key's code serves the keys that type nothing, and events without text.
    """
    return _TYPED.get(getattr(event, "unicode", "")) or _CODES.get(event.key, "")

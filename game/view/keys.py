"""The keys: one table for the handler, the help overlay and the README.

Those of every scene stand here; a scene brings its own.
"""

import sys
import unicodedata
from collections.abc import Collection, Sequence
from string import ascii_uppercase, digits
from typing import NamedTuple

import pygame


class Key(NamedTuple):
    """A key or several that do the same."""

    label: str  # as help and README show it
    action: str  # a method of the hands: see game.session.controls
    does: str
    typed: str = ""  # characters, whatever key a keyboard layout has them on
    codes: tuple[int, ...] = ()  # pygame key codes
    needs: str = (
        ""  # the part of a session that it is for: "cast", "time", "keys", "keeping"; "" for any
    )
    live: bool = False  # it is done to the source: not to the picture, nor to a recording


KEYS = (
    Key(
        *("+ =", "add", "add an agent", "+="),
        codes=(pygame.K_KP_PLUS, pygame.K_PLUS, pygame.K_EQUALS),
        needs="cast",
    ),
    Key("-", "remove", "remove the newest", "-", (pygame.K_KP_MINUS, pygame.K_MINUS), "cast"),
    Key("Tab", "select_next", "select the next agent (or click)", "", (pygame.K_TAB,)),
    Key("Delete", "remove_selected", "remove the selected", "", (pygame.K_DELETE,), "cast"),
    Key("K", "kill", "kill its process (SIGKILL)", "kK", (pygame.K_k,), "cast"),
    Key("F", "freeze", "freeze it, thaw it (SIGSTOP)", "fF", (pygame.K_f,), "cast"),
    Key(
        *("Enter", "restart", "restart it when it is dead"),
        codes=(pygame.K_RETURN, pygame.K_KP_ENTER),
        needs="cast",
    ),
    Key(
        *("Arrows", "drive", "drive (a mover that has keys)"),
        codes=(pygame.K_UP, pygame.K_DOWN, pygame.K_LEFT, pygame.K_RIGHT),
        needs="keys",
    ),
    Key("Page Up", "add_ten", "add ten", "", (pygame.K_PAGEUP,), "cast"),
    Key("Page Down", "remove_ten", "remove ten", "", (pygame.K_PAGEDOWN,), "cast"),
    Key("Space", "pause", "pause, go on", "", (pygame.K_SPACE,), "time"),
    Key(
        *(".", "step", "one update of every mover", "."),
        codes=(pygame.K_PERIOD, pygame.K_KP_PERIOD),
        needs="time",
    ),
    Key("[", "slower", "half the speed", "[", (pygame.K_LEFTBRACKET,), "time"),
    Key("]", "faster", "double the speed", "]", (pygame.K_RIGHTBRACKET,), "time"),
    Key("Backspace", "normal", "normal speed", "", (pygame.K_BACKSPACE,), "time"),
    Key("R", "start_again", "start again", "rR", (pygame.K_r,), "cast"),
    Key("G", "wind_back", "wind back: the last seconds again", "gG", (pygame.K_g,), "keeping"),
    Key("M", "record", "make a recording, stop that", "mM", (pygame.K_m,), "keeping"),
    Key("J", "follow_selected", "follow the selected with the camera", "jJ", (pygame.K_j,)),
    Key("0", "fit", "the whole ground (wheel: zoom, drag: move)", "0", (pygame.K_0, pygame.K_KP_0)),
    Key("T", "trails", "trails off, on", "tT", (pygame.K_t,)),
    Key("V", "heat", "where they have been", "vV", (pygame.K_v,)),
    Key("L", "labels", "names on, off", "lL", (pygame.K_l,)),
    Key("B", "array_bar", "the array bar, on and off", "bB", (pygame.K_b,)),
    Key("I", "show_curves", "curves of the last 30 seconds", "iI", (pygame.K_i,)),
    Key("C", "next_colours", "colours by process, mover, node, field", "cC", (pygame.K_c,)),
    Key("O", "next_theme", "dark, light", "oO", (pygame.K_o,)),
    Key("H F1 ?", "help", "these keys", "hH?", (pygame.K_h, pygame.K_F1, pygame.K_QUESTION)),
    Key("F11", "full_screen", "full screen, back", codes=(pygame.K_F11,)),
    Key("F12", "screenshot", "save a picture", codes=(pygame.K_F12,)),
    Key("Esc", "escape", "close the help, deselect, else quit", codes=(pygame.K_ESCAPE,)),
)
LAYERS = ("trails", "heat", "labels")  # actions that only some scenes can do
OWN_FROM = next(place for place, key in enumerate(KEYS) if key.action == "follow_selected")


class KeyTable:
    """All keys of a session: those of every scene, without layers that this one has not, and the
    scene's own, which come before those about the picture."""

    def __init__(self, own: Sequence[Key] = (), layers: Collection[str] = LAYERS) -> None:
        shown = (key for key in KEYS[OWN_FROM:] if key.action not in LAYERS or key.action in layers)
        self.keys = (*KEYS[:OWN_FROM], *own, *shown)
        # A layer that is not there says so when its key is pressed.
        every = (*KEYS, *own)
        self._typed = {character: key for key in every for character in key.typed}
        self._codes = {code: key for key in every for code in key.codes}

    def pressed(self, event: pygame.event.Event) -> Key | None:
        """The key of a KEYDOWN event, if it is one of these.

        What was typed counts first: `+` is Shift and `=` on one keyboard and a key of its own on
        the next. The key's code serves the keys that type nothing, and events without text. Where
        a layout has letters of another script, the key's place counts, as on a US keyboard.
        """
        typed = getattr(event, "unicode", "")
        key = self._typed.get(typed) or self._codes.get(event.key)
        if key or not of_another_script(typed, event.key):
            return key
        return self._typed.get(PLACES.get(getattr(event, "scancode", 0), ""))


LETTERS = {getattr(pygame, f"KSCAN_{letter}"): letter.lower() for letter in ascii_uppercase}
DIGITS = {getattr(pygame, f"KSCAN_{digit}"): digit for digit in digits}
# The place of a key, as SDL counts them -> what it types on a US keyboard.
PLACES = {
    **LETTERS,
    **DIGITS,
    pygame.KSCAN_MINUS: "-",
    pygame.KSCAN_EQUALS: "=",
    pygame.KSCAN_LEFTBRACKET: "[",
    pygame.KSCAN_RIGHTBRACKET: "]",
    pygame.KSCAN_SEMICOLON: ";",
    pygame.KSCAN_COMMA: ",",
    pygame.KSCAN_PERIOD: ".",
}
NO_CHARACTER = 1 << 30  # codes from here on are of keys that stand for none: SDLK_SCANCODE_MASK


def of_another_script(typed: str, code: int) -> bool:
    """Whether a key has a letter or a digit that is neither ASCII nor Latin.

    On a Latin layout it is what the letters say that counts: there an accent is no bracket.
    """
    # With Ctrl, what was typed is nothing, or a control character.
    character = typed if typed.isprintable() and len(typed) == 1 else ""
    if not character and 0 < code < min(NO_CHARACTER, sys.maxunicode):
        character = chr(code)
    if not character or character.isascii():
        return False
    latin = unicodedata.name(character, "").startswith("LATIN")
    return unicodedata.category(character)[0] in "LMN" and not latin

"""Chaos: processes killed, frozen, thawed, added and removed at random while the loop draws."""

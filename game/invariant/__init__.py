"""A check on an array, as text: what it may say, how it is worked out, what came of the looks."""

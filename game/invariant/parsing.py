"""A check's text as a tree of nodes, if it is not too large; the error that says what is wrong.

Used by Expression, and by the translation that looks at the nodes.
"""

import ast
import warnings

LONGEST = 1000  # [characters] of a check
MOST_NODES = 400
EXAMPLE = "a.sum() == 1000"


class ExpressionError(ValueError):
    """A check that may not be made; one line says which part, where, and what is allowed."""


def parsed(text: object) -> ast.expr:
    """The tree of a check's text; ExpressionError where it is none, or too large."""
    if not isinstance(text, str):
        raise ExpressionError(f"a check is text such as {EXAMPLE!r}, not {type(text).__name__}")
    if not text.strip():
        raise ExpressionError(f"an empty check; one is, for example, {EXAMPLE}")
    if len(text) > LONGEST:
        raise ExpressionError(f"{len(text):,} characters are too many; {LONGEST:,} are the most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text, "check", "eval").body
    except SyntaxError as error:
        raise ExpressionError(f"{no_check(error)}; a check is, for example, {EXAMPLE}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"this is no check; one is, for example, {EXAMPLE}") from None
    count = sum(1 for node in ast.walk(body) if not isinstance(node, ast.expr_context))
    if count > MOST_NODES:
        raise ExpressionError(f"{count:,} parts are too many; {MOST_NODES} are the most")
    return body


def no_check(error: SyntaxError) -> str:
    """What Python says of a text that is no expression, and where; of a lone `=`, what is meant."""
    column = error.offset or 1
    at = (error.text or "")[column - 1 : column]
    what = "'=' gives a value; what compares is '=='" if at == "=" else error.msg
    return f"column {column}: {what}"

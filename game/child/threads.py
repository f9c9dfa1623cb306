"""Threads of numeric libraries: one in each mover, unless somebody wants more.

OpenBLAS, MKL and their like start a thread for every processor, in every process that uses them:
movers would starve each other and the window. How many they start is in variables that they read
when they are loaded. So these are set in a mover's process, before anything of a scene or a
behaviour is; what a mover starts inherits them. In the window's own environment nothing is set.
"""

import os

GENERAL = "OMP_NUM_THREADS"
FOLLOWERS = (  # whose libraries go by the general one where their own is not set
    "OPENBLAS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
OTHERS = (
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
VARIABLES = (GENERAL, *FOLLOWERS, *OTHERS)


def limit(threads: int = 0) -> None:
    """Have libraries that this process loads from now on start so many threads each.

    0 is one, but for variables that somebody has set already.
    """
    if threads:
        os.environ.update(dict.fromkeys(VARIABLES, str(threads)))
        return
    wished = FOLLOWERS if os.environ.get(GENERAL) else ()
    for name in VARIABLES:
        if name not in wished and not os.environ.get(name):
            os.environ[name] = "1"

"""The benchmark: ours against what a person would use instead, side by side in one run.

`python -m tests.bench` prints one table; `--quick` takes about a minute, `--json FILE` keeps the
figures, `--row NAME` runs one group alone. The peers come with the extra `bench`. It is no test:
nothing here fails because something was slow.
"""

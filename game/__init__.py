"""Array Arena: watch Python processes share memory, live. See the README."""

__version__ = "0.2.0"

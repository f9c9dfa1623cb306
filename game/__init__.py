"""Array Arena: watch Python processes share memory, live."""

"""The shared memory of a run, and who may write what. Nothing here starts a process or draws."""

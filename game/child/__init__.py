"""What runs in a mover's own process, and what the forkserver loads for it. Nothing heavy."""

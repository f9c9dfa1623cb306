"""What runs in a mover's own process, and in the nursery that forks them. Nothing heavy."""

"""What is the road's alone: its reader, its keys, and the trap for its writer."""

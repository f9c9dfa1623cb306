"""The window's side of the mover processes: how many there may be, their start, generation and end.

crew -> starter -> member -> starting        watch, events, limits, monitor, simulated_time
"""

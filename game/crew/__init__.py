"""The window's side of the mover processes: how many there may be, their start and their end.

crew -> launcher: nursery or spawner (starter, watch) -> starting     member, events, limits

The other side of the nursery is game.child.nursery_process.
"""

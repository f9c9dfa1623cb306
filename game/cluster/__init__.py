"""The same arena on a Ray cluster: --cluster.

    window: Crew ── ClusterLauncher ═ publisher ═ Ray ═ actor ═ node program: Nursery ── movers
                        its table <── rows ──┘                            its table <─┘

The window keeps its crew and its table, and knows nothing of all this: the launcher is another
one, and the rows are published by one process of ours, in place of the movers. Ray is loaded by
the publisher and by the keeper of a cluster of our own, and by nobody else.
"""

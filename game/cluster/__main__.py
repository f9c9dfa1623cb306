"""The programs of ours that are executed for a cluster; not meant to be called by hand.

python -m game.cluster node FOLDER      what drives the movers of a node: game.cluster.node
python -m game.cluster keeper NODES     keeps a cluster of our own here: game.cluster.keeper
"""

import sys

if __name__ == "__main__":
    part, argument = sys.argv[1:]
    if part == "node":
        from game.cluster.node import serve

        sys.exit(serve(argument))
    from game.cluster.keeper import keep

    keep(int(argument))

"""3. Remembers where it was, and goes where it was least: what stands in self stays."""

SCENE = "swarm"

CELLS = 10  # along each side of the ground
WAYS = (1, 0), (0, 1), (-1, 0), (0, -1)


class Mover:
    def __init__(self, agent):
        self.world, self.random = agent.world, agent.random
        self.cell = self.random.randrange(CELLS), self.random.randrange(CELLS)
        self.visits = {self.cell: 1}

    def step(self, dt):
        column, row = self.cell
        ways = [(column + right, row + up) for right, up in WAYS]
        ways = [(c, r) for c, r in ways if 0 <= c < CELLS and 0 <= r < CELLS]
        self.random.shuffle(ways)
        self.cell = min(ways, key=lambda cell: self.visits.get(cell, 0))
        self.visits[self.cell] = self.visits.get(self.cell, 0) + 1
        return (
            self.world.left + (self.cell[0] + 0.5) * self.world.width / CELLS,
            self.world.bottom + (self.cell[1] + 0.5) * self.world.height / CELLS,
        )

"""A mover for tests: its place is twice its count of updates; one that sees half a row says so."""


class Mover:
    def __init__(self, agent):
        self.agent = agent
        self.count = 0.0

    def step(self, dt):
        for number in self.agent.others:
            row = self.agent.others[number]
            assert row is not None, f"{number} is there and is not"
            assert row[0] == row[1], f"half of one row and half of another: {row}"
            assert row[0] >= 1.0, f"{number} is there and has published nothing: {row}"
        assert self.agent.number not in list(self.agent.others)
        self.count += 1.0
        return self.count, self.count

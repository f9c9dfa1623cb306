"""The peer of the worker processes: gymnasium environments that do next to nothing."""

from typing import Any

import gymnasium
import numpy as np

PLACE = gymnasium.spaces.Box(0.0, 100.0, (2,), np.float64)
STEER = gymnasium.spaces.Discrete(2)


class Jumper(gymnasium.Env[Any, Any]):
    """A robot that jumps to a random place, as the mover `jump` does."""

    observation_space = PLACE
    action_space = STEER

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return np.zeros(2), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        return self.np_random.uniform(0.0, 100.0, 2), 0.0, False, False, {}


def vector(count: int) -> gymnasium.vector.AsyncVectorEnv:
    """So many of them, each in a process of its own, observed through shared memory."""
    return gymnasium.vector.AsyncVectorEnv([Jumper] * count, shared_memory=True, context="spawn")

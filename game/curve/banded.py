"""Linear equations of points in a ring, each of which is tied to its nearest neighbours alone.

    sum over k = -w .. w of A[i, i + k] x[i + k] = b[i]     indices modulo n, A symmetric, > 0

Points that are taken in turn from both ends of the list (0, n - 1, 1, n - 2, ...) have the ring's
neighbours within 2 w places of each other, so that the matrix has a plain band and an LDL^T
factorisation stays within it (G. H. Golub, C. F. Van Loan, "Matrix Computations", 4.3). The time
is that of n * w * w multiplications: 10 ms for 2,000 points and w = 2. Used by smoothing and by
racing_line.
"""

Column = list[float]


def solve(bands: list[Column], *right: Column) -> list[Column]:
    """The solutions for one or more right sides, each (n,).

    `bands[k][i]` is A[i, i + k], (w + 1, n); n is at least 2 w + 2. ZeroDivisionError where the
    matrix is singular.
    """
    order = interleaved(len(bands[0]))
    rows = factors(bands, order)
    return [substituted(rows, order, side) for side in right]


def interleaved(count: int) -> list[int]:
    """The points in turn from both ends: 0, count - 1, 1, count - 2, ..."""
    return [i // 2 if i % 2 == 0 else count - 1 - i // 2 for i in range(count)]


def factors(bands: list[Column], order: list[int]) -> list[Column]:
    """For each point in order: its pivot, and the multipliers of the 2 w points behind it."""
    width, count = len(bands) - 1, len(order)
    place = [0] * count
    for at, point in enumerate(order):
        place[point] = at
    # The last rows reach over the end: into rows that are all zero.
    rows = [[0.0] * (2 * width + 1) for _ in range(count + 2 * width)]
    for k, band in enumerate(bands):
        for i, value in enumerate(band):
            one, other = place[i], place[(i + k) % count]
            rows[min(one, other)][abs(one - other)] += value
    reach = range(1, 2 * width + 1)
    for at in range(count):
        row = rows[at]
        pivot = row[0]
        for k in reach:
            if row[k]:
                factor = row[k] / pivot
                below = rows[at + k]
                for m in range(k, 2 * width + 1):
                    below[m - k] -= factor * row[m]
        rows[at] = [pivot, *[value / pivot for value in row[1:]]]
    return rows[:count]


def substituted(rows: list[Column], order: list[int], right: Column) -> Column:
    """The solution for one right side."""
    count, reach = len(order), len(rows[0]) - 1
    held = [right[point] for point in order] + [0.0] * reach
    for at, row in enumerate(rows):
        value = held[at]
        for k in range(1, reach + 1):
            held[at + k] -= row[k] * value
    for at in range(count - 1, -1, -1):
        row = rows[at]
        value = held[at] / row[0]
        for k in range(1, reach + 1):
            value -= row[k] * held[at + k]
        held[at] = value
        # What lies beyond the end stays zero.
    solution = [0.0] * count
    for at, point in enumerate(order):
        solution[point] = held[at]
    return solution

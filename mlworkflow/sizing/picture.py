"""A small picture in plain characters, readable without colour."""

from __future__ import annotations

from mlworkflow.sizing.model import Picture, Point

WIDTH = 72
MOST_ROWS = 14
_BEYOND = 3.0


def drawn(picture: Picture) -> list[str]:
    """Return the picture as lines of at most 72 columns: a bar a point, | where the goal is, * at what was chosen."""
    labels = max(len(point.label) for point in picture.points)
    values = max(len(point.said) for point in picture.points)
    room = max(10, WIDTH - labels - values - 8)
    top = _top(picture)
    legend = f"  | is {picture.goal_said}" if picture.goal is not None else ""
    chosen = "  * is the answer" if any(point.chosen for point in picture.points) else ""
    head = [picture.title, *([(legend + chosen).strip()] if legend or chosen else [])]
    return [line[:WIDTH] for line in [*head, *(_row(picture, one, top, labels, room) for one in picture.points)]]


def _top(picture: Picture) -> float:
    """Return the value at the right edge: the largest, unless it would hide where the goal is."""
    largest = max(point.value for point in picture.points)
    if picture.goal is None:
        return largest or 1.0
    return max(min(largest, _BEYOND * picture.goal), picture.goal * 1.02)


def _row(picture: Picture, point: Point, top: float, labels: int, room: int) -> str:
    filled = min(room, round(room * point.value / top))
    bar = list("#" * filled + " " * (room - filled))
    if point.value > top * (1 + 1e-9):
        bar[-1] = ">"
    if picture.goal is not None:
        bar[min(room - 1, int(room * picture.goal / top))] = "|"
    mark = "*" if point.chosen else " "
    return f"{mark} {point.label.rjust(labels)}  {''.join(bar)}  {point.said}".rstrip()


def thinned(points: list[Point]) -> tuple[Point, ...]:
    """Return at most as many points as a screen shows well, the chosen one and the last among them."""
    step = -(-len(points) // MOST_ROWS)
    return tuple(
        point for index, point in enumerate(points) if index % step == 0 or point.chosen or index == len(points) - 1
    )

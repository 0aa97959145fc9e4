"""Water cut into triangles between corners of the shore, and how they hang together.

Constrained Delaunay triangles without added points: every corner of a triangle is a corner of the
shore (or of the frame). About such a corner the triangles form fans, each from one piece of shore
to the next counter-clockwise; a way can only bend at a fan, around the land outside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from littoral.respond.route.plane import CM_PER_M

WALL = -1


class Mesh(NamedTuple):
    """Plain arrays for kernels; coordinates are whole centimetres of the plane.

    Corner k of triangle t is `triangle[t, k]`, counter-clockwise; side k runs from corner k to the
    next, and `beyond[t, k]` is the triangle on its other side or WALL. `fan_of[t, k]` is the fan
    that the triangle belongs to at its corner k. Fan f has its corner at point `fan_at[f]`, starts
    at the shore towards point `fan_first[f]`, ends at that towards `fan_last[f]`, and consists of
    the corners `fan_corner[fan_start[f]:fan_start[f+1]]`, each 3 * triangle + k.
    """

    xy: np.ndarray  # (points, 2) int64
    triangle: np.ndarray  # (n, 3) int32
    beyond: np.ndarray  # (n, 3) int32
    part: np.ndarray  # (n,) int32: number of the connected water, 0 is the largest
    bends: np.ndarray  # (fans,) bool: the land outside the fan is a corner that a way can go round
    fan_of: np.ndarray  # (n, 3) int32
    fan_at: np.ndarray  # (fans,) int32
    fan_first: np.ndarray
    fan_last: np.ndarray
    fan_start: np.ndarray  # (fans + 1,) int32
    fan_corner: np.ndarray  # (3 n,) int32


def cut(free: shapely.Geometry) -> Mesh:
    """Mesh of a polygon or several with coordinates on whole centimetres. Raises ValueError where
    the triangles do not fill the water edge to edge."""
    rings = shapely.get_coordinates(shapely.constrained_delaunay_triangles(free))
    if len(rings) == 0:
        raise ValueError("no water is left: the margin is wider than the sea")
    corner = np.rint(rings * CM_PER_M).astype(np.int64).reshape(-1, 4, 2)[:, :3]
    xy, point = np.unique(corner.reshape(-1, 2), axis=0, return_inverse=True)
    triangle = point.reshape(-1, 3).astype(np.int32)
    a, b, c = (xy[triangle[:, k]] for k in range(3))
    area2 = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangle[area2 < 0] = triangle[area2 < 0][:, ::-1]
    beyond = neighbours(triangle)
    walls = int((beyond == WALL).sum())
    edges = shapely.get_num_coordinates(free) - len(shapely.get_rings(shapely.get_parts(free)))
    if walls != edges or bool((area2 == 0).any()):
        raise ValueError(f"triangles do not fit the water: {walls} walls, {edges} edges of shore")
    fan = fans(triangle, beyond)
    bends = around(xy[fan[1]], xy[fan[2]], xy[fan[3]])
    return Mesh(xy, triangle, beyond, parts(triangle, beyond, xy), bends, *fan)


def around(at: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """`Mesh.bends`: where the land takes less than half of what is about the corner."""
    u, v = last - at, first - at
    return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] > 0


def neighbours(triangle: np.ndarray) -> np.ndarray:
    """`Mesh.beyond`: each side's other triangle, the one that runs the side the other way."""
    start = triangle.ravel().astype(np.int64)
    end = np.roll(triangle, -1, axis=1).ravel().astype(np.int64)
    points = int(start.max()) + 1
    there, back = start * points + end, end * points + start
    order = np.argsort(there)
    at = np.searchsorted(there, back, sorter=order).clip(max=len(there) - 1)
    other = order[at]
    return np.where(there[other] == back, other // 3, WALL).reshape(-1, 3).astype(np.int32)


def parts(triangle: np.ndarray, beyond: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """`Mesh.part`: connected waters, numbered from the largest area down."""
    part = np.full(len(triangle), -1, np.int32)
    count = 0
    for seed in range(len(triangle)):
        if part[seed] >= 0:
            continue
        front = np.array([seed], np.int64)
        while len(front):
            part[front] = count
            ahead = beyond[front].ravel()
            ahead = np.unique(ahead[ahead != WALL])
            front = ahead[part[ahead] < 0]
        count += 1
    a, b, c = (xy[triangle[:, k]].astype(np.float64) for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    rank = np.empty(count, np.int32)
    rank[np.argsort(-np.bincount(part, area, count), kind="stable")] = np.arange(count)
    return rank[part]


def fans(triangle: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, ...]:
    """The fan arrays of `Mesh`, in its order. Every corner is on the shore, so that each fan has a
    start: a corner whose side towards `first` is a wall."""
    n = len(triangle)
    # The next corner counter-clockwise about a point lies beyond the side that ends in it.
    side_before = np.roll(np.arange(3), 1)  # side k-1 ends in corner k
    over = beyond[:, side_before]
    turned = np.full((n, 3), WALL, np.int64)
    for k in range(3):
        t = np.flatnonzero(over[:, k] != WALL)
        other = over[t, k]
        turned[t, k] = 3 * other + (triangle[other] == triangle[t, k][:, None]).argmax(1)
    next_corner = turned.ravel()
    corner = np.flatnonzero(beyond.ravel() == WALL)
    first = np.roll(triangle, -1, axis=1).ravel()[corner]
    at = triangle.ravel()[corner]
    fan_of = np.empty(3 * n, np.int32)
    live = np.arange(len(corner))
    here = corner.copy()
    last = np.empty(len(corner), np.int32)
    towards_last = np.roll(triangle, 1, axis=1).ravel()
    ring, members = [], []
    while len(live):
        fan_of[here] = live
        last[live] = towards_last[here]
        ring.append(live)
        members.append(here)
        here = next_corner[here]
        going = here != WALL
        live, here = live[going], here[going]
    fan, member = np.concatenate(ring), np.concatenate(members)
    order = np.argsort(fan, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(fan, minlength=len(corner)))])
    return (
        fan_of.reshape(n, 3), at.astype(np.int32), first.astype(np.int32), last,
        start.astype(np.int32), member[order].astype(np.int32),
    )  # fmt: skip

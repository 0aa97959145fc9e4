"""The shortest way through the mesh: A* over bends, looking out from each through the triangles.

From a point one sees, through a side of its triangle, a cone of the next; where the cone meets the
next corner it splits or narrows (triangular expansion: Bungiu, Hemmer, Hershberger, Huang, Kroeller
2014, Efficient Computation of Visibility Polygons, arXiv 1403.3905). Corners seen that touch the
line of sight are where a shortest way may bend (tangent visibility graph: Liu, Arimoto 1992, Path
Planning Using a Tangent Graph, Int. J. Robotics Research 11). From a bend one need only look
between straight on and the shore that one bends around. So the graph is never built, and what is
found is the shortest of all ways through the water in the plane: every question of left or right
is asked of whole numbers.
"""

from __future__ import annotations

import heapq
import math

import numpy as np
from numba import njit

from littoral.respond.route.mesh import WALL, Mesh
from littoral.respond.route.plane import CM_PER_M

NOWHERE, FROM_START = -2, -1


@njit(cache=True, nogil=True, inline="always")
def turn(ax: int, ay: int, bx: int, by: int, cx: int, cy: int) -> int:
    """Above 0 where c lies left of the line from a to b, below where right, 0 on it."""
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)


@njit(cache=True, nogil=True)
def _look(
    mesh: Mesh, came: int, side: int, rx: int, ry: int, lx: int, ly: int, qx: int, qy: int,
    tx: int, ty: int, at_target: np.ndarray, seen: list[int], stack: np.ndarray,
) -> bool:  # fmt: skip
    """Look from r between the rays over l (left) and q (right), out of triangle `came` by `side`:
    appends the fans seen to `seen`, tells whether the target t is. `stack`: room for as many rows
    of 6 as there are triangles."""
    xy, triangle, beyond, fan_of = mesh.xy, mesh.triangle, mesh.beyond, mesh.fan_of
    found = False
    n = 0
    while True:
        t = beyond[came, side]
        while t != WALL:
            k = 0  # the side of t that was come by: its left end is corner k
            while beyond[t, k] != came or triangle[t, (k + 1) % 3] != triangle[came, side]:
                k += 1
            ahead = (k + 2) % 3
            cx, cy = xy[triangle[t, ahead], 0], xy[triangle[t, ahead], 1]
            left = turn(rx, ry, lx, ly, cx, cy)
            right = turn(rx, ry, qx, qy, cx, cy)
            if at_target[t] and turn(rx, ry, lx, ly, tx, ty) <= 0 <= turn(rx, ry, qx, qy, tx, ty):
                found = True
            if left <= 0 <= right:
                seen.append(fan_of[t, ahead])
            came = t
            if left < 0 < right:  # the cone splits: the right half waits
                stack[n, 0], stack[n, 1] = t, (k + 1) % 3
                stack[n, 2], stack[n, 3], stack[n, 4], stack[n, 5] = cx, cy, qx, qy
                n += 1
                side, qx, qy = ahead, cx, cy
            elif left < 0:
                side = ahead
            elif right > 0:
                side = (k + 1) % 3
            else:
                break
            t = beyond[came, side]
        if n == 0:
            return found
        n -= 1
        came, side = stack[n, 0], stack[n, 1]
        lx, ly, qx, qy = stack[n, 2], stack[n, 3], stack[n, 4], stack[n, 5]


@njit(cache=True, nogil=True)
def _look_around(
    mesh: Mesh, rx: int, ry: int, triangles: np.ndarray,
    tx: int, ty: int, at_target: np.ndarray, seen: list[int], stack: np.ndarray,
) -> bool:  # fmt: skip
    """`_look` in all directions from r, which lies in each of `triangles`."""
    found = False
    for t in triangles:
        found |= at_target[t]
        for k in range(3):
            seen.append(mesh.fan_of[t, k])
            a, b = mesh.xy[mesh.triangle[t, k]], mesh.xy[mesh.triangle[t, (k + 1) % 3]]
            if turn(rx, ry, a[0], a[1], b[0], b[1]) > 0:
                found |= _look(
                    mesh, t, k, rx, ry, b[0], b[1], a[0], a[1], tx, ty, at_target, seen, stack
                )
    return found


@njit(cache=True, nogil=True)
def _look_on(
    mesh: Mesh, fan: int, px: int, py: int,
    tx: int, ty: int, at_target: np.ndarray, seen: list[int], stack: np.ndarray,
) -> bool:  # fmt: skip
    """`_look` from the corner of `fan` for one who comes from p: between straight on and the shore
    that is bent around. Only there can a shortest way go on."""
    xy, triangle = mesh.xy, mesh.triangle
    rx, ry = xy[mesh.fan_at[fan], 0], xy[mesh.fan_at[fan], 1]
    onx, ony = 2 * rx - px, 2 * ry - py
    first, last = xy[mesh.fan_first[fan]], xy[mesh.fan_last[fan]]
    bends_left = (
        turn(px, py, rx, ry, first[0], first[1]) >= 0 <= turn(px, py, rx, ry, last[0], last[1])
    )  # fmt: skip
    begin, end = mesh.fan_start[fan], mesh.fan_start[fan + 1]
    found = False
    for i in range(end - begin):
        corner = mesh.fan_corner[end - 1 - i if bends_left else begin + i]
        t, k = corner // 3, corner % 3
        k1, k2 = (k + 1) % 3, (k + 2) % 3
        qx, qy = xy[triangle[t, k1], 0], xy[triangle[t, k1], 1]
        lx, ly = xy[triangle[t, k2], 0], xy[triangle[t, k2], 1]
        seen.append(mesh.fan_of[t, k2] if bends_left else mesh.fan_of[t, k1])
        if bends_left:
            past = -turn(rx, ry, onx, ony, qx, qy)
            if past > 0:
                qx, qy = onx, ony
            else:
                seen.append(mesh.fan_of[t, k1])
        else:
            past = turn(rx, ry, onx, ony, lx, ly)
            if past > 0:
                lx, ly = onx, ony
            else:
                seen.append(mesh.fan_of[t, k2])
        if at_target[t] and turn(rx, ry, lx, ly, tx, ty) <= 0 <= turn(rx, ry, qx, qy, tx, ty):
            found = True
        found |= _look(mesh, t, k1, rx, ry, lx, ly, qx, qy, tx, ty, at_target, seen, stack)
        if past >= 0:
            break
    return found


@njit(cache=True, nogil=True)
def touches(mesh: Mesh, x: int, y: int, fan: int) -> bool:
    """The line from x, y passes the fan's land on one side: there a way may bend."""
    v = mesh.xy[mesh.fan_at[fan]]
    first, last = mesh.xy[mesh.fan_first[fan]], mesh.xy[mesh.fan_last[fan]]
    a = turn(x, y, v[0], v[1], first[0], first[1])
    b = turn(x, y, v[0], v[1], last[0], last[1])
    return mesh.bends[fan] and ((a >= 0 and b >= 0) or (a <= 0 and b <= 0))


@njit(cache=True, nogil=True)
def spread(mesh: Mesh, source: int) -> np.ndarray:
    """(fans,) float64: how far by water, in centimetres, each fan is from the fan `source`."""
    xy, fan_at = mesh.xy, mesh.fan_at
    fans = len(fan_at)
    come_from = np.full(fans, NOWHERE, np.int32)
    far = np.full(fans, np.inf)
    cost = np.full(fans, np.inf)
    done = np.zeros(fans, np.bool_)
    nowhere = np.zeros(len(mesh.triangle), np.bool_)
    stack = np.empty((len(mesh.triangle), 6), np.int64)
    sx, sy = xy[fan_at[source], 0], xy[fan_at[source], 1]
    start = mesh.fan_corner[mesh.fan_start[source] : mesh.fan_start[source + 1]] // 3
    ahead = [(0.0, FROM_START)]
    seen = [0]
    while len(ahead) > 0:
        so_far, here = heapq.heappop(ahead)
        seen.clear()
        if here == FROM_START:
            x, y = sx, sy
            _look_around(mesh, x, y, start, x, y, nowhere, seen, stack)
        else:
            if done[here]:
                continue
            done[here] = True
            x, y = xy[fan_at[here], 0], xy[fan_at[here], 1]
            px, py = sx, sy
            if come_from[here] != FROM_START:
                p = fan_at[come_from[here]]
                px, py = xy[p, 0], xy[p, 1]
            _look_on(mesh, here, px, py, x, y, nowhere, seen, stack)
        for fan in seen:
            vx, vy = xy[fan_at[fan], 0], xy[fan_at[fan], 1]
            there = so_far + math.hypot(vx - x, vy - y)
            far[fan] = min(far[fan], there)
            if there >= cost[fan] or done[fan] or (vx == x and vy == y):
                continue
            if touches(mesh, x, y, fan):
                cost[fan], come_from[fan] = there, here
                heapq.heappush(ahead, (there, fan))
    return far


@njit(cache=True, nogil=True)
def _to_marks(
    mesh: Mesh, marks: np.ndarray, tx: int, ty: int, end: np.ndarray, stack: np.ndarray
) -> np.ndarray:
    """How far t is from each landmark: by way of what is seen from it."""
    nowhere = np.zeros(len(mesh.triangle), np.bool_)
    seen = [0]
    seen.clear()
    _look_around(mesh, tx, ty, end, tx, ty, nowhere, seen, stack)
    far = np.full(marks.shape[1], np.inf)
    for fan in seen:
        v = mesh.xy[mesh.fan_at[fan]]
        last = math.hypot(v[0] - tx, v[1] - ty)
        for k in range(len(far)):
            far[k] = min(far[k], marks[fan, k] + last)
    return far


@njit(cache=True, nogil=True, inline="always")
def _left(marks: np.ndarray, fan: int, to_marks: np.ndarray, straight: float) -> float:
    """At least so far it is from a fan to the target: straight, or by any landmark's triangle."""
    for k in range(len(to_marks)):
        by = abs(marks[fan, k] - to_marks[k])
        if by > straight:  # not where either is infinite: their difference is NaN
            straight = by
    return straight


@njit(cache=True, nogil=True)
def shortest(
    mesh: Mesh, marks: np.ndarray,
    sx: int, sy: int, start: np.ndarray, tx: int, ty: int, end: np.ndarray,
) -> tuple[float, np.ndarray]:  # fmt: skip
    """Length in metres of the plane and the fans bent at, from s in triangles `start` to t in
    triangles `end` of the same water; infinite where there is no way. `marks` (fans, landmarks):
    `spread` from each landmark, as lower bounds (A*, landmarks, triangle inequality: Goldberg,
    Harrelson 2005)."""
    xy, fan_at = mesh.xy, mesh.fan_at
    fans = len(fan_at)
    come_from = np.full(fans, NOWHERE, np.int32)
    cost = np.full(fans, np.inf)
    done = np.zeros(fans, np.bool_)
    at_target = np.zeros(len(mesh.triangle), np.bool_)
    for t in end:
        at_target[t] = True
    stack = np.empty((len(mesh.triangle), 6), np.int64)
    to_marks = _to_marks(mesh, marks, tx, ty, end, stack)
    ahead = [(0.0, FROM_START)]
    best, best_from = np.inf, NOWHERE
    seen = [0]
    while len(ahead) > 0:
        bound, here = heapq.heappop(ahead)
        if bound >= best:
            break
        seen.clear()
        if here == FROM_START:
            x, y, so_far = sx, sy, 0.0
            found = _look_around(mesh, x, y, start, tx, ty, at_target, seen, stack)
        else:
            if done[here]:
                continue
            done[here] = True
            x, y, so_far = xy[fan_at[here], 0], xy[fan_at[here], 1], cost[here]
            px, py = sx, sy
            if come_from[here] != FROM_START:
                p = fan_at[come_from[here]]
                px, py = xy[p, 0], xy[p, 1]
            found = _look_on(mesh, here, px, py, tx, ty, at_target, seen, stack)
        if found:
            whole = so_far + math.hypot(tx - x, ty - y)
            if whole < best:
                best, best_from = whole, here
        for fan in seen:
            if done[fan]:
                continue
            vx, vy = xy[fan_at[fan], 0], xy[fan_at[fan], 1]
            there = so_far + math.hypot(vx - x, vy - y)
            if there >= cost[fan] or (vx == x and vy == y):
                continue
            if touches(mesh, x, y, fan):
                cost[fan], come_from[fan] = there, here
                bound = there + _left(marks, fan, to_marks, math.hypot(tx - vx, ty - vy))
                if bound < best:
                    heapq.heappush(ahead, (bound, fan))
    bends = [best_from]
    bends.clear()
    while best_from >= 0:
        bends.append(best_from)
        best_from = come_from[best_from]
    return best / CM_PER_M, np.array(bends[::-1])


def landmarks(mesh: Mesh, count: int) -> np.ndarray:
    """(fans, count): `spread` from fans of the largest water, each farthest from those before."""
    marks = np.full((len(mesh.fan_at), count), np.inf)
    sea = mesh.part[mesh.fan_corner[mesh.fan_start[:-1]] // 3] == 0
    fan = int(np.flatnonzero(sea)[0])
    for k in range(count):
        marks[:, k] = spread(mesh, fan)
        fan = int(np.argmax(np.where(sea, marks[:, : k + 1].min(1), -1.0)))
    return marks

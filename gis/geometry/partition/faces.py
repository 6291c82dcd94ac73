"""The faces of a planar graph: how it is drawn without crossings, or that it cannot be.

Pure. A graph is taken apart into blocks that no single node holds together; each block is drawn by
itself, a cycle first and then path after path, each inside a face that its piece can lie in.

Source: Demoucron, Malgrange, Pertuiset (1964), Revue française de recherche opérationnelle 8;
blocks as in Hopcroft, Tarjan (1973), doi:10.1145/362248.362272.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gis.geometry.partition.graph import Graph


def find_blocks(graph: Graph) -> list[np.ndarray]:
    """List the edges of each block as pairs of nodes: (m, 2) each, source below neighbour.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> edges = np.array([[0, 1], [1, 2], [2, 0], [2, 3]])
    >>> [block.tolist() for block in find_blocks(build_graph(np.ones(4), edges, np.ones(4)))]
    [[[2, 3]], [[0, 1], [0, 2], [1, 2]]]
    """
    label = _label_blocks(graph.indptr, graph.neighbour, graph.source)
    pairs = np.sort(np.column_stack([graph.source, graph.neighbour]), axis=1)
    return [np.unique(pairs[label == k], axis=0) for k in range(int(label.max(initial=-1)) + 1)]


@njit(cache=True)
def _label_blocks(indptr: np.ndarray, neighbour: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Tell the block of each edge, at one of its half edges; -1 at the other."""
    n = indptr.size - 1
    label = np.full(neighbour.size, -1, np.int64)
    seen = np.full(n, -1, np.int64)
    low = np.zeros(n, np.int64)
    parent = np.full(n, -1, np.int64)
    following = indptr[:-1].copy()
    path = np.empty(n, np.int64)
    kept = np.empty(neighbour.size, np.int64)
    time, n_kept, n_blocks = 0, 0, 0
    for root in range(n):
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = time
        time += 1
        path[0] = root
        depth = 1
        while depth > 0:
            v = path[depth - 1]
            if following[v] < indptr[v + 1]:
                e = following[v]
                following[v] += 1
                u = neighbour[e]
                if seen[u] < 0:
                    parent[u] = v
                    kept[n_kept] = e
                    n_kept += 1
                    seen[u] = low[u] = time
                    time += 1
                    path[depth] = u
                    depth += 1
                elif u != parent[v] and seen[u] < seen[v]:
                    kept[n_kept] = e
                    n_kept += 1
                    low[v] = min(low[v], seen[u])
                continue
            depth -= 1
            p = parent[v]
            if p < 0:
                continue
            low[p] = min(low[p], low[v])
            if low[v] < seen[p]:
                continue
            while True:
                n_kept -= 1
                e = kept[n_kept]
                label[e] = n_blocks
                if source[e] == p and neighbour[e] == v:
                    break
            n_blocks += 1
    return label


def find_faces(graph: Graph) -> np.ndarray | None:
    """Tell the face left of each half edge of one block; None where it is not planar.

    Examples
    --------
    >>> from gis.geometry.partition.graph import build_graph
    >>> edges = np.array([[0, 1], [1, 2], [0, 2]])
    >>> find_faces(build_graph(np.ones(3), edges, np.ones(3)))
    array([0, 1, 1, 0, 0, 1])
    """
    face = _draw(graph.indptr, graph.neighbour, graph.source, twins(graph))
    return None if face[0] < 0 else face


def twins(graph: Graph) -> np.ndarray:
    """Give for each half edge the one in the other direction."""
    return np.lexsort((graph.source, graph.neighbour))


@njit(cache=True)
def _draw(
    indptr: np.ndarray, neighbour: np.ndarray, source: np.ndarray, twin: np.ndarray
) -> np.ndarray:
    """Draw a block path by path; the first face is -1 where there is no room for one."""
    n, n_half = indptr.size - 1, neighbour.size
    face = np.full(n_half, -1, np.int64)
    after = np.full(n_half, -1, np.int64)
    drawn = np.zeros(n, np.bool_)
    path = np.empty(n + 1, np.int64)
    back = np.full(n, -1, np.int64)
    queue = np.empty(n, np.int64)
    piece = np.empty(n, np.int64)
    fits = np.zeros(n_half + 2, np.int64)
    n_path = _first_cycle(indptr, neighbour, source, path, back, queue)
    for k in range(n_path):
        h, following = path[k], path[(k + 1) % n_path]
        face[h], after[h] = 0, following
        face[twin[h]], after[twin[following]] = 1, twin[h]
        drawn[source[h]] = True
    n_faces, n_drawn = 2, n_path
    while n_drawn < n_half // 2:
        start, where = _choose_piece(
            indptr, neighbour, source, face, drawn, piece, queue, fits, n_faces
        )
        if where < 0:
            face[0] = -1
            return face
        n_path = _path_through(
            indptr, neighbour, source, face, drawn, start, path, back, queue
        )  # fmt: skip
        _split_face(source, neighbour, twin, face, after, path, n_path, where, n_faces)
        for k in range(n_path):
            drawn[source[path[k]]] = True
        n_faces += 1
        n_drawn += n_path
    return face


@njit(cache=True)
def _first_cycle(
    indptr: np.ndarray,
    neighbour: np.ndarray,
    source: np.ndarray,
    path: np.ndarray,
    back: np.ndarray,
    queue: np.ndarray,
) -> int:
    """Find a cycle through the first half edge; gives its length, its half edges in `path`."""
    first, last = source[0], neighbour[0]
    back[:] = -1
    head, tail = 0, 1
    queue[0] = last
    while back[first] < 0:
        v = queue[head]
        head += 1
        for e in range(indptr[v], indptr[v + 1]):
            u = neighbour[e]
            if u != last and back[u] < 0 and not (v == last and u == first):
                back[u] = e
                queue[tail] = u
                tail += 1
    count, v = 0, first
    while v != last:
        path[count] = back[v]
        v = source[back[v]]
        count += 1
    for k in range(count // 2):
        path[k], path[count - 1 - k] = path[count - 1 - k], path[k]
    path[count] = 0
    return count + 1


@njit(cache=True)
def _choose_piece(
    indptr: np.ndarray,
    neighbour: np.ndarray,
    source: np.ndarray,
    face: np.ndarray,
    drawn: np.ndarray,
    piece: np.ndarray,
    queue: np.ndarray,
    fits: np.ndarray,
    n_faces: int,
) -> tuple:
    """Choose an undrawn piece with the fewest faces to lie in.

    Gives a half edge into it from what is drawn and the face; -1 where a piece has none.
    """
    n = indptr.size - 1
    piece[:] = -1
    touched = np.full(n, -1, np.int64)
    best, start, where = n_faces + 1, -1, -1
    for h in range(neighbour.size):
        if face[h] >= 0 or not drawn[source[h]]:
            continue
        u = neighbour[h]
        if (drawn[u] and source[h] > u) or (not drawn[u] and piece[u] >= 0):
            continue
        fits[:n_faces] = 0
        ends = 0
        for k in range(2):
            a = source[h] if k == 0 else u
            if k == 1 and not drawn[u]:
                break
            ends += 1
            for e in range(indptr[a], indptr[a + 1]):
                if face[e] >= 0:
                    fits[face[e]] += 1
        if not drawn[u]:
            touched[source[h]] = h
            piece[u] = h
            head, tail = 0, 1
            queue[0] = u
            while head < tail:
                v = queue[head]
                head += 1
                for e in range(indptr[v], indptr[v + 1]):
                    w = neighbour[e]
                    if not drawn[w]:
                        if piece[w] < 0:
                            piece[w] = h
                            queue[tail] = w
                            tail += 1
                    elif touched[w] != h:
                        touched[w] = h
                        ends += 1
                        for f in range(indptr[w], indptr[w + 1]):
                            if face[f] >= 0:
                                fits[face[f]] += 1
        room, last = 0, -1
        for f in range(n_faces):
            if fits[f] == ends:
                room += 1
                last = f
        if room == 0:
            return h, -1
        if room < best:
            best, start, where = room, h, last
        if best == 1:
            break
    return start, where


@njit(cache=True)
def _path_through(
    indptr: np.ndarray,
    neighbour: np.ndarray,
    source: np.ndarray,
    face: np.ndarray,
    drawn: np.ndarray,
    start: int,
    path: np.ndarray,
    back: np.ndarray,
    queue: np.ndarray,
) -> int:
    """Find a path through an undrawn piece to another drawn node; gives its length."""
    first, v = source[start], neighbour[start]
    if drawn[v]:
        path[0] = start
        return 1
    back[:] = -1
    back[v] = start
    head, tail = 0, 1
    queue[0] = v
    end = -1
    while end < 0:
        v = queue[head]
        head += 1
        for e in range(indptr[v], indptr[v + 1]):
            u = neighbour[e]
            if u == first or back[u] >= 0:
                continue
            back[u] = e
            if drawn[u]:
                end = u
                break
            queue[tail] = u
            tail += 1
    count, v = 0, end
    while v != first:
        path[count] = back[v]
        v = source[back[v]]
        count += 1
    for k in range(count // 2):
        path[k], path[count - 1 - k] = path[count - 1 - k], path[k]
    return count


@njit(cache=True)
def _split_face(
    source: np.ndarray,
    neighbour: np.ndarray,
    twin: np.ndarray,
    face: np.ndarray,
    after: np.ndarray,
    path: np.ndarray,
    n_path: int,
    where: int,
    new: int,
) -> None:
    """Lay a path between two nodes of a face; the face on its right gets a new number."""
    a, b = source[path[0]], neighbour[path[n_path - 1]]
    to_a, to_b = -1, -1
    for h in range(face.size):
        if face[h] == where:
            if neighbour[h] == a:
                to_a = h
            if neighbour[h] == b:
                to_b = h
    from_a, from_b = after[to_a], after[to_b]
    for k in range(n_path):
        h = path[k]
        face[h] = where
        after[h] = path[k + 1] if k + 1 < n_path else from_b
        after[twin[h]] = twin[path[k - 1]] if k > 0 else from_a
    after[to_a] = path[0]
    after[to_b] = twin[path[n_path - 1]]
    h = twin[path[n_path - 1]]
    while face[h] != new:
        face[h] = new
        h = after[h]

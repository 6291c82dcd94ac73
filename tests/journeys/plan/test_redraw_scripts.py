"""Parts of the redraw page that need no page: queue, working copy, tints, shapes, left-overs."""

import pytest

pytestmark = pytest.mark.browser

LATTICE = """
    const side = 4;
    const features = [];
    const from = [], to = [];
    for (let row = 0; row < side * side; row++) {
        const [i, j] = [row % side, Math.floor(row / side)];
        const [w, s] = [108.5 + i * 1e-3, 25.9 + j * 1e-3];
        const ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
        const six = (v) => +v.toFixed(6);
        const corners = ring.map(([a, b]) => [six(w + a * 1e-3), six(s + b * 1e-3)]);
        const geometry = { type: 'Polygon', coordinates: [corners] };
        features.push({ type: 'Feature', id: 100 + row, properties: {}, geometry });
        if (i + 1 < side) { from.push(row); to.push(row + 1); }
        if (j + 1 < side) { from.push(row); to.push(row + side); }
    }
    const n = side * side, m = from.length;
    const all = (count, value) => new Array(count).fill(value);
    const ground = { block_id: features.map((f) => f.id),
        households: all(n, 10), people: all(n, 30), workload: all(n, 1000),
        n_buildings: all(n, 1), area: all(n, 100), origin: [0, 0],
        x: all(n, 0), y: all(n, 0), exclusive: {}, from, to, kind: all(m, 0), kinds: [''],
        measure: 'households', minimum: 20, maximum: 100, perimeter: all(n, 400),
        outline: all(n, 0).map((_, r) => ((r % 3 === 0 || r < 4 || r > 11) ? 100 : 0)),
        shared: all(m, 100), along: all(m, 0), strong: all(m, 0), cost: all(m, 100) };
    const numbers = all(n, 0).map((_, r) => 1 + Math.floor(r / 8));
"""
LOADED = """
    const grids = { 1: { code: '522632100001001' }, 2: { code: '522632100001002' } };
    const impact = { households: 0, moves: [] };
    const loaded = { plan: { id: 1, edition: 1 }, ground, numbers, saved: [...numbers],
        saved_codes: { 1: '522632100001001', 2: '522632100001002' },
        published: all(n, null), grids, steps: [], others: [], next_number: 3, position: 0,
        locks: ['block:115'], edition: 1, behind: false, changed: false,
        effect: { figures: [], totals: {}, faults: [], impact, grids } };
"""


@pytest.fixture
def run(visit):
    page = visit("planner", "/planner/")

    def call(modules, script):
        imports = "".join(
            f"const {{ {names} }} = await import('/static/js/plan/redraw/{module}.js');"
            for module, names in modules.items()
        )
        return page.evaluate(f"async () => {{ {imports} {script} }}")

    return call


def test_requests_go_in_order_and_only_a_lost_connection_is_tried_again(run):
    log, states, reason, left = run(
        {"queue": "Queue"},
        """
        const log = [], states = [];
        const queue = new Queue({ onState: (s) => states.push(s.trouble), wait: async () => {} });
        let lost = 2;
        const first = queue.push(async () => {
            log.push('first');
            if (lost-- > 0) throw new TypeError('no network');
            return 1;
        });
        const refusal = Object.assign(new Error('no'), { body: { message: 'no' } });
        const second = queue.push(async () => { log.push('second'); throw refusal; });
        const third = queue.push(async () => { log.push('third'); return 3; });
        await first;
        const reason = await second.catch((error) => error.message);
        await third;
        return [log, states, reason, queue.length];
        """,
    )
    assert log == ["first", "first", "first", "second", "third"]
    assert True in states and states[-1] is False
    assert reason == "no" and left == 0


def test_a_working_copy_paints_at_once_and_takes_back_exactly(run):
    found = run(
        {"work": "Work"},
        LATTICE
        + LOADED
        + """
        const sent = [], kept = [];
        const answer = (body) => ({ moves: [], effect: loaded.effect, position: sent.length,
            locks: ['block:115'], edition: 1, behind: false, changed: true });
        const api = { unsent: { keep: (bodies) => kept.push(bodies.length) },
            post: async (path, body) => { sent.push([path, body]); return answer(body); } };
        const work = new Work(api, loaded);
        work.begin();
        work.preview(new Map([[0, 2], [1, 2]]));
        const during = [...work.division.number];
        work.cancel();
        const after = [...work.division.number];
        const { moved, held } = work.take('paint', new Map([[7, 2], [15, 1]]));
        const steps = work.steps.length;
        await work.queue.push(async () => null);
        return { during, after, moved, held: [...held], steps, sent, kept,
            figures: work.measure(2).households };
        """,
    )
    assert found["during"][:2] == [2, 2] and found["after"] == [1] * 8 + [2] * 8
    assert found["moved"] == 1 and found["held"] == [[15, "block:115"]]
    ((path, body),) = found["sent"]
    assert path == "steps" and body["moves"] == [[107, 2]] and len(body["client_id"]) == 36
    assert found["steps"] == 1 and found["figures"] == 90
    assert found["kept"][0] == 1 and found["kept"][-1] == 0


def test_a_plan_drawn_afresh_keeps_the_numbers_of_grids_that_go_on(run):
    same, moved = run(
        {"renumber": "keepNumbers", "division": "Division", "ground": "readGround"},
        LATTICE
        + """
        const division = new Division(readGround(ground), numbers);
        const afresh = (numberOf) => new Map(numbers.map((_, row) => [row, numberOf(row)]));
        const told = (found) => [[...found.moves], [...found.kept]];
        return [told(keepNumbers(division, afresh((row) => (row < 8 ? 7 : 5)))),
            told(keepNumbers(division, afresh((row) => (row < 7 ? 8 : row < 12 ? 9 : 10))))];
        """,
    )
    assert same == [[], [[7, 1], [5, 2]]]
    assert moved == [[[7, 2], *([row, 10] for row in range(12, 16))], [[8, 1], [9, 2]]]


def test_neighbours_never_have_the_same_tint_and_keep_theirs(run):
    clashes, kept = run(
        {"tints": "chooseTints, touching", "ground": "readGround"},
        LATTICE
        + """
        const g = readGround(ground);
        let clashes = 0, kept = true, tints = new Map();
        for (let round = 0; round < 20; round++) {
            const random = numbers.map((_, r) => 1 + ((r * 7 + round * 3) % 6));
            const beside = touching(g, random);
            const again = chooseTints(beside, tints);
            for (const [a, others] of beside)
                for (const b of others) clashes += again.get(a) === again.get(b);
            kept &&= String([...chooseTints(beside, again)]) === String([...again]);
            tints = again;
        }
        return [clashes, kept];
        """,
    )
    assert clashes == 0 and kept


def test_shapes_tell_what_lies_under_pointer_brush_and_lasso(run):
    found = run(
        {"shapes": "Shapes", "ground": "readGround"},
        LATTICE
        + """
        const g = readGround(ground);
        const shapes = new Shapes(features, g);
        const [x, y] = shapes.inner[5];
        const width = shapes.box[5][2] - shapes.box[5][0];
        const reach = 1.2 * width;
        const edge = shapes.edgeNear([x + width / 2 + 1, y], 5, () => true);
        return { at: shapes.inner.map((p) => shapes.at(p)), outside: shapes.at([-500, -500]),
            near: shapes.near([x, y], width * 0.6).sort((a, b) => a - b),
            inside: shapes.inside([[x - reach, y - reach], [x + 1, y - reach], [x + 1, y + reach],
                [x - reach, y + reach]]).sort((a, b) => a - b),
            ways: [[1, 0], [-1, 0], [0, -1], [0, 1]].map(([dx, dy]) => shapes.towards(5, dx, dy)),
            edge: [g.from[edge], g.to[edge]],
            matched: shapes.shared.every((line) => line.length === 4),
            outer: shapes.outer.flat().length / 4,
            back: shapes.fromLonLat(shapes.toLonLat([x, y])).map((v, i) => v - [x, y][i]) };
        """,
    )
    assert found["at"] == list(range(16)) and found["outside"] == -1
    assert found["near"] == [1, 4, 5, 6, 9]
    assert found["inside"] == [0, 1, 4, 5, 8, 9]
    assert found["ways"] == [6, 4, 9, 1] and found["edge"] == [5, 6]
    assert found["matched"] and found["outer"] == 16
    assert found["back"] == pytest.approx([0, 0], abs=1e-6)


def test_left_over_edits_are_sent_once_and_refusals_are_told(run):
    sent, told, after = run(
        {"unsent": "sendLeftOver, unsentOf"},
        """
        const store = new Map();
        const storage = { getItem: (k) => store.get(k) ?? null, setItem: (k, v) => store.set(k, v),
            removeItem: (k) => store.delete(k) };
        unsentOf(7, 1, storage).keep([{ client_id: 'a' }, { client_id: 'b' }]);
        const sent = [];
        const told = await sendLeftOver(unsentOf(7, 1, storage), async (_path, body) => {
            sent.push(body.client_id);
            if (body.client_id === 'b')
                throw Object.assign(new Error('locked'), { body: { message: 'locked' } });
        });
        return [sent, told, [unsentOf(7, 1, storage).read(), unsentOf(8, 1, storage).read()]];
        """,
    )
    assert sent == ["a", "b"]
    assert told == {"sent": 1, "refused": ["locked"]} and after == [[], []]

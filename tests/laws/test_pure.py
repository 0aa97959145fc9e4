"""Steps own their state alone: looking ahead, packing and copying leave no trace."""

from __future__ import annotations

from littoral.engine import core
from littoral.engine.lookahead import LookAhead
from littoral.engine.order import Order, push
from littoral.engine.slices import take_settled
from littoral.schema.state import clone, pack, unpack
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import StationList

from . import scene


def test_looking_ahead_and_packing_change_nothing() -> None:
    """After every tenth part of the night: the look-ahead leaves the state as it was, and a state
    that was packed and read back gives the same findings as the one that went on."""
    rules, world, stations = core.choose_rules("coastal"), scene.world(), StationList()
    decoder, order = AisDecoder(1, stations=stations, default_station="x"), Order()
    state = core.start(rules, world)
    data, count = scene.lines(), 10
    packed, findings = 0, 0
    for i in range(count):
        part = data[i * len(data) // count : (i + 1) * len(data) // count]
        rows = decoder.feed(part).observations
        core.mark_areas(rows.positions, world)
        push(order, 1, rows)
        reference = core.Reference(rules, core.with_stations(world, stations))
        other = unpack(pack(state), like=core.start(rules, world))
        settled = take_settled(order)
        rows = clone(settled)
        one = [s.findings for s in core.advance(state, settled, order.floor_us, reference)]
        two = [s.findings for s in core.advance(other, rows, order.floor_us, reference)]
        assert one == two
        before = pack(state)
        assert before == pack(other)
        _, found = LookAhead().run(state, order, order.event_us + 1, reference)
        findings += len(found)
        assert pack(state) == before
        packed += len(before)
    assert findings > 0
    assert packed > 100_000

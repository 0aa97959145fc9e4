"""Records of the journal into the state of a live engine: decoded, counted, in order."""

from __future__ import annotations

import orjson

from littoral.area.world import World
from littoral.engine import core, order
from littoral.engine.intake import CLOSED, OPENED, TICK
from littoral.engine.live_state import LiveState, SourceInfo
from littoral.engine.numbered import HEAD_BYTES, LINES, position_after
from littoral.schema.ais import Observations
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import Decoded, StationList
from littoral.store.journal import Entry
from littoral.store.quarantine import Quarantine


class Taker:
    """Owns the decoders; changes `state` in place. For one thread, the engine's."""

    def __init__(
        self, state: LiveState, stations: StationList, quarantine: Quarantine, world: World
    ) -> None:
        self._state, self._stations = state, stations
        self._quarantine, self._world = quarantine, world
        self._decoders: dict[int, AisDecoder] = {}
        self._left_out: list[Observations] = []
        for number, info in state.sources.items():
            if info.decoder is not None:
                self._decoder(number, info).restore(info.decoder)

    def take(self, entry: Entry) -> None:
        state = self._state
        if entry.kind == LINES:
            self._take_lines(entry)
        elif entry.kind == TICK:
            order.tick(state.order, entry.at_us)
        elif entry.kind == OPENED:
            state.sources[entry.source] = SourceInfo(**orjson.loads(entry.payload))
        elif entry.kind == CLOSED:
            decoder = self._decoders.pop(entry.source, None)
            info = state.sources.get(entry.source)
            if decoder is not None and info is not None:
                self._decoded(entry, info, decoder.close())
            off = order.end_source(state.order, entry.source)
            if off is not None:
                self._left_out.append(off)
            if info is not None:
                info.closed, info.decoder = True, None

    def left_out(self) -> list[Observations]:
        """Reports taken since the last call that no slice will have: late, or of a wrong clock."""
        rows, self._left_out = self._left_out, []
        return rows

    def remember(self) -> None:
        """Put into the state what is known of stations and decoders, for a checkpoint."""
        self._state.stations = list(self._stations.names)
        for number, decoder in self._decoders.items():
            self._state.sources[number].decoder = decoder.snapshot()

    def _decoder(self, number: int, info: SourceInfo) -> AisDecoder:
        decoder = self._decoders.get(number)
        if decoder is None:
            decoder = AisDecoder(number, stations=self._stations, default_station=info.feed)
            self._decoders[number] = decoder
        return decoder

    def _take_lines(self, entry: Entry) -> None:
        state = self._state
        info = state.sources[entry.source]
        decoder = self._decoder(entry.source, info)
        state.index.add(entry.source, decoder.lines + 1, entry.position)
        info.numbered = max(info.numbered, position_after(entry))
        lines = memoryview(entry.payload)[HEAD_BYTES:]
        self._decoded(entry, info, decoder.feed(lines, entry.at_us))

    def _decoded(self, entry: Entry, info: SourceInfo, got: Decoded) -> None:
        state, counts = self._state, got.counts
        state.lines += counts.lines
        state.messages += counts.messages
        state.positions += len(got.observations.positions)
        for reason, n in counts.rejected.items():
            state.reasons[reason] = state.reasons.get(reason, 0) + n
            state.rejected[info.feed] = state.rejected.get(info.feed, 0) + n
        for kind, n in counts.ignored.items():
            state.ignored[kind] = state.ignored.get(kind, 0) + n
        if len(got.rejects):
            self._quarantine.add(info.feed, got.rejects, key=entry.position)
        core.mark_areas(got.observations.positions, self._world)
        left_out = order.push(state.order, entry.source, got.observations)
        if left_out is not None:
            self._left_out.append(left_out)
        if not state.first_event_us and state.order.highest_us != order.NEVER:
            state.first_event_us = state.order.highest_us

"""`littoral demo`: a simulated coast around Hainan, sent as AIVDM over TCP into a real server."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from littoral.cli import say
from littoral.cli.serve import add_common
from littoral.cli.stopping import end_on_sigterm
from littoral.cli.text_options import add_text_options, sender_of

if TYPE_CHECKING:
    from littoral.cli.demo_story import Story

KEYS = ("-keys", "-master", "-witnesses")  # folders beside the data, as the vault names them
BEACONS_PER_VESSEL = 0.8  # on nets: 2,000 beside 2,500 vessels
START = "2026-08-15T12:00:00Z"  # the moratorium's last night: the season rule has work


def add(commands) -> argparse.ArgumentParser:
    p = commands.add_parser(
        "demo",
        help="watch a simulated coast around Hainan",
        description="Fills 24 simulated hours of history, then goes on at --speed. With --minutes "
        "it ends by itself and prints what was planted and what was found.",
    )
    p.add_argument("--minutes", type=float, default=0.0, help="of the live part; 0: until Ctrl-C")
    p.add_argument("--hours", type=float, default=24.0, help="of history (%(default)s)")
    p.add_argument("--speed", type=float, default=10.0, help="simulated seconds a second")
    p.add_argument("--vessels", type=int, default=2500)
    p.add_argument("--seed", type=int, default=7)
    p.add_argument(
        "--data",
        type=Path,
        default=Path("demo-data"),
        metavar="DIR",
        help="made anew at each start (%(default)s)",
    )
    p.add_argument("--port", type=int, default=8765, help="of the page (%(default)s; 0: any free)")
    add_common(p)
    add_text_options(p)
    return p


def run(args: argparse.Namespace) -> int:
    end_on_sigterm()  # before all that takes seconds to import

    from littoral.api.server import serving
    from littoral.cli.demo_story import Story
    from littoral.cli.sign_in import REFUSED, gate_over, no_gate
    from littoral.engine.reference import ANCHORAGES, write_anchorages
    from littoral.engine.setup import Plan, live_of
    from littoral.link.tcp import TcpListener
    from littoral.sim.anchorages import demo_anchorages
    from littoral.sim.demo import LANES, RECEPTION

    args.reception = args.reception or RECEPTION
    args.lanes = args.lanes or LANES
    begin_us = int(np.datetime64(START.rstrip("Z"), "us").astype(np.int64))
    live_us = begin_us + int(args.hours * 3600e6)
    print("Littoral demo: a simulated coast around Hainan. The first start compiles for a minute.")
    marker = args.data / "demo"
    if args.data.exists() and not marker.exists():
        say.error(f"{args.data} is no folder of the demo; name another with --data")
        return 2
    for folder in (args.data, *(args.data.with_name(args.data.name + e) for e in KEYS)):
        shutil.rmtree(folder, ignore_errors=True)
    args.data.mkdir(parents=True)
    marker.touch()
    write_anchorages(args.data / ANCHORAGES, demo_anchorages())
    try:
        sender = sender_of(args)
        live = live_of(Plan.of(args, speed=args.speed, history_until_us=live_us))
    except (KeyError, ValueError, OSError) as problem:
        say.error(say.reason(problem))
        return 2
    _draw_fences(live, args.operator)
    live.start()
    listener = TcpListener("127.0.0.1", 0, live.intake)
    live.intake.add_feed(listener.name, "tcp")
    listening = False
    truth = args.data / "truth.json"
    feed = None
    try:
        with (
            witnesses(args, live) as watching,
            no_gate()
            if args.no_sign_in
            else gate_over(args.data, live.records, witnesses=watching, sender=sender) as gate,
            serving(_app(live, gate, args), port=args.port) as address,
        ):
            _say_people(address, gate, args)
            feed = _feed(args, listener.port, truth)
            _plan_outages(live, feed, args.operator, truth)
            story = None if gate is None else Story(address, args.people)
            if story is not None:
                story.before_all()
            listener.start()  # nothing comes in before the operator knows what is planned
            listening = True
            if story is not None:
                story.begin()
                print("ready: its people have cases, incidents and a watch to keep", flush=True)
            _watch(live, feed, args.data, story)
    except KeyboardInterrupt:
        print()
    except (OSError, *REFUSED) as problem:
        say.error(say.reason(problem))
        return 1
    finally:
        if feed is not None and feed.poll() is None:
            feed.terminate()
            feed.wait(10)
        if listening:
            listener.stop()
        drained = live.drain(300) if args.minutes else True
        if args.minutes:
            _summary(live, truth, listed=not args.no_sign_in)
        # Ended by whoever watches it, it need not take in first what its feed has sent ahead.
        live.stop(take_all=bool(args.minutes))
    return 0 if drained else 1


def witnesses(args: argparse.Namespace, live):
    """Processes that watch over the demonstration's log; without sign-in there is no log."""
    from contextlib import nullcontext

    from littoral.cli.demo_witnesses import demo_witnesses

    return nullcontext(()) if args.no_sign_in else demo_witnesses(args.data, live.records)


def _app(live, gate, args: argparse.Namespace):
    """The application, with an address for each person of the demonstration."""
    from littoral.api.app import create_app
    from littoral.api.entry import entry_router
    from littoral.cli.demo_people import make_people, sign_policies
    from littoral.cli.demo_responders import make_responders

    args.people = {} if gate is None else make_people(gate)
    if gate is not None:
        sign_policies(gate)
        make_responders(gate, args.people)
    app = create_app(live, gate=gate, first=(entry_router(args.people),))
    app.state.sea_ways.prepare()
    return app


def _say_people(address: str, gate, args: argparse.Namespace) -> None:
    if gate is None:
        print(f"open {address} (loopback only; acting as {args.operator})", flush=True)
        return
    print(f"open {address} (loopback only) as one of the demonstration's people.")
    print("They are at work for some seconds more: a line that begins with ready: says when.")
    for token, person in args.people.items():
        print(f"  {address}/demo/as/{token}  {person.title_en} / {person.title_zh}")
    phones = [t for t, person in args.people.items() if person.login == "demo.grid"]
    for token in phones:
        print(f"the grid worker's phone: {address}/demo/as/{token}?page=phone")
    print(flush=True)


def _feed(args: argparse.Namespace, port: int, truth: Path) -> subprocess.Popen:
    command = [
        sys.executable, "-m", "littoral.sim.feed", "--port", str(port), "--start", START,
        "--hours", str(args.hours), "--speed", str(args.speed), "--seed", str(args.seed),
        "--vessels", str(args.vessels), "--truth", str(truth),
        "--beacons", str(round(BEACONS_PER_VESSEL * args.vessels)),
    ]  # fmt: skip
    if args.minutes:
        command += ["--minutes", str(args.minutes)]
    with open(args.data / "feed.log", "wb") as log:
        return subprocess.Popen(command, stderr=log)


def _draw_fences(live, operator: str) -> None:
    """The demo's geofences, as if the operator had drawn them."""
    from littoral.area.geofence_json import fence_feature
    from littoral.sim.fences import FENCES

    for fence in FENCES:
        live.records.create_geofence(fence_feature(fence), operator, fence.id)
    live.geofences_changed()


def _plan_outages(live, feed: subprocess.Popen, operator: str, truth: Path) -> None:
    """Enter the planned outages of the scenario as soon as the feed has written them."""
    while not truth.exists() and feed.poll() is None:
        time.sleep(0.05)
    if not truth.exists():
        return  # `_watch` says why the feed ended
    for planned in orjson.loads(truth.read_bytes())["planned_outages"]:
        live.records.create_outage(
            planned["station"], planned["start_us"], planned["end_us"], planned["reason"], operator
        )
    live.outages_changed()


def _watch(live, feed: subprocess.Popen, data: Path, story: Story | None) -> None:
    """Say how history fills, go on with the story; return when the feed has ended by itself."""
    told = -1
    filled = False
    while feed.poll() is None:
        health = live.health()
        share = int(health.progress * 10)
        if not filled and share > told:
            told = share
            filled = share >= 10
            what = "history filled" if filled else f"history {share * 10} %"
            print(f"{what}: {health.counts['lines']:,} lines", flush=True)
            if filled and story is not None:
                story.when_filled()
                print("ready: alerts are dismissed and wait for review", flush=True)
        time.sleep(0.5)
    if feed.returncode:
        log = (data / "feed.log").read_text(errors="replace").strip().splitlines()
        raise OSError(f"the simulated feed ended with {feed.returncode}: {log[-1] if log else ''}")


def _summary(live, truth: Path, *, listed: bool) -> None:
    """`listed`: whether people were there to put vessels on the watch-list."""
    from littoral.cli.query import print_table
    from littoral.schema.finding import NOTED
    from littoral.sim.truth import evaluate, read_truth
    from littoral.store.alert_rows import AlertFilter

    alerts, cursor = [], None
    every = AlertFilter(priority=tuple(range(1, NOTED + 1)))  # what is only noted too
    while True:
        page = live.records.alerts(every, cursor, 1000)
        alerts += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    rows = [
        {"rule": a.rule, "kind": a.kind, "things": a.things, "start_us": a.start_us,
         "end_us": a.end_us, "priority": a.priority, "state": a.state, "facts": a.facts}
        for a in alerts
    ]  # fmt: skip
    counts = live.health().counts
    by_rule: dict[str, int] = {}
    for a in alerts:
        if a.priority != NOTED:
            by_rule[a.rule] = by_rule.get(a.rule, 0) + 1
    print(
        f"\n{counts['lines']:,} lines, {counts['messages']:,} messages, {counts['tracks']:,} tracks"
    )
    noted = sum(a.priority == NOTED for a in alerts)
    print("alerts: " + (", ".join(f"{k} {n:,}" for k, n in sorted(by_rule.items())) or "none"))
    print(f"noted for analysts, not annunciated: {noted:,}")
    import pyarrow as pa

    now_us = live.health().event_time_us or 0
    planted = [e for e in read_truth(truth) if listed or e.rule != "watch_list"]
    over = [event for event in planted if event.end_us <= now_us]
    scores = evaluate(over, rows)
    print(
        f"\nplanted events, {len(over)} of {len(planted)} are over by now "
        "(ground truth is computed from the noiseless trajectories):"
    )
    print_table(
        pa.Table.from_pylist(
            [
                {"rule": s.rule, "kind": s.kind, "planted": s.planted, "found": s.found,
                 "missed": " ".join(s.missed), "innocent": s.innocent,
                 "accused": " ".join(s.accused)}
                for s in scores
            ]
        )
    )  # fmt: skip

"""From what an operator asked for to a live engine that is ready to start."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from littoral.area.region import load_region
from littoral.engine import core
from littoral.engine.live import CHECKPOINT_S, Live, Options
from littoral.engine.reference import region_world
from littoral.engine.runtime import RuntimeSettings
from littoral.store import checklists


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    data: Path
    region: str = "hainan"
    profile: str = "coastal"
    detectors: tuple[str, ...] | None = None
    reception: Path | None = None
    anchorages: Path | None = None
    lanes: Path | None = None
    operator: str = "operator"
    escalate_after_s: float = 300.0
    speed: float = 1.0
    history_until_us: int | None = None
    checkpoint_s: float = CHECKPOINT_S

    @classmethod
    def of(cls, args: argparse.Namespace, **more) -> Plan:
        return cls(
            data=args.data,
            region=args.region,
            profile=args.profile,
            detectors=tuple(args.detectors.split(",")) if args.detectors else None,
            reception=args.reception,
            anchorages=args.anchorages,
            lanes=args.lanes,
            operator=args.operator,
            escalate_after_s=args.escalate_after,
            **more,
        )


def live_of(plan: Plan) -> Live:
    """Raises KeyError for an unknown detector or region, ValueError for a checklist that is wrong,
    OSError or a store's error when the data folder cannot be opened."""
    checklists.begin(plan.data / checklists.FOLDER)
    rules = core.choose_rules(plan.profile, plan.detectors)
    world = region_world(plan.region, plan.reception, plan.anchorages, plan.lanes, plan.data)
    region = load_region(plan.region)
    settings = RuntimeSettings(
        region=plan.region,
        bbox=region.bbox,
        center=region.center,
        profile=plan.profile,
        operator=plan.operator,
        time_zone=region.time_zone,
        data_dir=plan.data,
    )
    options = Options(
        speed=plan.speed,
        history_until_us=plan.history_until_us,
        escalate_after_s=plan.escalate_after_s,
        checkpoint_s=plan.checkpoint_s,
    )
    return Live(settings, world, rules, options)

"""The words of tasks and responders, in Chinese and English."""

from __future__ import annotations

from typing import Final

from littoral.respond.rank.unit import Kind as Moves

Words = tuple[str, str]  # Chinese, English

OFFERED, ACCEPTED, EN_ROUTE, ON_SCENE = "offered", "accepted", "en_route", "on_scene"
DONE, REFUSED, CANCELLED = "done", "refused", "cancelled"
STATES: Final[dict[str, Words]] = {
    OFFERED: ("已派发", "offered"),
    ACCEPTED: ("已接受", "accepted"),
    EN_ROUTE: ("途中", "en route"),
    ON_SCENE: ("已到场", "on scene"),
    DONE: ("已完成", "done"),
    REFUSED: ("已拒绝", "refused"),
    CANCELLED: ("已撤销", "cancelled"),
}
# In these the responder is on the task: it is sent on no other without a word.
OPEN: Final = frozenset({OFFERED, ACCEPTED, EN_ROUTE, ON_SCENE})
# In these it has said yes, and where it is may be kept: whoever was only asked is followed nowhere.
UNDER_WAY: Final = frozenset({ACCEPTED, EN_ROUTE, ON_SCENE})

RESPONDERS: Final[dict[str, Words]] = {
    "boat": ("巡逻艇", "patrol boat"),
    "cutter": ("执法船", "cutter"),
    "vehicle": ("车辆", "vehicle"),
    "team": ("小组", "team"),
    "drone": ("无人机", "drone"),
    "helicopter": ("直升机", "helicopter"),
    "grid_worker": ("网格员", "grid worker"),
}
# What it moves on. A grid worker is a person: not put in order of time, only told how far away.
MOVES: Final[dict[str, Moves]] = {
    "boat": Moves.SEA,
    "cutter": Moves.SEA,
    "vehicle": Moves.ROAD,
    "team": Moves.ROAD,
    "drone": Moves.AIR,
    "helicopter": Moves.AIR,
}
# Where these are is where a person is.
PERSONS: Final = frozenset({"team", "grid_worker"})

AVAILABLE, ON_TASK, OUT_OF_SERVICE = "available", "on_task", "out_of_service"

SKILLS: Final[dict[str, Words]] = {
    "board": ("登临检查", "boarding"),
    "tow": ("拖带", "towing"),
    "fire": ("消防", "fire-fighting"),
    "medical": ("医疗救护", "medical"),
    "dive": ("潜水", "diving"),
    "night": ("夜视", "night vision"),
    "shallow": ("浅水", "shallow water"),
    "pollution": ("溢油处置", "oil spill"),
    "search": ("搜寻", "search"),
}

TRACK, DEVICE, PHONE = "track", "device", "phone"
SOURCES: Final[dict[str, Words]] = {
    TRACK: ("船舶航迹", "vessel track"),
    DEVICE: ("设备", "device"),
    PHONE: ("手机", "phone"),
}

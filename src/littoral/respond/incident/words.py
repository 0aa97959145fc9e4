"""The words of incidents, in Chinese and English: types, severities, states, outcomes.

The states are those that matters go through in grid management: report, accept, dispatch, handle,
feed back, verify, close.
"""

from __future__ import annotations

from typing import Final

Words = tuple[str, str]  # Chinese, English

TYPES: Final[dict[str, Words]] = {
    "smuggling": ("走私", "smuggling"),
    "rescue": ("搜救", "search and rescue"),
    "collision": ("碰撞", "collision"),
    "fire": ("火灾", "fire"),
    "storm": ("风暴潮", "storm"),
    "landing": ("非法上岸", "unlawful landing"),
    "epidemic": ("疫情", "epidemic"),
    "pollution": ("污染", "pollution"),
    "neighbourhood": ("社区治理", "neighbourhood matter"),
    "other": ("其他", "other"),
}

# From the gravest: the four levels of the Emergency Response Law of the PRC, Art. 3.
SEVERITIES: Final[dict[str, Words]] = {
    "extreme": ("特别重大（I级）", "extremely serious (I)"),
    "major": ("重大（II级）", "very serious (II)"),
    "serious": ("较大（III级）", "serious (III)"),
    "ordinary": ("一般（IV级）", "ordinary (IV)"),
}

REPORTED, ACCEPTED, DISPATCHED = "reported", "accepted", "dispatched"
HANDLING, FED_BACK, VERIFIED, CLOSED = "handling", "fed_back", "verified", "closed"
STATES: Final[dict[str, Words]] = {
    REPORTED: ("已上报", "reported"),
    ACCEPTED: ("已受理", "accepted"),
    DISPATCHED: ("已派遣", "dispatched"),
    HANDLING: ("处置中", "being handled"),
    FED_BACK: ("已反馈", "fed back"),
    VERIFIED: ("已核查", "verified"),
    CLOSED: ("已结案", "closed"),
}

OUTCOMES: Final[dict[str, Words]] = {
    "done": ("处置完毕", "dealt with"),
    "unfounded": ("情况不属实", "unfounded"),
    "not_ours": ("不属受理范围", "outside our remit"),
    "duplicate": ("重复上报", "reported before"),
    "drill": ("演练", "a drill"),
}

SOURCES: Final[dict[str, Words]] = {
    "alert": ("警报", "alert"),
    "report": ("一线上报", "report from the field"),
    "hotline": ("热线来电", "hotline call"),
    "bulletin": ("通报", "bulletin"),
    "radio": ("甚高频通话", "call by VHF"),
    "watch": ("值班发现", "seen by the watch"),
    "contact": ("录入目标", "contact entered by hand"),
}

"""What the people of the demonstration do in its first minutes, through the API as anybody would.

Cases with invented persons, accesses asked for and approved, break-glass, evidence, a legal hold, a
change that waits for a second person and dismissals that go to another desk: so every page has
something to show, and every line of the log was written by a real request.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import orjson

from littoral.api.entry import PATH, DemoPerson
from littoral.api.signin.guard import CSRF_HEADER
from littoral.api.wire import iso
from littoral.cli import demo_forms, say
from littoral.cli.demo_duty import COUNTY, PROVINCE, teams_at
from littoral.sim.fences import FENCES
from littoral.sim.incidents_asked import LISTED
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7

API = "/api/v1"
DISMISSED = 6  # alerts that the watch officer of the demo dismisses

# Nobody's: region 000000 is none of GB/T 2260, and no mobile number begins with 10.
CREW: tuple[Mapping[str, str], ...] = (
    {"name": "陈某一（虚构）", "phone": "10000000001", "id_number": "000000198001010010",
     "note": "快艇驾驶员 / skipper of the speedboat"},
    {"name": "林某二（虚构）", "phone": "10000000002", "id_number": "000000198505050022",
     "plate": "琼A00000"},
    {"name": "王某三（虚构）", "phone": "10000000003", "note": "接货人 / met the boat ashore"},
)  # fmt: skip
CONTACTS: tuple[Mapping[str, str], ...] = (
    {"name": "符某四（虚构）", "phone": "10000000004", "health": "发热 / fever"},
    {"name": "黎某五（虚构）", "phone": "10000000005", "whereabouts": "渡轮 / ferry"},
)  # fmt: skip
FAMILY: Mapping[str, str] = {"name": "吴某六（虚构）", "phone": "10000000006"}
ASSESSED: Mapping[str, str] = {
    "necessity": "依法履职须核实身份，限于未结案件，没有侵害更小的办法（演示）。 / "
    "By law an identity has to be known, within an open case, and nothing milder does (demo).",
    "impact": "身份为办案人员所知；泄露可能导致冒用或歧视（演示）。 / "
    "Who works on the case learns who somebody is; a leak may lead to fraud (demo).",
    "measures": "逐人加密，第二人同意，限时查看，每次留痕，期满销毁密钥（演示）。 / "
    "A key a person, another's agreement, for hours, all in the log, keys destroyed (demo).",
}
REASONS = {  # by rule; alerts of others are dismissed by nobody here
    "collision": "两船已甚高频协调避让 / both ships agreed by VHF how to pass",
    "gap": "已与船方甚高频核实 / verified by VHF with the ship",
    "identity": "船方录入有误，已告知 / wrong entry, the ship has been told",
    "area_rule": "有进入许可 / has a permit to enter",
    "encounter": "已知补给作业 / supplies, known beforehand",
}


# By VHF, of vessels without AIS; `ago_s`: heard so long before.
DRIFTING: Mapping[str, Any] = {
    "what": "small_craft",
    "name": "QIONG HAI KOU 8 (demo)",
    "on_board": 3,
    "channel": "16",
    "station": "海口海岸电台 / Haikou radio",
    "keep_h": 12,
    "said": "主机故障，漂流（演示） / engine failure, adrift (demo)",
}
COASTER: Mapping[str, Any] = {
    "what": "vessel",
    "name": "YUE XU WEN 21 (demo)",
    "on_board": 5,
    "channel": "08",
    "keep_h": 12,
    "cog_deg": 90,
    "sog_kn": 7,
    "station": "三亚海岸电台 / Sanya radio",
    "said": "AIS 故障，驶往三亚（演示） / AIS out of order, bound for Sanya (demo)",
}
CALLED: tuple[tuple[Mapping[str, Any], ...], ...] = (
    ({**DRIFTING, "lon": 110.42, "lat": 20.16, "sog_kn": 0, "ago_s": 900},),
    (
        {**COASTER, "lon": 108.95, "lat": 18.15, "ago_s": 3600},
        {**COASTER, "lon": 109.07, "lat": 18.14, "ago_s": 300},
    ),
)
# In the history: comes in from the sea, and is off the air for a while (`sim.incidents_asked`).
EXPECTED: Mapping[str, Any] = {
    "name": LISTED,
    "reason": "涉嫌夜间海上过驳，等其进入近海（演示） / said to take cargo over by night (demo)",
}
# On her way to the wind farm when history ends (`sim.planted`).
LOOKED_OUT_FOR: Mapping[str, Any] = {
    "name": "AN TAI FA 9",
    "reason": "曾闯入风电场（演示） / has been in the wind farm before (demo)",
}
DAY_US = 86_400_000_000


class Story:
    """Over the demo's server at `address`. What is refused is told, and the rest goes on."""

    def __init__(self, address: str, people: Mapping[str, DemoPerson]) -> None:
        self._address = address
        self._tokens = {person.login: token for token, person in people.items()}

    def before_all(self) -> None:
        """Whom they look out for from the first line on."""
        self._told(self._expected)

    def begin(self) -> None:
        """What needs no alert. At once, in a second or two."""
        for part in (
            self._assessments, self._smuggling, self._epidemic, self._break_glass, self._oversight,
            self._blinder_fence, self._incidents, self._tasks, self._duty, self._notice,
            self._county_duty, self._forms, self._bulletins, self._contacts,
        ):  # fmt: skip
            self._told(part)

    def when_filled(self) -> None:
        """Once history has brought alerts and vessels: dismissals, and one to look out for, who is
        there with her next report."""
        self._told(self._dismissals)
        self._told(self._watch_list)

    def _told(self, part: Callable[[], None]) -> None:
        try:
            part()
        except httpx.HTTPError as problem:
            say.error(f"the demonstration's story, {part.__name__.strip('_')}: {problem}")

    @contextmanager
    def _as(self, login: str) -> Iterator[Person]:
        with self._signed_in(login) as client:
            yield Person(client)

    @contextmanager
    def _signed_in(self, login: str) -> Iterator[httpx.Client]:
        """Its base is that of the API."""
        with httpx.Client(base_url=self._address, headers={CSRF_HEADER: "1"}, timeout=60) as client:
            client.get(f"{PATH}/{self._tokens[login]}")
            client.base_url = httpx.URL(self._address + API)
            yield client

    def _assessments(self) -> None:
        """Written by one, agreed to by another; of customs a next purpose waits."""
        year = iso(clock_us() + 365 * DAY_US)
        for writer, agrees, purpose, what in (
            ("demo.dpo", "demo.customs", "anti_smuggling", ["id_number", "passport", "account"]),
            ("demo.dpo3", "demo.health2", "epidemic_control", ["health", "whereabouts"]),
            ("demo.dpo2", "", "border_control", ["id_number", "passport"]),
        ):
            with self._as(writer) as officer:
                made = officer.post(
                    "/assessments", {"purpose": purpose, "what": what, "ends": year, **ASSESSED}
                )
            if agrees:
                with self._as(agrees) as second:
                    second.post(
                        f"/assessments/{made['id']}/decision",
                        {"agree": True, "note": "已核对（演示） / checked (demo)"},
                    )

    def _smuggling(self) -> None:
        with self._as("demo.investigator") as investigator, self._as("demo.customs") as lead:
            case = investigator.post(
                "/cases",
                {"title": "夜间快艇走私线索（演示） / night speedboat, smuggling (demo)",
                 "purpose": "anti_smuggling", "legal_basis": "statutory_duty"},
            )  # fmt: skip
            at = f"/cases/{case['id']}"
            crew = [investigator.post(f"{at}/subjects", {"fields": p})["id"] for p in CREW]
            reading = investigator.post(
                f"{at}/grants",
                {"reason": "核对快艇驾驶员身份 / identify the skipper", "hours": 8,
                 "subjects": crew[:2]},
            )  # fmt: skip
            investigator.post(f"/grants/{reading['id']}/reveal", {"subjects": crew[:1]})
            out = investigator.post(
                f"{at}/grants",
                {"kind": "export", "reason": "移送检察机关 / for the prosecutor",
                 "subjects": crew[:1]},
            )  # fmt: skip
            for _ in range(out["needs"]):
                lead.post(f"/grants/{out['id']}/approve")
            investigator.post(f"/grants/{out['id']}/export", {"subjects": crew[:1]})
            investigator.post(  # waits for a second person
                f"{at}/grants",
                {"kind": "export", "reason": "与海警交换 / for the coast guard", "subjects": crew},
            )
            investigator.upload(
                f"{at}/evidence", picture(),
                {"data_class": "operational", "name": "landing.png", "media_type": "image/png",
                 "note": "海滩卸货点（合成图） / where the cargo came ashore (synthetic)"},
            )  # fmt: skip
            lead.post(
                "/holds",
                {"thing": case["id"], "legal_basis": "statutory_duty",
                 "document": "琼关缉（演示）1 号 / demo order 1"},
            )  # fmt: skip

    def _epidemic(self) -> None:
        with self._as("demo.health") as health:
            case = health.post(
                "/cases",
                {"title": "渡轮聚集性发热（演示） / fever on a ferry (demo)",
                 "purpose": "epidemic_control", "legal_basis": "public_health_emergency"},
            )  # fmt: skip
            for person in CONTACTS:
                health.post(f"/cases/{case['id']}/subjects", {"fields": person})

    def _break_glass(self) -> None:
        """Data serve the purpose they were collected for: who breaks the glass in search and rescue
        finds whom a search and rescue has recorded."""
        basis = {"purpose": "search_and_rescue", "legal_basis": "vital_interest"}
        with self._as("demo.lead") as lead, self._as("demo.watch") as watch:
            case = lead.post(
                "/cases", {"title": "渔船失联（演示） / fishing boat overdue (demo)", **basis}
            )
            lead.post(f"/cases/{case['id']}/subjects", {"fields": FAMILY})
            used = watch.post(
                "/break-glass",
                {"reason": "联系失联船员家属 / to reach a crew member's family",
                 "search_fields": ["phone"], **basis},
            )  # fmt: skip
            found = watch.post(
                f"/grants/{used['grant']['id']}/search",
                {"field": "phone", "value": FAMILY["phone"]},
            )["items"]
            watch.post(
                f"/grants/{used['grant']['id']}/reveal", {"subjects": [p["id"] for p in found]}
            )

    def _oversight(self) -> None:
        with self._as("demo.dpo") as officer:
            officer.post(
                "/cases",
                {"title": "个人申请查询（演示） / persons who ask (demo)",
                 "purpose": "oversight", "legal_basis": "statutory_duty"},
            )  # fmt: skip

    def _blinder_fence(self) -> None:
        fence = FENCES[0].id
        with self._as("demo.lead") as lead:
            now = next(f for f in lead.get("/geofences")["items"] if f["id"] == fence)
            given = {k: now["properties"][k] for k in ("name", "version") if k in now["properties"]}
            lead.put(
                f"/geofences/{fence}?why={quote('风电场检修 / maintenance of the wind farm')}",
                {"type": "Feature", "geometry": now["geometry"],
                 "properties": {**given, "rules": []}},
            )  # fmt: skip

    def _incidents(self) -> None:
        """One that is being handled, and one that waits to be accepted."""
        with self._as("demo.grid") as worker, self._as("demo.lead") as lead:
            boat = worker.post(
                "/incidents",
                {"id": str(uuid4()), "type": "landing", "severity": "serious",
                 "title": "快艇靠岸卸货（演示） / speedboat unloads on the beach (demo)",
                 "lon": 110.31, "lat": 20.05},
            )  # fmt: skip
            worker.post(
                "/incidents",
                {"id": str(uuid4()), "type": "fire", "severity": "ordinary",
                 "title": "码头渔船冒烟（演示） / smoke from a moored boat (demo)",
                 "lon": 110.34, "lat": 20.03},
            )  # fmt: skip
            for step in (
                {"kind": "accept"},
                {"kind": "join", "agency": "customs"},
                {"kind": "dispatch"},
            ):
                lead.post(f"/incidents/{boat['id']}/steps", {"id": str(uuid4()), **step})

    def _tasks(self) -> None:
        """Two under way: a cutter on its way to the beach, a customs launch beside a drifting boat,
        whose crew is asked how they are every 20 minutes."""
        with self._as("demo.lead") as lead:
            boat = next(i for i in lead.get("/incidents")["items"] if i["type"] == "landing")
            drifting = lead.post(
                "/incidents",
                {"id": str(uuid4()), "type": "rescue", "severity": "serious",
                 "title": "渔船失去动力（演示） / fishing boat adrift (demo)",
                 "lon": 110.42, "lat": 20.12},
            )  # fmt: skip
            sent = []
            for incident, name in ((boat, "海警 46301"), (drifting, "海关 851")):
                found = lead.get(f"/incidents/{incident['id']}/responders")["first"]
                who = next(c["responder"] for c in found if c["responder"]["name"].startswith(name))
                body = {"id": str(uuid4()), "incident": incident["id"], "responder": who["id"]}
                sent.append(lead.post("/tasks", body))
        cutter, launch = sent
        with self._as("demo.watch") as crew:
            crew.steps(cutter, "accept", "set_out")
            crew.post(
                f"/responders/{cutter['responder']['id']}/position",
                {"lon": 110.36, "lat": 20.12, "cog_deg": 215, "sog_kn": 18, "source": "device"},
            )
        with self._as("demo.investigator") as crew:
            crew.steps(launch, "accept", "set_out", "arrive")
        with self._as("demo.lead") as lead:
            lead.post(
                f"/tasks/{launch['id']}/steps",
                {"id": str(uuid4()), "kind": "call_begin", "every_min": 20, "within_min": 5},
            )

    def _duty(self) -> None:
        """The province's watch: a roster with a team short of people, a handover that the watch
        lead still has to sign for, a swap that is asked for, a fault."""
        first, before, (now, gone, later, _) = teams_at(PROVINCE, clock_us())
        desk = "/duty/desks/460000/police"
        with (
            self._as("demo.lead") as lead, self._as("demo.lead2") as lead2,
            self._as("demo.watch") as watch, self._as("demo.watch2") as watch2,
            self._as("demo.lead3") as lead3,
        ):  # fmt: skip
            who = {p: p.get("/me")["id"] for p in (lead, lead2, watch, watch2, lead3)}

            def team(at_lead: Person, *officers: Person) -> list[dict[str, str]]:
                posts = [(at_lead, "lead"), *((o, "officer") for o in officers)]
                return [{"account": who[p], "post": post} for p, post in posts]

            roster = lead.put(
                f"{desk}/roster",
                {"id": str(uuid4()), "from_day": str(first), "regulation": PROVINCE,
                 "teams": {now: team(lead, watch), gone: team(lead2, watch2), later: team(lead3)}},
            )  # fmt: skip
            fault = watch.post(
                f"{desk}/papers",
                {"id": str(uuid4()), "kind": "fault", "thing": "system",
                 "name": "甚高频 2 号电台 / VHF set 2", "what": "发射功率低 / low power"},
            )  # fmt: skip
            lead.post(
                f"/duty/papers/{fault['id']}/steps",
                {"id": str(uuid4()), "kind": "take", "who": "通信公司 / radio company"},
            )
            handover = lead2.post(
                f"{desk}/papers", {"id": str(uuid4()), "kind": "handover", "outgoing": before}
            )["id"]
            for step in (
                {"kind": "write", "says": {
                    "promised": "23:00 前回复海口海事：失联渔船搜寻进展（演示） / "
                    "answer the maritime office on the overdue boat before 23:00 (demo)",
                    "out_of_order": "甚高频 2 号电台送修 / VHF set 2 is being mended",
                    "orders": "无 / none"}},
                {"kind": "sign"},
            ):  # fmt: skip
                lead2.post(f"/duty/papers/{handover}/steps", {"id": str(uuid4()), **step})
            for person, entry in (
                (lead, {"kind": "in"}), (watch, {"kind": "in"}),
                (watch, {"kind": "check", "ref": "receivers", "text": "正常 / all hear"}),
                (watch, {"kind": "vhf", "text": "16 频道与三亚海岸电台试呼，应答清晰 / "
                                                "radio check with Sanya on 16, loud and clear"}),
            ):  # fmt: skip
                person.post(f"{desk}/log", {"id": str(uuid4()), **entry})
            shifts = [s for s in roster["shifts"][1:] if s["team"] in (now, gone)]
            gives = next(s["key"] for s in shifts if s["team"] == now)
            takes = next(s["key"] for s in shifts if s["team"] == gone)
            watch.post(
                f"{desk}/papers",
                {"id": str(uuid4()), "kind": "swap", "giver": who[watch], "taker": who[watch2],
                 "gives": gives, "takes": takes},
            )  # fmt: skip

    def _notice(self) -> None:
        """To the officer of the watch, whose page nobody has open: soon he is to be called."""
        with self._as("demo.lead") as lead, self._as("demo.watch") as watch:
            to = [p.get("/me")["id"] for p in (watch, lead)]
            text = "请报告出动准备情况（演示） / report how soon you can sail (demo)"
            lead.post("/notices", {"id": str(uuid4()), "text": text, "to": to})

    def _county_duty(self) -> None:
        """Two counties: Haikou with two of three teams, Sanya with one."""
        first, _, (now, gone, *_) = teams_at(COUNTY, clock_us())
        with (
            self._as("demo.clerk") as clerk, self._as("demo.clerk2") as clerk2,
            self._as("demo.sanya") as sanya,
        ):  # fmt: skip
            for unit, people in (("460100", (clerk, clerk2)), ("460200", (sanya,))):
                teams = {
                    team: [{"account": person.get("/me")["id"], "post": "officer"}]
                    for team, person in zip((now, gone), people, strict=False)
                }
                people[0].put(
                    f"/duty/desks/{unit}/local_government/roster",
                    {"id": str(uuid4()), "from_day": str(first), "regulation": COUNTY,
                     "teams": teams},
                )  # fmt: skip

    def _forms(self) -> None:
        """One in force at the county, with two visits handed in by it."""
        with self._signed_in("demo.clerk") as clerk, self._signed_in("demo.grid") as worker:
            demo_forms.hand_in(worker, demo_forms.publish(clerk))

    def _bulletins(self) -> None:
        """One for the whole province, and one for a county that asks to be read."""
        for login, said in (
            ("demo.lead", {
                "kind": "weather", "severity": "major",
                "title": "琼州海峡大风橙色预警（演示） / gale warning, Qiongzhou Strait (demo)",
                "text": "阵风 9 级，小型渔船回港避风。 / Gusts of force 9; small boats to port.",
                "issuer": "省气象台（演示） / provincial observatory (demo)", "number": "2026-演-1",
                "valid_until": iso(clock_us() + 2 * DAY_US),
            }),
            ("demo.clerk", {
                "kind": "other", "severity": "ordinary", "asks_read": True,
                "title": "海口湾西侧滩涂巡查安排（演示） / patrols of the western shore (demo)",
                "text": "每日早晚各一次。 / Once each morning and evening.",
                "issuer": "海口市综治中心（演示） / Haikou centre (demo)",
                "valid_until": iso(clock_us() + 7 * DAY_US),
            }),
        ):  # fmt: skip
            with self._as(login) as person:
                person.post("/bulletins", {"id": uuid7(clock_us()), **said})

    def _contacts(self) -> None:
        """Two that called by VHF: one drifting, one under way and reported twice."""
        with self._as("demo.watch") as watch:
            for reports in CALLED:
                said = [
                    {"id": uuid7(clock_us()), "heard": iso(clock_us() - r["ago_s"] * 1_000_000),
                     **{n: v for n, v in r.items() if n != "ago_s"}}
                    for r in reports
                ]  # fmt: skip
                made = watch.post("/contacts", said[0])
                for again in said[1:]:
                    watch.post(f"/contacts/{made['id']}/reports", again)

    def _dismissals(self) -> None:
        with self._as("demo.watch") as watch:
            asked = "&".join(f"rule={rule}" for rule in REASONS)
            found = watch.get(f"/alerts?state=confirmed&open=true&limit={DISMISSED}&{asked}")
            for alert in found["items"]:
                watch.post(
                    f"/alerts/{alert['id']}/actions",
                    {"id": str(uuid4()), "action": "dismiss", "reason": REASONS[alert["rule"]]},
                )

    def _expected(self) -> None:
        self._watch_list(EXPECTED)

    def _watch_list(self, vessel: Mapping[str, Any] = LOOKED_OUT_FOR) -> None:
        with self._as("demo.lead") as lead:
            lead.post("/watch-list", {"id": str(uuid4()), **vessel,
                                      "until": iso(clock_us() + 30 * DAY_US)})  # fmt: skip


class Person:
    """One who has signed in. Raises httpx.HTTPError, with what the server said."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self, path: str) -> Any:
        return answered(self._client.get(path))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return answered(self._client.post(path, json=body))

    def steps(self, task: Mapping[str, Any], *kinds: str) -> None:
        for kind in kinds:
            self.post(f"/tasks/{task['id']}/steps", {"id": str(uuid4()), "kind": kind})

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return answered(self._client.put(path, json=body))

    def upload(self, path: str, content: bytes, about: Mapping[str, str]) -> Any:
        headers = {
            "content-type": "application/octet-stream",
            "x-littoral-evidence": quote(orjson.dumps(about).decode()),
        }
        return answered(self._client.post(path, content=content, headers=headers))


def answered(response: httpx.Response) -> Any:
    if response.is_error:
        raise httpx.HTTPError(f"{response.request.url.path}: {response.text[:300]}")
    return response.json()


def picture(width: int = 320, height: int = 200) -> bytes:
    """A PNG (RFC 2083) of sea, beach and a dark hull: no photograph of any place."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # no filter
        for x in range(width):
            hull = abs(y - 120) < 12 and abs(x - 150) < 60 - 2 * abs(y - 120)
            rows += bytes((35, 38, 44) if hull else (58, 96, 128) if y < 130 else (196, 178, 140))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )

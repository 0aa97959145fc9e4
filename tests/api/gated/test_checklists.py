"""The checklist of an incident: by a file, ticked by who handles it, each tick signed and timed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from littoral.cli import main
from littoral.respond.sync.queue import ASIDE, SENT
from littoral.sim.phone import Phone
from littoral.store.checklists import shipped
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, reported, stepped
from .test_print import printed


def folder(watch: Watch) -> Path:
    found = watch.shore.settings.data_dir / "checklists"
    found.mkdir(exist_ok=True)
    return found


def shown(browser: httpx.Client, key: str) -> dict[str, Any]:
    answer = browser.get(f"/incidents/{key}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["checklist"])


def item(browser: httpx.Client, key: str, wanted: str) -> dict[str, Any]:
    return next(i for i in shown(browser, key)["items"] if i["id"] == wanted)


def tick(
    browser: httpx.Client, key: str, wanted: str, kind: str = "tick", **more: Any
) -> httpx.Response:
    of = shown(browser, key)
    seen = next(i["text"] for i in of["items"] if i["id"] == wanted)
    said = {"checklist": of["type"], "item": wanted, "seen": seen, **more}
    return stepped(browser, key, kind, **said)


def test_who_handles_it_ticks_and_it_says_who_and_when(watch: Watch) -> None:
    officer = watch.browser("watch_officer", unit=HAIKOU)
    lead = watch.browser("watch_lead", unit=HAIKOU)
    grid = watch.browser("grid_worker", "local_government", unit=HAIKOU)
    key = reported(lead, type="rescue")["id"]
    before = shown(grid, key)
    assert before["name"]["en"] == "Search and rescue"
    assert any("IAMSAR" in s["name"]["en"] for s in before["sources"])
    assert all(i["done"] is None for i in before["items"])
    assert tick(grid, key, "position").status_code == 403
    at = "2026-11-29T03:00:00Z"
    answer = tick(officer, key, "position", at=at)
    assert answer.status_code == 200, answer.text
    done = item(lead, key, "position")["done"]
    assert done["by"] == "watch_officer.police.460100"
    assert (done["desk"].partition("/")[0], done["at"][:19]) == (HAIKOU, at[:19])
    assert done["received"] > done["at"]
    # Who ticks it once more confirms it: the first stands, and both are in the running log.
    assert tick(lead, key, "position").status_code == 200
    assert item(lead, key, "position")["done"] == done
    steps = lead.get(f"/incidents/{key}").json()["steps"]
    assert [s["kind"] for s in steps] == ["report", "tick", "tick"]
    logged = [e for e in watch.logged() if e.thing == f"incident:{key}"]
    assert [e.verdict.value for e in logged if e.action == "incident.act"] == [
        "deny", "allow", "allow",
    ]  # fmt: skip


def test_a_tick_is_taken_back_with_a_reason(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="fire")["id"]
    not_yet = tick(lead, key, "brigade", "untick", reason="x")
    assert (not_yet.status_code, not_yet.json()["reason"]["zh"]) == (409, "该项未勾选。")
    assert tick(lead, key, "brigade").status_code == 200
    assert tick(lead, key, "brigade", "untick").status_code == 422
    assert tick(lead, key, "brigade", "untick", reason="报的是另一处").status_code == 200
    assert item(lead, key, "brigade")["done"] is None


def test_the_same_tick_sent_twice_is_one_also_after_the_file_was_edited(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="fire")["id"]
    seen = item(lead, key, "brigade")["text"]
    body = {
        "id": str(uuid4()), "kind": "tick", "checklist": "fire", "item": "brigade", "seen": seen,
    }  # fmt: skip
    path = f"/incidents/{key}/steps"
    first = lead.post(path, json=body)
    put(watch, "fire", shipped()["fire"].replace(seen["en"], "Brigade called"))
    again = lead.post(path, json=body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["version"] == first.json()["version"] == 2


def put(watch: Watch, name: str, text: str) -> None:
    """As an editor does; a second edit within a tick of the clock is seen by its size too."""
    path = folder(watch) / f"{name}.toml"
    path.write_text(text, "utf-8")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))


def test_a_file_of_the_deployment_takes_the_place_of_the_shipped_one(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="rescue")["id"]
    assert tick(lead, key, "position").status_code == 200
    assert tick(lead, key, "medical").status_code == 200
    old = item(lead, key, "position")["text"]
    put(
        watch, "ours",
        'type = "rescue"\nzh = "本地"\nen = "Ours"\n'
        '[[item]]\nid = "position"\nzh = "位置"\nen = "Where"\n'
        '[[item]]\nid = "drone"\nzh = "无人机"\nen = "Drone sent"\n',
    )  # fmt: skip
    now = shown(lead, key)
    assert now["name"]["en"] == "Ours"
    # What was signed stays as it was signed; what the list has no more is shown beside it.
    assert [(i["id"], i["is_listed"], i["done"] is not None) for i in now["items"]] == [
        ("position", True, True), ("drone", True, False), ("medical", False, True),
    ]  # fmt: skip
    assert (now["items"][0]["text"]["en"], now["items"][0]["done"]["said"]) == ("Where", old)
    stale = stepped(lead, key, "tick", checklist="rescue", item="position", seen=old)
    assert wrong(stale) == (409, ["seen"])
    assert "Where" in stale.json()["detail"]
    gone = stepped(lead, key, "tick", checklist="rescue", item="persons", seen=old)
    assert wrong(gone) == (409, ["item"])
    other = stepped(lead, key, "tick", checklist="fire", item="position", seen=old)
    assert wrong(other) == (409, ["checklist"])


def test_while_a_file_is_wrong_the_last_good_one_holds(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="storm")["id"]
    put(watch, "storm", shipped()["storm"].replace('en = "Storm and storm surge"', 'en = "Ours"'))
    assert shown(lead, key)["name"]["en"] == "Ours"
    put(watch, "storm", 'type = "storm"\n')
    assert shown(lead, key)["name"]["en"] == "Ours"
    (folder(watch) / "storm.toml").unlink()
    assert shown(lead, key)["name"]["en"] == "Storm and storm surge"


def test_a_type_without_a_list_gets_one_by_a_file(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="pollution")["id"]
    assert lead.get(f"/incidents/{key}").json()["checklist"] is None
    put(watch, "oil", 'type = "pollution"\nzh = "油"\nen = "Oil"\n[[item]]\nid="a"\nzh="b"\nen="c"')
    assert [i["id"] for i in shown(lead, key)["items"]] == ["a"]


def test_of_one_matter_the_ticks_of_its_parts_count(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    one, other = (reported(lead, type="rescue")["id"] for _ in range(2))
    assert tick(lead, other, "persons").status_code == 200
    assert stepped(lead, other, "merge", other=one, reason="one boat").status_code == 200
    assert item(lead, one, "persons")["done"] is not None
    assert tick(lead, one, "persons", "untick", reason="asked anew").status_code == 200
    assert item(lead, one, "persons")["done"] is None
    assert stepped(lead, other, "unmerge", reason="two boats").status_code == 200
    assert item(lead, one, "persons")["done"] is None
    assert item(lead, other, "persons")["done"] is not None


def test_the_file_to_print_has_it(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="collision")["id"]
    assert tick(lead, key, "record").status_code == 200
    for lang, words in (
        ("en", ["Checklist (1 of 10)", "Casualty Investigation Code", "open", "Item ticked"]),
        ("zh", ["处置清单（1/10）", "海上事故调查规则", "未勾选", "勾选清单事项"]),
    ):
        _, text = printed(lead, key, lang)
        bare = "".join(text.split())
        for word in words:
            assert "".join(word.split()) in bare


def wrong(answer: httpx.Response) -> tuple[int, list[str]]:
    return answer.status_code, [e["field"] for e in answer.json()["errors"]]


def phone(watch: Watch, role: str = "county_clerk", unit: str = HAIKOU) -> Phone:
    browser = watch.browser(role, "local_government", unit=unit)
    return Phone(browser, str(uuid4()), clock_us, uuid7)


def checked(of: Phone, key: str, wanted: str, done: bool = True, **more: str) -> str:
    kind = of.items[f"incident/{key}"]["incident"]["type"]
    (found,) = (one for one in of.checklists["lists"] if one["type"] == kind)
    seen = next(i["text"] for i in found["items"] if i["id"] == wanted)
    return of.note("incident.check", key, done=done, checklist=kind, item=wanted, seen=seen, **more)


def test_the_phone_has_the_lists_and_ticks_without_a_network(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="landing")["id"]
    clerk, grid = phone(watch), phone(watch, "grid_worker")
    clerk.pull()
    grid.pull()
    assert {one["type"] for one in clerk.checklists["lists"]} == set(shipped())
    assert clerk.items[f"incident/{key}"]["ticks"] == []
    first, refused = checked(clerk, key, "life"), checked(grid, key, "place")
    clerk.sync()
    grid.sync()
    assert (clerk.queue[first].state, grid.queue[refused].state) == (SENT, ASIDE)
    assert grid.aside[refused] == "policy"
    (told,) = grid.items[f"incident/{key}"]["ticks"]
    assert (told["item"], told["by"]) == ("life", "county_clerk.local_government.460100")
    assert item(lead, key, "life")["done"]["by"] == told["by"]
    back = checked(clerk, key, "life", False, reason="问错了地方")
    clerk.sync()
    assert clerk.queue[back].state == SENT
    assert clerk.items[f"incident/{key}"]["ticks"] == []


def test_ticks_of_a_part_reach_the_phone_when_it_is_merged_and_go_when_it_is_not(
    watch: Watch,
) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    one, other, third = (reported(lead, type="rescue")["id"] for _ in range(3))
    assert stepped(lead, one, "merge", other=third, reason="one boat").status_code == 200
    assert stepped(lead, one, "unmerge", reason="two boats").status_code == 200
    assert tick(lead, other, "persons").status_code == 200
    clerk = phone(watch)
    clerk.pull()
    assert clerk.items[f"incident/{one}"]["ticks"] == []
    assert stepped(lead, other, "merge", other=one, reason="one boat").status_code == 200
    clerk.pull()
    assert [t["item"] for t in clerk.items[f"incident/{one}"]["ticks"]] == ["persons"]
    assert stepped(lead, other, "unmerge", reason="two boats").status_code == 200
    clerk.pull()
    assert clerk.items[f"incident/{one}"]["ticks"] == []


def test_an_edit_of_a_file_reaches_the_phone_and_a_stale_tick_is_told(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="landing")["id"]
    clerk = phone(watch)
    clerk.pull()
    edition, old = clerk.checklists["edition"], checked(clerk, key, "life")
    clerk.pull()
    assert clerk.checklists["edition"] == edition
    text = shipped()["landing"].replace("Anybody in the water", "Whoever is in the water")
    put(watch, "landing", text)
    clerk.sync()
    assert clerk.aside == {old: "state"}
    reason = clerk.answers[old]["reason"]["en"]
    assert "Whoever is in the water" in reason
    assert clerk.checklists["edition"] != edition
    anew = checked(clerk, key, "life")
    clerk.sync()
    assert clerk.queue[anew].state == SENT
    # A page of before asks for no lists and gets none.
    plain = clerk.http.post("/sync/changes", json={"device": clerk.device, "after": ""})
    assert plain.json()["checklists"] is None


def test_a_tick_for_what_has_moved_is_shown_to_who_has_it(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    key = reported(lead, type="landing")["id"]
    clerk = phone(watch)
    clerk.pull()
    late = checked(clerk, key, "life")
    assert stepped(lead, key, "transfer", to=SANYA, reason="在三亚").status_code == 200
    other = watch.browser("watch_lead", unit=SANYA)
    assert stepped(other, key, "take_over").status_code == 200
    province = watch.browser("watch_lead")
    assert stepped(province, key, "edit", area=SANYA).status_code == 200
    clerk.sync()
    assert clerk.queue[late].state == "moved"
    (sent,) = other.get(f"/incidents/{key}/submissions").json()["items"]
    assert (sent["kind"], sent["fields"]["item"]) == ("incident.check", "life")


def test_the_command_names_faults_and_copies_a_list_to_edit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ran(*words: str) -> tuple[int, str, str]:
        code = main(["checklists", *words, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return code, said.out, said.err

    assert ran("check")[:2] == (0, "0 own of 7 checklists: nothing is wrong\n")
    assert ran("copy", "fire")[0] == 0
    assert ran("copy", "fire")[0] == 1
    assert ran("copy", "ufo")[0] == 2
    assert "fire.toml" in ran("list")[1]
    path = tmp_path / "checklists" / "fire.toml"
    assert path.read_text("utf-8") == shipped()["fire"]
    path.write_text(
        'type = "fire"\nzh = "火"\nen = "Fire"\n\n[[item]]\nid = "a"\nzh = 3\n', "utf-8"
    )
    (tmp_path / "checklists" / "again.toml").write_bytes(b'type = "\xff"\n')
    code, _, said = ran("check")
    assert code == 2
    assert said.splitlines() == [
        "littoral: again.toml, line 1: file: is not UTF-8",
        "littoral: fire.toml, line 5: en: is missing",
        "littoral: fire.toml, line 7: zh: is no text",
    ]
    code = main(["serve", "--no-sign-in", "--port", "0", "--data", str(tmp_path)])
    assert code == 2
    assert "fire.toml, line 7: zh: is no text" in capsys.readouterr().err

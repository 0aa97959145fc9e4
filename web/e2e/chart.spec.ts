import { CHART } from "../map/palette.ts";
import { bearingDeg, distanceM } from "../map/geo.ts";
import { formatPosition, parsePosition } from "../map/position.ts";
import { expect, goTo, openVessel, panel, pixels, STAGE, test } from "./page.ts";
import { ANCHORED, QIONG, RUNNER, whereIs } from "./sea/coast.ts";
import { TILE_COLOR } from "./sea/pmtiles.ts";

const MIDDLE = { x: (STAGE.left + STAGE.right) / 2, y: (STAGE.top + STAGE.bottom) / 2 };

test("a vessel is drawn in the colour of her type, with her vector and tail; hidden types go", async ({ command, sea }) => {
  await goTo(command, formatPosition(whereIs(RUNNER, sea.nowMs)));
  const cargo = CHART.dusk.target.cargo;
  const around = (): Promise<number> => pixels(command, MIDDLE.x, MIDDLE.y, 60, cargo);
  await expect.poll(around).toBeGreaterThan(60);
  await command.keyboard.press("l");
  const layers = panel(command, "Layers and display");
  await layers.getByRole("checkbox", { name: "Cargo" }).uncheck();
  await expect.poll(around).toBe(0);
  await expect(command.locator(".health")).toContainText(/\d+ of \d+ targets shown/);
  await layers.getByRole("checkbox", { name: "Cargo" }).check();
  await expect.poll(around).toBeGreaterThan(60);
  // The vector points east, where she goes: to the right of the hull is her colour, to the left none.
  const vector = (dx: number): Promise<number> => pixels(command, MIDDLE.x + dx, MIDDLE.y, 8, cargo);
  await expect.poll(() => vector(40)).toBeGreaterThan(3);
  expect(await vector(-40)).toBe(0);
});

test("the panel of a vessel says heading, speed, course and who she is, and draws where she was", async ({ command }) => {
  const vessel = await openVessel(command, RUNNER.name);
  await expect(vessel.locator(".now")).toContainText("Speed12.0kn");
  await expect(vessel.locator(".now")).toContainText("Course090°");
  await expect(vessel.locator(".now")).toContainText("Heading090°");
  for (const fact of ["413000009", "9074729", "BXHX9", "Cargo (70)", "Class A", "140 × 8 m", "Under way using engine"]) {
    await expect(vessel.locator(".facts")).toContainText(fact);
  }
  await expect(vessel.locator(".past")).toContainText(/\d\d+ positions/);
  // The past goes out to the west of the vessel, who lies in the middle of what the panel leaves free.
  const x = MIDDLE.x + (26 * 14) / 2;
  await expect.poll(() => pixels(command, x - 100, MIDDLE.y, 20, CHART.dusk.track, 70)).toBeGreaterThan(20);
});

test("search finds by name, MMSI, call sign, IMO and Chinese characters, and takes a position", async ({ command }) => {
  const search = command.getByRole("combobox", { name: "Search vessels or a position" });
  for (const [asked, name] of [
    ["lin yu 012", QIONG.name], ["412345001", QIONG.name], ["BQLY1", QIONG.name], ["琼临渔", QIONG.name], ["琼", QIONG.name],
    ["9074729", RUNNER.name], ["海星", RUNNER.name],
  ] as const) {
    await search.fill(asked);
    await expect(command.getByRole("option", { name: new RegExp(`^${name}`) }), asked).toBeVisible();
  }
  const results = command.getByRole("listbox", { name: "Results" });
  await search.fill("no such ship");
  await expect(results.getByRole("option")).toHaveText([/Nothing found for “no such ship”/]); // alone
  await search.fill("18 30.0N 110 30.0E");
  await expect(results.getByRole("option")).toHaveText("Enter goes to this position");
  await command.mouse.move(MIDDLE.x, MIDDLE.y); // the chart moves under a pointer that rests
  await command.keyboard.press("Enter");
  await expect(command.locator(".pointer")).toContainText("18°30.0");
});

test("a position typed in degrees and minutes is read back, gone to, or refused", async ({ command }) => {
  await command.keyboard.press("g");
  const dialog = command.getByRole("dialog", { name: "Go to a position" });
  const field = dialog.getByRole("textbox", { name: "Position", exact: true });
  await field.fill("20 72.0N 110 06.0E");
  await command.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toHaveText("This cannot be read as a position.");
  await field.fill("20 12.5N 110 06.25E");
  await expect(dialog).toContainText("20°12.500′N 110°06.250′E");
  await command.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await command.mouse.move(MIDDLE.x, MIDDLE.y);
  await expect(command.locator(".pointer")).toContainText(/20°12\.[45]\d′N 110°06\.[23]\d′E/);
});

test("range and bearing between two clicks are those of the places clicked", async ({ command }) => {
  await command.keyboard.press("m");
  const readout = command.locator(".readout");
  await expect(readout).toContainText("Click where to start");
  const at = async (x: number, y: number) => {
    await command.mouse.move(x, y);
    await expect(command.locator(".pointer")).toContainText("′E");
    const text = await command.locator(".pointer").innerText();
    return parsePosition(/\d\d°\S+ \d+°\S+$/.exec(text)![0])!;
  };
  // Two places without a vessel near: the ends would snap to her.
  const from = await at(480, 420);
  await command.mouse.click(480, 420);
  const to = await at(620, 340);
  await command.mouse.click(620, 340);
  await expect(readout.locator("output")).toHaveText(/ nm /);
  const [nm, deg] = (await readout.locator("output").innerText()).match(/[\d.]+/g)!.map(Number);
  expect(Math.abs(nm! - distanceM(from, to) / 1852)).toBeLessThan(0.1); // the pointer shows 0.01′
  expect(Math.abs(deg! - bearingDeg(from, to))).toBeLessThan(0.2);
  await command.keyboard.press("Escape");
  await expect(readout).toBeHidden();
});

test("CPA of two vessels is told while the vectors run", async ({ command, sea }) => {
  const vessel = await openVessel(command, RUNNER.name);
  await vessel.getByRole("button", { name: "CPA with another" }).click();
  const readout = command.locator(".readout");
  await expect(readout).toContainText("Pick the second vessel.");
  await goTo(command, formatPosition(whereIs(ANCHORED, sea.nowMs)));
  // With the keyboard: the chart's cross lies on her.
  await command.locator(".chart canvas.maplibregl-canvas").focus();
  await command.keyboard.press("Enter");
  // She passes half a mile south of the ship at anchor; by hand: 0.6° of longitude at 19° N are
  // 34.04 nm, at 12 kn 170 min from the start.
  await expect(readout.locator("dl")).toContainText("CPA0.50 nm");
  const minutes = Number(/TCPA([\d.]+) min/.exec(await readout.innerText().then((s) => s.replace(/\s+(?=[\d.])/g, "")))![1]);
  const left = 170.2 - (sea.nowMs - Date.UTC(2026, 5, 15, 4)) / 60_000;
  expect(Math.abs(minutes - left)).toBeLessThan(1);
});

test("own tiles lie under the chart, dimmed for the dark", async ({ command }) => {
  await goTo(command, "18 42.0N 107 00.0E");
  const orange = (k: number, near: number): Promise<number> =>
    pixels(command, MIDDLE.x + 200, MIDDLE.y, 40, TILE_COLOR.map((v) => v * k), near);
  expect(await orange(1, 60)).toBe(0);
  await command.keyboard.press("l");
  await panel(command, "Layers and display").getByRole("checkbox", { name: "harbour" }).check();
  await command.keyboard.press("d"); // to night, to bright, to day
  await expect(command.locator("html")).toHaveAttribute("data-obc-theme", "night");
  await expect.poll(() => orange(0.22, 25)).toBeGreaterThan(3000);
  await command.keyboard.press("d");
  await command.keyboard.press("d");
  await expect.poll(() => orange(0.95, 60)).toBeGreaterThan(3000);
  await panel(command, "Layers and display").getByRole("checkbox", { name: "harbour" }).uncheck();
  await expect.poll(() => orange(0.95, 60)).toBe(0);
});

/** A night's watch in Chinese, on one server from the taking over to the handing over: two incidents at once, a phone
 * in a hole of coverage, every line to the outside cut, and in the midst of it what the floor asks for: a craft that only
 * calls, an alert to set aside, a vessel to look out for, the past. Run by `make bench NAME=shift`. */
import { writeFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { cutOff, expect, test as base } from "./desk.ts";
import { askWho, contactList, lookOut, playPast, setAside, toMap, typeContact } from "./floor.ts";
import { TextGateway } from "./sea/gateway.ts";
import { Staff } from "./sea/server.ts";

/** Where the bench reads how long what took. */
const SAID = process.env.LITTORAL_NIGHT ?? "";
const WORKER = "海口湾网格员（演示）";
const SKIFF = { place: "010 5 秀英", name: "海燕小艇（演示）", persons: "3", said: "发动机故障，正在漂流" };
const KNOWN = "已与码头核实，属正常作业";

const test = base.extend<object, { gateway: TextGateway }>({
  gateway: [
    async ({}, use) => {
      const gateway = await TextGateway.open();
      await use(gateway);
      gateway.close();
    },
    { scope: "worker" },
  ],
  staff: [
    async ({ gateway }, use) => {
      const staff = await Staff.open(["--sms-gateway", gateway.file]);
      await use(staff);
      await staff.close();
    },
    { scope: "worker", timeout: 360_000 },
  ],
});

test.use({ locale: "zh-CN" });
test.describe.configure({ timeout: 1_200_000, retries: 0 });

const incident = (page: Page): Locator => page.getByRole("region", { name: "事件", exact: true });
const board = (page: Page): Locator => page.getByRole("region", { name: "事件列表" });

async function report(page: Page, what: string, type: string, severity: string): Promise<void> {
  await page.getByRole("button", { name: "上报事件" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("情况", { exact: true }).fill(what);
  await form.getByLabel("类型").selectOption({ label: type });
  await form.getByLabel("级别").selectOption({ label: severity });
  await form.getByLabel(/^纬度/).fill("20.04");
  await form.getByLabel(/^经度/).fill("110.20");
  await form.getByRole("button", { name: "上报", exact: true }).click();
  await expect(form).toBeHidden();
}

test("一夜的班", async ({ as, staff, gateway, browser }) => {
  const took: Record<string, number> = {};
  let shots = 0;
  const shot = async (page: Page, name: string): Promise<void> => {
    expect(await cutOff(page)).toEqual([]);
    await page.screenshot({ path: `test-results/night/${String(++shots).padStart(2, "0")}-${name}.png` });
  };
  /** Seconds from an act until somebody else's page shows it by itself. */
  const timed = async (name: string, act: () => Promise<unknown>, seen: () => Promise<unknown>): Promise<void> => {
    const begun = Date.now();
    await act();
    await seen();
    took[name] = (Date.now() - begun) / 1000;
  };

  const lead = await as("watch lead, police", "#duty/handover");
  await test.step("接班：读交班记录，签字", async () => {
    const record = lead.getByRole("article", { name: /^交接班 / });
    await expect(record).toContainText("待接班人阅读");
    await record.getByRole("button", { name: "阅读并确认" }).click();
    await record.getByRole("button", { name: "接班签字" }).click();
    const form = lead.getByRole("dialog");
    await form.getByLabel("接班人备注").fill("已电话告知海事值班室，23 时前答复");
    await form.getByRole("button", { name: "接班签字" }).click();
    await expect(record).toContainText("已交接");
    await shot(lead, "接班");
  });

  const phone = await browser.newContext({
    viewport: { width: 390, height: 844 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", hasTouch: true, isMobile: true,
    permissions: ["geolocation"], geolocation: { latitude: 20.0441, longitude: 110.1983, accuracy: 12 },
  });
  const handset = await phone.newPage();
  const tab = (name: string): Promise<void> => handset.getByRole("navigation").getByRole("link", { name }).click();
  await test.step("网格员：登记手机号，手机先联网同步一次", async () => {
    const grid = await as("grid worker, Haikou", "#incidents");
    await grid.getByRole("button", { name: "通知", exact: true }).click();
    await grid.getByLabel("您的手机号：页面未打开时用短信通知").fill("10000000099"); // nobody's: no mobile number begins so
    await grid.getByRole("button", { name: "保存" }).click();
    await expect(grid.getByLabel("您的手机号尾号为 099")).toBeVisible();
    await grid.context().close(); // from now on the phone alone
    await phone.request.get(staff.door("grid worker, Haikou"));
    await handset.goto(`${staff.url}/phone/#matters`);
    await expect(handset.getByRole("region", { name: "事项" })).toContainText("上次同步");
  });

  const clerk = await as("county clerk, Haikou", "#incidents");
  await test.step("两件事同时来：海上警报，码头起火", async () => {
    await lead.goto(`${staff.url}/#map`);
    const row = lead.locator(".alert-row").first();
    await expect(row).toBeVisible({ timeout: 150_000 });
    await row.click();
    await lead.getByRole("button", { name: "由此警报上报事件" }).click();
    const one = incident(lead);
    const first = one.getByRole("list", { name: "谁能最先到场" }).getByRole("listitem");
    await first.filter({ has: lead.locator("button:enabled") }).first().getByRole("button", { name: /^派发给 / }).click();
    await expect(one.locator(".sent .task-card")).toContainText("已派发");
    await expect(one.locator("header .tags")).toContainText("已派遣");
    await shot(lead, "海上警报成为事件并派出力量");
    await timed("县里上报，省里自动看到", () => report(clerk, "码头仓库起火，有浓烟", "火灾", "较大"),
      () => expect(board(lead)).toContainText("码头仓库起火"));
    await shot(lead, "两件事在省里的看板上");
  });

  await test.step("对外线路全部中断，手机进入盲区", async () => {
    gateway.cut();
    expect(staff.cutWitnesses()).toBe(2);
    await phone.setOffline(true);
  });

  const fire = incident(clerk);
  await test.step("没有外线，照常受理、派人、按清单办", async () => {
    await board(clerk).getByRole("link", { name: /码头仓库起火/ }).click();
    await timed("受理", () => fire.getByRole("button", { name: "受理", exact: true }).click(), () => expect(fire.locator("header .tags")).toContainText("已受理"));
    await timed("派发给网格员", () => fire.getByRole("button", { name: `派发给 ${WORKER}` }).click(), () => expect(fire.locator(".sent .task-card")).toContainText("已派发"));
    const list = clerk.getByRole("list", { name: "处置清单" });
    await list.getByRole("button", { name: /^勾选/ }).first().click();
    await expect(list.getByRole("listitem").first()).toContainText("勾选");
    await shot(clerk, "外线中断后仍照常处置");
    await lead.goto(`${staff.url}/#duty/log`);
    await lead.getByLabel("类别").selectOption({ label: "甚高频" });
    const text = lead.getByLabel(/^内容/);
    await text.fill("对外线路中断，已改用 16 频道与各船联络");
    await text.press("Control+Enter");
    await expect(lead.locator(".log")).toContainText("已改用 16 频道");
  });

  await test.step("盲区里：照常填写，存在手机上", async () => {
    await tab("上报");
    await handset.getByLabel("发生了什么").fill("仓库后门堵住，二楼有人呼救");
    await handset.getByLabel("类型", { exact: true }).selectOption({ label: "火灾" });
    await handset.getByRole("button", { name: "取当前位置" }).click();
    await handset.getByRole("button", { name: "上报", exact: true }).click();
    await expect(handset.getByText("已存入待发队列。")).toBeVisible();
    await tab("待发");
    await expect(handset.locator(".entry")).toContainText("等待发送");
    await handset.screenshot({ path: `test-results/night/${String(++shots).padStart(2, "0")}-盲区里的手机.png` });
  });

  await test.step("无 AIS 小艇在甚高频上呼叫：一键录入，另一台位自动看到，一键成为事件", async () => {
    const officer = await as("second watch lead, police");
    await toMap(officer, staff.url);
    await officer.keyboard.press("h");
    await toMap(lead, staff.url);
    const form = await typeContact(lead, SKIFF);
    await shot(lead, "录入甚高频呼叫");
    const there = contactList(officer).getByRole("listitem", { name: SKIFF.name });
    await timed("甚高频呼叫录入，另一台位自动看到", () => form.getByLabel("船名").press("Enter"), () => expect(there).toContainText(/小艇 · 甚高频 \d+.*前/, { timeout: 60_000 }));
    await there.scrollIntoViewIfNeeded();
    await shot(officer, "另一台位上的小艇");
    await officer.context().close();
    const contact = lead.getByRole("region", { name: "录入目标", exact: true });
    await expect(contact.locator(".sentence")).toContainText(/小艇 · 甚高频 \d+.*前/);
    await shot(lead, "小艇在图上");
    await contact.getByRole("button", { name: "由此上报事件" }).click();
    await expect(incident(lead)).toContainText(`${SKIFF.name} · 小艇 · 3 人 · ${SKIFF.said}`, { timeout: 60_000 });
    await shot(lead, "小艇成为事件");
  });

  await test.step("一条眼下无人需要的警报：搁置，写明到何时、为什么", async () => {
    await toMap(lead, staff.url);
    await setAside(lead, "身份", KNOWN);
    await shot(lead, "搁置的警报");
  });

  await test.step("看警报负荷", async () => {
    const load = lead.getByRole("region", { name: "警报负荷" });
    await load.locator("summary").press("Enter");
    await expect(load.getByRole("img", { name: /近 24 小时每 10 分钟提示的警报数/ })).toBeVisible();
    await expect(load).toContainText("搁置 1", { timeout: 60_000 });
    await shot(lead, "警报负荷");
  });

  await test.step("一艘船列入关注名单，写明原因和期限", async () => {
    await toMap(lead, staff.url);
    const name = await lookOut(lead, "QIONG", "昨夜拖锚经过海缆");
    await lead.locator(".chart canvas.maplibregl-canvas").focus();
    await lead.keyboard.press("v");
    const entry = lead.getByRole("region", { name: "关注名单", exact: true }).getByRole("listitem").filter({ hasText: "昨夜拖锚经过海缆" });
    await expect(entry).toContainText(name);
    await expect(entry).toContainText(/至 /);
    await shot(lead, "关注名单");
  });

  await test.step("回放过去一小时，查这片海区里有过谁", async () => {
    await toMap(lead, staff.url);
    await playPast(lead, 30_000);
    await shot(lead, "回放");
    await lead.keyboard.press("Escape");
    await expect(lead.locator(".health")).toContainText("个目标", { timeout: 60_000 });
    await shot(lead, "回到实时");
    await askWho(lead, staff.url, "110.0,20.0 110.6,20.0 110.6,20.4 110.0,20.4");
    await expect(lead.getByRole("table", { name: "区域内" }).getByRole("button").first()).toBeVisible({ timeout: 60_000 });
    await shot(lead, "查历史");
  });

  await test.step("任务送不到手机：短信也发不出去，值班室打电话", async () => {
    await clerk.goto(`${staff.url}/#duty/notices`);
    const call = clerk.getByRole("region", { name: "待呼叫" }).getByRole("listitem");
    await expect(call).toHaveCount(1, { timeout: 240_000 }); // 90 s for the phone, then the text message that nobody takes
    expect(gateway.inVain).toBeGreaterThan(0);
    await shot(clerk, "待呼叫");
    await call.getByRole("button", { name: /^登记呼叫/ }).click();
    const form = clerk.getByRole("dialog");
    await form.getByLabel("呼叫方式").selectOption({ label: "电话" });
    await form.getByLabel("答复内容").fill("座机接通，马上从村委会过去");
    await form.getByRole("button", { name: "写入日志" }).click();
    await expect(clerk.getByText("目前无人待呼叫。")).toBeVisible();
    const told = clerk.getByRole("region", { name: "通知记录" }).getByRole("listitem").first();
    await told.getByText("送达过程").click();
    await expect(told.locator(".log")).toContainText("短信网关联系不上");
    await shot(clerk, "送达过程");
  });

  await test.step("出了盲区：所写的全部送到，任务到手机", async () => {
    await clerk.goto(`${staff.url}/#incidents`);
    await timed("手机出盲区，所写的到看板", () => phone.setOffline(false), () => expect(board(clerk)).toContainText("二楼有人呼救", { timeout: 60_000 }));
    await expect(handset.locator(".entry")).toContainText("已发送");
    await tab("事项");
    await handset.getByRole("region", { name: "事项" }).getByRole("link", { name: /码头仓库起火/ }).first().click();
    for (const step of ["接受", "出发", "到达"]) await handset.getByRole("button", { name: step, exact: true }).click();
    await board(clerk).getByRole("link", { name: /码头仓库起火/ }).click();
    await expect(fire.locator("header .tags")).toContainText("处置中", { timeout: 60_000 });
    await handset.screenshot({ path: `test-results/night/${String(++shots).padStart(2, "0")}-手机上的任务.png` });
    await handset.getByLabel("查明情况").fill("火已扑灭，二人救出，无伤亡");
    await handset.getByRole("button", { name: "完成", exact: true }).click();
    await expect(fire.locator("header .tags")).toContainText("已反馈", { timeout: 60_000 });
  });

  await test.step("谁报的由别人核查、结案；打印案卷", async () => {
    await fire.getByRole("button", { name: "核查通过", exact: true }).click();
    await expect(fire.getByRole("alert")).toContainText("本人上报的事件须由他人核查结案。");
    const second = await as("second county clerk, Haikou", "#incidents");
    const seen = incident(second);
    await board(second).getByRole("link", { name: /码头仓库起火/ }).click();
    await seen.getByRole("button", { name: "核查通过", exact: true }).click();
    await expect(seen.locator("header .tags")).toContainText("已核查");
    await seen.getByRole("button", { name: "结案", exact: true }).click();
    const form = second.getByRole("dialog");
    await form.getByLabel("结果").selectOption({ label: "处置完毕" });
    await form.getByRole("button", { name: "结案" }).click();
    await expect(seen.locator("header .tags")).toContainText("已结案");
    await shot(second, "结案");
    const path = await seen.getByRole("link", { name: "打印案卷" }).getAttribute("href");
    const file = await second.request.get(new URL(path!, staff.url).href);
    expect(file.headers()["content-type"]).toBe("application/pdf");
    writeFileSync("test-results/night/案卷.pdf", await file.body());
  });

  await test.step("交班：未结的、答应别人的、坏了的，签字", async () => {
    await lead.goto(`${staff.url}/#duty/handover`);
    await lead.getByRole("button", { name: "开始交班" }).click();
    const draft = lead.getByRole("article", { name: /^交接班 / }).filter({ hasText: "草稿" });
    await draft.getByLabel(/^已答应他人/).fill("天亮前给海事回话");
    await draft.getByLabel(/^故障及其影响/).fill("对外线路中断，短信发不出去，见证方未应答");
    await draft.getByLabel(/^上级指示/).fill("无");
    await draft.getByRole("button", { name: "交班签字" }).click();
    const signed = lead.getByRole("article", { name: /^交接班 / }).filter({ hasText: "待接班人阅读" });
    await expect(signed).toContainText("短信发不出去");
    await expect(signed.getByRole("listitem").filter({ hasText: KNOWN })).toContainText("已搁置");
    await shot(lead, "交班");
  });

  await test.step("什么都没丢", async () => {
    const kept = async (page: Page): Promise<{ title: string; state: string }[]> =>
      ((await (await page.request.get(`${staff.url}/api/v1/incidents?limit=200`)).json()) as { items: { title: string; state: string }[] }).items;
    const items = await kept(clerk);
    const states = new Map(items.map((i) => [i.title, i.state]));
    expect(states.get("码头仓库起火，有浓烟")).toBe("closed");
    expect(states.get("仓库后门堵住，二楼有人呼救")).toBe("reported");
    expect(items.filter((i) => i.title.includes("二楼有人呼救"))).toHaveLength(1);
    const atSea = (await kept(lead)).filter((i) => i.title.startsWith(SKIFF.name)); // the province's, not the county's
    expect(atSea.map((i) => i.state)).toEqual(["reported"]);
  });
  await phone.close();
  if (SAID) writeFileSync(SAID, JSON.stringify({ took, in_vain: gateway.inVain }));
});

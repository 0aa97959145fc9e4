/** One form being filled in: `#<form>` begins, `#<form>/<draft>` goes on, `#preview/<form>` only shows it. It is kept as it
 * is filled in; sending puts it into the phone's queue. A document of its own, so that what shows forms neither loads
 * with the phone's page nor lends it its rights. */
import "./fill.css";
import { ROOT } from "../../client/http.ts";
import { uuid7 } from "../../client/uuid7.ts";
import { meta, one, put } from "../store/idb.ts";
import { handIn, keepFilling } from "../store/forms.ts";
import { phone, type Account, type Filling, type KeptForm } from "../store/state.ts";
import { wordsOf } from "../words/index.ts";
import { render, type Filled, type Shown } from "./render.ts";
import { speakChinese } from "./translate.ts";

const EVERY_MS = 2000;
const lang = phone.get().lang;
const t = wordsOf(lang);
const at = (id: string): HTMLElement => document.getElementById(id)!;

function tell(text: string): void {
  at("told").hidden = false;
  at("told").textContent = text;
}

async function begin(): Promise<void> {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  at("back").textContent = `‹ ${t("forms.back")}`;
  if (lang === "zh") speakChinese(document.body);
  const [first = "", second = ""] = location.hash.slice(1).split("/");
  if (first === "preview") return preview(second);
  const me = await meta<Account>("me");
  const kept = await one<KeptForm>("forms", first);
  if (!me || !kept) return tell(t("forms.notHere"));
  phone.set({ me });
  const before = second ? await one<Filling>("filling", second) : undefined;
  const filling: Filling = before?.account === me.id ? before : {
    id: uuid7(), account: me.id, form: kept.id, title: kept.form.title, xml: "", files: [], saved_ms: 0,
  };
  fill(kept, filling);
}

function fill(kept: KeptForm, filling: Filling): void {
  let sent = false;
  let busy = false;
  let changed = false;
  const shown = render(at("form"), kept.xform, filling.xml ? filling : null, (filled) => void send(filled));
  speak(shown);

  const keep = async (): Promise<void> => {
    if (sent || busy || !changed) return;
    busy = true;
    changed = false;
    try {
      const now = await shown.answers();
      if (now && !sent) {
        Object.assign(filling, now, { saved_ms: Date.now() });
        await keepFilling(filling);
        history.replaceState(null, "", `#${kept.id}/${filling.id}`);
        at("saved").textContent = t("forms.kept");
      }
    } catch {
      changed = true;
      at("saved").textContent = "";
      tell(t("full.title"));
    } finally {
      busy = false;
    }
  };
  const noticed = (): void => {
    changed = true;
    at("saved").textContent = "";
  };
  for (const kind of ["input", "change", "click", "keyup"]) at("form").addEventListener(kind, noticed);
  document.body.addEventListener("change", noticed);
  setInterval(() => void keep(), EVERY_MS);
  document.addEventListener("visibilitychange", () => void keep());
  at("back").addEventListener("click", (event) => {
    event.preventDefault();
    changed = filling.saved_ms > 0 || changed;
    void keep().finally(() => location.assign("/phone/#forms"));
  });

  async function send(filled: Filled): Promise<void> {
    if (sent) return;
    sent = true;
    try {
      await handIn({ ...filling, ...filled });
      await put("meta", { key: "handed", value: kept.form.title });
      location.assign("/phone/#queue");
    } catch {
      sent = false;
      tell(`${t("full.title")} ${t("forms.full")}`);
    }
  }
}

/** For whoever makes forms: as the phone shows it; nothing of it is kept. */
async function preview(form: string): Promise<void> {
  at("back").textContent = t("forms.preview");
  at("back").removeAttribute("href");
  const answer = await fetch(`${ROOT}/forms/${encodeURIComponent(form)}/form.xml`);
  if (!answer.ok) return tell(t("forms.notHere"));
  const shown = render(at("form"), await answer.text(), null, () => tell(t("forms.previewSent")));
  speak(shown);
}

/** In the language of the phone, once the form is there. */
function speak(shown: Shown): void {
  const timer = setInterval(() => {
    if (shown.speak(lang)) clearInterval(timer);
  }, 100);
}

void begin();


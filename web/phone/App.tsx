import { useEffect, useState } from "react";
import { useStore } from "../command/state/store.ts";
import { Banners } from "./parts/Banners.tsx";
import { OneBulletin } from "./parts/Bulletins.tsx";
import { Forms } from "./parts/Forms.tsx";
import { Matter } from "./parts/Matter.tsx";
import { Matters } from "./parts/Matters.tsx";
import { Called } from "./parts/Notices.tsx";
import { Phone } from "./parts/Phone.tsx";
import { Queue } from "./parts/Queue.tsx";
import { Report } from "./parts/Report.tsx";
import { SignIn } from "./parts/SignIn.tsx";
import { phone, unsent } from "./store/state.ts";
import { useWords } from "./words/index.ts";

const TABS = ["matters", "report", "forms", "queue", "phone"] as const;

/** Where one is, in the address: `#report`, `#incident/0199…`. */
function useHash(): string {
  const [hash, set] = useState(location.hash.slice(1));
  useEffect(() => {
    const look = (): void => set(location.hash.slice(1));
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, []);
  return hash;
}

export function App() {
  const t = useWords();
  const hash = useHash();
  const ready = useStore(phone, (s) => s.ready);
  const phase = useStore(phone, (s) => s.phase);
  const waiting = useStore(phone, (s) => unsent(s.queue).length);
  const hasForms = useStore(phone, (s) => s.forms.length + s.filling.length > 0);
  if (!ready || phase === "asking") return null;
  if (phase === "out") return <SignIn />;
  const [kind, key] = hash.split("/");
  const tabs = TABS.filter((name) => name !== "forms" || hasForms);
  const tab = TABS.find((name) => name === kind) ?? "matters";
  return (
    <>
      <Called />
      <Banners />
      <main>
        {(kind === "incident" || kind === "task") && key ? <Matter kind={kind} id={key} key={key} />
          : kind === "bulletin" && key ? <OneBulletin id={key} key={key} />
          : tab === "report" ? <Report /> : tab === "forms" ? <Forms /> : tab === "queue" ? <Queue /> : tab === "phone" ? <Phone /> : <Matters />}
      </main>
      <nav>
        {tabs.map((name) => (
          <a key={name} href={`#${name}`} aria-current={tab === name ? "page" : undefined}>
            {t(`app.${name}`)}{name === "queue" && waiting > 0 && <b>{waiting}</b>}
          </a>
        ))}
      </nav>
    </>
  );
}

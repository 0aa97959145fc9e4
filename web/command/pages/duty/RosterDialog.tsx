import { useState } from "react";
import { duty, type DeskRef, type Regulation, type Roster } from "../../../client/duty.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";

type Teams = Roster["teams"];

/** The day after today at the earliest: a shift that has begun is not planned anew. */
function tomorrow(zone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(Date.now() + 86_400_000);
}

/** Who stands in which team at which post, from a day on. */
export function RosterDialog({ desk, before, onClose, onDone }: { desk: DeskRef; before?: Roster; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [id] = useState(duty.newId);
  const regulations = useAsk(async () => (await duty.regulations()).items, []);
  const people = useAsk(async () => before?.people ?? (await duty.watch(desk)).seats, []);
  const [chosen, setChosen] = useState(before?.regulation.id ?? "");
  const [day, setDay] = useState(tomorrow(before?.regulation.zone ?? "Asia/Shanghai"));
  const [teams, setTeams] = useState<Teams>(before?.teams ?? {});
  const regulation = regulations.data?.find((r) => r.id === chosen) ?? null;
  return (
    <FormDialog
      title={t("duty.plan")} submit={t("duty.put")} isReady={regulation !== null && day !== ""} onClose={onClose}
      work={async () => {
        const known = Object.fromEntries(Object.entries(teams).filter(([team]) => regulation?.teams.includes(team)));
        await duty.putRoster(desk, id, { from_day: day, regulation: chosen, teams: known });
        onDone();
      }}
    >
      <Answer of={regulations}>
        {(found) => (
          <Field label={t("duty.regulation")}>
            <select value={chosen} onChange={(e) => setChosen(e.target.value)}>
              <option value="">–</option>
              {found.map((r) => <option key={r.id} value={r.id}>{r[lang]}</option>)}
            </select>
          </Field>
        )}
      </Answer>
      <Field label={t("duty.fromDay")}>
        <input type="date" required value={day} onChange={(e) => setDay(e.target.value)} />
      </Field>
      {regulation && <Answer of={people}>{(found) => <TeamFields regulation={regulation} people={found} teams={teams} onChange={setTeams} />}</Answer>}
    </FormDialog>
  );
}

function TeamFields({ regulation, people, teams, onChange }: { regulation: Regulation; people: Roster["people"]; teams: Teams; onChange: (teams: Teams) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const set = (team: string, account: string, post: string): void => {
    const others = (teams[team] ?? []).filter((m) => m.account !== account);
    onChange({ ...teams, [team]: post ? [...others, { account, post }] : others });
  };
  return (
    <div className="teams">
      {regulation.teams.map((team) => (
        <fieldset key={team}>
          <legend>{t("duty.team", { team })}</legend>
          {people.map((p) => (
            <label key={p.account}>
              <span>{p.name}</span>
              <select
                aria-label={t("duty.memberOf", { name: p.name, team })}
                value={teams[team]?.find((m) => m.account === p.account)?.post ?? ""}
                onChange={(e) => set(team, p.account, e.target.value)}
              >
                <option value="">–</option>
                {regulation.posts.map((post) => <option key={post.id} value={post.id}>{post[lang]}</option>)}
              </select>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

import { useEffect, useState } from "react";
import { people, type Unit, type User } from "../../../client/people.ts";
import { Empty, useWords } from "../../parts/common.tsx";
import type { Word } from "../../../words/index.ts";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Answer } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { InviteDialog } from "./InviteDialog.tsx";
import { rolesWait } from "./roleForm.ts";
import { ROLES, STATUSES } from "./roles.ts";
import { UnitTree } from "./UnitTree.tsx";
import { UserView } from "./UserView.tsx";

/** Units on the left, the accounts within the chosen one beside them, and one account in full. */
export function Accounts() {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const mayInvite = offered(useStore(mine, (s) => s.mine), "user.write").length > 0;
  const [unit, setUnit] = useState<Unit | null>(null);
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  const [status, setStatus] = useState("");
  const [role, setRole] = useState("");
  const [cursors, setCursors] = useState<string[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [isInviting, setIsInviting] = useState(false);
  const code = unit?.code ?? "";
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => setCursors([]), [q, code, status, role]);
  const cursor = cursors.at(-1);
  const page = useAsk(() => people.users({ q, unit: code, status, role }, cursor), [q, code, status, role, cursor]);
  const waiting = useAsk(() => people.changes("waiting"), []);
  const again = (): void => void Promise.all([page.reload(), waiting.reload()]);
  return (
    <div className="split three">
      <section className="list" aria-label={t("unit.tree")}>
        <UnitTree chosen={code} choose={setUnit} />
      </section>
      <section className="detail" aria-label={t("people.tab.accounts")}>
        <header className="detail-head">
          <h2>{unit ? unit.name[lang] : t("unit.all")}</h2>
          {mayInvite && <button type="button" className="main-button" onClick={() => setIsInviting(true)}>{t("user.invite")}</button>}
        </header>
        <div className="sieve">
          <input type="search" aria-label={t("user.find")} placeholder={t("user.find")} value={typed} onChange={(e) => setTyped(e.target.value)} />
          <select aria-label={t("user.status")} value={status} onChange={(e) => setStatus(e.target.value)}>
            <option value="">{t("user.anyStatus")}</option>
            {STATUSES.map((s) => <option key={s} value={s}>{t(`user.status.${s}`)}</option>)}
          </select>
          <select aria-label={t("user.role")} value={role} onChange={(e) => setRole(e.target.value)}>
            <option value="">{t("user.anyRole")}</option>
            {ROLES.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}
          </select>
        </div>
        <Answer of={page} isEmpty={(p) => p.items.length === 0} empty={t("user.none")}>
          {(p) => (
            <>
              <UserTable users={p.items} waiting={rolesWait(waiting.data?.items ?? [])} choose={setChosen} />
              {(p.next_cursor || cursors.length > 0) && (
                <div className="pager">
                  <button type="button" disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>{t("pages.before")}</button>
                  <button type="button" disabled={!p.next_cursor} onClick={() => setCursors([...cursors, p.next_cursor!])}>{t("pages.after")}</button>
                </div>
              )}
            </>
          )}
        </Answer>
      </section>
      {chosen && <UserView key={chosen} id={chosen} onClose={() => setChosen(null)} onChanged={again} />}
      {isInviting && <InviteDialog unit={unit} onClose={() => setIsInviting(false)} onDone={again} />}
      {!chosen && page.data !== null && <aside className="detail hint"><Empty>{t("user.choose")}</Empty></aside>}
    </div>
  );
}

function UserTable({ users, waiting, choose }: { users: User[]; waiting: ReadonlySet<string>; choose: (id: string) => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  return (
    <Table
      name={t("people.tab.accounts")}
      columns={[
        { key: "name", head: t("user.name"), isHead: true, cell: (u) => <button type="button" className="link-button" onClick={() => choose(u.id)}>{u.name}</button> },
        { key: "login", head: t("user.login"), cell: (u) => u.login },
        { key: "status", head: t("user.status"), cell: (u) => <span className={u.status === "active" ? "" : "tag strong"}>{t(`user.status.${u.status}`)}</span> },
        {
          key: "roles", head: t("user.roles"), isText: true,
          cell: (u) => (u.roles.length === 0 ? t(waiting.has(u.id) ? "user.roleWaitsSecond" : "user.noRole") : u.roles.map((r) => `${t(`role.${r.role}` as Word)} · ${r.unit_name?.[lang] ?? r.unit}`).join("；")),
        },
      ]}
      rows={users}
      keyOf={(u) => u.id}
    />
  );
}

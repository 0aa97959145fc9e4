import { people, type UserDetail } from "../../../client/people.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { Section } from "../kit/Section.tsx";
import { Table } from "../kit/Table.tsx";
import { When } from "../kit/When.tsx";

/** Where somebody is signed in, and with what. */
export function UserSessions({ user, done, isBusy }: { user: UserDetail; done: (work: () => Promise<unknown>) => void; isBusy: boolean }) {
  const t = useWords();
  const names = useNames();
  const may = user.may_change;
  return (
    <>
      <Section
        title={t("session.title")}
        actions={may && user.sessions.length > 0 && <button type="button" disabled={isBusy} onClick={() => done(() => people.endSessions(user.id))}>{t("session.endAll")}</button>}
      >
        {user.sessions.length === 0 ? <p className="empty">{t("session.none")}</p> : (
          <Table
            name={t("session.title")}
            columns={[
              { key: "device", head: t("session.device"), isHead: true, isText: true, cell: (s) => s.device },
              { key: "address", head: t("session.address"), cell: (s) => s.address },
              { key: "how", head: t("session.how"), cell: (s) => names("assurance", s.assurance) },
              { key: "seen", head: t("session.seen"), cell: (s) => <When at={s.seen} /> },
              ...(may ? [{ key: "do", head: t("page.actions"), cell: (s: { id: string }) => <button type="button" disabled={isBusy} onClick={() => done(() => people.endSessions(user.id, s.id))}>{t("session.end")}</button> }] : []),
            ]}
            rows={user.sessions}
            keyOf={(s) => s.id}
          />
        )}
      </Section>
      <Section title={t("factor.title")}>
        {user.factors.length === 0 && user.providers.length === 0 && <p className="empty">{t("factor.none")}</p>}
        <ul className="plain">
          {user.factors.map((f) => (
            <li key={`${f.kind} ${f.created}`}><b>{names("assurance", f.kind)}</b> {f.name} · <When at={f.created} /></li>
          ))}
          {user.providers.map((p) => <li key={p.issuer}><b>OpenID Connect</b> {p.issuer} · <When at={p.used} /></li>)}
        </ul>
      </Section>
    </>
  );
}

import { useState } from "react";
import { people, type HeldRole, type UserDetail } from "../../../client/people.ts";
import { useWords } from "../../parts/common.tsx";
import type { Word } from "../../../words/index.ts";
import { app, toast } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { useZone } from "../../state/zone.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Section } from "../kit/Section.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { When } from "../kit/When.tsx";
import { RoleFields } from "./RoleFields.tsx";
import { isWhole, newRole, roleBody, undecided } from "./roleForm.ts";

interface Props {
  user: UserDetail;
  done: (work: () => Promise<unknown>) => void;
  isBusy: boolean;
}

export function UserRoles({ user, done, isBusy }: Props) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const zone = useZone();
  const [form, setForm] = useState<ReturnType<typeof newRole> | null>(null);
  const wanting = form && undecided(form);
  const columns: Column<HeldRole>[] = [
    { key: "role", head: t("user.role"), isHead: true, cell: (r) => t(`role.${r.role}` as Word) },
    { key: "unit", head: t("role.where"), isText: true, cell: (r) => <>{r.unit_name?.[lang] ?? r.unit}{r.agency && <> · {r.agency_name?.[lang] ?? r.agency}</>}</> },
    { key: "from", head: t("role.from"), cell: (r) => <When at={r.valid_from} /> },
    { key: "to", head: t("role.to"), cell: (r) => (r.valid_to ? <When at={r.valid_to} /> : t("change.always")) },
  ];
  const ends: Column<HeldRole> = {
    key: "do", head: t("page.actions"),
    cell: (r) => <button type="button" disabled={isBusy} onClick={() => done(() => people.takeRole(user.id, r.id))}>{t("role.take")}</button>,
  };
  return (
    <Section title={t("user.roles")} actions={user.may_change && <button type="button" onClick={() => setForm(newRole((user.roles[0] ?? user.waiting.find((c) => c.role)?.role)?.unit ?? ""))}>{t("role.give")}</button>}>
      {user.roles.length === 0 ? <p className="empty">{t(user.waiting.some((c) => c.role) ? "user.roleWaitsSecond" : "user.noRole")}</p> : (
        <Table name={t("user.roles")} columns={user.may_change ? [...columns, ends] : columns} rows={user.roles} keyOf={(r) => r.id} />
      )}
      {user.past_roles.length > 0 && (
        <details>
          <summary>{t("role.past", { n: user.past_roles.length })}</summary>
          <Table name={t("role.past", { n: user.past_roles.length })} columns={columns} rows={user.past_roles} keyOf={(r) => r.id} />
        </details>
      )}
      {form && (
        <FormDialog
          title={t("role.give")}
          submit={t("role.give")}
          isReady={isWhole(form)}
          wants={wanting ? t(wanting) : undefined}
          work={async () => {
            await people.giveRole(user.id, roleBody(form, zone));
            toast({ tone: "ok", text: t("change.waits"), remedy: t("user.waits.text") });
            done(() => Promise.resolve());
          }}
          onClose={() => setForm(null)}
        >
          <RoleFields form={form} set={setForm} />
        </FormDialog>
      )}
    </Section>
  );
}

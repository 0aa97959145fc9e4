import { useState } from "react";
import { people, type Unit } from "../../../client/people.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { useZone } from "../../state/zone.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { RoleFields } from "./RoleFields.tsx";
import { isWhole, newRole, roleBody, undecided } from "./roleForm.ts";

/** A new account, which waits with its role for a second person; who agrees gets the link by which its owner sets a password. */
export function InviteDialog({ unit, onClose, onDone }: { unit: Unit | null; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const zone = useZone();
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [language, setLanguage] = useState<string>(lang);
  const [role, setRole] = useState(newRole(unit?.code ?? ""));
  const wanting = undecided(role);
  const work = async (): Promise<void> => {
    const { why, ...held } = roleBody(role, zone);
    await people.invite({ login: login.trim(), name: name.trim(), language, roles: [held], why });
    toast({ tone: "ok", text: t("change.waits"), remedy: t("user.roleWaits") });
    onDone();
  };
  return (
    <FormDialog
      title={t("user.invite")}
      submit={t("user.invite.do")}
      isReady={login.trim().length >= 2 && name.trim() !== "" && isWhole(role)}
      wants={wanting ? t(wanting) : undefined}
      work={work}
      onClose={onClose}
    >
      <div className="pair">
        <Field label={t("user.fullName")}>
          <input value={name} required maxLength={200} autoComplete="off" onChange={(e) => setName(e.target.value)} />
        </Field>
        <Field label={t("user.login")}>
          <input value={login} required minLength={2} maxLength={100} autoComplete="off" onChange={(e) => setLogin(e.target.value)} />
        </Field>
        <Field label={t("user.language")}>
          <select value={language} onChange={(e) => setLanguage(e.target.value)}>
            <option value="zh">中文</option>
            <option value="en">English</option>
          </select>
        </Field>
      </div>
      <RoleFields form={role} set={setRole} />
    </FormDialog>
  );
}

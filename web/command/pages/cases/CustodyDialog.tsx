import { evidence, type Custody, type Piece } from "../../../client/evidence.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { useNames, useWords } from "../../parts/common.tsx";
import { Answer } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

/** Who did what with one piece, from its taking in. */
export function CustodyDialog({ caseId, piece, onClose }: { caseId: string; piece: Piece; onClose: () => void }) {
  const t = useWords();
  const names = useNames();
  const chain = useAsk(() => evidence.custody(caseId, piece.id), [caseId, piece.id]);
  return (
    <Dialog title={t("evid.custody")} onClose={onClose}>
      <div className="dialog-body">
        {piece.name && <p>{piece.name}</p>}
        <p className="id">{piece.sha256}</p>
        <Answer of={chain}>
          {(page) => (
            <Table<Custody>
              name={t("evid.custody")}
              columns={[
                { key: "n", head: t("person.number"), isNumber: true, cell: (c) => c.number },
                { key: "step", head: t("evid.step"), isHead: true, cell: (c) => names("evidstep", c.step) },
                { key: "who", head: t("evid.by"), isText: true, cell: (c) => <span title={c.actor}>{c.names[c.actor] ?? c.actor}</span> },
                { key: "at", head: t("evid.at"), cell: (c) => <When at={c.time} /> },
                { key: "log", head: t("evid.log"), isNumber: true, cell: (c) => c.log_index ?? "–" },
              ]}
              rows={page.items}
              keyOf={(c) => String(c.number)}
            />
          )}
        </Answer>
      </div>
    </Dialog>
  );
}

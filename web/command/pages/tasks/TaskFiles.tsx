import { useEffect, useState } from "react";
import { evidence } from "../../../client/evidence.ts";
import type { TaskDetail } from "../../../client/tasks.ts";
import { useWords } from "../../parts/common.tsx";
import { addressOf } from "../../state/route.ts";
import { isPicture } from "../kit/gallery.ts";
import { Section } from "../kit/Section.tsx";
import { Wrong } from "../kit/States.tsx";
import { useSend } from "../kit/useAsk.ts";
import { Viewer } from "../kit/Viewer.tsx";
import { When } from "../kit/When.tsx";

type TaskFile = TaskDetail["files"][number];

/** What the crew sent for the task: photos to look at, voice notes and videos to play, all by the route that logs it. */
export function TaskFiles({ of }: { of: TaskDetail }) {
  const t = useWords();
  if (of.files.length === 0) return null;
  return (
    <Section title={t("task.files")}>
      <ol className="log">{of.files.map((f) => <li key={f.id}><One of={f} /></li>)}</ol>
    </Section>
  );
}

function One({ of }: { of: TaskFile }) {
  const t = useWords();
  const [isViewed, setIsViewed] = useState(false);
  const kb = Math.ceil(of.size / 1024);
  // What shows people is looked at in its case, under an access.
  const at = of.case && of.evidence ? { case: of.case, id: of.evidence } : null;
  const look = at && !of.shows_people ? () => evidence.view(at.case, at.id, null) : null;
  return (
    <>
      <When at={of.at} />
      <span>{of.by}</span>
      {at ? <a href={addressOf("cases", at.case)}>{t("phones.file", { type: of.media_type, kb, hash: of.sha256?.slice(0, 12) ?? "" })}</a>
        : <span>{t("phones.fileElsewhere", { type: of.media_type, kb })}</span>}
      {look && isPicture(of) && <button type="button" onClick={() => setIsViewed(true)}>{t("evid.view")}</button>}
      {look && /^(audio|video)\//.test(of.media_type) && <Player media={of.media_type} look={look} />}
      {look && isViewed && <Viewer pictures={[{ id: of.id, name: of.media_type, look }]} first={of.id} onClose={() => setIsViewed(false)} />}
    </>
  );
}

/** Nothing is fetched before it is played: each time is in the log. */
function Player({ media, look }: { media: string; look: () => Promise<Blob> }) {
  const t = useWords();
  const sending = useSend();
  const [url, setUrl] = useState("");
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const play = (): void => void sending.send(async () => setUrl(URL.createObjectURL(new Blob([await look()], { type: media }))));
  if (url && media.startsWith("audio/")) return <audio src={url} controls autoPlay aria-label={t("task.play")} />;
  if (url) return <video src={url} controls autoPlay aria-label={t("task.play")} />;
  return (
    <>
      <button type="button" disabled={sending.isBusy} onClick={play}>{t("task.play")}</button>
      <Wrong error={sending.error} />
    </>
  );
}

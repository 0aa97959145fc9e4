import { useEffect, useRef, useState } from "react";
import { useWords } from "../words/index.ts";
import { Notice } from "./common.tsx";
import { LONGEST_S, recordingType, voiceFile } from "./voice.ts";

/** A voice note by the browser's own recorder; nothing where it has none. The microphone is asked for when the button is
 * pressed, and let go when it stops. */
export function Voice({ onMade }: { onMade: (file: File) => void }) {
  const t = useWords();
  const type = recordingType(globalThis.MediaRecorder);
  const running = useRef<MediaRecorder | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  const [why, setWhy] = useState("");
  useEffect(() => {
    if (seconds === null) return;
    if (seconds >= LONGEST_S) return running.current?.stop();
    const timer = setTimeout(() => setSeconds(seconds + 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  // Who leaves the page in between keeps nothing, and no microphone stays open.
  useEffect(() => () => running.current?.stream.getTracks().forEach((track) => track.stop()), []);
  if (type === null || !navigator.mediaDevices) return null;
  const begin = async (): Promise<void> => {
    setWhy("");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
      const pieces: Blob[] = [];
      recorder.ondataavailable = (e) => void (e.data.size > 0 && pieces.push(e.data));
      recorder.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        running.current = null;
        setSeconds(null);
        if (pieces.length > 0) onMade(voiceFile(pieces, type, new Date()));
      };
      running.current = recorder;
      recorder.start(1000);
      setSeconds(0);
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      {seconds === null
        ? <button type="button" onClick={() => void begin()}>{t("voice.begin")}</button>
        : <button type="button" className="main" onClick={() => running.current?.stop()}>{t("voice.stop", { s: seconds, most: LONGEST_S })}</button>}
      {why && <Notice bad>{t("voice.failed", { why })}</Notice>}
    </>
  );
}

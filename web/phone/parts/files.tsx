import { useEffect, useState } from "react";
import { useWords } from "../words/index.ts";
import { Field } from "./common.tsx";

const ACCEPTED = "image/*,video/*,audio/*,application/pdf";

/** Files picked or taken with the camera, and whether they show people: by that they are guarded. */
export function Files({ files, people, onFiles, onPeople }: {
  files: File[];
  people: boolean;
  onFiles: (files: File[]) => void;
  onPeople: (people: boolean) => void;
}) {
  const t = useWords();
  return (
    <>
      <Field label={t("report.photo")}>
        <input type="file" accept={ACCEPTED} multiple
          onChange={(e) => {
            onFiles([...files, ...(e.target.files ?? [])]);
            e.target.value = "";
          }} />
      </Field>
      {files.length > 0 && (
        <ul className="files">
          {files.map((file, i) => (
            <li key={i}>
              <Preview file={file} />
              <button type="button" onClick={() => onFiles(files.filter((f) => f !== file))}>{t("queue.drop")}</button>
            </li>
          ))}
        </ul>
      )}
      {files.length > 0 && (
        <label className="check"><input type="checkbox" checked={people} onChange={(e) => onPeople(e.target.checked)} />{t("report.people")}</label>
      )}
    </>
  );
}

function Preview({ file }: { file: File }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!/^(image|audio)\//.test(file.type)) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  const isSound = file.type.startsWith("audio/");
  return <>{url && (isSound ? <audio controls src={url} aria-label={file.name} /> : <img src={url} alt="" />)}<span>{file.name} · {Math.ceil(file.size / 1024)} kB</span></>;
}

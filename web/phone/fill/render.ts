/** An XForm as ODK Web Forms shows it, within this document alone: it brings styles and an interpreter of XPath
 * of its own. */
import { createApp, h, type VNode } from "vue";
import { OdkWebForm, webFormsPlugin } from "@getodk/web-forms";

const ANSWERS = "xml_submission_file"; // OpenRosa's name for it
const NO_FILE_BESIDE = { missingResourceBehavior: "BLANK" };

/** What was answered so far: the submission as ODK writes it, and its files. */
export interface Filled {
  xml: string;
  files: { name: string; blob: Blob }[];
}

interface Payload {
  status: string;
  data: readonly FormData[];
}

/** Of the engine's root node, what is used (@getodk/xforms-engine, client/RootNode). */
interface Root {
  prepareInstancePayload(options: { payloadType: "monolithic" }): Promise<Payload>;
  setLanguage(language: { language: string }): void;
  languages: readonly { language: string; isSyntheticDefault?: true }[];
}

export interface Shown {
  /** Null while it is not shown yet, or cannot be. */
  answers(): Promise<Filled | null>;
  /** Turns to the first of the form's languages with that code. */
  speak(lang: string): boolean;
}

/** `before`: goes on from there. `send`: it was filled in without a fault. */
export function render(at: HTMLElement, xform: string, before: Filled | null, send: (filled: Filled) => void): Shown {
  const files = new Map(before?.files.map((f) => [f.name, f.blob]));
  const app = createApp({
    render: () => h(OdkWebForm as never, {
      formXml: xform,
      fetchFormAttachment: () => Promise.resolve(new Response("", { status: 404 })),
      ...NO_FILE_BESIDE,
      ...(before && {
        editInstance: {
          resolveInstance: () => before.xml,
          attachmentFileNames: [...files.keys()],
          resolveAttachment: (name: string) => Promise.resolve(new Response(files.get(name) ?? null, { status: files.has(name) ? 200 : 404 })),
        },
      }),
      onSubmit: (payload: Payload) => void filledOf(payload).then(send),
    }),
  });
  app.use(webFormsPlugin);
  const page = app.mount(at) as unknown as { $: { subTree: VNode } };
  const root = (): Root | null => rootIn(page.$.subTree);
  return {
    answers: async () => {
      const found = root();
      return found && filledOf(await found.prepareInstancePayload({ payloadType: "monolithic" }));
    },
    speak: (lang) => {
      const found = root();
      const wanted = found?.languages.find((l) => l.language.endsWith(`(${lang})`) || l.language === lang);
      if (found && wanted) found.setLanguage(wanted);
      return found !== null;
    },
  };
}

/** The component hands the engine's root to its heading; nothing else tells what was answered so far. */
function rootIn(node: VNode): Root | null {
  const form = (node.props as { form?: Partial<Root> } | null)?.form;
  if (form?.prepareInstancePayload) return form as Root;
  const inner = [...(Array.isArray(node.children) ? node.children : []), node.component?.subTree];
  for (const child of inner) {
    if (child && typeof child === "object" && "props" in child) {
      const found = rootIn(child as VNode);
      if (found) return found;
    }
  }
  return null;
}

async function filledOf(payload: Payload): Promise<Filled> {
  const parts = [...payload.data[0]!.entries()].filter((part): part is [string, File] => part[1] instanceof File);
  const answers = parts.find(([name]) => name === ANSWERS)![1];
  const files = parts.filter(([name]) => name !== ANSWERS).map(([, file]) => ({ name: file.name, blob: file as Blob }));
  return { xml: plain(await answers.text()), files };
}

/** Without the prolog, since evidence takes in text and no markup; and as what it is, the first of its kind: what
 * was gone on with is no correction of something that was handed in. */
export function plain(xml: string): string {
  return xml
    .replace(/^\uFEFF?\s*<\?xml[^>]*\?>\s*/, "")
    .replace(/<(\w+:)?deprecatedID\b[^>]*(\/>|>[^<]*<\/(\w+:)?deprecatedID>)/, "");
}

import { expect, test } from "vitest";
import { recordingType, voiceFile } from "./voice.ts";

const only = (...types: string[]) => ({ isTypeSupported: (type: string) => types.includes(type) });

test("what the browser can record, and nothing where it has no recorder", () => {
  expect(recordingType(undefined)).toBeNull();
  expect(recordingType(only("video/webm"))).toBeNull();
  expect(recordingType(only("audio/ogg;codecs=opus"))).toBe("audio/ogg;codecs=opus");
  expect(recordingType(only("audio/mp4", "audio/webm;codecs=opus"))).toBe("audio/webm;codecs=opus");
});

test("the file says what it is and when it was made", () => {
  const made = new Date("2026-11-29T03:04:05Z");
  const file = voiceFile([new Blob(["ab"]), new Blob(["c"])], "audio/mp4", made);
  expect([file.name, file.type, file.size]).toEqual(["voice-20261129030405.m4a", "audio/mp4", 3]);
  expect(voiceFile([], "audio/webm;codecs=opus", made).type).toBe("audio/webm");
});

import type { Priority } from "../../client/types.ts";

/** Tones by priority, after IEC 62923-1 and IMO MSC.302(87): an emergency alarm sounds without pause,
 * an alarm as three short notes every 7 s until answered, a warning as two notes once a minute; a
 * caution is silent there and one soft note here; what is only noted never sounds. Times in seconds, pitch in hertz. */
interface Pattern {
  notes: { at: number; length: number; hz: number }[];
  gain: number;
  repeatS: number | null;
}

const PATTERNS: Record<Priority, Pattern> = {
  1: {
    notes: [0, 0.5, 1, 1.5].flatMap((at) => [
      { at, length: 0.24, hz: 880 },
      { at: at + 0.25, length: 0.24, hz: 660 },
    ]),
    gain: 0.3,
    repeatS: 2,
  },
  2: { notes: [0, 0.25, 0.5].map((at) => ({ at, length: 0.17, hz: 784 })), gain: 0.25, repeatS: 7 },
  3: { notes: [0, 0.3].map((at) => ({ at, length: 0.2, hz: 523 })), gain: 0.18, repeatS: 60 },
  4: { notes: [{ at: 0, length: 0.25, hz: 392 }], gain: 0.08, repeatS: null },
  5: { notes: [], gain: 0, repeatS: null },
};

export class Sounder {
  private context: AudioContext | null = null;
  private lastS: Partial<Record<Priority, number>> = {};
  muted = false;

  /** Browsers give no sound before the first click or key. */
  async wake(): Promise<boolean> {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") await this.context.resume();
    return this.context.state === "running";
  }

  play(priority: Priority): void {
    const context = this.context;
    if (this.muted || !context || context.state !== "running") return;
    const pattern = PATTERNS[priority];
    for (const note of pattern.notes) {
      const from = context.currentTime + 0.02 + note.at;
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.type = "triangle";
      oscillator.frequency.value = note.hz;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(pattern.gain, from + 0.015);
      gain.gain.setValueAtTime(pattern.gain, from + note.length - 0.03);
      gain.gain.linearRampToValueAtTime(0, from + note.length);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(from);
      oscillator.stop(from + note.length);
    }
    this.lastS[priority] = context.currentTime;
  }

  /** Called each second with the most urgent unanswered priority. What was open before the page came
   * sounds too: nobody else may have heard it. */
  remind(priority: Priority | null): void {
    if (priority === null || !this.context) return;
    const every = PATTERNS[priority].repeatS;
    const last = this.lastS[priority];
    if (every !== null && (last === undefined || this.context.currentTime - last >= every)) this.play(priority);
  }
}

export const sounder = new Sounder();

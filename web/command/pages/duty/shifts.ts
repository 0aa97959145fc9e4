import type { DeskRef, DutyShift, Paper, Regulation, RosterFile } from "../../../client/duty.ts";

/** Words that come with the thing itself. */
export interface Named {
  id: string;
  zh: string;
  en: string;
}

export function nameOf(named: readonly Named[], id: string, lang: "zh" | "en"): string {
  return named.find((n) => n.id === id)?.[lang] ?? id;
}

/** Whether one of the places is at the desk. */
export const isAt = (places: readonly DeskRef[] | undefined, desk: DeskRef): boolean =>
  places?.some((p) => p.unit === desk.unit && p.agency === desk.agency) ?? false;

/** The desk at which one has a place, else the first. */
export function ownDesk<D extends DeskRef>(desks: readonly D[], places: readonly DeskRef[] | undefined): D | undefined {
  return desks.find((d) => isAt(places, d)) ?? desks[0];
}

/** `2026-03-20.day` as people say it. */
export function shiftName(key: string, regulation: Regulation, lang: "zh" | "en"): string {
  return `${key.slice(0, 10)} ${nameOf(regulation.turns, key.slice(11), lang)}`;
}

/** Shifts of one day of the wall together, in their order. */
export function byDay(shifts: readonly DutyShift[]): [day: string, shifts: DutyShift[]][] {
  const days = new Map<string, DutyShift[]>();
  for (const shift of shifts) {
    const day = shift.key.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), shift]);
  }
  return [...days];
}

/** Who stands the shift at each post; the same person once, however often something changes within it. */
export function byPost(shift: DutyShift, regulation: Regulation): { post: Regulation["posts"][number]; people: DutyShift["stints"]; isShort: boolean }[] {
  return regulation.posts.map((post) => ({
    post,
    people: shift.stints.filter((s, n, all) => s.post === post.id && all.findIndex((x) => x.post === s.post && x.account === s.account) === n),
    isShort: shift.short.some((s) => s.post === post.id),
  }));
}

export const stands = (shift: DutyShift, account: string): boolean => shift.stints.some((s) => s.account === account);

/** Whom the order of calls names, each once, in its order. */
export function inOrder<P extends { account: string }>(calls: readonly { people: readonly P[] }[]): P[] {
  return calls.flatMap((c) => c.people).filter((p, n, all) => all.findIndex((x) => x.account === p.account) === n);
}

/** What the form of a handover still has to state. */
export function unsaid(regulation: Regulation, says: Readonly<Record<string, string>>): string[] {
  return regulation.items.filter((item) => item.required && !says[item.id]?.trim()).map((item) => item.id);
}

/** Steps of a paper that this person may do, as far as the page knows: the server decides again. */
export function offeredSteps(paper: Paper, me: string, may: readonly string[]): string[] {
  const doc = paper.doc as Record<string, unknown>;
  const isPlanner = may.includes("duty.plan");
  const isParty = me === doc.giver || me === doc.taker;
  const agreed = Array.isArray(doc.agreed) ? (doc.agreed as string[]) : [];
  return paper.next.filter((step) => {
    switch (paper.kind) {
      case "swap":
        if (step === "agree") return isParty && !agreed.includes(me);
        if (step === "decline") return isParty || me === paper.by;
        return isPlanner && !(step === "approve" && (isParty || me === paper.by));
      case "leave":
        if (step === "take_back") return me === doc.account;
        return isPlanner && !(step === "approve" && me === doc.account);
      case "override":
        return isPlanner;
      case "fault":
        return may.includes("duty.fault") && !(step === "close" && me === doc.mended_by);
      case "window":
        return may.includes("duty.fault");
      case "handover":
        if (step === "take_back") return me === doc.signed_by;
        if (step === "take_over") return me === doc.read_by;
        return may.includes("duty.handover") && !(step === "read" && me === doc.signed_by);
    }
  });
}

/** Who a file would put in a team, each with the post: "A. Lin (officer), B. Fu (lead)". */
export function membersOf(team: RosterFile["teams"][number], lang: "zh" | "en"): string {
  const said = team.members.map((m) => (lang === "zh" ? `${m.name}（${m.post.zh}）` : `${m.name} (${m.post.en})`));
  return said.join(lang === "zh" ? "、" : ", ");
}

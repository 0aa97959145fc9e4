import type { ApiError } from "../../client/http.ts";
import { wordOr, wordsOf, type Lang, type Word } from "../../words/index.ts";

/** Sentences of the server that a person meets when something is filled in wrongly or has changed meanwhile. They come in
 * the English of who writes programs; these have words of their own, with what the brackets caught as {a}, {b}, {c}. `codes`: they are
 * to be written in a sheet, and stand beside their words. */
const SENTENCES: [pattern: RegExp, word: Word, are?: "codes"][] = [
  [/^(?:Value error, )?[Ff]ield required$|^must be filled in$/, "said.required"],
  [/^String should have at least (\d+) characters?$/, "said.short"],
  [/^String should have at most (\d+) characters?$/, "said.long"],
  [/^String should match pattern/, "said.form"],
  [/^Input should be /, "said.choice"],
  [/^(?:Value error, )?an? (?:identity|mobile) number stands in it; .* holds no numbers of persons$/, "said.personNumber"],
  [/^must be one of (.+)$/, "said.oneOf"],
  [/^there is no unit '(.+?)'(?: now| on that day)?$|^There is no unit '(.+)'\.?$/, "said.noUnit"],
  [/^there is no agency '(.+?)'(?: now)?$/, "said.noAgency"],
  [/^there is no agency '(.+?)'; codes are (.+?)(?: and ([\d,]+) more)?, see sheet agencies of units\.xlsx$/, "said.noAgencyOf", "codes"],
  [/^'(.*)' is none of (.+)$/, "said.noneOf", "codes"],
  [/^must be at most (\d+) letters, digits, - or _$/, "said.code"],
  [/^may have at most (\d+) characters$/, "said.long"],
  [/^must be yes or no$/, "said.yesNo"],
  [/^'(.*)' is no day like 2026-01-31$/, "said.day"],
  [/^a (\w+) must have one$/, "said.parent"],
  [/^(\S+) is a (\w+), not wider than a (\w+)$/, "said.notWider"],
  [/^is not wider than the units within it$/, "said.narrower"],
  [/^row (\d+) has another name for this login$/, "said.otherName"],
  [/^stands for (.+) already, as in row (\d+)$/, "said.roleTwice"],
  [/^more than (.+) rows$/, "said.rows"],
  [/^a formula; put the value there$/, "said.formula"],
  [/^an error of Excel$/, "said.excelError"],
  [/^the file (?:holds|links|fetches) /, "said.danger"],
  [/^the file (?:unpacks to too much|has more than .+ parts)$/, "said.fileOdd"],
  [/^unknown name; known: (.+)$/, "said.unknownSheet"],
  [/^is taken$/, "said.taken"],
  [/^must be 2 to 100 letters, digits or \._@\+-$/, "said.login"],
  [/^must be later than (?:valid_from|`from`)$/, "said.later"],
  [/^must be text of 1 to (\d+) characters$/, "said.text"],
  [/^must lie ahead, within (\d+) days$/, "said.within"],
  [/^a reason must be given$|^say why(?: it is set aside|, since .+)?\.?$/i, "said.why"],
  [/^the same waits for a second person already\.?$/i, "said.sameWaits"],
  [/^another person than the one who proposed it/i, "said.samePerson"],
  [/^it is (made|refused|taken back|lapsed) already\.?$/i, "said.decided"],
  [/^nobody would be left who may administer accounts$/, "said.lastAdmin"],
  [/^the account is suspended$/, "said.suspended"],
  [/^there is no such account\.?$/i, "said.noAccount"],
  [/^name the order of the court$/, "said.order"],
  [/^say for which agency: (.+)$/, "said.whichAgency"],
  [/^say in which unit: (.+)$/, "said.whichUnit"],
  [/^is not within what you administer$/, "said.notYours"],
  [/^stays as it is: what a unit or agency is/, "said.lasts"],
  [/^never changes for a code/, "said.kindLasts"],
  [/^stands in row (\d+) for the same day already$/, "said.twice"],
  [/^(?:\w+ )?stands twice$/, "said.twiceHere"],
  [/^the column is missing$/, "said.noColumn"],
  [/^unknown heading '(.*)'$/, "said.unknownHead"],
  [/^there is no heading over this cell$/, "said.noHead"],
  [/^the file has no rows$/, "said.noRows"],
  [/^no Excel file/, "said.noExcel"],
  [/^the file is empty$/, "said.emptyFile"],
  [/^the file may have at most (.+) bytes$|^A file may have at most (.+) bytes\.$/, "said.fileBig"],
  [/^This is not the file that was looked at/, "said.otherFile"],
  [/^It was erased\.$/, "said.erased"],
  [/^the gateway cannot be reached/, "said.gatewayAway"],
  [/^the gateway answered (\d+)$/, "said.gatewayNo"],
  [/^the gateway(?:'s answer| took no message)/, "said.gatewayOdd"],
  [/^\S+: (?:it is gone|no answer to |it takes no message|it does not ask)/, "said.modemAway"],
  [/^no sender of text messages$/, "said.noTexts"],
  [/^you have signed this set already\.?$/i, "said.signedTwice"],
  [/^you have proposed this set already\.?$/i, "said.proposedTwice"],
  [/^this set is in force, signed by two\.?$/i, "said.inForce"],
  [/^the first start is over: policy signers sign\.?$/i, "said.firstOver"],
  [/^nobody has proposed this set yet\.?$/i, "said.notProposed"],
  [/^Another set is on disk: (.+)\.$/, "said.otherSet"],
  [/^has no role in this unit that stands watch$/, "said.noSeat"],
  [/^is not as in the first row$/, "said.asFirst"],
  [/^stands twice in this team$/, "said.twiceTeam"],
  [/^is of a shift that has begun/, "said.begun"],
  [/^lies over a month back$/, "said.tooOld"],
  [/^is not within what you manage$/, "said.notManaged"],
  [/^is no number$/, "said.noNumber"],
  [/^longitude and latitude go together$/, "said.both"],
  [/^This account has no role in any unit\.$/, "said.noRole"],
  [/^Too many requests from this address\.$/, "said.tooMany"],
  [/^is no IMO number: its last digit does not fit$/, "said.noImo"],
  [/^say which vessel: MMSI, IMO number or name$/, "said.whichVessel"],
  [/^its end has passed$/, "said.endPast"],
  [/^at most (\d+) days from now$/, "said.days"],
  [/^at most (\d+) hours$/, "said.hours"],
  [/^she is on the list already, by (.+)$/, "said.onList"],
  [/^Alerts of distress and emergency alarms are not set aside/, "said.helpAside"],
  [/^Calls of distress, and that nothing is heard at all, are not set aside as a class/, "said.classAside"],
  [/^It is dealt with already\.$/, "said.dealtWith"],
  [/^is no fence that there is now$|^there is no such geofence$/, "said.noFence"],
  [/^must be (?:three corners lon,lat at least|fence:<id> or corners lon,lat lon,lat …)$/, "said.corners"],
  [/^is no valid area: /, "said.noArea"],
  [/^latitude \S+ is not within -90 to 90$/, "said.latitude"],
  [/^must be at most (\d+) days after `from`$/, "said.span"],
  [/^must be an MMSI or the id of a track$/, "said.noVessel"],
];

/** A sentence of the server in the page's language; null where the page has no words for it. */
export function sentence(lang: Lang, text: string): string | null {
  for (const [pattern, word, are] of SENTENCES) {
    const found = pattern.exec(text);
    if (!found) continue;
    const [a = "", b = "", c = ""] = found.slice(1).filter((part) => part !== undefined);
    if (are === "codes") return wordsOf(lang)(word, { a, b: coded(lang, b) });
    return wordsOf(lang)(word, { a: listed(lang, a), b: listed(lang, b), c: listed(lang, c) });
  }
  return lang === "en" ? text : null;
}

/** What the server says of one field of a form; as it said it where the page has no words for it. */
export function saidOfField(lang: Lang, error: ApiError | null, field: string): string | undefined {
  const found = error?.field(field);
  return found && (sentence(lang, found) ?? found);
}

const join = (lang: Lang, words: string[]): string => words.join(lang === "zh" ? "、" : ", ");

/** Codes of agencies, roles and tiers have words. */
function wordOf(lang: Lang, code: string): string {
  return ["agency", "role", "tier"].reduce((word, kind) => (word === code ? wordOr(lang, `${kind}.${code}`, code) : word), code);
}

/** A list of codes in words. */
const listed = (lang: Lang, text: string): string => join(lang, text.split(", ").map((code) => wordOf(lang, code)));

/** Each code with its word beside it. */
function coded(lang: Lang, text: string): string {
  return join(lang, text.split(", ").map((code) => {
    const word = wordOf(lang, code);
    return word === code ? code : lang === "zh" ? `${code}（${word}）` : `${code} (${word})`;
  }));
}

/** What a person calls a field of a request: `properties.valid_to` is the end; unknown ones stay as they are. */
export function fieldName(lang: Lang, path: string): string {
  const last = path.split(".").filter((part) => !/^\d+$/.test(part)).at(-1) ?? path;
  return wordOr(lang, `field.${last}`, last.replaceAll("_", " "));
}

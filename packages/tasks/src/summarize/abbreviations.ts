import { isSentenceStarter, type Lexicon } from "./lexicon.ts";

/** Written before a name or a number, so the sentence goes on whatever follows. */
const beforeName = new Set(
  (
    "dr mr mrs ms mx prof st sr jr rev hon gen col maj capt lt sgt gov sen rep pres messrs vs no nos nr fig figs eq " +
    "sec ch vol pp pg art abb bd hr fr dipl ing mag mme mlle mm dra sra sta dott sig avv geb cf ca approx al viz " +
    "г гг ул им тов проф акад рис табл стр гл ст см р руб тыс млн млрд св κ κα δρ"
  ).split(" "),
);

/** Written within a sentence or at its end. */
const anywhere = new Set(
  (
    "etc inc ltd co corp bros dept est ed eds resp incl excl max min tel ext jan feb mar apr jun jul aug sep sept oct " +
    "nov dec bzw usw ggf evtl vgl sog inkl zzgl env ecc ej др пр проч т.д т.п"
  ).split(" "),
);

/** Languages that write an ordinal as a number and a full stop ("am 3. Oktober"). */
const withOrdinalDot = new Set(
  "bs cs da de et fi fo hr hu is lb lt lv nb nn no pl sk sl sq sr tr".split(" "),
);

const lastWord = /(?:^|[\s\p{P}])((?:\p{L}[\p{L}\p{M}]*\.)*\p{L}[\p{L}\p{M}]*)\.\s*$/u;
const firstWord = /^[\p{Pi}\p{Ps}"'«]*([\p{L}\p{M}]+)/u;
const numberEnd = /(?:^|\s)\d{1,2}\.\s*$/;
const INITIAL = /^\p{Lu}$/u;

/** Whether the full stop that ends `head` belongs to an abbreviation, an initial or an ordinal, and not to a sentence. */
export function endsInAbbreviation(head: string, next: string, lexicon: Lexicon, language: string): boolean {
  const tail = head.slice(-40);
  if (numberEnd.test(tail)) return head.trim().length <= 3 || withOrdinalDot.has(language);
  const word = lastWord.exec(tail)?.[1];
  if (word === undefined) return false;
  if (INITIAL.test(word) || beforeName.has(word.toLowerCase())) return true;
  const isAmbiguous = word.includes(".") || anywhere.has(word.toLowerCase());
  return isAmbiguous && !isSentenceStarter(firstWord.exec(next)?.[1] ?? "", lexicon);
}

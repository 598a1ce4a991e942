import type { DecisionEntry, EntryRequester } from '../../model/index.ts';
import { isJurisdiction, jurisdictionName, labelOf, purposes, type DataClass } from '../../vocabulary/index.ts';
import { dataEs, purposeEs, reducedEs } from './spanish.ts';

/** What a letter says. Of the person it has the name and address alone. */
export interface LetterFacts {
  readonly id: string;
  /** 128 random bits, hexadecimal: nobody who only guesses what the letter says can make its hash. */
  readonly code: string;
  readonly madeAt: Date;
  readonly name: string | null;
  readonly address: readonly string[] | null;
  readonly entry: DecisionEntry;
  readonly agency: string | null;
  readonly behalf: string | null;
  /** The rules that decided, with their words: `WA-12: Give …`. */
  readonly rules: readonly { readonly id: string; readonly words: string | null }[];
  readonly objectTo: string | null;
}

/**
 * The notice to the person whose record was asked for, in plain English and then in Spanish: who asked, on which day, why, what was given, under which rule, and how
 * to object. Plain text, lines of at most 78 characters, for a letter shop or a printer. The same facts make the same text.
 */
export function noticeLetter(facts: LetterFacts): string {
  const { entry, madeAt, name, address } = facts;
  const head = [ownerOffice(entry.owner), dayEn(madeAt), '', name ?? '', ...(address ?? [])];
  return `${[...head, '', ...english(facts), '', '-'.repeat(60), '', ...spanish(facts), '', `Notice / Aviso ${facts.id}`, `Code of this letter / Código de esta carta ${facts.code}`].flatMap(wrapped).join('\n').trim()}\n`;
}

/** To the owner itself: that a request was made of which its policy says that it is told. Names no person. */
export function ownerLetter({ id, code, entry, agency, behalf, rules, madeAt }: LetterFacts): string {
  const lines = [
    ownerOffice(entry.owner), dayEn(madeAt), '', 'A request that you wanted to be told of', '',
    `On ${entry.at} ${who(entry.requester, agency)} asked for a record of yours${forWhom(entry, behalf, 'for')}. Purpose: ${purposes[entry.purpose].plain}. What happened: ${givenEn(entry)}`,
    ...rules.map((rule) => `Rule ${rule.id}${rule.words === null ? '' : `: ${rule.words}`}.`), '', `Inquiry ${entry.inquiry}`, `Notice ${id}`, `Code ${code}`,
  ];
  return `${lines.flatMap(wrapped).join('\n').trim()}\n`;
}

function english({ id, entry, agency, behalf, rules, objectTo }: LetterFacts): readonly string[] {
  return [
    'YOUR MOTOR VEHICLE RECORD WAS ASKED FOR', '',
    'The law says that you are told of this within a set time. You need not do anything.', '',
    `Who asked: ${who(entry.requester, agency)}${forWhom(entry, behalf, 'for')}.`,
    `When: on ${dayEn(new Date(entry.at))}.`,
    `Why, as they stated it: ${purposes[entry.purpose].plain}.`,
    `What happened: ${givenEn(entry)}`,
    ...rulesOf(rules, 'Rule', 'No rule of ours allowed it.'), '',
    `If you think that this was wrong, you can object. ${objectTo === null ? 'Write to or call the office that keeps your record' : `Write to or call: ${objectTo}`}, and give the number ${id}. You can also ask there who else asked for your record, and have errors in it corrected. It costs nothing.`,
  ];
}

function spanish({ id, entry, agency, behalf, rules, objectTo }: LetterFacts): readonly string[] {
  return [
    'SE PIDIÓ SU REGISTRO DE CONDUCTOR O DE VEHÍCULO', '',
    'La ley dice que a usted se le avise dentro de un plazo. Usted no tiene que hacer nada.', '',
    `Quién lo pidió: ${who(entry.requester, agency, 'la agencia con el número')}${forWhom(entry, behalf, 'para')}.`,
    `Cuándo: el ${dayEs(new Date(entry.at))}.`,
    `Para qué, según dijeron: ${purposeEs[entry.purpose]}.`,
    `Qué pasó: ${givenEs(entry)}`,
    ...rulesOf(rules.map(({ id: rule }) => ({ id: rule, words: null })), 'Regla', 'Ninguna regla nuestra lo permitía.'), '',
    `Si cree que esto no fue correcto, puede oponerse. ${objectTo === null ? 'Escriba o llame a la oficina que guarda su registro' : `Escriba o llame a: ${objectTo}`}, y dé el número ${id}. Allí también puede preguntar quién más pidió su registro y pedir que se corrijan errores. No cuesta nada.`,
  ];
}

function who({ ori }: EntryRequester, name: string | null, nameless = 'the agency with the number'): string {
  return name === null ? `${nameless} ${ori}` : `${name} (${ori})`;
}

function forWhom({ onBehalfOf }: DecisionEntry, name: string | null, word: string): string {
  return onBehalfOf === null ? '' : `, ${word} ${name ?? onBehalfOf.ori}`;
}

function givenEn(entry: DecisionEntry): string {
  if (entry.released.length > 0) return `they were given: ${list(entry, (one, reduced) => `${labelOf(one)}${reduced ? ' (in a reduced form)' : ''}`, 'and')}.`;
  if (entry.status === 'held') return 'nothing was given at that time. A person decides later whether anything is.';
  return entry.status === 'noRecord' ? 'no record was found, so nothing was given.' : 'nothing was given.';
}

function givenEs(entry: DecisionEntry): string {
  if (entry.released.length > 0) return `se les dio: ${list(entry, (one, reduced) => `${dataEs[one]}${reduced ? reducedEs : ''}`, 'y')}.`;
  if (entry.status === 'held') return 'en ese momento no se les dio nada. Una persona decide después si se les da algo.';
  return entry.status === 'noRecord' ? 'no se encontró ningún registro, así que no se les dio nada.' : 'no se les dio nada.';
}

function list(entry: DecisionEntry, say: (one: DataClass, reduced: boolean) => string, and: string): string {
  const words = entry.released.map((one) => say(one, entry.decisions.some(({ dataClass, treatment }) => dataClass === one && treatment !== null)));
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1) ?? ''}`;
}

function rulesOf(rules: LetterFacts['rules'], word: string, none: string): readonly string[] {
  return rules.length === 0 ? [none] : rules.map(({ id, words }) => `${word} ${id}${words === null ? '' : `: ${words}`}.`);
}

function ownerOffice(owner: string): string {
  return isJurisdiction(owner) ? jurisdictionName(owner) : owner;
}

const dayEn = (at: Date): string => at.toLocaleDateString('en-US', { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' });
const dayEs = (at: Date): string => at.toLocaleDateString('es-US', { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' });

/** Lines of at most 78 characters, broken at spaces. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > 78) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

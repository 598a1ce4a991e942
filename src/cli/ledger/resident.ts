import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { originOf } from '../../ledger/index.ts';
import { anchorLog, dayOf, dayText } from '../../ledger/record.ts';
import { closingGrace, makeReport, readFacts, readWithheld, reportLetter, residentSubjects, treeOfFiles, type ResidentGiven } from '../../ledger/subjects/index.ts';
import type { PersonName } from '../../model/index.ts';
import { checkedKey, keyIdOf, nodeCrypto, noteTypes, type TrustPolicy } from '../../verify/index.ts';
import type { Report } from '../../verify/report.ts';
import { verifyReport } from '../../verify/subjects.ts';
import { folderPath } from '../../store/index.ts';
import { onRecord } from '../acts/onRecord.ts';
import { ProgressLine } from '../progressLine.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { withRecorder } from './record.ts';
import { ownerOf, working, type Working } from './working.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly licence?: readonly string[];
  readonly plate?: readonly string[];
  readonly vin?: readonly string[];
  readonly given?: string;
  readonly from: string;
  readonly to?: string;
  readonly request: string;
  readonly out: string;
  readonly letter?: string;
}

/** `weir ledger resident`: who looked at one resident's records, shown complete. */
export const addResident: AddVerb = (parent) => {
  parent.command('resident')
    .description('make the report for a resident of who looked at their records, which they can check by themselves')
    .requiredOption('--owner <state>', 'whose records')
    .option('--licence <number...>', 'their licence number')
    .option('--plate <plate...>', 'their plate; with a type besides passenger car as PLATE:TK')
    .option('--vin <vin...>', 'their vehicle number')
    .option('--given <file>', 'all of that, and names with birth dates, as JSON; keeps a name out of the list of processes')
    .requiredOption('--from <day>', 'the first day, YYYY-MM-DD')
    .option('--to <day>', 'the last day; else the last that is closed')
    .requiredOption('--request <number>', 'the number of the request: never a name')
    .requiredOption('--out <file>', 'where the report goes')
    .option('--letter <file>', 'where a letter in plain English goes')
    .addHelpText('after', '\nA file for --given: {"licences":["WDL0000001"],"plates":[{"plate":"ABC123","types":[]}],"vins":[],"people":[{"name":{"surname":"SAMPLE","given":"ALEX","middle":""},"birthDate":"1980-02-29"}]}\nThat the report was made is itself recorded, with the number of the request.\n\nExample:\n  weir ledger resident --owner WA --licence WDL0000001 --from 2026-01-01 --request R-2026-17 --out report.json --letter letter.txt')
    .action(verb((options: Options) => working(options, async (ledger) => {
      for (const path of [options.out, options.letter]) if (path !== undefined && existsSync(path)) throw new VerbError(exitCodes.usage, `${path} is there already`);
      const report = await make(options, ledger);
      // What is handed out was verified as its resident will verify it, but for the witnesses that they choose.
      const verified = await verifyReport(nodeCrypto, await ownPolicy(ledger, report), report);
      await writeNew(options.out, `${JSON.stringify(report)}\n`);
      if (options.letter !== undefined) await writeNew(options.letter, reportLetter(report));
      const { entries, withheld, erased, erasedDays, days } = verified;
      const text = `${options.out}: ${entries.length} look-ups opened, ${withheld.length} withheld, ${erased.length} erased, over ${days} days${erasedDays.length === 0 ? '' : ` and ${erasedDays.length} that were erased`}. It was verified.`;
      return { text, json: { entries: entries.length, withheld: withheld.length, erased: erased.length, days, erasedDays: erasedDays.length, record: report.record } };
    })));
};

async function make(options: Options, { keys, reader, places, owners }: Working): Promise<Report> {
  const owner = ownerOf(owners, options.owner);
  const facts = await readFacts(reader, { place: places.ledger });
  const to = options.to ?? facts.epochs.get(owner)?.at(-1)?.day ?? dayText(dayOf(Date.now() - closingGrace) - 1);
  const subjects = residentSubjects(await givenBy(options), options.from, to);
  const line = new ProgressLine(process.stderr, options.quiet === true || options.json === true);
  const withheld = await readWithheld(reader, owner, { place: places.ledger });
  const report = await withRecorder(options, async (recorder, sql) => {
    await onRecord(sql, folderPath(options.data), [{ act: 'residentReportMade', owner, ...(/^R-[0-9A-Z]{10}$/.test(options.request) ? { on: options.request } : {}), detail: { way: 'machine' }, words: { request: options.request } }]);
    return await makeReport({
    owner, subjects, from: options.from, to, who: options.request, reader, keys, epochs: places.ledger, facts, withheld,
    tree: (log, covering) => treeOfFiles(places.ledger, log, covering), now: Date.now(), onDay: (done, total) => line.show('days', done, total),
    }, recorder);
  });
  line.end();
  return report;
}

async function givenBy({ licence = [], plate = [], vin = [], given }: Options): Promise<ResidentGiven> {
  const typed: ResidentGiven = {
    licences: licence, plates: plate.map((text) => ({ plate: text.split(':')[0] ?? '', types: text.split(':').slice(1) })), vins: vin.map((text) => ({ vin: text, make: null, year: null })), people: [],
  };
  if (given === undefined) return typed;
  let value: unknown;
  try {
    value = JSON.parse(await readFile(given, 'utf8'));
  } catch (error) {
    throw new VerbError(exitCodes.usage, `${given} cannot be read as JSON`, null, { cause: error });
  }
  if (!isGiven(value)) throw new VerbError(exitCodes.usage, `${given} is not what --given takes`, 'See the example in weir ledger resident --help.');
  return { licences: [...typed.licences, ...value.licences], plates: [...typed.plates, ...value.plates], vins: [...typed.vins, ...value.vins.map(({ vin: number, make: of, year }) => ({ vin: number, make: of ?? null, year: year ?? null }))], people: value.people };
}

interface Given {
  readonly licences: readonly string[];
  readonly plates: readonly { readonly plate: string; readonly types: readonly string[] }[];
  readonly vins: readonly { readonly vin: string; readonly make?: string | null; readonly year?: string | null }[];
  readonly people: readonly { readonly name: PersonName; readonly birthDate: string }[];
}

function isGiven(value: unknown): value is Given {
  const { licences, plates, vins, people } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const texts = (list: unknown): boolean => Array.isArray(list) && list.every((one) => typeof one === 'string');
  const objects = (list: unknown, test: (one: Record<string, unknown>) => boolean): boolean => Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null && test(one as Record<string, unknown>));
  const optional = (one: unknown): boolean => one === undefined || one === null || typeof one === 'string';
  return texts(licences) && objects(plates, (one) => typeof one['plate'] === 'string' && texts(one['types'])) && objects(vins, (one) => typeof one['vin'] === 'string' && optional(one['make']) && optional(one['year']))
    && objects(people, ({ name, birthDate }) => typeof birthDate === 'string' && objects([name], (of) => ['surname', 'given', 'middle'].every((part) => typeof of[part] === 'string')));
}

/** The two logs by their keys here, and no witnesses. */
async function ownPolicy({ keys }: Working, { origin, owner }: Report): Promise<TrustPolicy> {
  const prefix = origin.slice(0, origin.lastIndexOf('/log/'));
  const logs = await Promise.all([owner.toLowerCase(), anchorLog].map(async (log) => {
    const name = originOf(prefix, log);
    const { publicKey } = await keys.signer(log, name);
    return { key: await checkedKey(nodeCrypto, { name, type: noteTypes.ed25519, publicKey, keyId: await keyIdOf(nodeCrypto, name, noteTypes.ed25519, publicKey) }), url: null };
  }));
  return { logs, witnesses: [], groups: [], quorum: null };
}

/** For nobody else to read, and never over a file that is there. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new VerbError(there ? exitCodes.usage : exitCodes.environment, there ? `${path} is there already` : `${path} cannot be written`, null, { cause: error });
  }
}

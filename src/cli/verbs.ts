import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { AddVerb } from './verb.ts';

/** A noun or verb of the command line. It is loaded only where it is asked for, so that `weir --help` is quick. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** Adds it to the command. */
  readonly load: () => Promise<AddVerb>;
}

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

function verbIn(name: string, summary: string, file: string, add: string): Verb | null {
  const url = new URL(`./${file}${extension}`, import.meta.url);
  if (!existsSync(fileURLToPath(url))) return null;
  return { name, summary, load: async () => (await import(url.href) as Record<string, AddVerb>)[add] ?? (() => undefined) };
}

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  verbIn('start', 'run the exchange', 'start', 'addStart'),
  verbIn('query', 'send one query and read the answer', 'query/index', 'addQuery'),
  verbIn('demo', 'the invented network to try things on', 'demo', 'addDemo'),
  verbIn('agency', 'certificates of agency systems', 'agency/index', 'addAgency'),
  verbIn('registry', 'organisations, their ORIs and affiliations', 'registry/index', 'addRegistry'),
  verbIn('policy', 'what an owner releases, to whom and when', 'policy/index', 'addPolicy'),
  verbIn('vocabulary', 'the words that policies and messages use', 'vocabulary', 'addVocabulary'),
  verbIn('order', 'court papers that an owner confirmed', 'order/index', 'addOrder'),
  verbIn('source', 'connections to the records of owners', 'source/index', 'addSource'),
  verbIn('journal', 'the record of what was asked and answered', 'journal/index', 'addJournal'),
  verbIn('store', 'the database and its schema', 'store/index', 'addStore'),
  verbIn('doctor', 'look for what is wrong with this installation', 'doctor', 'addDoctor'),
  verbIn('completion', 'completion of commands for a shell', 'completion', 'addCompletion'),
].filter((verb) => verb !== null);

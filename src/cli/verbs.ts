import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { AddVerb } from './verb.ts';

/** A noun or verb of the command line. It is loaded only where it is asked for, so that `weir --help` is quick. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<AddVerb>;
}

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  { name: 'start', summary: 'run the exchange', load: async () => (await import('./start.ts')).addStart },
  { name: 'query', summary: 'send one query and read the answer', load: async () => (await import('./query/index.ts')).addQuery },
  ...landed('demo', 'the invented network to try things on', 'demo', 'addDemo'),
  { name: 'agency', summary: 'certificates of agency systems', load: async () => (await import('./agency/index.ts')).addAgency },
  { name: 'registry', summary: 'organisations, their ORIs and affiliations', load: async () => (await import('./registry/index.ts')).addRegistry },
  { name: 'policy', summary: 'what an owner releases, to whom and when', load: async () => (await import('./policy/index.ts')).addPolicy },
  { name: 'vocabulary', summary: 'the words that policies and messages use', load: async () => (await import('./vocabulary.ts')).addVocabulary },
  { name: 'order', summary: 'court papers that an owner confirmed', load: async () => (await import('./order/index.ts')).addOrder },
  ...landed('source', 'connections to the records of owners', 'source/index', 'addSource'),
  { name: 'journal', summary: 'the record of what was asked and answered', load: async () => (await import('./journal/index.ts')).addJournal },
  { name: 'store', summary: 'the database and its schema', load: async () => (await import('./store/index.ts')).addStore },
  { name: 'doctor', summary: 'look for what is wrong with this installation', load: async () => (await import('./doctor.ts')).addDoctor },
  { name: 'completion', summary: 'completion of commands for a shell', load: async () => (await import('./completion.ts')).completionOf(verbs) },
];

/** A verb whose file is not in the tree yet is left out. */
function landed(name: string, summary: string, file: string, add: string): Verb[] {
  const url = new URL(`./${file}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
  if (!existsSync(fileURLToPath(url))) return [];
  return [{ name, summary, load: async () => (await import(url.href) as Record<string, AddVerb>)[add] ?? (() => undefined) }];
}

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
  { name: 'agency', summary: 'certificates of agency systems', load: async () => (await import('./agency/index.ts')).addAgency },
  { name: 'person', summary: 'people, their accounts and roles', load: async () => (await import('./person/index.ts')).addPerson },
  { name: 'acts', summary: 'the record of what people did: searched and exported', load: async () => (await import('./acts/index.ts')).addActs },
  { name: 'registry', summary: 'organisations, their ORIs and affiliations', load: async () => (await import('./registry/index.ts')).addRegistry },
  { name: 'policy', summary: 'what an owner releases, to whom and when', load: async () => (await import('./policy/index.ts')).addPolicy },
  { name: 'change', summary: 'changes of policies: checked, proposed, approved by others', load: async () => (await import('./change/index.ts')).addChange },
  { name: 'prove', summary: 'prove the claims of a policy, on every path', load: async () => (await import('./prove.ts')).addProve },
  { name: 'access', summary: 'who can obtain what, and under which condition', load: async () => (await import('./access.ts')).addAccess },
  { name: 'paths', summary: 'the ways by which an agency can obtain data', load: async () => (await import('./paths.ts')).addPaths },
  { name: 'vocabulary', summary: 'the words that policies and messages use', load: async () => (await import('./vocabulary.ts')).addVocabulary },
  { name: 'directory', summary: 'directories of states and agencies, which add and remove their own people', load: async () => (await import('./directory/index.ts')).addDirectory },
  { name: 'order', summary: 'court papers that an owner confirmed', load: async () => (await import('./order/index.ts')).addOrder },
  { name: 'held', summary: 'requests that a person decides, for reviewers and for agencies', load: async () => (await import('./held/index.ts')).addHeld },
  { name: 'duty', summary: 'duties with a clock: notices, certifications, reviews', load: async () => (await import('./duty/index.ts')).addDuty },
  { name: 'source', summary: 'connections to the records of owners', load: async () => (await import('./source/index.ts')).addSource },
  { name: 'public', summary: 'the public release of an owner: prepared, approved, built, checked', load: async () => (await import('./public/index.ts')).addPublic },
  { name: 'journal', summary: 'the record of what was asked and answered', load: async () => (await import('./journal/index.ts')).addJournal },
  { name: 'ledger', summary: 'the logs of owners: opened, published, kept and erased', load: async () => (await import('./ledger/index.ts')).addLedger },
  { name: 'archive', summary: 'entries of logs in columns, for whoever counts', load: async () => (await import('./archive/index.ts')).addArchive },
  { name: 'verify', summary: 'check a receipt, an answer, a log or a report, without the exchange', load: async () => (await import('./verify/index.ts')).addVerify },
  { name: 'witness', summary: 'be a witness of other people\'s logs', load: async () => (await import('./witness/index.ts')).addWitness },
  { name: 'brief', summary: 'one page on who asked for an owner\'s records, what they got, why and under which rules', load: async () => (await import('./brief/index.ts')).addBrief },
  { name: 'stats', summary: 'counts of requests, by any two of what is known of them', load: async () => (await import('./stats/index.ts')).addStats },
  { name: 'leads', summary: 'use of an owner\'s records that a person should look at', load: async () => (await import('./leads.ts')).addLeads },
  { name: 'export', summary: 'requests in a file, with a manifest, and on the record', load: async () => (await import('./export/index.ts')).addExport },
  { name: 'backtest', summary: 'try a draft of a policy on the requests of a period', load: async () => (await import('./backtest/index.ts')).addBacktest },
  { name: 'import', summary: 'logs of other systems, so that a state can be briefed on what it already has', load: async () => (await import('./import/index.ts')).addImport },
  { name: 'demo', summary: 'invented data to look at before there is any', load: async () => (await import('./demo/index.ts')).addDemo },
  { name: 'store', summary: 'the database and its schema', load: async () => (await import('./store/index.ts')).addStore },
  { name: 'doctor', summary: 'look for what is wrong with this installation', load: async () => (await import('./doctor.ts')).addDoctor },
  { name: 'completion', summary: 'completion of commands for a shell', load: async () => (await import('./completion.ts')).completionOf(verbs) },
];

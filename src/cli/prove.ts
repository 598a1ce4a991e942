import { claimsAt } from '../server/proof/claims.ts';
import { claimOf } from '../server/proof/proveJob.ts';
import type { NamedBasis, ProofLibrary } from '../server/proof/library.ts';
import { proofView, type ProofView } from '../server/proof/views.ts';
import type { Claim } from '../policy/index.ts';
import { readSentence } from '../policy/sentence/read.ts';
import { proveClaim } from '../proof/prove.ts';
import type { ClaimReport } from '../proof/types.ts';
import { basisLine, basisOf, withLibrary, type ProofOptions } from './proof/basis.ts';
import { claimLines, decidingVerdict, partyWords } from './proof/claimWords.ts';
import { Slowly } from './proof/slowly.ts';
import { align, count } from './registry/columnsOfText.ts';
import { readVersion } from './registry/withRegistry.ts';
import { exitCodes, verb, VerbError, type AddVerb, type VerbResult } from './verb.ts';

interface Options extends ProofOptions {
  readonly claim?: string;
  readonly never?: string;
}

/** `weir prove`: whether the claims of an owner hold, on every path. */
export const addProve: AddVerb = (parent) => {
  parent.command('prove')
    .description('prove the claims of a policy: that nobody obtains what they say, directly or by any chain')
    .argument('[owner]', 'two letters, such as WA; all owners where it is absent')
    .option('--file <file>', 'a policy file instead of the policy in force: nothing is activated')
    .option('--claim <id>', 'only this claim')
    .option('--never <sentence>', 'another claim, as a sentence: "No agencies … can obtain …"')
    .option('--registry <version>', 'this version of the registry, and not the newest')
    .addHelpText('after', `
Each claim is proved in two worlds (rules on passing data on are kept; data goes wherever it can) and two domains (the agencies of the
registry; whichever agencies join). The star marks the verdict that decides whether the policy may be activated.
Exit code 1 where a deciding verdict fails, or could not be decided.

Examples:
  weir prove                                   every owner, as a table
  weir prove WA                                each claim: how it fails and what would mend it, or what carries it
  weir prove --file wa.yaml --claim WA-C2      a draft
  weir prove WA --never "No agencies that are part of ICE can obtain photos directly or by any path, unless a court confirms a warrant."`)
    .action(verb(async (options: Options, owner: string | undefined) =>
      withLibrary(options, async (library) => (owner === undefined && options.file === undefined ? everyOwner(library, options) : oneOwner(library, owner, options)))));
};

async function oneOwner(library: ProofLibrary, owner: string | undefined, options: Options): Promise<VerbResult> {
  const slowly = new Slowly(options.quiet);
  try {
    const basis = await basisOf(library, owner, options);
    const claims = claimsFor(basis, options);
    const view = proofView(basis, await proveEach(basis, claims, (done) => slowly.step('claims', done, claims.length)));
    slowly.end();
    const none = options.claim === undefined && options.never === undefined ? ['The policy has no claim in force: nothing is proved.'] : [];
    return {
      text: [basisLine(basis), '', ...(view.claims.length === 0 ? none : view.claims.flatMap((report) => [...claimLines(report), '']))].join('\n').trimEnd(),
      json: view, exit: view.holds ? exitCodes.ok : exitCodes.finding,
    };
  } finally {
    slowly.end();
  }
}

async function everyOwner(library: ProofLibrary, options: Options): Promise<VerbResult> {
  if (options.claim !== undefined || options.never !== undefined) throw new VerbError(exitCodes.usage, 'a claim is proved of one owner', 'Name the owner: weir prove WA …');
  const slowly = new Slowly(options.quiet);
  try {
    const version = options.registry === undefined ? undefined : readVersion(options.registry);
    const views: ProofView[] = [];
    const owners = await library.inForce();
    for (const [place, { owner }] of owners.entries()) {
      await slowly.step('claims of owners', place, owners.length);
      const named = await library.policy(owner);
      if (named === null) continue;
      const basis = await library.basis(named, { version });
      views.push(proofView(basis, await proveEach(basis, claimsAt(basis.document, basis.at), () => slowly.step('claims of owners', place, owners.length))));
    }
    slowly.end();
    return { text: ownersText(views), json: { holds: views.every(({ holds }) => holds), owners: views }, exit: views.every(({ holds }) => holds) ? exitCodes.ok : exitCodes.finding };
  } finally {
    slowly.end();
  }
}

/** The claims to prove: the one that is named, the one that is said, or all in force. */
function claimsFor(basis: NamedBasis, { claim: id, never }: Options): readonly Claim[] {
  const said = never === undefined ? [] : [claimSaid(never)];
  if (id === undefined) return never === undefined ? claimsAt(basis.document, basis.at) : said;
  const named = claimOf(basis.document.claims, id);
  if (named !== null) return [named, ...said];
  throw new VerbError(exitCodes.usage, `${basis.document.policy} has no claim \`${id.slice(0, 40)}\``, `Its claims: ${basis.document.claims.map((claim) => claim.id).join(', ') || 'none'}`);
}

function claimSaid(sentence: string): Claim {
  const read = readSentence(sentence, { id: 'said' });
  if (!read.ok) {
    const expected = read.expected.length === 0 ? '' : ` There could stand: ${read.expected.join(', ')}.`;
    throw new VerbError(exitCodes.usage, `${read.message}\n      ${sentence.slice(0, 200)}\n      ${' '.repeat(Math.min(read.at, 200))}^`, `${read.mend === null ? '' : `${read.mend}.`}${expected}`.trim() || null);
  }
  if (read.kind === 'claim') return read.item;
  throw new VerbError(exitCodes.usage, 'the sentence is a rule, and not a claim', 'A claim begins with "No" or "Only": weir prove --help.');
}

async function proveEach(basis: NamedBasis, claims: readonly Claim[], step: (done: number) => Promise<void>): Promise<readonly ClaimReport[]> {
  const reports: ClaimReport[] = [];
  for (const [place, claim] of claims.entries()) {
    await step(place);
    reports.push(proveClaim(basis, claim));
  }
  return reports;
}

function ownersText(views: readonly ProofView[]): string {
  if (views.length === 0) return 'No policy is in force: there is nothing to prove.';
  const claims = views.reduce((sum, view) => sum + view.claims.length, 0);
  const failing = views.flatMap((view) => view.claims.filter(({ holds }) => !holds).map((report) => ({ view, report })));
  return [
    align([['owner', 'version', 'claims', 'hold', 'fail'], ...views.map(({ owner, policy, claims: reports }) => {
      const good = reports.filter(({ holds }) => holds).length;
      return [owner, String(policy.version), String(reports.length), String(good), String(reports.length - good)];
    })]),
    '',
    ...failing.map(({ view, report }) => `${view.owner}  ${report.claim.id}  ${failingWords(report)}`),
    ...(failing.length === 0 ? [] : ['', 'How, and what would mend it: weir prove OWNER']),
    `${count(claims)} ${claims === 1 ? 'claim' : 'claims'} of ${count(views.length)} owners: ${failing.length === 0 ? 'all hold' : `${count(failing.length)} ${failing.length === 1 ? 'fails' : 'fail'}`}.`,
  ].join('\n');
}

function failingWords(report: ClaimReport): string {
  const verdict = decidingVerdict(report);
  if (verdict?.holds === 'capped') return 'could not be decided';
  const first = verdict?.counterexample?.obtainer;
  const many = verdict?.count ?? null;
  return `fails${many === null ? '' : ` for ${count(many)}`}${first === undefined ? '' : `: ${partyWords(first)}`}`;
}

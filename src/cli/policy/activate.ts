import { userInfo } from 'node:os';
import { checkPolicy } from '../../policy/index.ts';
import { foresee, type Foreseen } from '../../server/proof/claims.ts';
import type { NamedDocument, ProofLibrary } from '../../server/proof/library.ts';
import { activatePolicy, PolicyStoreError, versionsInForce, type Activated } from '../../store/policies.ts';
import type { Sql } from '../../store/index.ts';
import { withLibrary } from '../proof/basis.ts';
import { claimLines } from '../proof/claimWords.ts';
import { Slowly } from '../proof/slowly.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { soundFile } from './file.ts';
import { findingLines } from './findingLines.ts';

interface Options extends CommonOptions {
  readonly author?: string;
  readonly dryRun?: boolean;
  readonly override?: string;
}

export const addActivate: AddVerb = (parent) => {
  parent.command('activate')
    .description('check a policy, prove its claims and put it in force; running exchanges follow at once')
    .argument('<file>', 'a policy as YAML or JSON, with a version above the last')
    .option('--author <name>', 'who changes it; else the name of the user of this machine')
    .option('--override <reason>', 'activate it though a claim fails; the reason is kept, and the journal names the claims')
    .option('--dry-run', 'check and prove only')
    .addHelpText('after', `
A policy with a claim that fails is not activated: what fails is shown with a request, the way the data then goes, and what would mend it.
Claims are proved on the newest registry, for each stretch of days to come in which no rule of the policy begins or ends.
Exit code 1 where the policy is not sound or a claim fails. Where the owner has a policy in force and people who approve its changes, it is not activated here:
see weir change apply.

Examples:
  weir policy activate wa.yaml --author "privacy office"
  weir policy activate wa.yaml --dry-run
  weir policy activate wa.yaml --author "privacy office" --override "order 2026-04 of the governor; mended by 1 June"`)
    .action(verb(async (options: Options, file: string) => {
      const { text, document, hash } = await soundFile(file);
      const result = checkPolicy(text);
      const warnings = findingLines(file, text, result.findings.filter(({ severity }) => severity === 'warning'));
      const work = options.dryRun === true ? tryOut : activate;
      const done = await work(options, { text, file, named: { document, hash } });
      return { ...done, text: [...warnings, done.text].join('\n') };
    }));
};

interface Asked {
  readonly text: string;
  readonly file: string;
  readonly named: NamedDocument;
}

async function tryOut(options: Options, { named }: Asked): Promise<VerbResult> {
  const { document } = named;
  // Without a claim no database is needed.
  const foreseen = document.claims.length === 0 ? [] : await withLibrary(options, async (library) => proved(options, library, named));
  const failing = foreseen.filter(({ report }) => !report.holds);
  const end = failing.length === 0 ? `Sound: ${nameOf(named)}. Nothing was changed.` : `Sound, but ${claimsWords(failing.length)} would not hold: ${nameOf(named)} could not be activated. Nothing was changed.`;
  return {
    text: [...foreseen.flatMap((one) => [...foreseenLines(one), '']), end].join('\n'),
    json: { owner: document.policy, version: document.version, changed: false, dryRun: true, claims: foreseen.map(claimJson) },
    exit: failing.length === 0 ? exitCodes.ok : exitCodes.finding,
  };
}

async function activate(options: Options, { text, file, named }: Asked): Promise<VerbResult> {
  const { document } = named;
  const author = options.author ?? userInfo().username;
  let foreseen: readonly Foreseen[] = [];
  try {
    const done = await withLibrary(options, async (library, sql) => {
      await refuseApproved(sql, document.policy);
      return activatePolicy(sql, text, {
        author, at: new Date(),
        prover: async () => (foreseen = await proved(options, library, named)).map(({ report }) => report),
        ...(options.override === undefined ? {} : { override: { reason: options.override, by: author } }),
      });
    });
    const { reports: _reports, ...facts } = done;
    return { text: [...overrideLines(done, foreseen), endLine(done, named)].join('\n'), json: { ...facts, claims: foreseen.map(claimJson) } };
  } catch (error) {
    if (!(error instanceof PolicyStoreError)) throw error;
    if (error.code === 'POLICY_CLAIMS') return refused(named, foreseen);
    throw new VerbError(error.code === 'POLICY_OVERRIDE' ? exitCodes.usage : exitCodes.finding, error.message, mendOf(error, file), { cause: error });
  }
}

/** Where an owner has people who approve, this is no way around them: only the first policy is activated on the machine. The invented people of a demonstration do not count. */
async function refuseApproved(sql: Sql, owner: string): Promise<void> {
  const inForce = (await versionsInForce(sql, new Date())).some((one) => one.owner === owner);
  const [approver] = !inForce ? [] : await sql`
    select 1 from role_grant join account on account.id = role_grant.account
    where scope = ${`owner ${owner}`} and role in ('policyApprover', 'privacyApprover') and ended_at is null and account.kind <> 'persona' limit 1`;
  if (approver === undefined) return;
  throw new VerbError(exitCodes.finding, `${owner} has a policy in force, and people who approve its changes: it is not changed on the machine alone`, 'Propose it: weir change apply FILE. In an emergency an official of the owner puts a change in force for 72 hours at most: docs/changes.md.');
}

async function proved(options: Options, library: ProofLibrary, named: NamedDocument): Promise<readonly Foreseen[]> {
  const slowly = new Slowly(options.quiet);
  try {
    return await foresee(library, named, (done, total) => slowly.step('claims', done, total));
  } finally {
    slowly.end();
  }
}

function refused(named: NamedDocument, foreseen: readonly Foreseen[]): VerbResult {
  const { document, hash } = named;
  const failing = foreseen.filter(({ report }) => !report.holds);
  return {
    text: [
      ...failing.flatMap((one) => [...foreseenLines(one), '']),
      `Not activated: ${claimsWords(failing.length)} of ${nameOf(named)} would not hold. Nothing was kept.`,
      'Mend the policy, or change the claim. To activate it as it is: --override "the reason", which is kept and put on the record.',
    ].join('\n'),
    json: { owner: document.policy, version: document.version, hash, changed: false, code: 'POLICY_CLAIMS', claims: foreseen.map(claimJson) },
    exit: exitCodes.finding,
  };
}

function overrideLines({ overridden }: Activated, foreseen: readonly Foreseen[]): string[] {
  if (overridden.length === 0) return [];
  return [
    ...foreseen.filter(({ report }) => !report.holds).flatMap((one) => [...foreseenLines(one), '']),
    `Overridden: ${overridden.join(', ')}. The reason is kept, and the exchange puts the override on the record.`,
  ];
}

function endLine(done: Activated, named: NamedDocument): string {
  if (!done.changed) return `Nothing to do: ${nameOf(named)} is this very document.`;
  const held = done.reports === null || done.reports.length === 0 || done.overridden.length > 0 ? '' : ` ${done.reports.length === 1 ? 'Its claim holds' : `All ${done.reports.length} claims hold`}.`;
  return `Activated ${nameOf(named)}, in force from ${done.effective}. Hash ${done.hash}.${held}`;
}

/** The claim with its verdicts, and since when where that is not from the first day on. */
function foreseenLines({ report, from }: Foreseen): string[] {
  const [head = '', ...rest] = claimLines(report);
  return [`${head}${from > new Date().toISOString().slice(0, 10) ? ` (from ${from} on)` : ''}`, ...rest];
}

function claimJson({ report, from }: Foreseen): unknown {
  return { from, ...report };
}

function claimsWords(failing: number): string {
  return failing === 1 ? 'a claim' : `${failing} claims`;
}

function nameOf({ document }: NamedDocument): string {
  return `version ${document.version} of ${document.policy}`;
}

function mendOf({ code }: PolicyStoreError, file: string): string {
  if (code === 'POLICY_VERSION') return 'Write a higher `version:` into the file.';
  return code === 'POLICY_OVERRIDE' ? 'Give --override "why it must be activated as it is".' : `See: weir policy check ${file}`;
}

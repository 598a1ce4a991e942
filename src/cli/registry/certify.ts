import { certifications, namesOf } from '../../vocabulary/index.ts';
import { certify, changeContent, dayOf, isCertification, isCertifiedOwner, RegistryError, textOfDay, type RegistryContent } from '../../registry/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { claimChangeExit, claimChangeLines, claimsAfter } from './brokenClaims.ts';
import { withRegistry } from './withRegistry.ts';

interface CertifyOptions extends CommonOptions {
  readonly owner: string;
  readonly since?: string;
  readonly until: string;
  readonly prove?: boolean;
}

/** `weir registry certify ORGANISATION WHAT`: puts on record what an organisation certified, to whom and until when. */
export const addCertify: AddVerb = (parent) => {
  parent.command('certify')
    .description('put on record what an organisation certified, to one owner or to all, and until when')
    .argument('<organisation>', 'its id, or the ORI of one of its offices')
    .argument('<certification>', 'what it certified, see below')
    .requiredOption('--owner <state>', 'the owner to whom, or "all"')
    .option('--since <day>', 'the first day in force (today)')
    .requiredOption('--until <day>', 'the last day in force')
    .option('--no-prove', 'do not prove the claims of policies on the new version')
    .addHelpText('after', `
Certifications:
${namesOf(certifications).filter(isCertification).map((name) => `  ${name.padEnd(22)} ${certifications[name].plain}`).join('\n')}

Examples:
  weir registry certify WA0170000 noCivilImmigrationUse --owner CO --until 2027-01-31
  weir registry certify us/dhs/usss securityTraining --owner all --since 2026-01-01 --until 2026-12-31

The same certification from the same day again changes its end: give the day before today to end it.`)
    .action(verb(certifyOne));
};

async function certifyOne(options: CertifyOptions, named: string, what: string): Promise<VerbResult> {
  if (!isCertification(what)) throw new VerbError(exitCodes.usage, 'there is no such certification', 'See weir registry certify --help.');
  const owner = options.owner.toLowerCase() === 'all' ? '*' : options.owner.toUpperCase();
  if (!isCertifiedOwner(owner)) throw new VerbError(exitCodes.usage, 'the owner is not one of the 56 jurisdictions', 'Give two letters, such as CO, or all.');
  const since = options.since ?? textOfDay(dayOf(new Date()));
  let organisation = named;
  const { stored, claims } = await withRegistry(options, async (sql) => {
    const made = await changeContent(sql, `${what} certified by ${named}`.slice(0, 200), (current) => {
      organisation = organisationOf(current, named);
      return certify(current, { organisation, certification: what, owner, since, until: options.until });
    });
    return { stored: made, claims: await claimsAfter(sql, made, options) };
  });
  return {
    text: [
      `${organisation} certified ${what} to ${owner === '*' ? 'all owners' : owner}, ${since} to ${options.until}. The registry is ${stored.changed ? 'now' : 'still'} at version ${stored.version}.`,
      ...claimChangeLines(claims),
    ].join('\n'),
    json: { organisation, certification: what, owner, since, until: options.until, version: stored.version, changed: stored.changed, claims },
    exit: claimChangeExit(claims),
  };
}

function organisationOf(content: RegistryContent, named: string): string {
  if (content.organisations.some((row) => row.id === named)) return named;
  const office = content.offices.find((row) => row.ori === named.toUpperCase());
  if (office === undefined) throw new RegistryError('unknownOrganisation', 'no organisation has this id, and no office this ORI');
  return office.organisation;
}

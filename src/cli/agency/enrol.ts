import { enrol, revoke } from '../../people/index.ts';
import { readServerFile } from '../../store/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { planFiles, writeFiles, type CertificateFiles } from './files.ts';
import { withPeople } from './people.ts';
import { checkRegistered } from './registry.ts';

interface Options extends CommonOptions {
  readonly out: string;
  readonly days: string;
  readonly note?: string;
  readonly operator?: boolean;
  readonly anyway?: boolean;
}

export const addEnrol: AddVerb = (parent) => {
  parent.command('enrol')
    .description('issue a certificate with which the system of an agency may ask, for its ORIs alone')
    .argument('[ori...]', 'the ORIs that it may speak for')
    .option('--out <dir>', 'where the key and the certificates are written', '.')
    .option('--days <n>', 'how long the certificate is valid', '365')
    .option('--note <text>', 'a word for the list, such as the name of the system')
    .option('--operator', 'for an operator: may read the counters, and needs no ORI')
    .option('--anyway', 'also where the registry does not know the ORI')
    .addHelpText('after', '\nThe private key is written once and kept nowhere else.\n\nExamples:\n  weir agency enrol WA0170000 --out ./cad\n  weir agency enrol WA0170000 WA0170100 --days 90 --note "county dispatch"')
    .action(verb(async (options: Options, oris: string[]) => await withPeople(options, async (people, folder) => {
      const days = /^\d{1,4}$/.test(options.days) ? Number(options.days) : 0;
      const name = (oris[0] ?? 'operator').trim().toUpperCase();
      if (!/^[0-9A-Z]{9}$|^OPERATOR$/.test(name)) throw new VerbError(exitCodes.usage, `\`${name.slice(0, 20)}\` is not an ORI`, 'An ORI is nine letters or digits, such as WA0170000.');
      const known = await checkRegistered(people.sql, oris, options.anyway === true);
      const files = await planFiles(options.out, name === 'OPERATOR' ? 'operator' : name);
      const made = await enrol(people, {
        oris, days, operator: options.operator === true, ...(options.note === undefined ? {} : { note: options.note }),
      });
      try {
        await writeFiles(files, made);
      } catch (cause) {
        await revoke(people.sql, made.fingerprint); // nobody has its key
        throw new VerbError(exitCodes.environment, 'the key and the certificate could not be written', 'Nothing was enrolled. Name another folder with --out.', { cause });
      }
      const urls = (await readServerFile(folder))?.urls ?? [];
      const attempt = tryLine(files, urls.find((url) => url.startsWith('https:')) ?? 'https://localhost:8443', made.oris[0]);
      const lines = [
        `Enrolled ${made.oris.map((ori) => known.has(ori) ? `${ori} (${known.get(ori) ?? ''})` : ori).join(', ') || 'an operator'} until ${made.notAfter.toISOString().slice(0, 10)}.`,
        `  key          ${files.key}    (secret: give it to the system of the agency alone)`, `  certificate  ${files.certificate}`, `  authority    ${files.authority}`,
        `  fingerprint  ${made.fingerprint}`, 'Try it while the exchange runs:', `  ${attempt}`,
      ];
      const { fingerprint, serial, notAfter } = made;
      return { text: lines.join('\n'), json: { oris: made.oris, operator: options.operator === true, fingerprint, serial, notAfter, files, try: attempt } };
    })));
};

function tryLine(files: CertificateFiles, url: string, ori: string | undefined): string {
  const quoted = (path: string): string => /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return `curl --cacert ${quoted(files.authority)} --cert ${quoted(files.certificate)} --key ${quoted(files.key)} ${url}${ori === undefined ? '/metrics' : `/v1/registry/agencies/${ori}`}`;
}

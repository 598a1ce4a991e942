import { verifyCertificate, type Certificate } from '../../approvals/index.ts';
import { textOf, VerifyError } from '../../verify/index.ts';
import { fileBytes, trustOf, withTrust, type TrustOptions } from '../verify/trust.ts';
import { exitHelp, verdict } from '../verify/verdict.ts';
import { exitCodes, VerbError, type AddVerb } from '../verb.ts';
import { anchorEntries } from './anchor.ts';
import { shown } from './server.ts';

interface Options extends TrustOptions {
  readonly log: string;
}

const longest = 1_000_000;
const pdfBegins = Buffer.from('%PDF-');

/** `weir change verify FILE --log DIR|URL`. */
export const addVerify: AddVerb = (parent) => {
  withTrust(parent.command('verify'))
    .description('a certificate of approval against the anchor log, without the exchange')
    .argument('<file>', 'the certificate as data: weir change certificate')
    .requiredOption('--log <dir|url>', 'the anchor log: the folder that has its checkpoint, or its address')
    .addHelpText('after', `
Shown is that each approval stands in the anchor log as it was given, that they are as many and of the offices that the rule of approval asks for, that the author is
not among them, and that the log says nothing against it. The whole log is looked through, so that nothing of it is kept back.
${exitHelp}

Examples:
  weir change verify approval.json --log /srv/weir/ledger/log/anchor --policy trust.txt
  weir change verify approval.json --log https://weir.example.org/log/anchor --policy trust.txt`)
    .action(verdict(async (options: Options, file: string) => {
      const trust = await trustOf(options);
      const certificate = certificateIn(await fileBytes(file), file);
      const { checkpoint, entries } = await anchorEntries(options.log, trust, certificate.proposal);
      if (!checkpoint.quorum) throw new VerifyError('noQuorum', 'Too few witnesses cosigned the checkpoint of the anchor log.', 'checkpoint');
      const { good, faults } = verifyCertificate(certificate, entries);
      const json = { ok: good, proposal: certificate.proposal, owner: certificate.owner, hash: certificate.hash, origin: checkpoint.origin, size: checkpoint.size, witnesses: checkpoint.by, faults };
      if (!good) return { text: ['NOT GOOD', ...faults.map(({ code, message }) => shown(`${code.padEnd(10)} ${message}`))].join('\n'), json, exit: exitCodes.finding };
      return {
        text: ['GOOD  The approval stands in the anchor log as the certificate says.', shown(`${certificate.owner} ${certificate.version === null ? certificate.kind : `version ${certificate.version}`}, hash ${certificate.hash}`),
          ...certificate.approvals.map(({ name, role, at, anchor }) => shown(`${name} (${role}), ${at}${anchor === null ? '' : `, entry ${anchor}`}`)), `${checkpoint.origin}: ${checkpoint.size} entries`].join('\n'), json,
      };
    }));
};

/** Whoever handed it in controls it: `verifyCertificate` looks at its form. */
function certificateIn(bytes: Uint8Array, file: string): Certificate {
  if (pdfBegins.every((byte, at) => bytes[at] === byte)) throw new VerbError(exitCodes.usage, 'this is the PDF, which is for reading; the certificate as data (JSON) is what is verified', 'Get it with weir change certificate ID --out FILE, without --pdf.');
  const text = textOf(bytes, file);
  try {
    const found = text.length > longest ? null : (JSON.parse(text) as unknown);
    if (typeof found === 'object' && found !== null && typeof (found as Certificate).proposal === 'string' && /^[A-Za-z0-9-]{1,64}$/.test((found as Certificate).proposal)) return found as Certificate;
  } catch {
    // Told below.
  }
  throw new VerbError(exitCodes.usage, 'the file is no certificate of approval', 'Get it with weir change certificate ID --out FILE.');
}

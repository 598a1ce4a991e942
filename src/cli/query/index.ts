import { Option, type Command } from 'commander';
import { courtClasses, inquiryKeys, messageKeys, purposes, reasonCodes } from '../../vocabulary/index.ts';
import { verb } from '../verb.ts';
import { send } from './send.ts';

/** `weir query`: one query by hand, through the same door as any agency system. */
export function addQuery(parent: Command): void {
  parent.command('query')
    .description('send one query to a running exchange and read the answer')
    .argument('[key]', `message key: ${inquiryKeys.join(' ')}, or TQ for the directory`)
    .option('--as <ori>', 'the ORI that asks')
    .option('--to <owners>', 'up to five owners, as in WA,OR; or NL for all')
    .option('--oln <number>', 'driver licence number')
    .option('--name <name>', "'SURNAME,GIVEN MIDDLE'")
    .option('--dob <date>', 'birth date, YYYY-MM-DD')
    .option('--sex <code>', 'M, F, X or U')
    .option('--plate <plate>', 'plate; with * and ? for RPQ').option('--plate-year <year>', 'plate year').option('--plate-type <type>', 'plate type, as PC')
    .option('--vin <vin>', 'vehicle number')
    .option('--ori <ori>', 'the ORI to look up (TQ)')
    .option('--image', 'ask for the photo')
    .addOption(new Option('--purpose <purpose>', 'why').choices(Object.keys(purposes)))
    .addOption(new Option('--reason <code>', 'legacy reason code').choices([...reasonCodes]))
    .option('--case <number>', 'case number')
    .option('--warrant <number>', 'number of a warrant or order')
    .option('--warrant-hash <sha256>', 'fingerprint of the paper')
    .addOption(new Option('--court <class>', 'who signed it').choices(Object.keys(courtClasses)))
    .option('--on-behalf-of <ori>', 'the organisation for which you ask')
    .option('--user <name>', 'who asks, as the agency knows them')
    .option('--wants <classes>', 'only these data classes, as in photo,address')
    .option('--control <text>', 'control field, echoed in the answer')
    .addOption(new Option('--format <format>', 'how to ask, and so how the answer comes').choices(['json', 'niem', 'legacy']).default('json'))
    .option('--file <file>', 'send this message as it is; - for standard input')
    .option('--idempotency-key <key>', 'the same key gets the same answer')
    .option('--server <url>', 'the exchange; the one that runs on the data folder unless told')
    .option('--cert <file>', 'certificate of the agency').option('--key-file <file>', 'its key').option('--ca <file>', 'the authority of the server')
    .addHelpText('after', help)
    .action(verb(send));
}

const help = `
Message keys:
${inquiryKeys.map((key) => `  ${key.padEnd(5)} ${messageKeys[key].plain}`).join('\n')}

Examples:
  weir query DQ --as OR5010000 --to WA --oln WDL3B7K902XM --image
  weir query DQ --as WA5010100 --to NL --name 'QUILLON,DARA M' --dob 1990-07-21 --sex F
  weir query RQ --as WA5010100 --to WA --plate BKR4471 --plate-year 2027 --plate-type PC --format legacy
  weir query --file message.txt --format legacy --server https://127.0.0.1:8443 --cert OR5010000.crt --key-file OR5010000.key --ca authority.crt

Exit codes:
  0  answered, or no such record    1  refused, held or unavailable    2  wrong usage or message    3  the exchange cannot be reached
`;

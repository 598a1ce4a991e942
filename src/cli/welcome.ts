import { landmarkOris, people } from '../../demo/landmarks.ts';
import type { RunningWeir } from '../server/compose/weir.ts';

/** What is printed once the exchange takes queries: the address, three things to try, where data lies and how to stop. */
export function welcome(weir: RunningWeir, seconds: number): string {
  const lines = weir.http === null ? production(weir) : demonstration(weir.http, weir);
  return `${[
    '',
    `Weir is ready after ${seconds.toFixed(1)} s: ${weir.owners} owners, ${weir.agencies.toLocaleString('en-US')} ORIs, ${weir.entries.toLocaleString('en-US')} entries in the journal.`,
    ...lines,
    '',
    `  Data lies in   ${weir.store.folder}`,
    '  Stop it with   Ctrl-C',
    '',
  ].join('\n')}\n`;
}

function demonstration(http: string, weir: RunningWeir): string[] {
  const { tessa, dara } = people;
  const data = weir.store.folder;
  const dq = (ori: string): string => `printf 'DQ.${ori}.WA.*A1B2C3D4.TXT\\nOLN/${tessa.licenceNumber}.IMQ/N' | curl -s -H 'Content-Type: text/plain' --data-binary @- ${http}/v1/inquiries`;
  return [
    '',
    '  DEMONSTRATION: every person, agency and record is invented. Plain HTTP on this machine only.',
    '',
    `  Open           ${http}          (API page: ${http}/docs)`,
    `  Agency systems ${weir.https}         (mutual TLS)`,
    '',
    'Five things to try, in another terminal:',
    '',
    `  1. A sheriff in Oregon asks Washington about a driver:`,
    `     ${dq(landmarkOris.sheriff287g)}`,
    '',
    '  2. Immigration and Customs Enforcement asks the same:',
    `     ${dq(landmarkOris.iceEro)}`,
    '',
    '  3. One name to all 56 owners, from the command line, and what the record says of it:',
    `     npx weir query DQ --as ${landmarkOris.cityPolice} --to NL --name '${dara.surname},${dara.given} ${dara.middle}' --dob ${dara.birthDate} --sex ${dara.sex} --server ${http}`,
    `     npx weir journal tail -n 5 --data ${data}`,
    '',
    '  4. Who gets the data of Washington’s residents, on one page, from an invented year:',
    `     npx weir brief WA --data ${data}          (or open ${http}/briefings/WA)`,
    '',
    '  5. What Washington held of the first request, for a person to decide: be Ruth Anders, with one click, at',
    `     ${http}/desk/WA/held`,
  ];
}

function production(weir: RunningWeir): string[] {
  return [
    '',
    `  Agency systems ${weir.https}         (mutual TLS; enrol one with \`weir agency enrol ORI\`)`,
    weir.people === null ? '  People         nowhere yet: set `people.port` in settings.yaml' : `  People         ${weir.people}         (the first of an owner: \`weir person add\`)`,
    ...(weir.owners === 0 ? ['', '  No owner has a policy yet, so everything is refused: see `weir policy --help`.'] : []),
    ...(weir.agencies === 0 ? ['  No registry was imported yet: see `weir registry import --help`.'] : []),
  ];
}

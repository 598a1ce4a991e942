import {
  allDataClasses, allPurposes, attributeWords, courtClasses, gradeOrder, labelOf, listAttributes, namesOf, queryKinds, treatmentsOf, type DataClass, type RequesterAttributes,
} from '../../vocabulary/index.ts';

/**
 * The forms of one class that Cedar can be asked for, from the finest to the coarsest: `full`, its treatments, `held`. A form means
 * "this or finer": `address/state` is allowed where the address may be given as state, as county or in full, `photo/held` wherever it is not refused.
 */
export function formsOf(dataClass: DataClass): readonly string[] {
  return ['full', ...(treatmentsOf[dataClass] ?? []), 'held'];
}

/**
 * The Cedar schema of every exported policy: the same for all owners and versions. Agencies ask, with the attributes of the registry;
 * an owner's records are asked for; the papers of the request are its context. Actions are grouped, so that a policy names few of them.
 */
export function cedarSchema(): string {
  return [
    '// Who asks. The words come from the registry, never from the request.',
    'entity Agency = {',
    ...(Object.keys(attributeWords) as (keyof RequesterAttributes)[]).map((name) => `  ${name}: ${isList(name) ? 'Set<String>' : 'String'}, // ${wordsOf(name)}`),
    '};',
    '',
    '// All records of one owner, named by its two letters.',
    'entity Records;',
    '',
    '// What a request states. Grades are numbers:', `// ${gradeOrder.map((grade, n) => `${n} ${grade}`).join(', ')}.`,
    'type Request = {',
    `  purpose: String, // ${allPurposes.join(' | ')}`,
    '  warrant: Long,',
    `  court: String, // ${namesOf(courtClasses).join(' | ')}`,
    '  caseNumber: Long,',
    `  query: String, // ${namesOf(queryKinds).join(' | ')}`,
    '  usedUp: Set<String>, // ids of the volume limits that this request would exceed',
    '};',
    '',
    '// Groups. `all`: every form of every class; `machine`: what is given without a person; `held`: what a person may still release.',
    'action "all", "machine", "held", "notify";',
    ...allDataClasses.flatMap(classActions),
    '',
  ].join('\n');
}

function classActions(dataClass: DataClass): readonly string[] {
  const applies = 'appliesTo { principal: Agency, resource: Records, context: Request }';
  const machine = formsOf(dataClass).slice(0, -1).map((form) => `"${dataClass}/${form}"`).join(', ');
  return [
    '',
    `// ${labelOf(dataClass)}`,
    `action "${dataClass}" in ["all"];`,
    `action "${dataClass}/machine" in ["${dataClass}", "machine"];`,
    `action ${machine} in ["${dataClass}/machine"] ${applies};`,
    `action "${dataClass}/held" in ["${dataClass}", "held"] ${applies};`,
    `action "${dataClass}/notify" in ["notify"] ${applies};`,
  ];
}

function isList(name: keyof RequesterAttributes): boolean {
  return (listAttributes as readonly string[]).includes(name);
}

function wordsOf(name: keyof RequesterAttributes): string {
  return [...(name === 'homeState' ? ['a jurisdiction such as WA'] : []), ...attributeWords[name]].join(' | ');
}

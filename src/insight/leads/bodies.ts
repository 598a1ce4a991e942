import { components, componentTree, departments, type Component } from '../../vocabulary/index.ts';
import type { AskingOffice, Ground } from './ground.ts';

/** An organisation as policies speak of it: the finest federal component, else the organisation of the registry. */
export interface Body {
  readonly key: string;
  readonly name: string;
  readonly department: string | null;
  readonly offices: readonly number[];
}

export function bodiesOf({ offices, world }: Pick<Ground, 'offices' | 'world'>): readonly Body[] {
  const bodies = new Map<string, { key: string; name: string; department: string | null; offices: number[] }>();
  for (const office of offices) {
    const { key, name, department } = bodyOf(office, world);
    const known = bodies.get(key) ?? { key, name, department, offices: [] };
    known.offices.push(office.place);
    bodies.set(key, known);
  }
  return [...bodies.values()];
}

function bodyOf({ attributes, organisation }: AskingOffice, world: Ground['world']): Omit<Body, 'offices'> {
  if (attributes.level !== 'federal') return { key: organisation, name: world.names.organisation(organisation) ?? organisation, department: null };
  const own = attributes.component.filter((one): one is Exclude<Component, 'none' | 'undeclared'> => one !== 'none' && one !== 'undeclared');
  const finest = own.find((one) => !own.some((other) => componentTree[other].under === one));
  const department = attributes.department === 'none' || attributes.department === 'undeclared' || attributes.department === 'otherFederal' ? null : attributes.department;
  if (finest === undefined) return { key: `department ${attributes.department}`, name: departments[attributes.department].plain, department };
  return { key: finest, name: `${finest} (${components[finest].plain.split(/[,:]/)[0] ?? ''})`, department };
}

import type { RequesterAttributes } from '../vocabulary/index.ts';
import { dayOf } from './days.ts';
import type { ContentSnapshot } from './snapshot.ts';

const kept = new WeakMap<ContentSnapshot, { readonly day: number; readonly all: ReadonlySet<RequesterAttributes> }>();

/**
 * The different attributes of all agencies that can ask, as one owner reads them that day: what its policy is compiled for. A few
 * hundred to a few thousand, because equal ones are one object. May name some that no agency has towards this very owner.
 */
export function attributeSets(snapshot: ContentSnapshot, owner: string, at: Date): ReadonlySet<RequesterAttributes> {
  const day = dayOf(at);
  let base = kept.get(snapshot);
  if (base?.day !== day) kept.set(snapshot, (base = { day, all: new Set(snapshot.content.offices.flatMap(({ ori }) => attributesOf(snapshot, ori, '*', at))) }));
  const own = new Set(snapshot.content.certifications.filter((row) => row.owner === owner).map((row) => row.organisation));
  if (own.size === 0) return base.all;
  const offices = [...own].flatMap((organisation) => snapshot.index.officesOf.get(organisation) ?? []);
  return new Set([...base.all, ...offices.flatMap(({ ori }) => attributesOf(snapshot, ori, owner, at))]);
}

function attributesOf(snapshot: ContentSnapshot, ori: string, owner: string, at: Date): readonly RequesterAttributes[] {
  const requester = snapshot.requester(ori);
  return requester === null ? [] : [requester.attributes(owner, at)];
}

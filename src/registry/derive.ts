import type { Affiliation, CertificationRow, Organisation } from './model.ts';
import { inForce, textOfDay, type Day } from './days.ts';
import { lineage, type RegistryIndex } from './registryIndex.ts';
import type {
  AffiliationKind, AuditStatus, Certification, Component, Department, Jurisdiction, Level, Mission, Program287g, RequesterAttributes, TaskForceKind, YesNo,
} from '../vocabulary/index.ts';

/** One attribute and where each word of it comes from, in words: a row of the registry, an edge with its provenance, or a rule. */
export interface Derived<T> {
  readonly value: T;
  readonly because: readonly string[];
}

/** The attributes of an organisation towards one owner on one day, with the reasons. `value` is what a policy reads. */
export type DerivedAttributes = { readonly [A in keyof RequesterAttributes]: Derived<RequesterAttributes[A]> };

/**
 * Derives what a policy can read of an organisation. What is null is inherited; what nobody declared is `undeclared`.
 * An edge of the whole holds for its parts of the same level (a task force of a sheriff holds for the sheriff's jail,
 * an agreement of a city does not hold for its state, nor one of a state for its cities).
 * Certifications are not inherited: what one body certified does not bind, nor open, another.
 */
export function deriveAttributes(index: RegistryIndex, organisation: string, owner: string, day: Day): DerivedAttributes {
  return derive(index, organisation, owner, textOfDay(day), edgeWords);
}

/** `words` gives the reason of an edge: the hot path has no use for reasons and passes a constant. */
function derive(index: RegistryIndex, organisation: string, owner: string, date: string, words: EdgeWords): DerivedAttributes {
  const line = lineage(index.organisations, organisation);
  const level = nearest(line, 'level', (row) => row.level) ?? undeclared<Level>('no row names a level');
  const edges = edgesFor(index, line, level.value).filter((edge) => inForce(edge, date));
  return {
    level,
    department: department(line, level.value),
    component: component(line, level.value),
    homeState: homeState(line, level.value),
    mission: nearest(line, 'missions', (row) => (row.missions?.length === 0 ? null : row.missions)) ?? undeclaredList<Mission>('no row names a mission'),
    program287g: program287g(edges, level.value, words),
    taskForce: listFrom<TaskForceKind>(edges, 'taskForce', 'no task force is on record', words),
    certified: certified(index.certifications.get(organisation) ?? [], owner, date),
    audit: nearest(line, 'audit', (row) => row.audit) ?? undeclared<AuditStatus>('no row names an audit'),
    criminalJustice: nearest(line, 'criminalJustice', (row) => row.criminalJustice) ?? undeclared<YesNo>('no row says so'),
    sharedOri: yesNoFrom(edges, 'sharedOri', words),
    vendorHosted: yesNoFrom(edges, 'vendorHosting', words),
  };
}

type EdgeWords = (edge: Affiliation) => string;

/** What `deriveAttributes` finds, without the reasons. */
export function attributesOn(index: RegistryIndex, organisation: string, owner: string, day: Day): RequesterAttributes {
  const derived = derive(index, organisation, owner, textOfDay(day), () => '');
  return {
    level: derived.level.value,
    department: derived.department.value,
    component: derived.component.value,
    homeState: derived.homeState.value,
    mission: derived.mission.value,
    program287g: derived.program287g.value,
    taskForce: derived.taskForce.value,
    certified: derived.certified.value,
    audit: derived.audit.value,
    criminalJustice: derived.criminalJustice.value,
    sharedOri: derived.sharedOri.value,
    vendorHosted: derived.vendorHosted.value,
  };
}

/**
 * The affiliations that bear on the attributes of an organisation, whatever their days: its own, and those of the bodies above it
 * that are of its own level. ICE is an end of every 287(g) agreement, and none of them says anything of ICE.
 */
export function edgesFor(index: RegistryIndex, line: readonly Organisation[], level: Level): readonly Affiliation[] {
  const bears = (edge: Affiliation): boolean => bearing.has(edge.kind) && (edge.kind !== 'program287g' || level !== 'federal');
  return line.flatMap((row, steps) => (steps === 0 || levelOf(line.slice(steps)) === level ? (index.affiliations.get(row.id) ?? []).filter(bears) : []));
}

const bearing: ReadonlySet<AffiliationKind> = new Set(['program287g', 'taskForce', 'sharedOri', 'vendorHosting']);

/** The level of the first organisation of a lineage. */
export function levelOf(line: readonly Organisation[]): Level {
  return line.find((row) => row.level !== null)?.level ?? 'undeclared';
}

function nearest<T>(line: readonly Organisation[], name: string, read: (row: Organisation) => T | null): Derived<T> | null {
  for (const [steps, row] of line.entries()) {
    const value = read(row);
    if (value !== null) return { value, because: [steps === 0 ? `${name} of ${row.id}` : `inherited from ${row.id}`] };
  }
  return null;
}

function department(line: readonly Organisation[], level: Level): Derived<Department> {
  const named = nearest(line, 'department', (row) => row.department);
  if (named !== null) return named;
  return level === 'federal' || level === 'undeclared' ? undeclared('no row names a department') : { value: 'none', because: ['below the federal level'] };
}

function component(line: readonly Organisation[], level: Level): Derived<readonly Component[]> {
  const rows = line.filter((row) => row.component !== null && row.component !== 'none' && row.component !== 'undeclared');
  if (rows.length > 0) {
    return { value: [...new Set(rows.map((row) => row.component as Component))].sort(), because: rows.map((row) => `${String(row.component)} of ${row.id}`) };
  }
  const named = nearest(line, 'component', (row) => row.component);
  if (named !== null) return { value: [named.value], because: named.because };
  return level === 'federal' || level === 'undeclared' ? undeclaredList('no row names a component') : { value: ['none'], because: ['below the federal level'] };
}

function homeState(line: readonly Organisation[], level: Level): Derived<Jurisdiction | 'none' | 'undeclared'> {
  const named = nearest(line, 'home state', (row) => row.homeState);
  if (named !== null) return named;
  return level === 'federal' ? { value: 'none', because: ['federal'] } : undeclared('no row names a home state');
}

function program287g(edges: readonly Affiliation[], level: Level, words: EdgeWords): Derived<readonly Program287g[]> {
  if (level === 'federal') return { value: ['none'], because: ['an agreement is made with a state or local agency'] };
  return listFrom<Program287g>(edges, 'program287g', 'no agreement is on record', words);
}

/**
 * The details of the confirmed edges of one kind. Facts win: only where none is confirmed does a suggestion, or an edge
 * that does not say of what kind it is, make the attribute `undeclared`. So a suggestion can never hide a fact.
 */
function listFrom<T extends string>(
  edges: readonly Affiliation[], kind: AffiliationKind, otherwise: string, words: EdgeWords,
): Derived<readonly (T | 'none' | 'undeclared')[]> {
  const mine = edges.filter((edge) => edge.kind === kind);
  const facts = mine.filter((edge) => edge.confirmed && edge.detail !== null && edge.detail !== 'undeclared');
  if (facts.length > 0) return { value: [...new Set(facts.map((edge) => edge.detail as T))].sort(), because: facts.map(words) };
  if (mine.length > 0) return { value: ['undeclared'], because: mine.map(words) };
  return { value: ['none'], because: [otherwise] };
}

function yesNoFrom(edges: readonly Affiliation[], kind: AffiliationKind, words: EdgeWords): Derived<YesNo> {
  const mine = edges.filter((edge) => edge.kind === kind);
  const facts = mine.filter((edge) => edge.confirmed);
  if (facts.length > 0) return { value: 'yes', because: facts.map(words) };
  return mine.length > 0 ? { value: 'undeclared', because: mine.map(words) } : { value: 'no', because: ['no such edge is on record'] };
}

function certified(rows: readonly CertificationRow[], owner: string, date: string): Derived<readonly Certification[]> {
  const mine = rows.filter((row) => (row.owner === owner || row.owner === '*') && inForce(row, date));
  if (mine.length === 0) return { value: ['none'], because: ['no certification is in force towards this owner'] };
  return {
    value: [...new Set(mine.map((row) => row.certification))].sort(),
    because: mine.map((row) => `${row.certification} to ${row.owner === '*' ? 'all owners' : row.owner}, ${row.since} to ${row.until}`),
  };
}

function edgeWords(edge: Affiliation): string {
  const state = edge.confirmed ? '' : 'to be confirmed: ';
  return `${state}${edge.kind}${edge.detail === null ? '' : ` ${edge.detail}`} ${edge.from} -> ${edge.to}, ${edge.since} to ${edge.until ?? 'open'} (${edge.provenance})`;
}

const undeclared = <T extends string>(because: string): Derived<T | 'undeclared'> => ({ value: 'undeclared', because: [because] });

const undeclaredList = <T extends string>(because: string): Derived<readonly (T | 'undeclared')[]> => ({ value: ['undeclared'], because: [because] });

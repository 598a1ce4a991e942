import { allDataClasses, type DataClass, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { ClassDecision, Decision, DecisionInput, NotifyDuty } from '../../model/index.ts';
import type { LimitRule } from '../document.ts';
import { parseDay } from '../quantity.ts';
import { decideCell, openCells } from './cells.ts';
import { DecisionMemory } from './decisionMemory.ts';
import { holds, matchPlane, PlaneBook, signer, type Signature } from './match.ts';
import { hasBit, planeOf, type Plane } from './planes.ts';
import { RowBook } from './rows.ts';
import { readSource, sha256, TableError, type TableSource } from './source.ts';
import { spaceOf } from './space.ts';
import type { Atom, ContextSpace, OpenHow, PolicyTable, Row, TableMatch, TableRule } from './types.ts';

/** Makes a table of its bytes, and of nothing else. Throws a `TableError` where they are damaged or made with another vocabulary. */
export function loadTable(text: string): PolicyTable {
  return new LoadedTable(text, readSource(text));
}

class LoadedTable implements PolicyTable {
  readonly owner: string;
  readonly policyVersion: number;
  readonly policyHash: string;
  readonly hash: string;
  readonly text: string;
  readonly from: number | null;
  readonly before: number | null;
  readonly space: ContextSpace;
  readonly atoms: readonly Atom[];
  readonly rules: readonly TableRule[];
  readonly onward: PolicyTable['onward'];
  readonly limits: readonly LimitRule[];
  readonly compiledClasses: number;
  readonly #source: TableSource;
  readonly #planes = new PlaneBook();
  readonly #book: RowBook;
  readonly #sign: (attributes: RequesterAttributes) => Signature;
  readonly #classes = new WeakMap<RequesterAttributes, number>();
  readonly #cells: (ClassDecision | undefined)[][] = [];
  /** Equal decisions of one data class are one object, by what they say. */
  readonly #decided = new Map<string, ClassDecision>();
  readonly #open = new Map<string, Plane>();
  readonly #duties = new Map<string, number>();
  readonly #memory = new DecisionMemory();

  constructor(text: string, source: TableSource) {
    this.#source = source;
    this.text = text;
    this.hash = sha256(text);
    this.owner = source.owner;
    this.policyVersion = source.policyVersion;
    this.policyHash = source.policyHash;
    this.from = source.from === null ? null : parseDay(source.from);
    this.before = source.before === null ? null : parseDay(source.before);
    this.space = spaceOf(source.groups);
    this.atoms = source.atoms.map(([attribute, words]) => ({ attribute, words }));
    this.rules = source.rules;
    this.onward = source.onward;
    this.limits = source.limits.map(({ rule }) => rule);
    for (const plane of source.planes) this.#planes.number(planeOf(plane));
    this.#book = restore(source, this.#planes);
    this.compiledClasses = source.classes.length;
    this.#sign = signer(this.atoms);
  }

  matchOf(rule: number): TableMatch {
    const found = this.#source.rules[rule];
    if (found === undefined) throw new RangeError(`there is no rule ${rule}`);
    const one = ({ who, plane }: { readonly who: readonly number[]; readonly plane: number }) => ({ who: who.map((atom) => this.atoms[atom] as Atom), plane: this.#planes.at(plane) });
    return { ...one(found), except: found.except.map(one) };
  }

  classOf(attributes: RequesterAttributes): number {
    const known = this.#classes.get(attributes);
    if (known !== undefined) return known;
    const number = this.#book.classNumber(this.#sign(attributes));
    if (Object.isFrozen(attributes)) this.#classes.set(attributes, number);
    return number;
  }

  rowsOf(agencyClass: number): readonly Row[] {
    const found = this.#book.classes[agencyClass];
    if (found === undefined) throw new RangeError(`there is no class ${agencyClass}`);
    return found.rows;
  }

  rowOf(agencyClass: number, dataClass: DataClass): Row {
    return this.rowsOf(agencyClass)[placeOf[dataClass]] as Row;
  }

  cell(row: Row, cell: number): ClassDecision {
    const cells = (this.#cells[row.index] ??= []);
    return (cells[cell] ??= this.#intern(decideCell(this.rules, row, cell)));
  }

  open(row: Row, how: OpenHow): Plane {
    if (how.except !== undefined) return openCells(this.rules, this.space, row, how);
    const key = `${row.index} ${how.form} ${how.held}`;
    let plane = this.#open.get(key);
    if (plane === undefined) this.#open.set(key, (plane = openCells(this.rules, this.space, row, how)));
    return plane;
  }

  limitsOf(agencyClass: number): readonly LimitRule[] {
    const { limits } = this.#source;
    if (limits.length === 0) return none;
    const signature = this.#book.classes[agencyClass]?.signature;
    return signature === undefined ? none : limits.filter(({ who }) => holds(who, signature)).map(({ rule }) => rule);
  }

  dutiesOf(agencyClass: number, cell: number, classes: readonly DataClass[]): readonly NotifyDuty[] {
    const { notify } = this.#source;
    const signature = this.#book.classes[agencyClass]?.signature;
    if (notify.length === 0 || signature === undefined) return none;
    return notify
      .filter((rule, i) => (rule.data === null || classes.some((one) => rule.data?.includes(one) === true)) && this.#dutyCells(i, agencyClass, signature, cell))
      .map(({ id, tell, within }): NotifyDuty => ({ rule: id, who: tell, withinSeconds: within }))
      .sort((a, b) => (a.rule < b.rule ? -1 : 1));
  }

  decide(input: DecisionInput): Decision {
    const agencyClass = this.classOf(input.requester);
    const cell = this.space.cellOf(input.purpose, input.evidence, input.kind);
    const kept = this.#memory.of(input.classes);
    return kept[agencyClass]?.[cell] ?? this.#memory.keep(kept, agencyClass, cell, this.#make(agencyClass, cell, input.classes));
  }

  #make(agencyClass: number, cell: number, classes: readonly DataClass[]): Decision {
    const rows = this.rowsOf(agencyClass);
    // A word from outside the vocabulary has no cell; what lets one come so far is a fault, and nothing is decided.
    if (!(cell >= 0)) throw new RangeError('a request has a word that is not in the vocabulary');
    return Object.freeze<Decision>({
      owner: this.owner,
      policyVersion: this.policyVersion,
      policyHash: this.policyHash,
      tableHash: this.hash,
      classes: Object.freeze(classes.map((dataClass) => this.cell(rows[placeOf[dataClass]] as Row, cell))),
      duties: Object.freeze(this.dutiesOf(agencyClass, cell, classes)),
    });
  }

  #dutyCells(place: number, agencyClass: number, signature: Signature, cell: number): boolean {
    const key = `${place} ${agencyClass}`;
    let plane = this.#duties.get(key);
    if (plane === undefined) this.#duties.set(key, (plane = matchPlane(this.#source.notify[place] as TableSource['notify'][number], signature, this.#planes, new Map())));
    return plane >= 0 && hasBit(this.#planes.at(plane), cell);
  }

  #intern(made: ClassDecision): ClassDecision {
    const key = `${made.dataClass} ${made.outcome} ${made.treatment ?? ''} ${made.rules.join(' ')}`;
    const known = this.#decided.get(key);
    if (known !== undefined) return known;
    Object.freeze(made.rules);
    this.#decided.set(key, Object.freeze(made));
    return made;
  }
}

const none: readonly never[] = Object.freeze([]);

const placeOf = Object.fromEntries(allDataClasses.map((dataClass, place) => [dataClass, place])) as Readonly<Record<DataClass, number>>;

/** The classes of the bytes, made again from the rules; what was written down must be what comes out. */
function restore(source: TableSource, planes: PlaneBook): RowBook {
  const book = new RowBook(source.rules, planes);
  for (const [who] of source.classes) book.classNumber(Uint8Array.from(source.atoms, (_, atom) => (who.includes(atom) ? 1 : 0)));
  const { rows, classes } = book.written();
  if (JSON.stringify([rows, classes]) === JSON.stringify([source.rows, source.classes])) return book;
  throw new TableError('TABLE_DAMAGED', 'the bytes are no compiled table: their rows do not follow from their rules');
}

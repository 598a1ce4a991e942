import type { CourtClass, DataClass, EvidenceFacts, EvidenceGrade, Outcome, Purpose, QueryKind, RequesterAttributes, Treatment } from '../../vocabulary/index.ts';
import type { Decision, DecisionInput, NotifyDuty, Review } from '../../model/index.ts';
import type { LimitRule, OnwardRule } from '../document.ts';
import type { Plane } from './planes.ts';

/** What a request says besides who asks: one point of the space in which rules are written. */
export interface Context {
  readonly purpose: Purpose;
  readonly warrant: EvidenceGrade;
  readonly court: CourtClass;
  readonly caseNumber: EvidenceGrade;
  readonly kind: QueryKind;
}

/**
 * The contexts as one policy tells them apart. Words that no rule separates share a group, so a policy that reads little has few cells.
 * A cell is a number below `size`; a plane over cells has one bit a cell.
 */
export interface ContextSpace {
  readonly size: number;
  /** For each axis in the order of `Context`, its groups of words: `[['none'], ['stated', 'numbered'], …]`. */
  readonly groups: { readonly [A in keyof Context]: readonly (readonly Context[A][])[] };
  cellOf(purpose: Purpose, evidence: EvidenceFacts, kind: QueryKind): number;
  /** The group of each axis that a cell stands for. */
  groupsOf(cell: number): { readonly [A in keyof Context]: readonly Context[A][] };
  /** Every admissible context of a cell: a court is stated only with a warrant. */
  contextsOf(cell: number): readonly Context[];
  /** The cells with at least one admissible context of which `test` holds. */
  select(test: (context: Context) => boolean): Plane;
  /** The cells with any admissible context. */
  readonly all: Plane;
}

/** One clause of a matcher: the asker has at least one of the words. */
export interface Atom {
  readonly attribute: keyof RequesterAttributes;
  readonly words: readonly string[];
}

/** What one cell says of one data class. Equal cells are one frozen object. */
export interface Cell {
  readonly outcome: Outcome;
  /** Sorted; empty for default deny. */
  readonly rules: readonly string[];
  readonly treatment: Treatment | null;
  readonly review: Review | null;
}

/** A rule with the cells in which it may match, once the asker is settled. */
export interface RowPart {
  /** Place in `PolicyTable.rules`. */
  readonly rule: number;
  readonly plane: Plane;
}

/** What one class of agencies meets for one data class: hash-consed, so that equal rows are one object with one number. */
export interface Row {
  readonly index: number;
  readonly dataClass: DataClass;
  /** The rules that can match, in the order of the document. */
  readonly parts: readonly RowPart[];
}

export interface TableRule {
  readonly id: string;
  readonly outcome: 'release' | 'hold' | 'deny';
  readonly data: readonly DataClass[];
  readonly treat: Readonly<Partial<Record<DataClass, Treatment>>>;
  readonly review: Review | null;
}

/** Whom and when a rule matches, as the table has it: all the atoms, a cell of the plane, and none of the exceptions. */
export interface TableMatch {
  readonly who: readonly Atom[];
  readonly plane: Plane;
  readonly except: readonly { readonly who: readonly Atom[]; readonly plane: Plane }[];
}

/** How a proof reads a row. */
export interface OpenHow {
  /** `full`: a redaction does not count. */
  readonly form: 'any' | 'full';
  /** Whether a cell that holds counts as open. */
  readonly held: boolean;
  /** Rules left out, as if the document did not have them: places in `rules`. */
  readonly except?: ReadonlySet<number>;
}

/**
 * The compiled policy of one owner for a stretch of days in which no item begins or ends. Made from bytes alone (`loadTable`),
 * and those bytes are what the live path, the backtest and the proofs all load.
 */
export interface PolicyTable {
  readonly owner: string;
  readonly policyVersion: number;
  readonly policyHash: string;
  /** SHA-256 of `text`, hexadecimal. */
  readonly hash: string;
  /** The bytes, as text. */
  readonly text: string;
  /** Milliseconds since 1970: from the first, up to and without the last; null where open. */
  readonly from: number | null;
  readonly before: number | null;
  readonly space: ContextSpace;
  readonly atoms: readonly Atom[];
  readonly rules: readonly TableRule[];
  /** What a rule asks, for proofs about agencies that nobody has seen; `rule` is a place in `rules`. */
  matchOf(rule: number): TableMatch;
  /** The onward rules in force. */
  readonly onward: readonly OnwardRule[];
  /** The limits in force. */
  readonly limits: readonly LimitRule[];
  /** How many classes the bytes name; classes found later are numbered after them. */
  readonly compiledClasses: number;
  /** The number of the class of agencies that the rules cannot tell from one with these attributes. */
  classOf(attributes: RequesterAttributes): number;
  /** The rows of a class, one for each data class in vocabulary order. */
  rowsOf(agencyClass: number): readonly Row[];
  rowOf(agencyClass: number, dataClass: DataClass): Row;
  /** What is decided in one cell of a row. */
  cell(row: Row, cell: number): Cell;
  /** The cells of a row in which data is given, by a machine or (with `held`) by a person too. Only admissible cells. */
  open(row: Row, how: OpenHow): Plane;
  /** The limits that count what this class asks for. */
  limitsOf(agencyClass: number): readonly LimitRule[];
  /** The duties that a request gives rise to. */
  dutiesOf(agencyClass: number, cell: number, classes: readonly DataClass[]): readonly NotifyDuty[];
  /** The whole decision. Equal questions about a frozen requester get one frozen object. */
  decide(input: DecisionInput): Decision;
}

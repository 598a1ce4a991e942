import { inferenceEdges, type DataClass } from '../vocabulary/index.ts';
import { meet, type Plane, type PolicyTable, type ProofWorld, type Row } from '../policy/index.ts';
import { noEdge, passingOf, type HopContexts, type Passing, type Removed } from './passes.ts';
import { byClass, type View } from './view.ts';

/**
 * One class of data on its way through a network. A class that reveals another has a layer of its own, because it is asked for and passed
 * on by rules of its own, and whoever has it in full has what it reveals.
 */
export interface Layer {
  readonly dataClass: DataClass;
  readonly form: 'any' | 'full';
  /** True for a class that is asked about; false for one that is here because it reveals such a one. */
  readonly wanted: boolean;
  /** For each profile 1 where a request of its own obtains the class. */
  readonly opens: Uint8Array;
  readonly passing: Passing;
  /** The layers of what this one reveals. */
  readonly reveals: readonly number[];
}

/** What is asked of the layers. */
export interface LayerQuestion {
  readonly classes: readonly DataClass[];
  readonly form: 'any' | 'full';
  readonly held: boolean;
  /** The cells that matter, and what a hop may be. */
  readonly plane: Plane;
  readonly hop: HopContexts;
  /** Null: no edge, only what each asks for itself. */
  readonly world: ProofWorld | null;
  readonly removed: Removed;
}

/** The layers of the classes asked about, those first, and of all that reveal them. A giver that is reduced reveals nothing. */
export function layersFor(view: View, question: LayerQuestion): readonly Layer[] {
  return planLayers(view.table, question.classes, question.form).map(({ dataClass, form, wanted, reveals }) => ({
    dataClass, form, wanted, reveals, opens: opensOf(view, dataClass, form, question),
    passing: question.world === null ? noEdge : passingOf(view, dataClass, question.world, question.hop, question.removed),
  }));
}

/** Which layers there are, and what reveals what. */
export function planLayers(table: Pick<PolicyTable, 'rules'>, classes: readonly DataClass[], form: 'any' | 'full'): readonly Pick<Layer, 'dataClass' | 'form' | 'wanted' | 'reveals'>[] {
  // Where no rule reduces a class, its two forms are one.
  const formOf = (dataClass: DataClass): 'any' | 'full' => (form === 'any' && table.rules.some(({ treat }) => treat[dataClass] !== undefined) ? 'any' : 'full');
  const plan = classes.map((dataClass) => ({ dataClass, form: formOf(dataClass), wanted: true, reveals: [] as number[] }));
  for (let i = 0; i < plan.length; i += 1) {
    const given = plan[i]?.dataClass;
    for (const { from } of inferenceEdges.filter(({ gives }) => gives === given)) {
      let giver = plan.findIndex((one) => one.dataClass === from && one.form === 'full');
      if (giver < 0) giver = plan.push({ dataClass: from, form: 'full', wanted: false, reveals: [] }) - 1;
      plan[giver]?.reveals.push(i);
    }
  }
  return plan;
}

/** Which profiles obtain a class by a request of their own, in a cell that matters. */
function opensOf(view: View, dataClass: DataClass, form: 'any' | 'full', { held, plane, removed }: LayerQuestion): Uint8Array {
  const { table, classOf } = view;
  const how = { form, held, ...(removed.rules.size === 0 ? {} : { except: removed.rules }) };
  const byRow = new Map<Row, number>();
  return byClass(view, new Uint8Array(classOf.length), (agencyClass) => {
    const row = table.rowOf(agencyClass, dataClass);
    let open = byRow.get(row);
    if (open === undefined) byRow.set(row, (open = meet(table.open(row, how), plane) ? 1 : 0));
    return open;
  });
}

/**
 * What a draft changes for one request, from the most open: each request is in exactly one. The first that fits is taken, so that whoever gains
 * anything by a machine stands at the top, whatever else is lost.
 */
export const changeKinds = ['released', 'widened', 'reviewable', 'narrowed', 'held', 'refused', 'altered', 'unchanged'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** The same for one class of data of a request. `altered`: held as before, but another desk, time or end. */
export const cellKinds = ['released', 'widened', 'reviewable', 'narrowed', 'held', 'refused', 'altered', 'same'] as const;
export type CellKind = (typeof cellKinds)[number];

/** Kinds by which somebody gets less by a machine than before. */
export const losses: readonly ChangeKind[] = ['narrowed', 'held', 'refused'];

/** What follows for a request as a whole: something is given at once, else a person decides, else nothing. */
export type Disposition = 'given' | 'held' | 'refused';

/** What became of the request then: a record was given; there was none, or the owner could not look; or the rules let nobody look. */
export const foundKinds = ['found', 'nothingThere', 'notLooked'] as const;
export type FoundKind = (typeof foundKinds)[number];

/** Headings, and how one says it of so many requests: `12 requests …`. */
export const kindWords: Readonly<Record<ChangeKind, { readonly title: string; readonly one: string; readonly many: string }>> = {
  released: { title: 'Newly given', one: 'would get data that was kept back', many: 'would get data that was kept back' },
  widened: { title: 'Given in a fuller form', one: 'would get data in a fuller form', many: 'would get data in a fuller form' },
  reviewable: { title: 'Refused then, reviewed by a person now', one: 'was refused and would be put to a person', many: 'were refused and would be put to a person' },
  narrowed: { title: 'Fewer fields, or reduced', one: 'would get fewer fields', many: 'would get fewer fields' },
  held: { title: 'Newly held for a person', one: 'would wait for a person', many: 'would wait for a person' },
  refused: { title: 'Newly refused', one: 'would be refused', many: 'would be refused' },
  altered: { title: 'Held by another desk, or for another time', one: 'would be reviewed otherwise', many: 'would be reviewed otherwise' },
  unchanged: { title: 'Unchanged', one: 'stays as it was', many: 'stay as they were' },
};

import { canonicalJson, sha256 } from './canonical.ts';
import { cellsOf, monthsOf } from './positions.ts';
import { PublishError, tableIds, type Aggregate, type Approval, type Cell, type ReleaseTable } from './types.ts';

/**
 * Reads an aggregate, and refuses all but what may be published: canonical JSON of the right shape, no number from 1 to the threshold, sums that agree.
 * Throws `PUBLISH_FORMAT` or `PUBLISH_SMALL`. Whoever gives the text is not trusted.
 */
export function readAggregate(text: string): { readonly aggregate: Aggregate; readonly hash: string } {
  const aggregate = parsed(text, 'aggregate') as Aggregate;
  try {
    shaped(aggregate);
    for (const table of aggregate.tables) checkTable(aggregate, table);
  } catch (cause) {
    throw cause instanceof PublishError ? cause : new PublishError('PUBLISH_FORMAT', 'the aggregate lacks a member, or has one of another kind than it should', { cause });
  }
  return { aggregate, hash: sha256(text.trimEnd()) };
}

/** Reads an approval, and refuses one of another aggregate or by whoever prepared it. Throws `PUBLISH_FORMAT` or `PUBLISH_APPROVAL`. */
export function readApproval(text: string, aggregate: Aggregate, hash: string): Approval {
  const approval = parsed(text, 'approval') as Approval;
  if ((approval.weirApproval as unknown) !== 1 || !isText(approval.by) || !isTime(approval.at)) throw format('the approval is not one of Weir');
  if (approval.aggregate !== hash || approval.owner !== aggregate.owner || approval.version !== aggregate.version) throw new PublishError('PUBLISH_APPROVAL', 'the approval is for another aggregate than this one');
  if (sameOffice(approval.by, aggregate.preparedBy)) throw new PublishError('PUBLISH_APPROVAL', `${approval.by} prepared this aggregate, and so cannot approve it`);
  return approval;
}

/** Names of offices are compared as people read them. */
export function sameOffice(a: string, b: string): boolean {
  const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
  return plain(a) === plain(b);
}

function parsed(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PublishError('PUBLISH_FORMAT', `the ${what} is not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || canonicalJson(value) !== text.trimEnd()) throw format(`the ${what} is not canonical JSON: it was changed after it was written`);
  return value;
}

function shaped(value: Aggregate): void {
  const need = (holds: boolean, what: string): void => { if (!holds) throw format(`the aggregate has no sound \`${what}\``); };
  need((value.weirAggregate as unknown) === 1, 'weirAggregate');
  for (const name of ['owner', 'ownerName', 'preparedBy', 'engine', 'review'] as const) need(isText(value[name]), name);
  need(/^[A-Z]{2}$/.test(value.owner), 'owner');
  need(Number.isSafeInteger(value.version) && value.version >= 1, 'version');
  need(Number.isSafeInteger(value.threshold) && value.threshold >= 10, 'threshold');
  need(isTime(value.preparedAt) && (value.newest === null || /^\d{4}-\d\d-\d\d$/.test(value.newest)), 'preparedAt');
  need(Object.keys(dayed(value.period)).length === 3 && (value.timeZone as string) === 'UTC', 'period');
  need(['ledger', 'invented', 'imported'].includes(value.dataset.kind) && isText(value.dataset.label), 'dataset');
  for (const name of ['tables', 'leftOut', 'changes', 'checkpoints', 'gaps', 'earlier'] as const) need(Array.isArray(value[name]), name);
  need(Array.isArray(value.axes.groups) && tableIds.every((id) => Array.isArray(value.axes.columns[id])), 'axes');
  need(/^https:\/\/[a-z0-9./-]+$/i.test(value.licence.path), 'licence');
  need(new Set(value.tables.map(({ id, span }) => `${id} ${span}`)).size === value.tables.length, 'tables');
}

function checkTable(aggregate: Aggregate, table: ReleaseTable): void {
  const { axes, threshold } = aggregate;
  const where = `${table.id} ${table.span}`;
  if (!tableIds.includes(table.id) || !/^\d{4}-\d\d(\.\.\d{4}-\d\d)?$/.test(table.span) || monthsOf(table.span).length === 0) throw format(`there is no table \`${where.slice(0, 60)}\``);
  const [rows, columns] = [axes.groups.length, axes.columns[table.id].length];
  if (table.cells.length !== rows || table.cells.some((line) => line.length !== columns) || table.columnTotals.length !== columns || (table.rowTotals !== null && table.rowTotals.length !== rows)) throw format(`the table ${where} is not of the size of its lines and columns`);
  for (const { cell, position } of cellsOf(aggregate, table)) {
    if (typeof cell !== 'number') { if ((cell.hidden as string) !== 'small' && (cell.hidden as string) !== 'protects' || Object.keys(cell).length !== 1) throw format(`what stands at ${position} is neither a number nor hidden`); }
    else if (!Number.isSafeInteger(cell) || cell < 0) throw format(`what stands at ${position} is no count`);
    else if (cell >= 1 && cell <= threshold) throw new PublishError('PUBLISH_SMALL', `a number from 1 to ${threshold} stands at ${position}`);
  }
  for (let column = 0; column < columns; column += 1) sum(table.columnTotals[column], table.cells.map((line) => line[column]), `${where}, ${axes.columns[table.id][column]?.id ?? ''}`);
  if (table.rowTotals === null || table.id === 'released') return;
  sum(table.total, table.rowTotals, where);
  if (columns > 0) for (const [row, line] of table.cells.entries()) sum(table.rowTotals[row], line, `${where}, ${axes.groups[row]?.id ?? ''}`);
}

/** Where all parts are shown, the total is their sum; where some are hidden, it is not less than the others. */
function sum(total: Cell | null | undefined, parts: readonly (Cell | undefined)[], where: string): void {
  if (typeof total !== 'number') return;
  const shown = parts.filter((part): part is number => typeof part === 'number');
  const added = shown.reduce((a, b) => a + b, 0);
  if (shown.length === parts.length ? added !== total : added > total) throw format(`the numbers of ${where} do not add up to their total`);
}

function dayed(period: Aggregate['period']): Aggregate['period'] {
  if ([period.from, period.to].every((day) => /^\d{4}-\d\d-01$/.test(day)) && period.from < period.to && isText(period.text)) return period;
  throw format('the aggregate has no sound `period`');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length < 2_000;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

function format(message: string): PublishError {
  return new PublishError('PUBLISH_FORMAT', message);
}

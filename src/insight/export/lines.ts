import type { ArchiveSession, OwnerWords, ReadChunk } from '../archive/types.ts';
import { endedCtes } from '../statistics/ended.ts';
import { rowsStatement } from '../statistics/statement.ts';
import type { Condition, Names } from '../statistics/types.ts';
import type { ExportColumn, ExportValue, Review, Who } from './columns.ts';
import type { LineFormat } from './formats.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export interface LinesOptions {
  readonly columns: readonly ExportColumn[];
  readonly where: readonly Condition[];
  readonly format: LineFormat;
  readonly names: Names;
  readonly pseudonyms: Pseudonyms;
}

/**
 * The lines of a selection, in the order of owners and indices, as texts of many lines each. `take` writes them at once, so that no more than a chunk is ever held.
 * What an entry only points to (who asked, what the request said, what came of it) is written out once for each word of the dictionaries and then put together.
 * Returns how many lines of each owner.
 */
export async function writeLines(session: ArchiveSession, options: LinesOptions, take: (text: string, lines: number) => void): Promise<Readonly<Record<string, number>>> {
  const { ctes, from, where } = await settled(session, options.where);
  const counts: Record<string, number> = {};
  for (const owner of session.owners) {
    if (!/^[A-Z0-9]{2}$/.test(owner)) continue;
    const pieces = piecesOf(options, owner, await session.words(owner), await reviewsOf(session, owner));
    let count = 0;
    const sql = `${ctes.length === 0 ? '' : `with ${ctes.join(',\n ')} `}select ${selected} from ${from} where ${where} and e.owner = '${owner}' order by e."index"`;
    await session.columns(sql, (chunk) => {
      const makers = pieces.map((piece) => piece(chunk));
      const { begin, end } = options.format;
      let text = '';
      for (let row = 0; row < chunk.rows; row += 1) {
        text += begin;
        for (let place = 0; place < makers.length; place += 1) text += place === 0 ? (makers[0]?.(row) ?? '') : `,${makers[place]?.(row) ?? ''}`;
        text += end;
      }
      count += chunk.rows;
      take(text, chunk.rows);
    });
    counts[owner] = count;
  }
  return counts;
}

/** How many requests of each owner a selection has. */
export async function countSelection(session: ArchiveSession, where: readonly Condition[]): Promise<Readonly<Record<string, number>>> {
  const { ctes, from, where: met, parameters } = rowsStatement(where);
  const rows = await session.query<{ owner: string; n: number }>(`${ctes.length === 0 ? '' : `with ${ctes.join(',\n ')} `}select e.owner, count(*) as n from ${from} where ${met} group by 1`, parameters);
  return Object.fromEntries(session.owners.map((owner) => [owner, rows.find((row) => row.owner === owner)?.n ?? 0]));
}

const selected = `e."index", epoch_ms(e."at") as "at", e.who, e.behalf, e.context, e."atOnce" as outcome, e.records, e.subject, e."subjectName", e."user", e."userName",
  case when e.self then 1 when not e.self then 0 else -1 end as self, case when e."sameSurname" then 1 when not e."sameSurname" then 0 else -1 end as surname, coalesce(strpos('MFUX', e.sex), 0) as sex, e.final, e."reviewSeconds"`;
const place = { index: 0, at: 1, who: 2, behalf: 3, context: 4, outcome: 5, records: 6, subject: 7, subjectName: 8, user: 9, userName: 10, self: 11, sameSurname: 12, sex: 13, final: 14, reviewSeconds: 15 } as const;

/**
 * A reading of many rows takes no parameters, so the words of the conditions are put into a table of the session first, by a statement that does; the text of the reading then has
 * nothing in it but places in that table.
 */
async function settled(session: ArchiveSession, conditions: readonly Condition[]): Promise<{ readonly ctes: readonly string[]; readonly from: string; readonly where: string }> {
  const { parameters, ctes, from, where } = rowsStatement(conditions);
  if (parameters.length === 0) return { ctes, from, where };
  await session.query(`create or replace temp table "exportWords" as select * from (values ${parameters.map((_, at) => `(${at + 1}, $${at + 1})`).join(', ')}) as w(place, word)`, parameters);
  const put = (sql: string): string => sql.replaceAll(/\$(\d+)/g, (_, at: string) => `(select word from "exportWords" where place = ${at})`);
  return { ctes: ctes.map(put), from: put(from), where: put(where) };
}

/** The ends of an owner's held requests, each sort once, by their number. */
async function reviewsOf(session: ArchiveSession, owner: string): Promise<ReadonlyMap<number, Review>> {
  const rows = await session.query<Review & { readonly final: number }>(`with ${endedCtes.join(',\n ')} select distinct final, verdict, "decidedBy", reason, late from ended where owner = $1`, [owner]);
  return new Map(rows.map((row) => [row.final, row]));
}

/** Gives, for a chunk, what makes the piece of one of its rows. */
type Piece = (chunk: ReadChunk) => (row: number) => string;

/** Neighbouring columns of the same word are one piece. */
function piecesOf(options: LinesOptions, owner: string, words: OwnerWords, reviews: ReadonlyMap<number, Review>): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < options.columns.length;) {
    const first = options.columns[at];
    if (first === undefined) break;
    const { of } = first.source;
    let end = at + 1;
    while (isWord(of) && options.columns[end]?.source.of === of) end += 1;
    pieces.push(isWord(of) ? wordPiece(options, of, options.columns.slice(at, end), words) : entryPiece(options, owner, first, reviews));
    at = end;
  }
  return pieces;
}

type WordHome = 'who' | 'behalf' | 'context' | 'outcome';

function isWord(of: ExportColumn['source']['of']): of is WordHome {
  return of === 'who' || of === 'behalf' || of === 'context' || of === 'outcome';
}

function wordPiece({ format, names }: LinesOptions, of: WordHome, columns: readonly ExportColumn[], words: OwnerWords): Piece {
  const made: string[] = [];
  const text = (value: (column: ExportColumn) => ExportValue): string => columns.map((column) => format.piece(column, value(column))).join(',');
  const none = text(() => null);
  const make = (id: number): string => text(({ source }) => valueOf(source, id, words, names));
  return (chunk) => {
    const ids = chunk.ints(place[of]);
    return (row) => {
      const id = ids[row] ?? -1;
      return id < 0 ? none : (made[id] ??= make(id));
    };
  };
}

function valueOf(source: ExportColumn['source'], id: number, { requesters, attributes, contexts, outcomes }: OwnerWords, names: Names): ExportValue {
  switch (source.of) {
    case 'who': case 'behalf': {
      const word = requesters[id];
      const own: Who['attributes'] | undefined = attributes[word?.attributes ?? -1];
      return word === undefined || own === undefined ? null : source.value({ word, attributes: own }, names);
    }
    case 'context': return contexts[id] === undefined ? null : source.value(contexts[id]);
    case 'outcome': return outcomes[id] === undefined ? null : source.value(outcomes[id]);
    case 'entry': case 'review': case 'reviewSeconds': case 'mark': case 'tag': return null;
  }
}

function entryPiece({ format, pseudonyms }: LinesOptions, owner: string, column: ExportColumn, reviews: ReadonlyMap<number, Review>): Piece {
  const { source } = column;
  const none = format.piece(column, null);
  if (source.of === 'review') {
    const texts = new Map([...reviews].map(([id, one]) => [id, format.piece(column, source.value(one))]));
    return (chunk) => { const ids = chunk.ints(place.final); return (row) => texts.get(ids[row] ?? -1) ?? none; };
  }
  if (source.of === 'reviewSeconds') return (chunk) => { const values = chunk.ints(place.reviewSeconds); return (row) => ((values[row] ?? -1) < 0 ? none : format.piece(column, values[row] ?? 0)); };
  if (source.of === 'tag') {
    const kind = source.column === 'subject' ? 'thing' : source.column === 'user' ? 'user' : 'name';
    return (chunk) => {
      const hidden = pseudonyms.of(owner, kind, chunk.longs(place[source.column]));
      return (row) => { const one = hidden[row] ?? null; return one === null ? none : format.piece(column, one); };
    };
  }
  if (source.of === 'mark') {
    const values: readonly ExportValue[] = source.column === 'sex' ? [null, 'M', 'F', 'U', 'X'] : [null, false, true];
    const texts = values.map((value) => format.piece(column, value));
    return (chunk) => {
      const codes = chunk.values(place[source.column]);
      const shift = source.column === 'sex' ? 0 : 1;
      return (row) => texts[Number(codes[row]) + shift] ?? none;
    };
  }
  if (source.of !== 'entry') return () => () => none;
  const own = format.piece(column, owner);
  switch (source.column) {
    case 'owner': return () => () => own;
    case 'index': return (chunk) => { const values = chunk.longs(place.index); return (row) => format.piece(column, Number(values[row] ?? 0n)); };
    case 'place': return (chunk) => { const values = chunk.longs(place.index); return (row) => format.piece(column, `${owner}#${String(values[row] ?? 0n)}`); };
    case 'at': return (chunk) => { const values = chunk.longs(place.at); return (row) => format.piece(column, new Date(Number(values[row] ?? 0n)).toISOString()); };
    case 'records': return (chunk) => { const values = chunk.ints(place.records); return (row) => format.piece(column, values[row] ?? 0); };
  }
}

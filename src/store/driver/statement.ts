import type { Sql } from 'postgres';

/**
 * A statement of the driver before and while it runs. These are names inside `postgres` 3.4 which its types leave out: `handler` is called once, when somebody first waits for the statement, and
 * whoever is given it has it run. A test holds that they are there.
 */
export interface Statement extends Promise<unknown> {
  handler: (statement: Statement) => void;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  /** True where somebody gave it up before it was sent. */
  readonly cancelled: unknown;
  /** Set for a cursor. */
  readonly cursorFn?: unknown;
  /** True for COPY. */
  readonly streaming?: boolean;
}

/** Whoever has statements run. */
export type Send = (statement: Statement) => void;

/** The parts of the driver that only make statements, and never connect. */
export type Maker = Sql;

/** What both a pool and one connection of it have: the tag, and what makes statements and values. */
export type Tag = Pick<Sql, 'unsafe' | 'json' | 'array' | 'typed' | 'types' | 'notify' | 'file'> & ((strings: TemplateStringsArray, ...values: never[]) => Statement);

/** A tag whose statements go to `send`. */
export function tagTo(maker: Maker, send: Send): Tag {
  const make = maker as unknown as (first: unknown, ...rest: unknown[]) => unknown;
  const tag = (first: unknown, ...rest: unknown[]): unknown => {
    const made = make(first, ...rest);
    if (Array.isArray(first) && 'raw' in first) (made as Statement).handler = send;
    return made;
  };
  const unsafe = (...given: Parameters<Sql['unsafe']>): unknown => {
    const made = (maker.unsafe as (...all: unknown[]) => unknown)(...given) as Statement;
    made.handler = send;
    return made;
  };
  return Object.assign(tag, {
    unsafe, json: (value: never) => maker.json(value), array: (...given: Parameters<Sql['array']>) => maker.array(...given), typed: maker.typed, types: maker.types,
    notify: (channel: string, payload: string) => unsafe('select pg_notify($1, $2)', [channel, payload]),
    file: () => { throw new TypeError('statements from files are not used here'); },
  }) as unknown as Tag;
}

/** Calls `then` once, when the statement has its result or its error, before whoever waits for it hears. */
export function whenSettled(statement: Statement, then: (error: unknown, result: unknown) => void): void {
  const { resolve, reject } = statement;
  let told = false;
  const tell = (error: unknown, result: unknown): void => {
    if (told) return;
    told = true;
    then(error, result);
  };
  statement.resolve = (value) => {
    tell(null, value);
    resolve(value);
  };
  statement.reject = (error) => {
    tell(error, null);
    reject(error);
  };
}

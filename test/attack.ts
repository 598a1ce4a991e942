import { readFileSync } from 'node:fs';

import { persona, type Client, type Said } from './peopleClient.ts';

/** The invented people of the demonstration. */
export const cast = ['Olive', 'Adam', 'Petra', 'Priya', 'Ruth', 'Aldo', 'Cora', 'Uri', 'Nora', 'Nils', 'Otis'] as const;
export type Cast = Readonly<Record<(typeof cast)[number], Client>>;

/** Everybody, signed in at once. */
export async function everybody(url: string): Promise<Cast> {
  return Object.fromEntries(await Promise.all(cast.map(async (name) => [name, await persona(url, name)] as const))) as Record<(typeof cast)[number], Client>;
}

export interface Route {
  readonly method: string;
  readonly url: string;
  readonly action: string;
}

/** Every route of the table of roles, from its page in the documentation, which a test keeps true. */
export function allRoutes(): readonly Route[] {
  const lines = readFileSync(new URL('../docs/roles.md', import.meta.url), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const action = /^\| `([a-z]+\.[a-z.]+)` \|/.exec(line)?.[1];
    return action === undefined ? [] : [...line.matchAll(/`(GET|POST|PUT|DELETE|PATCH) ([^`]+)`/g)].map(([, method = '', url = '']) => ({ method, url, action }));
  });
}

/** What an answer says, without what is of this one request. */
export function form({ status, text }: Said, ids: readonly string[]): string {
  return `${status} ${ids.reduce((said, id) => said.replaceAll(id, 'ID'), text.replace(/[0-9a-f]{12}-[0-9a-z]+/g, 'request'))}`;
}

/** Text that would show wherever it is not escaped, a spreadsheet or a terminal not minded. `name` says where it went in. */
export const planted = (name: string): string => `=1+1"'><script>zq${name}</script><img src=x onerror=zq> ${name}`;

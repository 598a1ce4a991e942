import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { decode } from '../src/wire/index.ts';

const root = new URL('../', import.meta.url);
const readme = await readFile(new URL('README.md', root), 'utf8');

it('the first query of the README is one that the exchange takes', () => {
  const message = /printf '([^']+)'/.exec(readme)?.[1]?.replaceAll('\\n', '\n') ?? '';
  const decoded = decode('legacy', Buffer.from(message));
  expect(decoded.ok && decoded.value.key === 'DQ' && decoded.value.requester).toBe(landmarkOris.sheriff287g);
  expect(message).toContain(people.tessa.licenceNumber);
  expect(readme).toContain(landmarkOris.iceEro);
});

it.each([...readme.matchAll(/\]\((?!http)([^)]+)\)/g)].map((m) => m[1] ?? ''))('the README links to %s, which is there', async (path) => {
  await expect(access(fileURLToPath(new URL(path, root)))).resolves.toBeUndefined();
});

import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readIndex } from './build.ts';
import { sha256 } from './canonical.ts';
import { readAggregate, readApproval } from './readAggregate.ts';
import { releaseFiles, siteFiles } from './site/files.ts';
import { PublishError, type Aggregate, type BuiltRelease } from './types.ts';

/** What a look at a site came to. No finding: it is what it says it is. */
export interface SiteCheck {
  readonly releases: readonly Aggregate[];
  readonly files: number;
  /** Numbers that are shown, and places where one is hidden. */
  readonly shown: number;
  readonly hidden: number;
  readonly findings: readonly string[];
}

/**
 * Checks a site, as anyone can who has a copy: every file against its hash, every version against the one that was approved, sums, that no number from 1 to the threshold
 * stands anywhere, that the versions follow each other, and that nothing lies in it besides. With the same version of Weir each page is made again and compared.
 * Throws a `PublishError` where it is no site.
 */
export async function checkSite(site: string, engine: string): Promise<SiteCheck> {
  const index = await readIndex(site);
  if (index === null) throw new PublishError('PUBLISH_FORMAT', 'there is no releases.json: this is not the folder of a site');
  const [findings, releases]: [string[], Aggregate[]] = [[], []];
  const there = new Set(await filesBelow(site));
  const counts = { files: there.size, shown: 0, hidden: 0 };
  for (const path of ['releases.json', 'index.html']) there.delete(path);
  for (const { version, aggregate: hash } of index.releases) {
    try {
      const release = await checkVersion(site, version, hash, engine, there, findings);
      const chain = releases.map((one, place) => `${one.version} ${index.releases[place]?.aggregate ?? ''}`).join();
      if (release.earlier.map((one) => `${one.version} ${one.hash}`).join() !== chain) findings.push(`version ${version} was not checked against the versions before it`);
      releases.push(release);
      for (const { cells, rowTotals, columnTotals, total } of release.tables) {
        for (const cell of [...cells.flat(), ...(rowTotals ?? []), ...columnTotals, ...(total === null ? [] : [total])]) counts[typeof cell === 'number' ? 'shown' : 'hidden'] += 1;
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      findings.push(`version ${version}: ${error instanceof PublishError ? error.message : code === 'ENOENT' ? 'a file is missing' : 'a file of it cannot be read'}`);
    }
  }
  if (releases.at(-1)?.engine === engine) for (const [path, text] of siteFiles(index)) if ((await textOf(site, path)) !== text) findings.push(`${path} is not what the list of versions makes`);
  for (const path of [...there].sort()) findings.push(`${path} belongs to no version`);
  return { releases, ...counts, findings };
}

async function checkVersion(site: string, version: number, hash: string, engine: string, there: Set<string>, findings: string[]): Promise<Aggregate> {
  const place = `v${version}`;
  const read = (path: string): Promise<string> => readFile(join(site, place, path), 'utf8');
  const { aggregate, hash: own } = readAggregate(await read('aggregate.json'));
  const approval = readApproval(await read('approval.json'), aggregate, own);
  if (own !== hash) findings.push(`version ${version} is not the one that the list of versions names`);
  const built = JSON.parse(await read('release.json')) as BuiltRelease;
  there.delete(`${place}/release.json`);
  for (const { path, sha256: said } of built.files) {
    there.delete(`${place}/${path}`);
    const text = await textOf(site, `${place}/${path}`);
    if (text === null) findings.push(`${place}/${path} is missing`);
    else if (sha256(text) !== said) findings.push(`${place}/${path} was changed after it was published`);
    else findings.push(...smallNumbers(text, aggregate.threshold).map((what) => `${place}/${path} shows ${what}`));
  }
  if (aggregate.engine === engine) {
    for (const [path, text] of releaseFiles(aggregate, own, approval)) if ((await textOf(site, `${place}/${path}`)) !== text) findings.push(`${place}/${path} is not what the approved aggregate makes`);
  }
  return aggregate;
}

/** Counts from 1 to the threshold: in cells of numbers of a page, beside bars, and in the column of counts of a CSV. */
function smallNumbers(text: string, threshold: number): string[] {
  const small = (number: string | undefined): boolean => number !== undefined && /^\d{1,3}$/.test(number) && Number(number) >= 1 && Number(number) <= threshold;
  if (text.startsWith('<!DOCTYPE')) return [...text.matchAll(/<td class="number">([\d,]+)<\/td>|<text[^>]*>([\d,]+)<\/text>/g)].filter(([, cell, drawn]) => small(cell ?? drawn)).map(([, cell, drawn]) => `the number ${cell ?? drawn ?? ''}`);
  if (!text.startsWith('owner,')) return [];
  return text.split('\r\n').slice(1).map((line) => line.split(',')[6]).filter((count) => small(count)).map((count) => `the number ${count ?? ''}`);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

async function textOf(site: string, path: string): Promise<string | null> {
  return readFile(join(site, path), 'utf8').catch(() => null);
}

import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listed, releaseFiles, siteFiles } from './site/files.ts';
import { readAggregate, readApproval } from './readAggregate.ts';
import { PublishError, type SiteIndex } from './types.ts';

/** What was built. */
export interface Built {
  readonly owner: string;
  readonly version: number;
  readonly hash: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Builds one version into the folder of a site, and names it there. Reads the two texts and the site, and nothing else. A version that is there is never written over.
 * Ended half-way, nothing but a folder `.making-vN` is left, or a version that the next run names. Throws a `PublishError`.
 */
export async function buildSite(aggregateText: string, approvalText: string, site: string): Promise<Built> {
  const { aggregate, hash } = readAggregate(aggregateText);
  const approval = readApproval(approvalText, aggregate, hash);
  const index = (await readIndex(site)) ?? { weirSite: 1, owner: aggregate.owner, ownerName: aggregate.ownerName, invented: aggregate.dataset.kind === 'invented', releases: [] };
  follows(index, aggregate.owner, aggregate.version, aggregate.earlier, aggregate.dataset.kind === 'invented');
  const files = releaseFiles(aggregate, hash, approval);
  await mkdir(site, { recursive: true });
  await writeVersion(site, aggregate.version, files);
  for (const [path, text] of siteFiles({ ...index, releases: [...index.releases, listed(aggregate, hash, approval)] })) await replace(join(site, path), text);
  return { owner: aggregate.owner, version: aggregate.version, hash, files: files.size, bytes: [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
}

/** The list of versions of a site; null where there is none yet. */
export async function readIndex(site: string): Promise<SiteIndex | null> {
  const text = await readOr(join(site, 'releases.json'));
  if (text === null) return null;
  try {
    const index = JSON.parse(text) as SiteIndex;
    if ((index.weirSite as unknown) === 1 && Array.isArray(index.releases)) return index;
  } catch { /* told below */ }
  throw new PublishError('PUBLISH_FORMAT', 'releases.json of the site cannot be read');
}

/** What is published must be just what this one was checked against. */
function follows(index: SiteIndex, owner: string, version: number, earlier: readonly { readonly version: number; readonly hash: string }[], invented: boolean): void {
  const frozen = (message: string): never => { throw new PublishError('PUBLISH_FROZEN', message); };
  if (index.owner !== owner) frozen(`the site is that of ${index.owner}, and this is a release of ${owner}`);
  if (index.invented !== invented && index.releases.length > 0) frozen('invented and real numbers are never put into one site');
  if (index.releases.some((one) => one.version === version)) frozen(`version ${version} is published already, and is never changed`);
  const there = index.releases.map((one) => `${one.version} ${one.aggregate}`).join('\n');
  if (there !== earlier.map((one) => `${one.version} ${one.hash}`).join('\n')) frozen('the site has other versions than those against which this one was checked');
}

async function writeVersion(site: string, version: number, files: ReadonlyMap<string, string>): Promise<void> {
  const [place, making] = [join(site, `v${version}`), join(site, `.making-v${version}`)];
  const there = await readOr(join(place, 'release.json'));
  if (there !== null) {
    if (there === files.get('release.json')) return;
    throw new PublishError('PUBLISH_FROZEN', `there is another version ${version} in the site already`);
  }
  await rm(making, { recursive: true, force: true });
  for (const [path, text] of files) {
    await mkdir(dirname(join(making, path)), { recursive: true });
    await writeDurably(join(making, path), text);
  }
  await rename(making, place);
}

async function replace(path: string, text: string): Promise<void> {
  await writeDurably(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readOr(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  });
}

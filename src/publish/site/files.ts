import { canonicalJson, sha256 } from '../canonical.ts';
import { tableIds, type Aggregate, type Approval, type BuiltRelease, type SiteIndex } from '../types.ts';
import { dataPackage, tableCsv } from './openData.ts';
import { dataPage, frontPage, rulesPage, sitePage, spanPage, spansOf } from './pages.ts';

/** A version as files: path within its folder, and text. The same aggregate and approval give the same bytes, always. */
export function releaseFiles(aggregate: Aggregate, hash: string, approval: Approval): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ['index.html', frontPage(aggregate, approval)], ['rules.html', rulesPage(aggregate)], ['data.html', dataPage(aggregate, hash)],
    ...spansOf(aggregate).map((span) => [`${span}.html`, spanPage(aggregate, span)] as const),
    ['datapackage.json', dataPackage(aggregate)],
    ...tableIds.filter((id) => aggregate.tables.some((table) => table.id === id)).map((id) => [`data/${id}.csv`, tableCsv(aggregate, id)] as const),
    ['aggregate.json', `${canonicalJson(aggregate)}\n`], ['approval.json', `${canonicalJson(approval)}\n`],
  ]);
  const built: BuiltRelease = {
    weirRelease: 1, owner: aggregate.owner, version: aggregate.version, period: aggregate.period, corrects: aggregate.corrects, aggregate: hash,
    approvedBy: approval.by, approvedAt: approval.at, engine: aggregate.engine,
    files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ path, sha256: sha256(text), bytes: Buffer.byteLength(text) })),
  };
  return new Map([...files, ['release.json', `${JSON.stringify(built, null, 2)}\n`]]);
}

/** The files of the site itself, which name all versions. */
export function siteFiles(index: SiteIndex): ReadonlyMap<string, string> {
  return new Map([['releases.json', `${JSON.stringify(index, null, 2)}\n`], ['index.html', sitePage(index)]]);
}

/** What a list of versions says of one. */
export function listed(aggregate: Aggregate, hash: string, approval: Approval): SiteIndex['releases'][number] {
  const span = spansOf(aggregate)[0] ?? aggregate.period.from.slice(0, 7);
  return { version: aggregate.version, period: span, aggregate: hash, approvedAt: approval.at, corrects: aggregate.corrects };
}

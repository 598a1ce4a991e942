/**
 * A shipped document as the start of an owner's own: its owner, the ids that begin with the owner, and the version are set, and nothing
 * else is touched, comments and layout included. `text` has its owner in a line `policy: XX` and ids such as `XX-10` and `XX-C1`.
 * An id is set wherever it stands, in the note too.
 */
export function adoptTemplate(text: string, { owner, version = 1 }: { readonly owner: string; readonly version?: number }): string {
  const from = /^policy: ([A-Z]{2})$/m.exec(text)?.[1] ?? owner;
  return text
    .replace(/^policy: [A-Z]{2}$/m, `policy: ${owner}`)
    .replace(/^version: \d+$/m, `version: ${version}`)
    .replaceAll(new RegExp(`\\b${from}-(?=C?\\d)`, 'g'), `${owner}-`);
}

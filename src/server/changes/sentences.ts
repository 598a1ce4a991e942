import { sentencesOf, type PolicyDocument } from '../../policy/index.ts';
import { Findings } from '../../policy/findings.ts';
import { readDocument } from '../../policy/read.ts';
import { Reader } from '../../policy/reader.ts';
import { readTree } from '../../policy/tree.ts';

/** One item of a policy, in words. */
export interface ItemSentence {
  readonly id: string;
  readonly title: string | null;
  readonly sentence: string;
}

/** One item in two texts: null where it is not in one. */
export interface ItemChange {
  readonly id: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A text larger than this is not put into words on a page: pages are made beside the queries, and an author controls the text. */
const longest = 131_072;

/** Every item of a policy text in words; null where the text is no policy, or very long. Findings about its meaning, which take time, are not looked for. */
export function sentencesOfText(text: string): readonly ItemSentence[] | null {
  const document = text.length > longest ? null : documentOf(text);
  return document === null ? null : sentencesOf(document).map(({ item, sentence }) => ({ id: item.id, title: item.title ?? null, sentence }));
}

/** What differs between two texts, item by item: those that come first, then those that go. Null where one is no policy. */
export function changedItems(before: string, after: string): readonly ItemChange[] | null {
  const [was, is] = [sentencesOfText(before), sentencesOfText(after)];
  if (was === null || is === null) return null;
  const then = new Map(was.map(({ id, sentence }) => [id, sentence]));
  const now = new Set(is.map(({ id }) => id));
  return [
    ...is.filter(({ id, sentence }) => then.get(id) !== sentence).map(({ id, sentence }) => ({ id, before: then.get(id) ?? null, after: sentence })),
    ...was.filter(({ id }) => !now.has(id)).map(({ id, sentence }) => ({ id, before: sentence, after: null })),
  ];
}

function documentOf(text: string): PolicyDocument | null {
  const findings = new Findings();
  const tree = readTree(text, findings);
  return tree === null ? null : readDocument(tree, new Reader(findings));
}

import { advise } from './advise.ts';
import { hashPolicy } from './canonical.ts';
import { caps, type PolicyDocument } from './document.ts';
import { Findings, placer, type Finding, type Place } from './findings.ts';
import { readDocument } from './read.ts';
import { Reader } from './reader.ts';
import { readTree } from './tree.ts';

/** `ok` where there is no finding of severity error; warnings and notices come with a document too. */
export type CheckResult =
  | {
      readonly ok: true; readonly document: PolicyDocument; readonly hash: string; readonly findings: readonly Finding[];
      /** Where a part of the document stands in the text, or the nearest thing around it: `rules/3`, `rules/3/deny/data`, `claims/0/never/to`. */
      readonly locate: (path: string) => Place;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Reads and checks one policy text: YAML 1.2 or JSON, at most 1 MiB of UTF-8. Never throws; findings come in the order of the text. */
export function checkPolicy(input: string | Uint8Array): CheckResult {
  const findings = new Findings();
  const text = decode(input, findings);
  const tree = text === null ? null : readTree(text, findings);
  const reader = new Reader(findings);
  const document = tree === null ? null : readDocument(tree, reader);
  if (document === null) return { ok: false, findings: findings.list(text ?? '') };
  advise(document, reader);
  const list = findings.list(text ?? '');
  if (findings.hasErrors) return { ok: false, findings: list };
  const place = placer(text ?? '');
  return { ok: true, document, hash: hashPolicy(document), findings: list, locate: (path) => place(reader.place(path)) };
}

function decode(input: string | Uint8Array, findings: Findings): string | null {
  const bytes = typeof input === 'string' ? Buffer.byteLength(input, 'utf8') : input.byteLength;
  if (bytes > caps.bytes) {
    findings.add('tooLarge', 0, `the text has ${bytes} bytes; a policy may have ${caps.bytes}`, 'leave out what is not a rule');
    return null;
  }
  if (typeof input === 'string') return input;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(input);
  } catch {
    findings.add('notUtf8', 0, 'the text is not UTF-8', 'save the file as UTF-8');
    return null;
  }
}

import type { Finding } from '../../policy/index.ts';

const width = 100;

/**
 * Findings for a person: `file:line:column: severity: message`, and for errors and warnings the line with a pointer and the mend.
 * The text is not ours: what a terminal would obey is shown as `?`.
 */
export function findingLines(file: string, text: string, findings: readonly Finding[]): string[] {
  const lines = text.split('\n');
  return findings.flatMap((finding) => {
    const head = `${file}:${finding.line}:${finding.column}: ${finding.severity}: ${finding.message} [${finding.code}]`;
    if (finding.severity === 'notice') return [head];
    const mend = finding.mend === null ? [] : [`    ${finding.mend}`];
    return [head, ...pointed(lines[finding.line - 1] ?? '', finding.column), ...mend];
  });
}

/** One line with `^` under a column, cut to what a screen shows; nothing where the line is empty. */
export function pointed(line: string, column: number): string[] {
  const start = Math.max(0, column - 1 - width / 2);
  const shown = line.slice(start, start + width).replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
  return shown.trim() === '' ? [] : [`    ${shown.trimEnd()}`, `    ${' '.repeat(Math.max(0, column - 1 - start))}^`];
}

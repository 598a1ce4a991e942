import { namespaces } from './xmlNames.ts';

/** An element with text. Null gives nothing. */
export function leaf(name: string, text: string | null): string {
  return text === null ? '' : `<${name}>${escape(text)}</${name}>`;
}

/** An element with what was already written. */
export function group(name: string, ...content: readonly string[]): string {
  return `<${name}>${content.join('')}</${name}>`;
}

/** A whole message under the root of the network. */
export function envelope(version: string, ...content: readonly string[]): string {
  const declared = Object.entries(namespaces).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<n2:NLETS n2:version="${escape(version)}"${declared}>${content.join('')}</n2:NLETS>\n`;
}

/** Text for an element or an attribute. What XML 1.0 cannot carry becomes U+FFFD; a carriage return is written so that it survives. */
export function escape(text: string): string {
  if (!special.test(text)) return text;
  return text.replace(unfit, '\ufffd').replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };
const special = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff\p{Surrogate}]/u;
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu;

/** Characters of the standard faces of PDF beyond Latin-1 (WinAnsiEncoding, ISO 32000-1 annex D.2). */
const beyond = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');
const instead: Readonly<Record<string, string>> = { '→': '->', '←': '<-', '≤': '<=', '≥': '>=', '≠': 'not', '×': 'x', '−': '-', '‑': '-', '✓': 'yes', '✗': 'no', '\u2009': ' ', '\u202f': ' ', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' };

/** A text that the standard faces of PDF can write: letters lose marks that the faces do not have, and what cannot be written at all is `?`. */
export function winAnsi(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => {
    if (writable(character)) return character;
    const other = instead[character] ?? character.normalize('NFD').replaceAll(/\p{M}/gu, '');
    return other !== '' && Array.from(other).every(writable) ? other : /^\p{M}+$/u.test(character) ? '' : '?';
  }).join('');
}

function writable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || code === 0x0a || beyond.has(character);
}

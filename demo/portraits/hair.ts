import type { Head } from './head.ts';

/** Hair behind the head and shoulders: long, gathered or none. */
export function hairBack(head: Head): string {
  const { x, y, rx, ry } = head;
  if (head.traits.hair === 'BLD') return '';
  switch (styleOf(head)) {
    case 'long':
      return `<path d="M${x - rx - 12} ${y - 20} C${x - rx - 18} ${y - ry - 34} ${x + rx + 18} ${y - ry - 34} ${x + rx + 12} ${y - 20} C${x + rx + 20} ${y + 50} ${x + rx + 14} ${y + ry + 34} ${x + rx - 2} ${y + ry + 46} L${x - rx + 2} ${y + ry + 46} C${x - rx - 14} ${y + ry + 34} ${x - rx - 20} ${y + 50} ${x - rx - 12} ${y - 20} Z" fill="url(#hair)"/>`;
    case 'bob':
      return `<path d="M${x - rx - 12} ${y - 14} C${x - rx - 16} ${y - ry - 32} ${x + rx + 16} ${y - ry - 32} ${x + rx + 12} ${y - 14} C${x + rx + 18} ${y + 26} ${x + rx + 12} ${y + 52} ${x + rx - 6} ${y + 58} L${x - rx + 6} ${y + 58} C${x - rx - 12} ${y + 52} ${x - rx - 18} ${y + 26} ${x - rx - 12} ${y - 14} Z" fill="url(#hair)"/>`;
    case 'bun':
      return `<circle cx="${x}" cy="${y - ry - 16}" r="22" fill="url(#hair)"/>`;
    case 'curls':
      return curls(head);
    case 'short':
    case 'parted':
      return '';
  }
}

/** Hair over the forehead. */
export function hairFront(head: Head): string {
  const { x, y, rx, ry } = head;
  if (head.traits.hair === 'BLD') return bald(head);
  const top = y - ry - 8;
  const style = styleOf(head);
  const line = y - ry * (head.traits.age === 'old' && head.traits.look === 'M' ? 0.66 : 0.5);
  if (style === 'parted' || style === 'long' || style === 'bob') {
    const part = head.traits.id % 3 === 0 ? x - 20 : head.traits.id % 3 === 1 ? x + 20 : x;
    const side = style === 'parted' ? y - 14 : y + 16;
    return `<path d="M${x - rx - 4} ${side} C${x - rx - 12} ${top - 16} ${x - 30} ${top - 18} ${x} ${top - 14} C${x + 30} ${top - 18} ${x + rx + 12} ${top - 16} ${x + rx + 4} ${side} C${x + rx} ${y - 30} ${x + rx - 14} ${line + 4} ${part} ${line - 8} C${x - rx + 14} ${line + 4} ${x - rx} ${y - 30} ${x - rx - 4} ${side} Z" fill="url(#hair)"/>${strands(head, top)}`;
  }
  if (style === 'curls') {
    return Array.from({ length: 9 }, (_, i) => {
      const angle = Math.PI * (1.06 + (i * 0.88) / 8);
      return `<circle cx="${round(x + Math.cos(angle) * (rx - 2))}" cy="${round(y - 14 + Math.sin(angle) * (ry - 12))}" r="15" fill="url(#hair)"/>`;
    }).join('');
  }
  const fringe = style === 'short' && head.traits.id % 4 === 0 ? 10 : 0;
  return `<path d="M${x - rx - 3} ${y - 8} C${x - rx - 9} ${top - 10} ${x - 32} ${top - 12} ${x} ${top - 10} C${x + 32} ${top - 12} ${x + rx + 9} ${top - 10} ${x + rx + 3} ${y - 8} C${x + rx - 3} ${y - 26} ${x + rx - 6} ${line + 6} ${x + rx - 20} ${line} Q${x} ${line - 12 + fringe} ${x - rx + 20} ${line} C${x - rx + 6} ${line + 6} ${x - rx + 3} ${y - 26} ${x - rx - 3} ${y - 8} Z" fill="url(#hair)"/>${strands(head, top)}`;
}

type Style = 'short' | 'parted' | 'long' | 'bob' | 'bun' | 'curls';

function styleOf({ traits }: Head): Style {
  const styles: readonly Style[] = traits.look === 'F'
    ? ['long', 'bob', 'bun', traits.skin >= 4 ? 'curls' : 'long', 'short'] : ['short', 'parted', 'short', traits.skin >= 5 ? 'curls' : 'parted'];
  return styles[Math.floor(traits.id / 6) % styles.length] ?? 'short';
}

function curls({ x, y, rx, ry, traits }: Head): string {
  const reach = traits.look === 'F' ? 0.62 : 0.1;
  const count = 18;
  return Array.from({ length: count }, (_, i) => {
    const angle = Math.PI * (1 - reach / 2 + (i * (1 + reach)) / (count - 1));
    return `<circle cx="${round(x + Math.cos(angle) * (rx + 6))}" cy="${round(y - 10 + Math.sin(angle) * (ry + 2))}" r="17" fill="url(#hair)"/>`;
  }).join('');
}

/** A few lighter lines, so that hair is not one flat shape. */
function strands({ x, rx }: Head, top: number): string {
  return [-0.6, -0.25, 0.15, 0.5].map((at) => `<path d="M${round(x + at * rx)} ${top - 4} q${round(at * 18)} 12 ${round(at * 30)} 28" fill="none" stroke="#ffffff" stroke-opacity="0.1" stroke-width="3" stroke-linecap="round"/>`).join('');
}

function bald({ x, y, rx, ry }: Head): string {
  return `<ellipse cx="${x - 14}" cy="${y - ry * 0.62}" rx="${rx * 0.34}" ry="10" fill="#ffffff" opacity="0.16"/>`;
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}

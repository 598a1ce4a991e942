import { describe, expect, it } from 'vitest';

import { harmless } from './verb.ts';

describe('what a verb prints', () => {
  it('has nothing that a terminal would obey, and keeps its lines', () => {
    expect(harmless('a\tb\r\nname: \u001b[2J\u001b]0;title\u0007\u009b31mred\u007f \u202eesaeler\u0000')).toBe('a\tb\r\nname: \ufffd[2J\ufffd]0;title\ufffd\ufffd31mred\ufffd \ufffdesaeler\ufffd');
    expect(harmless('Ñandú שלום 🚲 👩‍⚖️')).toBe('Ñandú שלום 🚲 👩‍⚖️');
  });
});

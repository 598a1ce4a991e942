import { describe, expect, it } from 'vitest';

import { html } from './html.ts';

describe('html', () => {
  it('escapes every value, in text and attributes, in lists too, and leaves alone what is HTML', () => {
    const evil = '"\'><script>alert(1)</script>&amp;';
    const safe = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;';
    expect(html`<a title="${evil}">${[evil, null, html`<b>${evil}</b>`, 7]}</a>`.toString()).toBe(`<a title="${safe}">${safe}<b>${safe}</b>7</a>`);
  });

  it('shows a mark that turns the direction of a line as one that cannot be shown', () => {
    expect(html`<p>${'refuse \u202eesaeler\u202c \u2066x\u2069'}</p>`.toString()).toBe('<p>refuse \ufffdesaeler\ufffd \ufffdx\ufffd</p>');
    expect(html`<p>${'שלום Ñandú 🚲'}</p>`.toString()).toBe('<p>שלום Ñandú 🚲</p>');
  });
});

import { describe, expect, it } from 'vitest';

import { accepts } from './accept.ts';

describe('accepts', () => {
  it.each([
    [undefined, true], ['*/*', true], ['application/json', true], ['text/*, application/*;q=0.1', true], ['text/html, */*;q=0.8', true],
    ['image/png', false], ['', false], ['application/xml', false], ['*/*;q=0', false], ['application/json;q=0', false], ['application/json;q=0, */*', false],
    ['*/*, application/*;q=0.0', false], ['*/*;q=0, application/json', true], ['APPLICATION/JSON', true], ['application/json; charset=utf-8', true],
  ])('%s takes JSON: %s', (header, expected) => {
    expect(accepts(header, 'application/json')).toBe(expected);
    expect(accepts(header, 'application/json')).toBe(expected);
  });

  it('bears a header of any length', () => {
    expect(accepts(`${'a/b,'.repeat(5000)}*/*`, 'text/plain')).toBe(true);
  });
});

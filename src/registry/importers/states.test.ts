import { describe, expect, it } from 'vitest';
import { smallContent } from '../cases.ts';
import { checkContent } from '../check.ts';
import { emptyContent } from '../rows.ts';
import { tableOf } from './cases.ts';
import { importStates } from './states.ts';

const options = { file: 'states.csv' };

describe('a list of states', () => {
  it('makes the government of each, territories as such', () => {
    const { content, report } = importStates(tableOf('usps,fips,name', 'CO,08,Colorado', 'GU,66,Guam'), emptyContent, options);
    expect(report).toMatchObject({ rows: 2, added: 2, notTaken: [] });
    expect(content.organisations).toMatchObject([{ id: 'co', level: 'state', homeState: 'CO', invented: false }, { id: 'gu', level: 'territorial', homeState: 'GU' }]);
    expect(checkContent(content)).toEqual([]);
  });

  it('reports the rest by line, and keeps what is there', () => {
    const { content, report } = importStates(tableOf('usps,name', 'CO,Colorado', 'ZZ,Nowhere', 'CO,Colorado', 'NY,', 'US,United States', 'WY,Wyoming', 'TX', 'WA,Washington', 'ID,Idaho', 'UT,Utah'), smallContent, options);
    expect(report.notTaken.map(({ line, reason }) => `${line} ${reason}`)).toEqual(['3 unknownState', '4 duplicate', '5 noName', '6 unknownState', '8 columnCount']);
    expect(report).toMatchObject({ rows: 10, added: 4, updated: 1 });
    expect(content.organisations.find(({ id }) => id === 'co')).toMatchObject({ name: 'Colorado', invented: true });
    expect(content.offices).toEqual(smallContent.offices);
  });

  it('with replace, drops only governments that nothing belongs to', () => {
    const both = importStates(tableOf('usps,name', 'GU,Guam', 'WA,Washington'), smallContent, options).content;
    const { content, report } = importStates(tableOf('usps,name', 'WA,Washington'), both, { ...options, replace: true });
    expect(report.dropped).toBe(1);
    expect(content.organisations.map(({ id }) => id)).toEqual(expect.arrayContaining(['wa', 'co']));
    expect(content.organisations.some(({ id }) => id === 'gu')).toBe(false);
  });
});

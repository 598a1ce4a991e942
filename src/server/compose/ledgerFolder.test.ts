import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedgerSettings } from './ledgerFolder.ts';
import { parseSettings, SettingsError } from './settings.ts';

let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'weir-settings-')); });
afterAll(() => rmSync(folder, { recursive: true }));

const check = (ledger: string): Promise<void> => checkLedgerSettings(parseSettings(`ledger: ${ledger}`));

describe('the settings of the ledger', () => {
  it.each([
    ['data that waits for witnesses of whom there are none', '{ witnessed: { WA: [photo] } }'],
    ['a policy that is not there', '{ witnesses: /nowhere/trust.policy }'],
    ['entries that are kept for less than a year', '{ retention: { WA: { disclosureDays: 30 } } }'],
  ])('stop the start where they name %s', async (_what, text) => {
    await expect(check(text)).rejects.toMatchObject({ code: 'LEDGER_SETTINGS' });
  });

  it('stop the start where the policy is none', async () => {
    const file = join(folder, 'bad.policy');
    writeFileSync(file, 'witness without a key\n');
    await expect(check(`{ witnesses: ${file} }`)).rejects.toMatchObject({ code: 'LEDGER_SETTINGS' });
  });

  it('may say nothing, or what holds anyway', async () => {
    await expect(checkLedgerSettings({})).resolves.toBeUndefined();
    await expect(check('{ origin: weir.example, walDays: 3, retention: { default: { otherDays: 400, disclosureDays: 1827 } }, public: { port: 7001 } }')).resolves.toBeUndefined();
  });

  it.each(['{ witnessed: { WA: [face] } }', '{ witnessed: { Washington: [photo] } }', '{ walDays: 0 }', '{ keyProgram: [] }', '{ unknown: 1 }'])('know only words that exist: %s', (text) => {
    expect(() => parseSettings(`ledger: ${text}`)).toThrow(SettingsError);
  });
});

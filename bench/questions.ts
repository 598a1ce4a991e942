import { landmarkOris } from '../demo/landmarks.ts';
import { openStore } from '../src/store/index.ts';
import { connect } from '../src/store/index.ts';

/** Driver queries about people who exist in the record store, spread over owners as the residents are. */
export async function driverQuestions(data: string, count: number, format: 'json' | 'legacy' = 'json'): Promise<string[]> {
  const store = await openStore({ data });
  const records = connect(store.recordsUrl ?? store.url, { max: 1 });
  try {
    const rows = await records<{ owner: string; licence_number: string }[]>`select owner, licence_number from driver tablesample system_rows(${count})`.catch(
      () => records<{ owner: string; licence_number: string }[]>`select owner, licence_number from driver order by md5(owner || licence_number) limit ${count}`,
    );
    return rows.map(({ owner, licence_number: number }, i) => question(format, owner.trim(), number, i));
  } finally {
    await records.end({ timeout: 5 });
    await store.stop();
  }
}

function question(format: 'json' | 'legacy', owner: string, number: string, i: number): string {
  const control = `C${String(i).padStart(7, '0')}`;
  if (format === 'legacy') return `DQ.${landmarkOris.cityPolice}.${owner}.*${control}.TXT\nRSN/T.OLN/${number}`;
  return JSON.stringify({ key: 'DQ', requester: landmarkOris.cityPolice, destinations: [owner], control, subject: { kind: 'licence', number }, purpose: 'trafficEnforcement' });
}

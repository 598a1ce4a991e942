import { join } from 'node:path';
import { demoSourceMapping } from '../demo/sourceMapping.ts';
import { openSources, type SourceBook } from '../src/sources/index.ts';
import { openStore } from '../src/store/index.ts';
import { driverQuestions } from './questions.ts';
import { conditions, number, table, type Row } from './table.ts';
import { inTemporaryFolder, startProcess } from './weirProcess.ts';

/** Look-ups by licence number in the demonstration's records through the SQL connector, with coalescing and without. */
interface Question { readonly destinations: readonly string[]; readonly subject: { readonly number: string } }

await inTemporaryFolder(async (folder) => {
  const data = join(folder, 'data');
  await (await startProcess({ data, residents: 100_000 })).stop();
  const questions = (await driverQuestions(data, 4000)).map((text) => JSON.parse(text) as Question);
  const store = await openStore({ data });
  const mapping = [{ name: 'demonstration.yaml', text: demoSourceMapping('demonstration') }];
  const open = (over: object): Promise<SourceBook> => openSources(mapping, { connections: { demonstration: store.recordsUrl ?? '' }, queue: 4096, ...over });
  const rows: Row[] = [];
  for (const callers of [1, 64, 256]) {
    const merged = await open({});
    const single = await open({ batch: 1, slots: 16 });
    rows.push({ what: `${callers} callers at once`, measured: `coalesced ${number(await rate(merged, questions, callers))}/s, one by one over 16 connections ${number(await rate(single, questions, callers))}/s`, budget: '', ok: null });
    await merged.close();
    await single.close();
  }
  await store.stop();
  process.stdout.write(`${conditions()}; 100,000 residents of 56 owners, six data classes\n\n${table(rows)}\n`);
});

async function rate(book: SourceBook, questions: readonly Question[], callers: number): Promise<number> {
  let next = 0;
  let found = 0;
  const until = async (end: number): Promise<void> => {
    while (performance.now() < end) {
      const { destinations, subject } = questions[next++ % questions.length] ?? { destinations: [], subject: { number: '' } };
      const result = await book.of(destinations[0] ?? '')?.lookup({
        key: 'DQ', subject: { kind: 'licence', number: subject.number }, classes: ['licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description', 'address'], limit: 5,
      });
      if (result?.status === 'found') found += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, () => until(performance.now() + 500)));
  found = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: callers }, () => until(began + 3_000)));
  return found / ((performance.now() - began) / 1_000);
}

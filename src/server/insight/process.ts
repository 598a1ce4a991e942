import { ArchiveError } from '../../insight/archive/types.ts';
import { connect } from '../../store/index.ts';
import { runJob } from './jobs.ts';
import type { FromInsight, InsightAnswer, InsightJob, InsightPlaces, ToInsight } from './messages.ts';

/**
 * The process that reads the archive for an exchange: told by messages, it does one job after the other as they come. It ends when the exchange
 * does, however that ends; what it was writing is then as if it had never been begun.
 */
let places: InsightPlaces | null = null;
let sql: ReturnType<typeof connect> | null = null;
let last: Promise<unknown> = Promise.resolve();

process.on('disconnect', () => process.exit());
if (!process.connected) process.exit(); // the exchange ended while this was loading
// Where it stands in the exchange's group (Windows), a Ctrl-C comes here too: the exchange decides when this ends.
process.on('SIGINT', () => undefined);
process.on('message', (message: ToInsight) => {
  if (message.type === 'places') {
    ({ places } = message);
    sql = connect(places.url, { max: 2 });
    return;
  }
  const { id, job } = message;
  last = last.then(async () => process.send?.({ id, answer: await answerTo(job) } satisfies FromInsight));
});

async function answerTo(job: InsightJob): Promise<InsightAnswer> {
  if (places === null || sql === null) return { kind: 'none', problem: 'failed', why: 'it was not said where the archive is' };
  try {
    return await runJob(job, places, sql);
  } catch (error) {
    if (error instanceof ArchiveError && (error.code === 'ARCHIVE_UNKNOWN' || error.code === 'ARCHIVE_QUESTION')) return { kind: 'none', problem: 'unknown', why: error.message };
    process.stderr.write(`${JSON.stringify({ level: 'error', job: job.kind, error: error instanceof Error ? error.message : String(error) })}\n`);
    return { kind: 'none', problem: 'failed', why: 'it could not be read' };
  }
}

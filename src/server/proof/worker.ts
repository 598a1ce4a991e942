import { parentPort, workerData } from 'node:worker_threads';
import { connect } from '../../store/index.ts';
import { VerdictMaker } from './claims.ts';
import { runJob } from './jobs.ts';
import { ProofLibrary } from './library.ts';
import type { FromWorker, ToWorker, WorkerData } from './messages.ts';
import { Rechecker } from './recheck.ts';

/**
 * The thread that proves: it has connections of its own, and nothing that it does holds up a query. It is told what to do by messages, does
 * one job after the other as they come, and ends when the exchange does. A run over all owners gives way to jobs between two owners.
 */
const { url } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error('this file is run by the exchange, in a thread of its own');

const sql = connect(url, { max: 2 });
const library = new ProofLibrary(sql);
const maker = new VerdictMaker();
const rechecker = new Rechecker(sql, library, { prove: (basis) => maker.of(basis) });

port.on('message', (message: ToWorker) => {
  answerTo(message).then(
    (answer) => port.postMessage(answer),
    (error: unknown) => port.postMessage({ type: 'failed', id: message.id, error: error instanceof Error ? error : new Error(String(error)) } satisfies FromWorker),
  );
});

async function answerTo(message: ToWorker): Promise<FromWorker> {
  const { id } = message;
  if (message.type === 'recheck') return { type: 'recheck', id, checked: await rechecker.run(message.known) };
  return { type: 'job', id, answer: await runJob(library, message.job) };
}

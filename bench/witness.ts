import { Agent, request } from 'undici';
import { readLedger } from '../test/readLedger.ts';
import { shownOf } from '../src/cli/journal/shown.ts';

/** What was seen of one answer: enough to hold it against the journal, nothing of what it said. */
interface Seen {
  readonly log: string;
  readonly index: number;
  readonly hash: string;
  readonly owner: string;
  readonly status: string;
  readonly records: number;
}

interface JsonAnswer {
  readonly answers?: readonly { owner: string; status: string; records: readonly unknown[]; receipt: { log: string; index: number; hash: string } | null }[];
}

/** Asks an exchange without pause over several connections, and keeps what every answer promised. */
export class Witness {
  readonly seen: Seen[] = [];
  readonly statuses = new Map<string, number>();
  /** Answers with records and no receipt: there must be none. */
  unreceipted = 0;
  /** The longest that any request took, in milliseconds. */
  slowest = 0;
  #stop = false;
  readonly #agent: Agent;

  constructor(connections = 64) {
    this.#agent = new Agent({ connections, headersTimeout: 20_000, bodyTimeout: 20_000 });
  }

  /** Runs until `stop`; a refused connection is counted and tried again. */
  async ask(url: string, bodies: readonly string[], workers: number): Promise<void> {
    this.#stop = false;
    let next = 0;
    await Promise.all(Array.from({ length: workers }, async () => {
      while (!this.#stop) {
        await this.#one(`${url}/v1/inquiries`, bodies[next++ % bodies.length] ?? '');
      }
    }));
  }

  stop(): void {
    this.#stop = true;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  count(what: string): number {
    return this.statuses.get(what) ?? 0;
  }

  async #one(url: string, body: string): Promise<void> {
    const began = performance.now();
    try {
      const answer = await request(url, { method: 'POST', body, headers: { 'content-type': 'application/json' }, dispatcher: this.#agent });
      const text = await answer.body.text();
      this.#note(String(answer.statusCode));
      if (answer.statusCode === 200) this.#take(JSON.parse(text) as JsonAnswer);
      else await new Promise((done) => setTimeout(done, 20));
    } catch {
      this.#note('cut off');
      await new Promise((done) => setTimeout(done, 20));
    } finally {
      this.slowest = Math.max(this.slowest, performance.now() - began);
    }
  }

  #take(answer: JsonAnswer): void {
    for (const { owner, status, records, receipt } of answer.answers ?? []) {
      this.#note(status);
      if (receipt === null) this.unreceipted += 1;
      else this.seen.push({ log: receipt.log, index: receipt.index, hash: receipt.hash, owner, status, records: records.length });
    }
  }

  #note(what: string): void {
    this.statuses.set(what, this.count(what) + 1);
  }
}

/** What the journal says of the answers that were given. */
export interface Verdict {
  readonly answers: number;
  readonly missing: number;
  readonly altered: number;
  readonly contradicted: number;
}

/** Holds every answer against the ledger of a data folder: its entry is there, unaltered, and tells the same status and number of records. */
export async function holdAgainst(data: string, witness: Witness): Promise<Verdict> {
  const wanted = new Map(witness.seen.map((seen) => [`${seen.log} ${seen.index}`, seen]));
  let altered = 0;
  let contradicted = 0;
  for await (const opened of readLedger(data)) {
    const { log, index, hash, entry } = shownOf(opened);
    const place = `${log} ${index}`;
    const seen = wanted.get(place);
    if (seen === undefined) continue;
    wanted.delete(place);
    if (hash !== seen.hash) altered += 1;
    const told = entry as { type: string; owner?: string; status?: string; records?: number };
    if (told.type !== 'decision' || told.owner !== seen.owner || told.status !== seen.status || told.records !== seen.records) contradicted += 1;
  }
  return { answers: witness.seen.length, missing: wanted.size, altered, contradicted };
}

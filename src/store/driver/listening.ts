import type { ListenMeta } from 'postgres';
import { openLine, type Line } from './line.ts';
import { tagTo, type Maker } from './statement.ts';

interface Listener {
  readonly hear: (payload: string) => void;
  readonly onListen: (() => void) | undefined;
}

export interface Listening {
  /** Resolves when notes on the channel are heard; rejects where that cannot be said to the database now. Calls `onListen` then, and again each time after a loss. */
  listen(channel: string, hear: (payload: string) => void, onListen?: () => void): Promise<ListenMeta>;
  close(): Promise<void>;
}

/** After a loss: at once, and then after this long, doubled each time up to the most, in milliseconds. */
const firstWait = 50;
const longestWait = 1_000;

/** One connection that hears notes, opened with the first channel and again whenever it is lost. */
export function openListening(maker: Maker, patience: number): Listening {
  const channels = new Map<string, Set<Listener>>();
  let [line, waited, closed, timer] = [null as Line | null, 0, false, null as NodeJS.Timeout | null];

  const say = (on: Line, word: 'listen' | 'unlisten', channel: string): Promise<ListenMeta> =>
    tagTo(maker, on.send).unsafe(`${word} "${channel.replaceAll('"', '""')}"`) as unknown as Promise<ListenMeta>;
  const open = (): Line => (line ??= openLine(maker, {
    patience,
    onLost: (lost) => {
      if (line !== lost) return;
      line = null;
      again();
    },
    onNotify: (channel, payload) => { for (const { hear } of [...(channels.get(channel) ?? [])]) hear(payload); },
  }));
  const again = (): void => {
    if (closed || channels.size === 0 || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void resume();
    }, waited);
    waited = Math.min(longestWait, Math.max(firstWait, waited * 2));
  };
  const resume = async (): Promise<void> => {
    if (closed) return;
    const on = open();
    try {
      await Promise.all([...channels.keys()].map((channel) => say(on, 'listen', channel)));
    } catch (error) {
      // A line that lives and yet cannot listen is of no use: its loss brings us here again.
      if (on.lost === null) await on.close(error instanceof Error ? error : new Error('the database cannot be listened to'));
      return;
    }
    waited = 0;
    for (const listeners of channels.values()) for (const { onListen } of listeners) onListen?.();
  };

  return {
    async listen(channel, hear, onListen) {
      const listener: Listener = { hear, onListen };
      const on = open();
      const meta = await say(on, 'listen', channel);
      const listeners = channels.get(channel) ?? new Set<Listener>();
      channels.set(channel, listeners.add(listener));
      // Lost between the answer and here: whoever resumes tells, or we do.
      if (on.lost !== null) again();
      onListen?.();
      return Object.assign(meta, { unlisten: async (): Promise<void> => {
        listeners.delete(listener);
        if (listeners.size > 0 || channels.get(channel) !== listeners) return;
        channels.delete(channel);
        if (line !== null) await say(line, 'unlisten', channel);
      } });
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await line?.close(new Error('closed'));
    },
  };
}

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

  /** Sent in the order of the calls: a statement is not begun before somebody waits for it, so it is waited for at once. */
  const say = (on: Line, word: 'listen' | 'unlisten', channel: string): Promise<ListenMeta> =>
    (tagTo(maker, on.send).unsafe(`${word} "${channel.replaceAll('"', '""')}"`) as unknown as Promise<ListenMeta>).then((meta) => meta);
  const enter = (channel: string, listener: Listener): void => {
    channels.set(channel, (channels.get(channel) ?? new Set<Listener>()).add(listener));
  };
  /** Whether that was the last listener of its channel. */
  const leave = (channel: string, listener: Listener): boolean => {
    const listeners = channels.get(channel);
    return listeners?.delete(listener) === true && listeners.size === 0 && channels.delete(channel);
  };
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
    if (closed || channels.size === 0) return;
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
      // Entered before it is said to the database, so that nobody who leaves meanwhile says that the channel is no more listened to.
      enter(channel, listener);
      const meta = await say(open(), 'listen', channel).catch((error: unknown) => {
        leave(channel, listener);
        throw error;
      });
      onListen?.();
      return Object.assign(meta, { unlisten: async (): Promise<void> => {
        if (leave(channel, listener) && line !== null) await say(line, 'unlisten', channel);
      } });
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await line?.close(new Error('closed'));
    },
  };
}

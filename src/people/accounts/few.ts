/** Lets at most `atOnce` run at one time, and at most `waiting` more stand in line; whoever comes after them is told so at once. */
export interface Few {
  /** Null where the line is full: the work was not begun. In the order in which they came. */
  run<T>(work: () => Promise<T>): Promise<{ readonly done: T } | null>;
}

export function few(atOnce: number, waiting: number): Few {
  let running = 0;
  const line: (() => void)[] = [];
  return {
    async run(work) {
      if (running >= atOnce) {
        if (line.length >= waiting) return null;
        // Whoever ends gives the place on, so that nobody overtakes.
        await new Promise<void>((go) => void line.push(go));
      } else running += 1;
      try {
        return { done: await work() };
      } finally {
        const next = line.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

/** What is wrong with a file of a log. */
export interface Damage {
  /** The file's path: `tile/0/001`, `tile/entries/000.p/7`, `checkpoint`. */
  readonly at: string;
  /** `missing`: there is no such file. `short`: it has fewer bytes than it must. `altered`: other bytes. `inconsistent`: not the tree that was seen before. */
  readonly kind: 'missing' | 'short' | 'altered' | 'inconsistent';
  /** One sentence for a person. */
  readonly message: string;
}

/** Collects damages; each is reported once. */
export interface Damages {
  readonly list: readonly Damage[];
  add(at: string, kind: Damage['kind'], message: string): void;
  /** So many were found that looking on would tell nothing new. */
  readonly full: boolean;
}

/** A log of a hostile size could otherwise name files that are missing without end. */
export const mostDamages = 10_000;

export function collectDamages(before: readonly Damage[] = []): Damages {
  const list = [...before];
  const seen = new Set(list.map(({ at, kind }) => `${kind} ${at}`));
  return {
    list,
    add(at, kind, message) {
      if (seen.has(`${kind} ${at}`) || list.length >= mostDamages) return;
      seen.add(`${kind} ${at}`);
      list.push({ at, kind, message });
    },
    get full() {
      return list.length >= mostDamages;
    },
  };
}

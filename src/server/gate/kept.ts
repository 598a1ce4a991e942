import { randomBytes } from 'node:crypto';

/** A form that was sent when its sender first had to show all factors again. */
export interface KeptForm {
  /** Where it was sent to: a path of this site. */
  readonly url: string;
  /** As it was sent: `application/x-www-form-urlencoded`. */
  readonly body: string;
}

/** The very session that sent it; nobody else is shown it, also not the same person elsewhere. */
export interface Sender {
  readonly account: string;
  readonly session: string;
}

/** How long a form is kept, in milliseconds. */
export const keptFor = 900_000;

/** All forms together, in characters: a policy is at most four million of them as a form sends it. */
const mostKept = 32_000_000;

/**
 * Forms on their way round by `/again` or `/unlock`, so that nothing that was typed is lost. In the memory of this process alone: a restart forgets them. Nothing is done with one but to show it
 * again. A session has one at a time; where there are too many, the oldest go.
 */
export class KeptForms {
  readonly #forms = new Map<string, KeptForm & { readonly account: string; readonly id: string; readonly at: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** The number under which it is found again; null where it is too long to be kept. */
  put({ account, session }: Sender, form: KeptForm): string | null {
    if (form.body.length > mostKept / 4) return null;
    const at = this.now();
    this.#forms.delete(session);
    let size = form.body.length;
    for (const { body } of this.#forms.values()) size += body.length;
    // In the order in which they came.
    for (const [key, one] of this.#forms) {
      if (one.at + keptFor > at && size <= mostKept) break;
      this.#forms.delete(key);
      size -= one.body.length;
    }
    const id = randomBytes(16).toString('hex');
    this.#forms.set(session, { ...form, account, id, at });
    return id;
  }

  /** Null where it is another's, or no longer kept. */
  find({ account, session }: Sender, id: string): KeptForm | null {
    const found = this.#forms.get(session);
    return found === undefined || found.id !== id || found.account !== account || found.at + keptFor <= this.now() ? null : { url: found.url, body: found.body };
  }
}

/** The field that says of a form: only show it, filled in. */
export const showOnly = 'weir-show-only';

/** What stands above a form that is shown again. */
export const shownAgainWords = 'All factors had to be shown first, so nothing was done yet. What you filled in stands in the form again: look at it, and send it once more. A box that says you are sure is ticked anew.';

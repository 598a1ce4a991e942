import { capital } from '../say.ts';
import type { Briefing } from '../types.ts';

/** Every sentence begins with a capital letter, one that begins with a share in words too. */
export function withCapitals(briefing: Briefing): Briefing {
  return {
    ...briefing, opening: briefing.opening.map(capital), decisions: briefing.decisions.map((one) => ({ ...one, what: capital(one.what) })),
    sections: briefing.sections.map((section) => ({ ...section, sentences: section.sentences.map(capital) })),
  };
}

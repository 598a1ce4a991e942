import { burstDetector } from '../burstDetector.ts';

/** A user who searches by name alone, or by part of a plate, far more often than others do. */
export const sweep = burstDetector({
  kind: 'sweep', title: 'Name sweeps and plate wildcards', what: 'searches by name alone or by part of a plate', asked: 'made', one: 'search by name alone or by part of a plate',
  many: 'searches by name alone or by part of a plate', condition: 'c.sweep = 1', behind: 'sweep = 1', least: { day: 6, month: 15 }, harm: 4,
  innocent: ['A witness saw only part of a plate, and many had to be tried.', 'A missing person could be sought only by name.', 'One user does such searches for the whole agency.'],
});

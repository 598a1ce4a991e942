import { burstDetector } from '../burstDetector.ts';

/** A user who asks for far more photos on a day, or in a month, than others do. */
export const bulkPhotos = burstDetector({
  kind: 'bulkPhotos', title: 'Bulk collection of photos', what: 'photos', asked: 'asked for', one: 'photo', condition: 'c.photo = 1', behind: 'photo = 1', least: { day: 12, month: 30 }, harm: 5,
  innocent: ['A line-up, a list of wanted people or a large event had to be prepared.', 'One user collects photos for the whole agency.', 'A system asks for a photo with every question.'],
});

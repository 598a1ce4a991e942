export { erase, type EraseOptions } from './erase.ts';
export { eraseEntry, type EraseEntryOptions } from './eraseEntry.ts';
export { RetentionError, type RetentionErrorCode } from './errors.ts';
export { holdEntry, isDay, liftEntry } from './holds.ts';
export { planErasure, type ErasureItem, type PlanOptions } from './plan.ts';
export { planPrune, prune, type PruneOptions, type PrunePlan } from './prune.ts';
export { defaultRetention, retentionOf, shortestRetention, type Retention, type RetentionSettings } from './settings.ts';

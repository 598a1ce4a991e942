export { tabulate, tableOf, commandOf, otherKey, type TabulateOptions } from './tabulate.ts';
export { readBy, readConditions, conditionText, type Search } from './conditions.ts';
export { dimensionFacts } from './dimensions.ts';
export { factsOf, lackWords, reachesBack } from './facts.ts';
export { policyChanges, type PolicyChange } from './changes.ts';
export { labelOfKey, spaced } from './labels.ts';
export * from './types.ts';

export * from './answer.ts';
export * from './decision.ts';
export * from './entry.ts';
export * from './inquiry.ts';
export * from './record.ts';
export type * from './network.ts';

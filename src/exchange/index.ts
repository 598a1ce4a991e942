export { createExchange, type ExchangeParts } from './pipeline.ts';
export { defaultExchangeSettings, type ExchangeSettings } from './settings.ts';
export { JournalError, type JournalErrorCode } from './errors.ts';
export type { Credential, Exchange, Incoming, Outgoing } from './exchange.ts';
export type * from './ports.ts';

export { buildServer } from './app.ts';
export type { Credentials, Enrolment, Example, HealthPart, HealthReport, Listener, Mode, ServerDeps, Tickets, TicketView } from './deps.ts';
export { ListenError, type ListenErrorCode } from './errors.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { startListener, type ListenOptions, type RunningListener } from './listen.ts';
export { createLog } from './logging.ts';
export { createMetrics, type Metrics, type Watched } from './metrics.ts';

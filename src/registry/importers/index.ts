export { importAgreements, type AgreementOptions } from './agreements.ts';
export { importFbi, type Imported, type ListOptions } from './fbi.ts';
export { countReasons, type ImportReport, type NotTaken, type ReasonCode } from './report.ts';
export { importStates } from './states.ts';
export { readTable, type Table } from './table.ts';

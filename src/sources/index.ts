export { openSources, type MappingFile, type SourceBook, type SourceState } from './book.ts';
export { type Finding } from './connector.ts';
export { SourcesError, type SourcesErrorCode } from './errors.ts';
export { SourceFault, type SourceFaultCode } from './fault.ts';
export { ownersOf, readMapping, type MappingProblem, type MappingReading } from './mapping.ts';
export { mappingSchema, type Mapping } from './mappingSchema.ts';
export { probeSource, type Probe, type Trial } from './probe.ts';
export { type Connection, type SourceSettings } from './settings.ts';

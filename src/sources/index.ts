export { openSources, type MappingFile, type SourceBook, type SourceState } from './book.ts';
export { SourcesError, type SourcesErrorCode } from './errors.ts';
export { ownersOf, problemLine, readMapping, type MappingProblem, type MappingReading } from './mapping.ts';
export { mappingSchema, type Mapping } from './mappingSchema.ts';
export { type Connection, type SourceSettings } from './settings.ts';

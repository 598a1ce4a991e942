import { SearchError, type SearchErrorCode } from '../../people/acts/index.ts';
import type { ProblemExtras } from '../problem.ts';
import type { ProblemName } from '../problems.ts';
import { refusalsOf } from '../refusals.ts';
import { ActExportError, type ActExportErrorCode } from './actExport.ts';

const ofSearch = refusalsOf<SearchErrorCode>(SearchError, { SEARCH_FIELD: 'fieldWrong', SEARCH_MANY: 'stateChanged', SEARCH_UNKNOWN: 'unknownObject' });
const ofExport = refusalsOf<ActExportErrorCode>(ActExportError, { ACTS_EXPORT_FIELD: 'fieldWrong', ACTS_EXPORT_LARGE: 'fieldWrong', ACTS_EXPORT_BUSY: 'tooManyTries' });

/** The problem that an error of kept searches and exports is; null for another. */
export function problemOfActs(error: unknown): { readonly name: ProblemName; readonly extras: ProblemExtras } | null {
  return ofSearch(error) ?? ofExport(error);
}

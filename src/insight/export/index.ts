export { exportSelection, type Exported, type ExportParts, type ExportRequest } from './exportSelection.ts';
export { chooseColumns, exportColumns, type ExportColumn } from './columns.ts';
export { exportFormats, type ExportFormat } from './formats.ts';
export { ExportError, type ExportErrorCode } from './errors.ts';
export { csvField, csvLine, harmless, unharmed } from './csv.ts';

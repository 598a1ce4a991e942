export { adoptTemplate } from './adopt.ts';
export { readTemplate, templateNames } from './files.ts';

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The names of the policy documents that ship with Weir: their files without `.yaml`, in alphabetical order. */
export function templateNames(): readonly string[] {
  return readdirSync(folder()).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length)).sort();
}

/** The text of a shipped document, or null where there is none of that name. Looks the name up in the list, so that it cannot lead elsewhere. */
export function readTemplate(name: string): string | null {
  return templateNames().includes(name) ? readFileSync(join(folder(), `${name}.yaml`), 'utf8') : null;
}

/** The sources run from `src/templates` and the program from `dist/src/templates`: the documents lie beside the package file in both. */
function folder(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'package.json')) && dirname(at) !== at) at = dirname(at);
  return join(at, 'templates');
}

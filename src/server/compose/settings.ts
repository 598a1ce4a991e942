import { readFile } from 'node:fs/promises';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { Type, type Static } from 'typebox';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { providersSchema } from '../../people/provider/settings.ts';
import { allDataClasses, legacyPurposeCodes, purposes, reasonCodes } from '../../vocabulary/index.ts';

const owner = '^[A-Z]{2}$';
const purpose = Type.Enum(Object.keys(purposes));
const port = Type.Integer({ minimum: 0, maximum: 65_535 });
const closed = { additionalProperties: false } as const;

/** The settings file: everything optional, everything checked, unknown words refused. */
export const settingsSchema = Type.Object({
  mode: Type.Optional(Type.Union([Type.Literal('demonstration'), Type.Literal('production')])),
  http: Type.Optional(Type.Object({ port: Type.Optional(port) }, closed)),
  tls: Type.Optional(Type.Object({ port: Type.Optional(port), host: Type.Optional(Type.String()), names: Type.Optional(Type.Array(Type.String())) }, closed)),
  people: Type.Optional(Type.Object({
    port: Type.Optional(port), host: Type.Optional(Type.String()), names: Type.Optional(Type.Array(Type.String())), origin: Type.Optional(Type.String({ pattern: '^https://[^/\\s]+$' })),
    cert: Type.Optional(Type.String()), key: Type.Optional(Type.String()),
  }, closed)),
  signIn: Type.Optional(Type.Object({
    sessionHours: Type.Optional(Type.Number({ minimum: 0.1, maximum: 24 })), idleMinutes: Type.Optional(Type.Number({ minimum: 1, maximum: 120 })),
    failures: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })), withinMinutes: Type.Optional(Type.Number({ minimum: 1, maximum: 1_440 })), idleDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
    passwordLength: Type.Optional(Type.Integer({ minimum: 8, maximum: 64 })), tokenDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })), notice: Type.Optional(Type.String({ minLength: 20, maxLength: 4_000 })),
  }, closed)),
  providers: Type.Optional(providersSchema),
  residents: Type.Optional(Type.Record(Type.String({ pattern: '^([A-Z]{2}|default)$' }), Type.Object({
    steps: Type.Array(Type.String({ pattern: '^[a-zA-Z]{1,40}$' }), { minItems: 1, maxItems: 10 }),
  }, closed), closed)),
  proofing: Type.Optional(Type.Record(Type.String({ pattern: '^[a-zA-Z]{1,40}$' }), Type.Object({ plain: Type.String({ minLength: 1, maxLength: 200 }), command: Type.Array(Type.String(), { minItems: 1 }) }, closed), closed)),
  delivery: Type.Optional(Type.Object({ allow: Type.Optional(Type.Array(Type.String())) }, closed)),
  exchange: Type.Optional(Type.Object({
    capacity: Type.Optional(Type.Integer({ minimum: 56, maximum: 1_000_000 })),
    matchLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
    regions: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Z0-9]{2}$' }), Type.Array(Type.String({ pattern: '^[A-Z]{2}$' })))),
    reasonCodes: Type.Optional(Type.Object(Object.fromEntries(reasonCodes.map((code) => [code, Type.Optional(purpose)])), closed)),
    purposeCodes: Type.Optional(Type.Object(Object.fromEntries(legacyPurposeCodes.map((code) => [code, Type.Optional(purpose)])), closed)),
  }, closed)),
  ledger: Type.Optional(Type.Object({
    origin: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    publishMs: Type.Optional(Type.Integer({ minimum: 50, maximum: 60_000 })),
    public: Type.Optional(Type.Object({ port, host: Type.Optional(Type.String()) }, closed)),
    walDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_660 })),
    witnesses: Type.Optional(Type.String({ minLength: 1 })),
    witnessMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000 })),
    witnessed: Type.Optional(Type.Record(Type.String({ pattern: owner }), Type.Array(Type.Enum([...allDataClasses])), closed)),
    retention: Type.Optional(Type.Record(Type.String({ pattern: '^([A-Z]{2}|default)$' }), Type.Object({
      otherDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_600 })), disclosureDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_600 })),
    }, closed), closed)),
    keyProgram: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  }, closed)),
  wire: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  peers: Type.Optional(Type.Object({ published: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z0-9]{9}$' }))) }, closed)),
  sources: Type.Optional(Type.Object({
    connections: Type.Optional(Type.Record(Type.String(), Type.Union([
      Type.String(),
      Type.Object({ url: Type.String(), ca: Type.Optional(Type.String()), cert: Type.Optional(Type.String()), key: Type.Optional(Type.String()) }, closed),
    ]))),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 10, maximum: 60_000 })),
    slots: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    searchSlots: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    batch: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
    concurrent: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_536 })),
    queue: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  }, closed)),
}, closed);

export type SettingsFile = Static<typeof settingsSchema>;

/** One thing wrong with the settings file, with its place. */
export interface SettingsFinding {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'SETTINGS_INVALID';
  readonly findings: readonly SettingsFinding[];

  constructor(path: string, findings: readonly SettingsFinding[]) {
    super(findings.map((f) => `${path}:${f.line}:${f.column}: ${f.message}`).join('\n'));
    this.findings = findings;
  }
}

/** Reads the settings file; without one, everything is at its default. */
export async function readSettings(path: string): Promise<SettingsFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  return parseSettings(text, path);
}

/** Checks a settings text. Throws a `SettingsError` that names line and column of everything wrong. */
export function parseSettings(text: string, path = 'settings.yaml'): SettingsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new SettingsError(path, document.errors.map((e) => ({ ...placeOf(lines, e.pos[0]), message: e.message.split('\n')[0] ?? 'not YAML' })));
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  const validate = compiled ??= new Ajv2020({ allErrors: true, strict: false }).compile(settingsSchema);
  if (validate(value)) return value as SettingsFile;
  throw new SettingsError(path, (validate.errors ?? []).map((e) => ({ ...locate(document, lines, e), message: messageOf(e) })));
}

/** Compiled where there is a file to check. */
let compiled: ValidateFunction | null = null;

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function locate(document: Document.Parsed, lines: LineCounter, error: ErrorObject): { line: number; column: number } {
  const path = error.instancePath.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (; ; path.pop()) {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
    if (range !== undefined) return placeOf(lines, range[0]);
    if (path.length === 0) return { line: 1, column: 1 };
  }
}

function messageOf(error: ErrorObject): string {
  const where = error.instancePath === '' ? 'the file' : `\`${error.instancePath.slice(1).replaceAll('/', '.')}\``;
  const extra = (error.params as { additionalProperty?: string }).additionalProperty;
  if (extra !== undefined) return `${where} has no setting \`${extra}\``;
  return `${where} ${error.message ?? 'is not valid'}`;
}

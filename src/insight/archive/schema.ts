import { attributeWords } from '../../vocabulary/index.ts';

export type ColumnType = 'BIGINT' | 'UBIGINT' | 'INTEGER' | 'BOOLEAN' | 'TIMESTAMP' | 'DATE' | 'VARCHAR' | 'VARCHAR[]';

/** One column of the archive: what it is called in files, views and the Data Package. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** For people. Says units and what null means. */
  readonly what: string;
  readonly nullable: boolean;
  /** The table whose `id` of the same owner it names. */
  readonly refers?: DictionaryName;
}

export type DictionaryName = 'attributes' | 'requesters' | 'contexts' | 'outcomes';
export type TableName = 'rows' | 'rollup' | 'reviews' | 'events' | DictionaryName;

export interface Table {
  readonly name: TableName;
  readonly what: string;
  /** What is there once. Within an owner, but for `events`. */
  readonly key: readonly string[];
  readonly columns: readonly Column[];
}

/** The dictionaries, each before those that refer to it. */
export const dictionaryNames: readonly DictionaryName[] = ['attributes', 'requesters', 'contexts', 'outcomes'];

/** The columns by which rows are counted. */
export const rollupKey = ['type', 'who', 'behalf', 'context', 'outcome'] as const;

/** The columns that say something of a person: taken away when the ledger erased the entry. */
export const markColumns = ['subject', 'subjectName', 'user', 'userName', 'self', 'sameSurname', 'sex'] as const;

const column = (name: string, type: ColumnType, what: string, more: { readonly nullable?: boolean; readonly refers?: DictionaryName } = {}): Column => ({ nullable: false, ...more, name, type, what });
const maybe = { nullable: true } as const;

const keyColumns: readonly Column[] = [
  column('type', 'VARCHAR', '`decision`, `redelivery`, `opening`, `withheld`, `act`, `verdict`'),
  column('who', 'INTEGER', 'who asked; null where there is none', { ...maybe, refers: 'requesters' }),
  column('behalf', 'INTEGER', 'for whom it was asked; null where the asker asked for itself', { ...maybe, refers: 'requesters' }),
  column('context', 'INTEGER', 'what the request said besides', { ...maybe, refers: 'contexts' }),
  column('outcome', 'INTEGER', 'what came of it', { ...maybe, refers: 'outcomes' }),
];

const attributeWhat: Readonly<Record<keyof typeof attributeWords, string>> = {
  level: 'level of government', department: 'federal department', component: 'parts of federal departments, with every one above', homeState: 'the state it belongs to',
  mission: 'what it is for', program287g: '287(g) agreements with ICE in force', taskForce: 'kinds of task force in which it takes part',
  certified: 'what it had certified to the owner, in force at the time', audit: 'how its last audit went', criminalJustice: 'whether it is a criminal-justice agency',
  sharedOri: 'whether its ORI is used by another organisation too', vendorHosted: 'whether its system is run by a company',
};
const lists: ReadonlySet<string> = new Set(['component', 'mission', 'program287g', 'taskForce', 'certified']);

/** The tables of a data set: the one description from which files, views and the Data Package are made. */
export const tables: Readonly<Record<TableName, Table>> = {
  rows: {
    name: 'rows', what: 'one for each entry', key: ['index'], columns: [
      column('index', 'BIGINT', 'leaf index in the owner\'s log, or line of an imported one: each is there exactly once'),
      column('at', 'TIMESTAMP', 'UTC, milliseconds'),
      ...keyColumns,
      column('records', 'INTEGER', 'how many records were given'),
      column('subject', 'UBIGINT', 'first 64 bits of a tag keyed by the owner: of whom or what was asked for', maybe),
      column('subjectName', 'UBIGINT', 'likewise, of the name of the person concerned', maybe),
      column('user', 'UBIGINT', 'likewise, of the person who asked, as the agency knows them', maybe),
      column('userName', 'UBIGINT', 'likewise, of that as a name', maybe),
      column('self', 'BOOLEAN', 'the person who asked has the name of the person concerned', maybe),
      column('sameSurname', 'BOOLEAN', 'the person who asked has the surname of the person concerned', maybe),
      column('sex', 'VARCHAR', 'of the person concerned: M, F, X, U', maybe),
    ],
  },
  rollup: {
    name: 'rollup', what: 'the rows counted', key: [], columns: [
      column('month', 'DATE', 'its first day'),
      ...keyColumns,
      column('n', 'BIGINT', 'how many entries'),
      column('records', 'BIGINT', 'how many records were given with them'),
    ],
  },
  reviews: {
    name: 'reviews', what: 'how held requests ended, one for each; the verdict is in the columns that may be null', key: ['index'], columns: [
      column('index', 'BIGINT', 'leaf index of the request: its row is in `rows`'),
      column('at', 'TIMESTAMP', 'when it was made: UTC, milliseconds'),
      ...keyColumns.slice(1),
      column('records', 'INTEGER', 'how many records were given at once'),
      column('deadline', 'TIMESTAMP', 'when the time for a decision was over'),
      column('exigent', 'BOOLEAN', 'it was answered at once because of an emergency, and reviewed afterwards'),
      column('entry', 'VARCHAR', 'while it waits, 16 digits by which its verdict finds it', maybe),
      column('ended', 'BIGINT', 'leaf index of the verdict; null where it waits', maybe),
      column('endedAt', 'TIMESTAMP', 'when that was', maybe),
      column('verdict', 'VARCHAR', 'how it ended', maybe),
      column('decidedBy', 'VARCHAR', '`person`, or `clock` where nobody decided in time', maybe),
      column('reason', 'VARCHAR', 'the reason, a word of a list', maybe),
      column('decisions', 'VARCHAR', 'JSON: what became of each class that was held', maybe),
      column('late', 'VARCHAR[]', 'the classes that were given with the verdict', maybe),
      column('lateRecords', 'INTEGER', 'for how many records', maybe),
      column('policyVersion', 'INTEGER', 'of the policy in force at the verdict', maybe),
      column('policyHash', 'VARCHAR', 'SHA-256, hexadecimal', maybe),
      column('reviewMs', 'BIGINT', 'from the request to the verdict, milliseconds', maybe),
    ],
  },
  attributes: {
    name: 'attributes', what: 'what policies can read of an asker', key: ['id'], columns: [
      column('id', 'INTEGER', 'number of the word'),
      ...Object.entries(attributeWhat).map(([name, what]) => column(name, lists.has(name) ? 'VARCHAR[]' : 'VARCHAR', what)),
      column('party', 'VARCHAR', 'the group by which people speak of it'),
    ],
  },
  requesters: {
    name: 'requesters', what: 'askers as the owner saw them; the same ORI with other attributes, as after a change of the registry, is another line', key: ['id'], columns: [
      column('id', 'INTEGER', 'number of the word'),
      column('ori', 'VARCHAR', 'nine letters or digits'),
      column('organisation', 'VARCHAR', 'its id in the registry'),
      column('attributes', 'INTEGER', 'its attributes at the time', { refers: 'attributes' }),
    ],
  },
  contexts: {
    name: 'contexts', what: 'what requests said besides who asks', key: ['id'], columns: [
      column('id', 'INTEGER', 'number of the word'),
      column('key', 'VARCHAR', 'message key'),
      column('kind', 'VARCHAR', '`lookup`, `nameSearch`, `plateSearch`'),
      column('format', 'VARCHAR', '`legacy`, `niem`, `json`'),
      column('purpose', 'VARCHAR', 'the purpose stated, or `notStated`'),
      column('warrant', 'VARCHAR', 'grade of evidence of a warrant'),
      column('court', 'VARCHAR', 'whose warrant'),
      column('caseNumber', 'VARCHAR', 'grade of evidence of a case number'),
      column('wanted', 'VARCHAR[]', 'the classes of data on which was decided'),
      column('delegated', 'BOOLEAN', 'whether the registry knew that the asker may ask for the other; null where it asked for itself', maybe),
    ],
  },
  outcomes: {
    name: 'outcomes', what: 'what came of requests, and under which rules', key: ['id'], columns: [
      column('id', 'INTEGER', 'number of the word'),
      column('status', 'VARCHAR', 'what the asker was told'),
      column('decisions', 'VARCHAR', 'JSON: what each class came to, with rules, treatment and review'),
      column('rules', 'VARCHAR[]', 'all rules that decided'),
      column('released', 'VARCHAR[]', 'the classes of which something left'),
      column('usedUp', 'VARCHAR[]', 'the limits that were used up'),
      column('duties', 'VARCHAR[]', 'the duties to tell somebody'),
      column('held', 'BOOLEAN', 'a person was asked to review it'),
      column('policyVersion', 'INTEGER', 'null where no policy decided', maybe),
      column('policyHash', 'VARCHAR', 'SHA-256, hexadecimal', maybe),
      column('tableHash', 'VARCHAR', 'SHA-256 of the compiled table, hexadecimal', maybe),
      column('registryVersion', 'INTEGER', 'version of the registry'),
      column('registryHash', 'VARCHAR', 'SHA-256, hexadecimal'),
    ],
  },
  events: {
    name: 'events', what: 'entries of the anchor log', key: ['index'], columns: [
      column('index', 'BIGINT', 'leaf index in the anchor log'),
      column('at', 'TIMESTAMP', 'UTC, milliseconds'),
      column('event', 'VARCHAR', 'what happened'),
      column('subject', 'VARCHAR', 'to what'),
      column('hash', 'VARCHAR', 'SHA-256 of it, hexadecimal', maybe),
      column('detail', 'VARCHAR', 'JSON', maybe),
    ],
  },
};

/** The columns of a table as SQL defines them. */
export function columnsSql(name: TableName): string {
  return tables[name].columns.map(({ name: column, type }) => `"${column}" ${type}`).join(', ');
}

/** A statement that gives no row, with the columns of a table: the view of what has no file. */
export function noneSql(name: TableName): string {
  const owner = name === 'events' ? '' : ', CAST(NULL AS VARCHAR) AS owner';
  return `SELECT ${tables[name].columns.map(({ name: column, type }) => `CAST(NULL AS ${type}) AS "${column}"`).join(', ')}${owner} WHERE false`;
}
